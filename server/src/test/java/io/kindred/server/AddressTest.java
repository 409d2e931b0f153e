package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import io.kindred.knn.ItemKnn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The address of the page holds its state, and the page says what it waits for, in a real browser.
 */
class AddressTest {
  @TempDir private static Path profile;

  private static KindredServer server;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start(profile);
    server = KindredServer.start(RunningServer.options());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @BeforeEach
  void calmDesktop() {
    browser.size(1360, 900);
    browser.media("light", "reduce");
    open("");
    browser.settled();
    browser.complaints();
  }

  @AfterEach
  void consoleIsClean() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(String hash) {
    browser.open(server.uri() + hash);
  }

  private static String hash() {
    return (String) browser.run("return location.hash");
  }

  private static List<String> history() {
    return browser.texts("#history-list .title-button");
  }

  private static void untilHistory(int size) {
    browser.until(
        "a history of " + size,
        "return document.querySelectorAll('#history-list li').length === "
            + size
            + " && document.querySelector('#results-body').dataset.asking === 'false'");
  }

  @Test
  void back_afterClicks_undoesOneAfterTheOther() {
    open("#/?items=film-13:5");
    browser.settled();
    browser.one(".rec .primary").click();
    untilHistory(2);
    browser.one("#history-list .icon").click();
    untilHistory(1);
    browser.one(".rec .rec-actions button:nth-child(2)").click(); // Hide
    browser.until("the way back", "return document.querySelector('#results-note button') !== null");
    assertThat(hash()).contains("hidden=");

    browser.back();
    browser.until(
        "nothing hidden", "return document.querySelector('#results-note button') === null");
    browser.back();
    untilHistory(2);
    browser.back();
    untilHistory(1);
    assertThat(hash()).isEqualTo("#/?items=film-13%3A5");
    browser.driver.navigate().forward();
    untilHistory(2);
  }

  @Test
  void address_pastedIntoTheSameTab_isFollowed() {
    browser.paste("#/?items=film-1:5,film-2:4.5&kind=Mystery&hidden=film-5&n=24&model=user-knn");
    untilHistory(2);
    browser.settled();
    assertThat(browser.run("return document.querySelector('.select select').value"))
        .isEqualTo("Mystery");
    assertThat(browser.run("return document.querySelector('[name=model]:checked').value"))
        .isEqualTo("user-knn");
    assertThat(browser.texts("#results-note button")).containsExactly("Show 1 hidden item again");
    assertThat(browser.texts(".rec .meta")).isNotEmpty().allMatch(meta -> meta.contains("Mystery"));
    assertThat(hash())
        .contains("kind=Mystery")
        .contains("hidden=film-5")
        .contains("n=24")
        .contains("model=user-knn");

    browser.paste("#/?user=user-3");
    browser.until(
        "the person",
        "return document.querySelector('#results-title').textContent === 'For person user-3'");
    assertThat(browser.texts("#results-note button")).isEmpty();
  }

  @Test
  void otherViews_keepThePersonThroughReload() {
    open("#/?user=user-3&model=user-knn");
    browser.settled();
    browser.one("nav a[data-view=quality]").click();
    browser.until("the table", "return document.querySelector('#view-quality .measured') !== null");
    assertThat(hash()).isEqualTo("#/quality?user=user-3&model=user-knn");
    browser.driver.navigate().refresh();
    browser.until("the table", "return document.querySelector('#view-quality .measured') !== null");
    browser.one("nav a[data-view=for-you]").click();
    browser.until(
        "the person",
        "return document.querySelector('#results-title').textContent === 'For person user-3'");
    browser.back();
    browser.until("the view", "return document.getElementById('view-quality').checkVisibility()");
  }

  @Test
  void changesOfAPersonOfTheData_areInTheAddress() {
    open("#/?user=user-4");
    browser.settled();
    showAll();
    List<String> before = history();
    browser.one("#history-list .icon").click();
    untilHistory(before.size() - 1);
    browser.tabTo("#history-list li:first-child input[type=range]");
    boolean lowest = browser.run("return document.activeElement.value").equals("0.5");
    browser.keys(lowest ? Keys.END : Keys.HOME);
    browser.settled();
    List<String> changed = history();
    String address = hash();
    assertThat(address).contains("user=user-4").contains("without=").contains("items=");

    open(address);
    browser.settled();
    showAll();
    assertThat(history()).isEqualTo(changed);
    assertThat(browser.run("return document.querySelector('#history-list input').value"))
        .isEqualTo(lowest ? "5" : "0.5");
    assertThat(browser.texts("#history-title").get(0)).endsWith("changed here");
  }

  private static void showAll() {
    browser.run(
        "const more = document.getElementById('history-more'); if (!more.hidden &&"
            + " more.textContent.startsWith('Show all')) more.click()");
  }

  @Test
  void longHistory_isInTheAddress() {
    List<Interaction> clicks = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item < 100; item++) {
        if ((user + item) % 3 != 0) {
          clicks.add(new Interaction("u" + user, "sku " + item, 1f));
        }
      }
    }
    StringBuilder items = new StringBuilder();
    for (int item = 0; item < 80; item++) {
      items.append(item == 0 ? "" : ",").append("sku%2520").append(item).append(":1");
    }
    try (KindredServer plain = server(Dataset.of("clicks", clicks))) {
      browser.open(plain.uri() + "#/?items=" + items);
      browser.settled();
      assertThat(browser.texts("#history-title").get(0)).contains("80 items");
      browser.one(".rec .primary").click();
      browser.until(
          "one more",
          "return document.querySelector('#history-title').textContent.includes('81 items')");
      browser.open((String) browser.run("return location.href"));
      browser.settled();
      assertThat(browser.texts("#history-title").get(0)).contains("81 items");
    }
  }

  @Test
  void sheet_isInTheAddress_andClosesByBack() {
    open("#/?items=film-13:5");
    browser.settled();
    browser.one(".rec h3 .title-button").click();
    browser.until("the sheet", "return document.querySelector('#details .details-head') !== null");
    String title = browser.texts("#details-title").get(0);
    browser.one("#details .small-tiles .tile").click();
    browser.until(
        "another sheet",
        "return document.querySelector('#details-title').textContent !== " + quoted(title));
    assertThat(browser.violations()).isEmpty();
    String other = hash();
    browser.back();
    browser.until(
        "the first sheet",
        "return document.querySelector('#details-title')?.textContent === " + quoted(title));
    browser.back();
    browser.until("no sheet", "return !document.getElementById('details').open");
    assertThat(hash()).isEqualTo("#/?items=film-13%3A5");
    open(other);
    browser.until("the sheet", "return document.querySelector('#details .details-head') !== null");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }

  @Test
  void addressOfThingsThatNobodyKnows_leavesThemOut() {
    open("#/?items=film-1:5,nothing:3,film-2:many&kind=Nothing&model=nothing&n=1e9&hidden=%25zz");
    browser.settled();
    assertThat(history()).hasSize(2);
    assertThat(browser.complaints()).allMatch(line -> line.contains("404"));
    open("#/?user=nobody");
    browser.settled();
    assertThat(browser.texts(".people li")).isNotEmpty();
    assertThat(browser.complaints()).allMatch(line -> line.contains("404"));
  }

  @Test
  void filterThatLeavesNothing_saysSo() {
    StringBuilder hidden = new StringBuilder();
    for (int item = 1; item < 24; item++) {
      hidden.append(item == 1 ? "" : ",").append("film-").append(item);
    }
    open("#/?items=a%252Fb%25252F%2520c%253F%25F0%259F%258E%25AC:5&hidden=" + hidden);
    browser.settled();
    assertThat(browser.texts(".empty").get(0)).startsWith("Nothing is left to recommend");
    assertThat(browser.violations()).isEmpty();
  }

  @Test
  void slowServer_showsAFrameAtOnce() throws IOException {
    try (SlowProxy slow = new SlowProxy(server.port(), 1500)) {
      for (String view : List.of("for-you", "quality", "data")) {
        browser.driver.get("about:blank");
        browser.driver.get(slow.address() + "#/" + (view.equals("for-you") ? "" : view));
        browser.until(
            "a frame of " + view,
            "return document.querySelector('#view-" + view + " .skeleton')?.checkVisibility()");
        browser.screenshot("slow-" + view);
        assertThat(browser.violations()).as(view).isEmpty();
        browser.until("the page", "return document.documentElement.dataset.ready === 'true'");
        browser.until(
            "its content",
            "return document.querySelector('#view-" + view + " .skeleton') === null");
      }
    }
  }

  @Test
  void serverThatStops_isSaidWithARetry() {
    KindredServer gone = KindredServer.start(RunningServer.options());
    int port = gone.port();
    browser.open(gone.uri() + "#/?items=film-13:5");
    browser.settled();
    gone.stop();
    browser.one(".rec h3 .title-button").click();
    browser.until(
        "a message",
        "return /does not answer/.test(document.querySelector('#details').textContent)");
    try (KindredServer back = KindredServer.start(RunningServer.options().withPort(port))) {
      browser.run("document.getElementById('offline-retry').click()");
      browser.until("no banner", "return !document.getElementById('offline').checkVisibility()");
      browser.one("#details .empty button").click();
      browser.until(
          "the sheet", "return document.querySelector('#details .details-head') !== null");
      assertThat(back.port()).isEqualTo(port);
    }
    assertThat(browser.complaints()).allMatch(line -> line.contains("ERR_CONNECTION"));
  }

  @Test
  void titlesFromAnywhere_areShownAsTheyStand() {
    List<String> titles =
        Arrays.asList(
            "ألف ليلة وليلة (1983)",
            "<img src=x onerror=\"document.title='bad'\">",
            "🎬👩‍👩‍👧‍👦 The Family",
            "שלום עולם!",
            "A very long title that goes on and on without any end in sight ".repeat(4).strip(),
            "    ",
            "Übergrößenträger");
    List<Interaction> clicks = new ArrayList<>();
    for (int user = 0; user < 30; user++) {
      for (int item = 0; item < titles.size(); item++) {
        if ((user + item) % 3 != 0) {
          clicks.add(new Interaction("u" + user, "i" + item, 1f));
        }
      }
    }
    Dataset data = Dataset.of("titles", clicks);
    List<String> ordered = new ArrayList<>();
    float[] years = new float[titles.size()];
    for (int i = 0; i < titles.size(); i++) {
      ordered.add(titles.get(Integer.parseInt(data.items().id(i).substring(1))));
      years[i] = 1983;
    }
    Features features =
        new Features(
            titles.size(),
            List.of(
                new FeatureColumn.Text("title", ordered),
                new FeatureColumn.Numeric("year", years)));
    try (KindredServer server =
        server(data.withFeatures(Features.none(data.users().size()), features))) {
      for (String scheme : List.of("light", "dark")) {
        browser.media(scheme, "reduce");
        for (int width : new int[] {1360, 390}) {
          browser.size(width, 850);
          browser.open(server.uri() + "#/?items=i0:1,i1:1");
          browser.settled();
          assertThat(browser.violations()).as(scheme + width).isEmpty();
          assertThat(
                  browser.run(
                      "return document.scrollingElement.scrollWidth -"
                          + " document.documentElement.clientWidth"))
              .as("pixels that stick out")
              .isEqualTo(0L);
          browser.screenshot("titles-" + scheme + "-" + width);
        }
      }
      assertThat(history()).containsExactly(titles.get(1), titles.get(0));
      assertThat(browser.run("return document.querySelectorAll('main img').length")).isEqualTo(0L);
      assertThat(
              browser.run(
                  "return getComputedStyle(document.querySelector('#history-list li:nth-child(2)"
                      + " .title-button')).direction"))
          .isEqualTo("rtl");
      browser.one(".rec h3 .title-button").click();
      browser.until(
          "the sheet", "return document.querySelector('#details .details-head') !== null");
      assertThat(browser.texts("#details dd")).contains("1983");
      assertThat(browser.run("return document.title")).isEqualTo("Kindred");
    }
  }

  private static KindredServer server(Dataset data) {
    Model model = ItemKnn.defaults().train(data, TrainingContext.defaults().withThreads(1));
    return KindredServer.start(ServerOptions.of(model).withPort(0));
  }

  /** Passes connections on, and lets the answers under /v1 wait. */
  private static final class SlowProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final int millis;

    SlowProxy(int target, int millis) throws IOException {
      this.target = target;
      this.millis = millis;
      daemon(this::accept);
    }

    String address() {
      return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listener.accept();
          Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
          daemon(() -> copy(client, upstream, true));
          daemon(() -> copy(upstream, client, false));
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void copy(Socket from, Socket to, boolean requests) {
      byte[] bytes = new byte[1 << 16];
      try (from;
          to) {
        for (int read; (read = from.getInputStream().read(bytes)) >= 0; ) {
          if (requests && new String(bytes, 0, read).contains(" /v1/")) {
            Thread.sleep(millis);
          }
          to.getOutputStream().write(bytes, 0, read);
          to.getOutputStream().flush();
        }
      } catch (IOException | InterruptedException e) {
        // the other side has gone
      }
    }

    private static void daemon(Runnable runnable) {
      Thread thread = new Thread(runnable);
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
