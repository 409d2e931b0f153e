package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interaction;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.knn.ItemKnn;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page as a person uses it, in a real browser. */
class BrowserTest {
  @TempDir private static Path profile;
  @TempDir private Path folder;

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
    browser.open(server.uri().toString());
    browser.settled(); // the page is ready before its first list has come
    browser.run("localStorage.clear()");
    browser.complaints();
  }

  @AfterEach
  void consoleIsClean() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(String hash) {
    browser.open(server.uri() + hash);
  }

  private static List<String> recommended() {
    return browser.texts(".rec h3");
  }

  /** Types and takes the first suggestion, without waiting to see it. */
  private static void add(String words) {
    browser.keys(words);
    browser.keys(Keys.ENTER);
  }

  @Test
  void keyboardOnly_historyIsBuilt_recommendationsFollowWithReasons() {
    assertThat(browser.texts("#results-title")).containsExactly("Start with something you like");
    browser.tabTo("#item-search input");
    add("harbor");
    browser.until("a first list", "return document.querySelectorAll('.rec').length > 0");
    browser.settled();
    List<String> first = recommended();
    assertThat(browser.texts("#history-list .title-button"))
        .containsExactly("Harbor Lights (1981)");
    assertThat(browser.texts(".rec .sentence").get(0))
        .isEqualTo("Because you liked Harbor Lights (1981).");

    browser.keys("o"); // several suggestions: the second is chosen by arrow keys
    browser.until(
        "suggestions", "return document.querySelectorAll('#item-search [role=option]').length > 2");
    String second =
        browser
            .texts("#item-search [role=option]:nth-child(2) .option-text > span:first-child")
            .get(0);
    browser.keys(Keys.ARROW_DOWN);
    String active =
        (String)
            browser.run(
                "return"
                    + " document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent");
    assertThat(active).contains(second);
    browser.keys(Keys.ENTER);
    browser.until(
        "a longer history", "return document.querySelectorAll('#history-list li').length === 2");
    browser.until(
        "another list",
        "return document.querySelector('#results-note').textContent.startsWith('From 2 items')");
    browser.settled();
    assertThat(browser.texts("#history-list .title-button"))
        .containsExactly(second, "Harbor Lights (1981)");
    assertThat(recommended()).isNotEqualTo(first).doesNotContain(second);
    assertThat(browser.texts("#live").get(0))
        .contains("12 recommendations. First: " + recommended().get(0));

    browser.tabTo(".rec .why");
    browser.keys(Keys.ENTER);
    assertThat(browser.texts(".rec:first-child .breakdown tbody tr")).isNotEmpty();
    double shares = 0;
    for (String share : browser.texts(".rec:first-child .breakdown .share")) {
      shares += Double.parseDouble(share.replace(" %", ""));
    }
    assertThat(shares).isCloseTo(100, within(1.5));
    browser.screenshot("reasons");
    browser.keys(Keys.ENTER);
    assertThat(browser.texts(".rec:first-child .breakdown")).isEmpty();
  }

  @Test
  void numbers_opened_leaveNoGapBesideTheCard() {
    open("#/?items=film-1:5,film-2:4.5,film-13:2");
    browser.settled();
    for (int opened : new int[] {1, 2}) { // in the left and in the right column
      browser.one(".rec:nth-child(" + opened + ") .why").click();
      String numbers = ".rec:nth-child(" + opened + ") .numbers";
      assertThat(edge(".rec:nth-child(2) .card", "top"))
          .isEqualTo(edge(".rec:nth-child(1) .card", "top"));
      assertThat(edge(".rec:nth-child(2) .card", "bottom"))
          .isEqualTo(edge(".rec:nth-child(1) .card", "bottom"));
      assertThat(edge(numbers, "top"))
          .isCloseTo(edge(".rec:nth-child(1) .card", "bottom") + 16, within(1.0));
      assertThat(edge(numbers, "left")).isEqualTo(edge(".rec:nth-child(1) .card", "left"));
      assertThat(edge(numbers, "right")).isEqualTo(edge(".rec:nth-child(2) .card", "right"));
      assertThat(edge(".rec:nth-child(3) .card", "top"))
          .isCloseTo(edge(numbers, "bottom") + 16, within(1.0));
      browser.one(".rec:nth-child(" + opened + ") .why").click();
    }
  }

  private static double edge(String selector, String side) {
    Object edge =
        browser.run(
            "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]]",
            selector,
            side);
    return ((Number) edge).doubleValue();
  }

  @Test
  void combobox_escapeAndArrows_followThePattern() {
    browser.keys("/");
    assertThat(browser.run("return document.activeElement.getAttribute('role')"))
        .isEqualTo("combobox");
    browser.keys(Keys.ARROW_DOWN);
    browser.until(
        "suggestions", "return document.activeElement.getAttribute('aria-expanded') === 'true'");
    assertThat(browser.texts("#live").get(0)).isEqualTo("8 suggestions");
    assertThat(browser.texts("#item-search [aria-selected=true]")).hasSize(1);
    browser.keys(Keys.ARROW_UP); // from the first to the last
    assertThat(
            browser.run(
                "return document.querySelector('#item-search"
                    + " [role=option]:last-child').getAttribute('aria-selected')"))
        .isEqualTo("true");
    browser.keys(Keys.ESCAPE);
    assertThat(browser.run("return document.activeElement.getAttribute('aria-expanded')"))
        .isEqualTo("false");
    browser.keys("xyzxyz");
    browser.until(
        "an empty answer",
        "return document.querySelector('#item-search .combobox-message').checkVisibility()");
    assertThat(browser.texts("#item-search .combobox-message"))
        .containsExactly("Nothing is called “xyzxyz”.");
    browser.keys(Keys.ESCAPE, Keys.ESCAPE);
    assertThat(browser.run("return document.activeElement.value")).isEqualTo("");
  }

  @Test
  void stars_byKeyboard_changeTheList() {
    open("#/?items=film-1:5,film-13:5");
    browser.settled();
    assertThat(recommended()).isNotEmpty();
    browser.tabTo("#history-list li:first-child input[type=range]"); // film-13, the newest
    for (int i = 0; i < 9; i++) {
      browser.keys(Keys.ARROW_LEFT);
    }
    assertThat(browser.run("return document.activeElement.getAttribute('aria-valuetext')"))
        .isEqualTo("0.5 of 5");
    browser.until(
        "films of the sea first",
        "return document.querySelector('.rec .meta').textContent.includes('Sea')");
    browser.settled();
    assertThat(browser.texts(".rec .meta").subList(0, 5)).allMatch(meta -> meta.contains("Sea"));
  }

  @Test
  void recommendation_added_leavesTheListAndKeepsTheFocusThere() {
    open("#/?items=film-13:5");
    browser.settled();
    String first = recommended().get(0);
    browser.tabTo(".rec .rec-actions .primary");
    browser.keys(Keys.ENTER);
    browser.until(
        "the entry is gone",
        "return document.querySelector('#results-note').textContent.startsWith('From 2 items')");
    browser.settled();
    assertThat(recommended()).doesNotContain(first);
    assertThat(browser.run("return document.activeElement.matches('.rec:first-child .primary')"))
        .isEqualTo(true);
    browser.one(".rec:first-child .rec-actions button:nth-child(2)").click(); // Hide
    browser.until("the way back", "return document.querySelector('#results-note button') !== null");
    assertThat(browser.texts("#results-note button")).containsExactly("Show 1 hidden item again");
  }

  @Test
  void sheet_opensByKeyboard_closesByEscape_givesTheFocusBack() {
    open("#/?items=film-13:5");
    browser.settled();
    browser.tabTo(".rec h3 .title-button");
    String title = recommended().get(0);
    browser.keys(Keys.ENTER);
    browser.until("the sheet", "return document.querySelector('#details .details-head') !== null");
    assertThat(browser.texts("#details-title")).containsExactly(title);
    assertThat(browser.texts("#details .sentence").get(0)).startsWith("Because you liked ");
    assertThat(browser.texts("#details .small-tiles li")).isNotEmpty();
    assertThat(browser.violations()).isEmpty();
    browser.screenshot("sheet");
    browser.keys(Keys.ESCAPE);
    assertThat(browser.run("return document.getElementById('details').open")).isEqualTo(false);
    assertThat(browser.run("return document.activeElement.textContent")).isEqualTo(title);
  }

  @Test
  void person_fromTheData_isServedAndMayBeChanged() {
    browser.tabTo("[name=mode]");
    browser.keys(Keys.ARROW_RIGHT);
    browser.until("people", "return document.querySelectorAll('.people li').length === 12");
    browser.tabTo("#user-search input");
    add("user-12");
    browser.until(
        "the person",
        "return document.querySelector('#results-title').textContent === 'For person user-12'");
    browser.settled();
    assertThat(browser.texts("#results-note").get(0)).contains("From everything this person did.");
    assertThat((String) browser.run("return location.hash")).isEqualTo("#/?user=user-12");
    List<String> before = recommended();
    browser.tabTo("#history-list .icon");
    browser.keys(Keys.ENTER);
    browser.until(
        "the change",
        "return document.querySelector('#history-title').textContent.endsWith('changed here')");
    browser.settled();
    assertThat(recommended()).isNotEqualTo(before);
    assertThat(browser.run("return document.activeElement.matches('#history-list .icon')"))
        .as("the focus stays in the list")
        .isEqualTo(true);
    browser.one("#surprise").click();
    browser.until("somebody by chance", "return /[?]user=/.test(location.hash)");
  }

  @Test
  void quality_tableAndPlots_nameTheBest() {
    open("#/quality");
    browser.until(
        "the table", "return document.querySelectorAll('.measured tbody tr').length === 3");
    assertThat(browser.texts(".measured tbody th"))
        .containsExactly("ndcg@10", "recall@10", "coverage@10");
    assertThat(browser.texts(".measured td.best")).containsExactly("0.437 0.410 to 0.460");
    assertThat(browser.texts(".measured tr:nth-child(2) td")).containsExactly("–", "61 %");
    assertThat(browser.one(".chart svg").getDomAttribute("aria-label"))
        .isEqualTo("ndcg@10: item-knn 0.412, user-knn 0.437");
    assertThat(browser.texts(".model summary").get(1)).contains("user-knn");
  }

  @Test
  void model_changed_listAndReasonsFollow() {
    open("#/?items=film-13:5,film-14:4");
    browser.settled();
    browser.tabTo("#tools [name=model]");
    browser.keys(Keys.ARROW_RIGHT);
    browser.until(
        "reasons of the other model",
        "return document.querySelector('.rec .sentence').textContent.includes('eople')");
    browser.settled();
    browser.one(".rec .why").click();
    assertThat(browser.texts(".breakdown th").toString()).contains("Person 1");
    browser.run(
        "const s = document.querySelector('.select select'); s.value = 'Comedy';"
            + " s.dispatchEvent(new Event('change'))");
    browser.until(
        "only comedies",
        "return [...document.querySelectorAll('.rec .meta')].every((m) =>"
            + " m.textContent.includes('Comedy'))");
  }

  @Test
  void surprise_gives_aHistory() {
    browser.one("#surprise").click();
    browser.until("a list", "return document.querySelectorAll('.rec').length > 0");
    assertThat(browser.texts("#history-list li")).hasSize(4);
    browser.one("#clear").click();
    browser.until("the start", "return document.querySelectorAll('.tile').length > 0");
    assertThat(browser.texts("#history-list li")).isEmpty();
  }

  @Test
  void markupInTitles_isText() {
    browser.keys("/");
    browser.keys("gulls");
    browser.until(
        "suggestions", "return document.activeElement.getAttribute('aria-expanded') === 'true'");
    assertThat(browser.texts("#item-search [role=option] .option-text > span:first-child"))
        .containsExactly("Gulls & <i>Terns</i> (1985)");
    assertThat(browser.run("return document.querySelectorAll('.option-text i').length"))
        .isEqualTo(0L);
  }

  @Test
  void generatedData_isNamedEverywhere() {
    for (String view : List.of("#/", "#/quality", "#/data")) {
      open(view);
      assertThat(browser.texts("header .badge")).as(view).containsExactly("Generated data");
    }
    assertThat(browser.texts("#data-body .lead").get(0)).contains("This data was generated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyView_hasNoSeriousAccessibilityViolations(String scheme) {
    browser.media(scheme, "reduce");
    open("");
    browser.settled();
    assertThat(browser.violations()).as("start").isEmpty();
    browser.screenshot("start-" + scheme);
    open("#/?items=film-1:5,film-2:4.5,film-13:2");
    browser.settled();
    browser.one(".rec .why").click();
    browser.keys("/");
    browser.keys("the");
    browser.until(
        "suggestions", "return document.activeElement.getAttribute('aria-expanded') === 'true'");
    assertThat(browser.violations()).as("recommendations").isEmpty();
    browser.keys(Keys.ESCAPE);
    browser.screenshot("recommendations-" + scheme);
    open("#/?user=user-3&model=user-knn");
    browser.settled();
    assertThat(browser.violations()).as("a person").isEmpty();
    for (String view : List.of("quality", "data")) {
      open("#/" + view);
      browser.until(
          "the view", "return document.querySelector('#" + view + "-body').children.length > 0");
      assertThat(browser.violations()).as(view).isEmpty();
      browser.screenshot(view + "-" + scheme);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 680})
  void narrowWindow_neverScrollsSideways(int width) { // 680 is a window of 1360 at 200 % zoom
    browser.size(width, 800);
    for (String view :
        List.of(
            "",
            "#/?items=film-1:5,film-2:4.5,film-13:2",
            "#/?user=user-3&model=user-knn",
            "#/quality",
            "#/data")) {
      open(view);
      browser.until(
          "content",
          "return document.querySelectorAll('.rec, .tile, .measured, .chart, .empty').length > 0");
      if (view.startsWith("#/?")) {
        browser.settled();
        browser.one(".rec .why").click();
      }
      Long over =
          (Long)
              browser.run(
                  "return document.scrollingElement.scrollWidth -"
                      + " document.documentElement.clientWidth");
      assertThat(over)
          .as("pixels that stick out at width " + width + " in '" + view + "'")
          .isZero();
      browser.screenshot("width-" + width + "-" + view.replaceAll("[^a-z]+", "-"));
    }
  }

  @Test
  void textOfTwiceTheSize_neverScrollsSideways() {
    open("#/?items=film-1:5,film-2:4.5,film-13:2");
    browser.run("document.documentElement.style.fontSize = '200%'");
    browser.settled();
    assertThat(
            browser.run(
                "return document.scrollingElement.scrollWidth -"
                    + " document.documentElement.clientWidth"))
        .isEqualTo(0L);
  }

  @Test
  void theme_followsTheSystemUntilChosen() {
    String background = "return getComputedStyle(document.body).backgroundColor";
    Object light = browser.run(background);
    browser.media("dark", "reduce");
    Object dark = browser.run(background);
    assertThat(dark).isNotEqualTo(light);
    browser.until(
        "a pressed button",
        "return document.querySelector('#theme').getAttribute('aria-pressed') === 'true'");
    browser.one("#theme").click();
    assertThat(browser.run(background)).isEqualTo(light);
    open("");
    assertThat(browser.run(background)).as("kept").isEqualTo(light);
  }

  @Test
  void motion_isLeftOutWhereThePersonWantsNone() {
    open("#/?items=film-13:5");
    browser.settled();
    String counter =
        "window.moved = 0; const old = Element.prototype.animate; Element.prototype.animate ="
            + " function (...a) { window.moved++; return old.apply(this, a); }";
    browser.run(counter);
    browser.one(".rec .primary").click();
    browser.until(
        "a new list",
        "return document.querySelector('#results-note').textContent.startsWith('From 2 items')");
    assertThat(browser.run("return window.moved")).isEqualTo(0L);
    browser.media("light", "no-preference");
    browser.one(".rec .primary").click();
    browser.until("a moving list", "return window.moved > 0");
  }

  @Test
  void serverGone_isSaidAndRecovered() {
    KindredServer gone = KindredServer.start(RunningServer.options());
    int port = gone.port();
    browser.open(gone.uri() + "#/?items=film-13:5");
    browser.settled();
    gone.stop();
    browser.one(".rec .primary").click();
    browser.until("the banner", "return document.getElementById('offline').checkVisibility()");
    assertThat(browser.texts("#offline"))
        .containsExactly("The server does not answer. Trying again… Try now");
    assertThat(recommended()).as("the last list stays").isNotEmpty();
    browser.screenshot("offline");
    try (KindredServer back = KindredServer.start(RunningServer.options().withPort(port))) {
      assertThat(back.port()).isEqualTo(port);
      browser.until(
          "the banner is gone", "return !document.getElementById('offline').checkVisibility()");
      browser.until(
          "the new list",
          "return document.querySelector('#results-note').textContent.startsWith('From 2 items')");
    }
    assertThat(browser.complaints()).allMatch(line -> line.contains("ERR_CONNECTION"));
  }

  @Test
  void dataWithoutTitlesAndRatings_works() {
    List<Interaction> clicks = new ArrayList<>();
    for (int user = 0; user < 30; user++) {
      for (int item = 0; item < 8; item++) {
        if ((user + item) % 3 != 0) {
          clicks.add(new Interaction("u" + user, "sku/" + item, 1f));
        }
      }
    }
    Model model =
        ItemKnn.defaults()
            .train(Dataset.of("clicks", clicks), TrainingContext.defaults().withThreads(1));
    try (KindredServer plain = KindredServer.start(ServerOptions.of(model).withPort(0))) {
      browser.open(plain.uri().toString());
      browser.settled();
      browser.one(".tile").click();
      browser.until("a list", "return document.querySelectorAll('.rec').length > 0");
      browser.settled();
      assertThat(browser.texts("#history-list .stars")).isEmpty();
      assertThat(browser.texts(".rec .sentence").get(0))
          .startsWith("Because of your interest in sku/");
      assertThat(browser.violations()).isEmpty();
      browser.screenshot("plain");
    }
  }

  /** Everything under "The numbers", both lists, is the score. */
  @Test
  void numbers_reasonsAgainst_standUnderAHeadOfTheirOwn() {
    try (KindredServer ratings =
        KindredServer.start(ServerOptions.of(RunningServer.RATINGS).withPort(0))) {
      browser.open(ratings.uri() + "#/?user=user-3");
      browser.settled();
      browser.run("document.querySelectorAll('.rec .why').forEach((why) => why.click())");
      assertThat(browser.texts(".breakdown tbody.against th[scope=rowgroup]"))
          .isNotEmpty()
          .containsOnly("What speaks against it");
      assertThat(browser.texts(".breakdown tbody:not(.against) tr:not(.quiet) td:last-child"))
          .noneMatch(number -> number.startsWith("−") || number.startsWith("-"));
      assertThat(browser.texts(".breakdown tbody.against td:last-child"))
          .allMatch(number -> number.startsWith("−") || number.startsWith("-"));
      Object off =
          browser.run(
              "return Math.max(...[...document.querySelectorAll('.breakdown')].map((table) => {"
                  + "const shares = [...table.querySelectorAll('.share')].map((cell) =>"
                  + " parseFloat(cell.textContent.replace('−', '-')));"
                  + "return Math.abs(100 - shares.reduce((a, b) => a + b, 0)); }))");
      assertThat(((Number) off).doubleValue()).isLessThan(4); // each is rounded
      assertThat(browser.violations()).isEmpty();
      browser.screenshot("against");
    }
  }

  @Test
  void newItems_modelThatKnowsThem_haveARowWithReasons() {
    open("#/?items=film-1:5");
    browser.settled();
    assertThat(browser.texts("#new-items")).as("no model here knows new items").isEmpty();
    try (KindredServer fresh = KindredServer.start(RunningServer.withNewItems())) {
      browser.open(fresh.uri() + "#/?items=film-1:5,film-2:4.5");
      browser.settled();
      assertThat(browser.texts("#new-items-note").get(0)).endsWith("by content-knn.");
      assertThat(browser.texts("#new-items .tile-title").get(0)).isEqualTo("Ebb (2026)");
      assertThat(browser.texts("#new-items .tile small").get(0)).isEqualTo("Nobody yet");
      assertThat(browser.texts("#new-items .sentence").get(0))
          .isEqualTo("Because it shares Sea with what you know.");
      assertThat(browser.violations()).isEmpty();
      browser.screenshot("new-items");
      browser.media("dark", "reduce");
      assertThat(browser.violations()).as("dark").isEmpty();
      browser.run("document.getElementById('new-items').scrollIntoView()");
      browser.screenshot("new-items-dark");
      browser.size(360, 800);
      assertThat(
              browser.run(
                  "return document.scrollingElement.scrollWidth -"
                      + " document.documentElement.clientWidth"))
          .as("pixels that stick out of a phone")
          .isEqualTo(0L);
      browser.run("document.getElementById('new-items').scrollIntoView()");
      browser.screenshot("new-items-phone");
      browser.size(1360, 900);
      browser.tabTo("#new-items .tile");
      browser.keys(Keys.ENTER);
      browser.until(
          "the sheet", "return document.querySelector('#details .details-head') !== null");
      assertThat(browser.texts("#details-title")).containsExactly("Ebb (2026)");
      browser.keys(Keys.ESCAPE);
      browser.one("#clear").click();
      browser.settled();
      assertThat(browser.texts("#new-items")).isEmpty();
    }
  }

  @Test
  void newItems_thatBringTheirPictures_areShownWithThem() throws IOException {
    SampleWorld world = new SampleWorld(folder);
    ServerOptions options =
        ServerOptions.of(world.imageCnn())
            .withImages(world.pictures)
            .withNewItems(folder.resolve("new.jsonl"))
            .withPort(0);
    World more = new World(WorldConfig.ofInteractions(2_000).withItems(120).withSeed(6));
    List<String> news = new ArrayList<>();
    for (int item = 0; item < 40; item++) {
      String picture = Base64.getEncoder().encodeToString(more.image(item));
      ObjectNode features = JsonNodeFactory.instance.objectNode();
      features.put("title", more.title(item)).put("image", "data:image/png;base64," + picture);
      news.add(AddItemsTest.item("new-" + item, features.toString()));
    }
    try (KindredServer seeing = KindredServer.start(options)) {
      HttpResponse<String> added =
          new Http(seeing).post("/v1/items", AddItemsTest.items(news.toArray(new String[0])));
      assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
      StringBuilder items = new StringBuilder();
      for (int item = 0; item < 6; item++) {
        items.append(item == 0 ? "" : ",").append(world.data.items().id(item)).append(":5");
      }
      browser.open(seeing.uri() + "#/?items=" + items);
      browser.settled();
      for (String scheme : List.of("light", "dark")) {
        browser.media(scheme, "reduce");
        for (int width : new int[] {1360, 360}) {
          browser.size(width, 800);
          browser.run("document.getElementById('new-items').scrollIntoView({block: 'center'})");
          browser.until(
              "the pictures",
              "return [...document.querySelectorAll('#new-items img')].filter((i) => i.complete &&"
                  + " i.naturalWidth > 0).length >= 3");
          assertThat(browser.violations()).as(scheme + " at " + width).isEmpty();
          assertThat(
                  browser.run(
                      "return document.scrollingElement.scrollWidth -"
                          + " document.documentElement.clientWidth"))
              .as("pixels that stick out at width " + width)
              .isEqualTo(0L);
          assertThat(
                  browser.run(
                      "return new Set([...document.querySelectorAll('#new-items li')].map((i) =>"
                          + " Math.round(i.getBoundingClientRect().width))).size"))
              .as("widths of tiles in one row at width " + width)
              .isEqualTo(1L);
          browser.screenshot("new-pictures-" + scheme + "-" + width);
        }
      }
      assertThat(browser.texts("#new-items .sentence"))
          .anyMatch(sentence -> sentence.contains("It looks like "));
      browser.size(1360, 900);
      browser.run(
          "[...document.querySelectorAll('#new-items li')].find((r) => r.textContent.includes('It"
              + " looks like')).querySelector('.tile').click()");
      browser.until(
          "two pictures",
          "return [...document.querySelectorAll('#details .pair img')].filter((i) => i.complete &&"
              + " i.naturalWidth > 0).length === 2");
      browser.screenshot("new-pictures-sheet");
    }
  }

  @Test
  void pictures_ofALookalike_standSideBySide_andWhatCountsIsLaidOver() throws IOException {
    SampleWorld world = new SampleWorld(folder);
    ServerOptions options =
        ServerOptions.of(world.imageCnn()).withImages(world.pictures).withPort(0);
    try (KindredServer seeing = KindredServer.start(options)) {
      StringBuilder items = new StringBuilder();
      for (int item = 0; item < 30; item++) { // of so many, something looks like anything
        items.append(item == 0 ? "" : ",").append(world.data.items().id(item)).append(":5");
      }
      browser.open(seeing.uri() + "#/?items=" + items);
      browser.settled();
      assertThat(browser.texts(".rec .sentence"))
          .anyMatch(sentence -> sentence.contains(" It looks like "));
      browser.run(
          "[...document.querySelectorAll('.rec')].find((r) => r.textContent.includes('It looks"
              + " like')).querySelector('.title-button').click()");
      browser.until(
          "two pictures",
          "return [...document.querySelectorAll('#details .pair img')].filter((i) => i.complete &&"
              + " i.naturalWidth > 0).length === 2");
      assertThat(browser.texts("#details .pair figcaption")).hasSize(2);
      browser.tabTo("#details .actions button");
      browser.keys(Keys.ENTER);
      browser.until(
          "the map", "return document.querySelector('#details .pair .saliency') !== null");
      Object painted =
          browser.run(
              "const c = document.querySelector('.pair .saliency'); return"
                  + " c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) =>"
                  + " i % 4 === 3 && v > 100)");
      assertThat(painted).isEqualTo(true);
      assertThat(browser.texts("#details .hint").get(0)).startsWith("Orange speaks for it");
      assertThat(browser.violations()).isEmpty();
      browser.run("document.querySelector('#details .pair').scrollIntoView()");
      browser.screenshot("saliency");
      browser.keys(Keys.ENTER);
      assertThat(browser.run("return document.querySelector('#details .saliency')")).isNull();
      browser.size(360, 800);
      browser.screenshot("saliency-phone");
    }
  }

  @Test
  void sequenceModel_everyClickChangesTheList() throws IOException {
    SampleWorld world = new SampleWorld(folder);
    try (KindredServer sequences =
        KindredServer.start(ServerOptions.of(world.sasRec()).withPort(0))) {
      browser.open(sequences.uri().toString());
      browser.settled();
      browser.one(".tile").click();
      browser.until("a first list", "return document.querySelectorAll('.rec').length > 0");
      List<String> before = List.of();
      for (int clicks = 1; clicks <= 6; clicks++) {
        browser.until(
            "the list of " + clicks,
            "return document.querySelector('#results-note').textContent.startsWith('From "
                + clicks
                + " item')");
        browser.settled();
        List<String> now = recommended();
        assertThat(now).as("after click " + clicks).isNotEmpty().isNotEqualTo(before);
        if (clicks > 1) { // more happened than that the clicked item is gone
          assertThat(now.subList(0, now.size() - 1)).isNotEqualTo(before.subList(1, now.size()));
        }
        before = now;
        browser.one(".rec .primary").click();
      }
    }
  }
}
