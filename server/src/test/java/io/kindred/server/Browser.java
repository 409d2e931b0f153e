package io.kindred.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium. Where there is none, tests that ask for it are left out, and say so. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM =
      Path.of(Objects.requireNonNullElse(System.getenv("CHROMIUM"), "/usr/bin/chromium"));
  private static final Path DRIVER =
      Path.of(Objects.requireNonNullElse(System.getenv("CHROMEDRIVER"), "/usr/bin/chromedriver"));
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser start(Path profile) {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "left out: there is no "
            + CHROMIUM
            + " with "
            + DRIVER
            + " (Debian packages chromium and chromium-driver; or set CHROMIUM and CHROMEDRIVER)");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** Loads an address anew and waits until the page is ready. */
  void open(String address) {
    driver.get("about:blank");
    driver.get(address);
    until("the page is ready", "return document.documentElement.dataset.ready === 'true'");
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  /** Color scheme "light" or "dark"; motion "no-preference" or "reduce". */
  void media(String scheme, String motion) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", motion))));
  }

  /** Waits until a script returns true. */
  void until(String what, String script) {
    new WebDriverWait(driver, Duration.ofSeconds(20), Duration.ofMillis(40))
        .withMessage(() -> "waited for: " + what)
        .until(any -> Boolean.TRUE.equals(driver.executeScript(script)));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  @SuppressWarnings("unchecked")
  List<String> texts(String selector) {
    return (List<String>)
        run(
            "return [...document.querySelectorAll(arguments[0])].filter((e) =>"
                + " e.checkVisibility()).map((e) => e.textContent)",
            selector);
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Presses Tab until the focused element matches. */
  void tabTo(String selector) {
    for (int i = 0; i < 120; i++) {
      if (Boolean.TRUE.equals(
          run("return document.activeElement.matches(arguments[0])", selector))) {
        return;
      }
      keys(Keys.TAB);
    }
    throw new AssertionError(
        "no Tab leads to "
            + selector
            + "; the focus is at "
            + run("return document.activeElement.outerHTML"));
  }

  /** Waits until the list is there and still. */
  void settled() {
    until(
        "the results are still",
        "return document.getElementById('results-body').dataset.asking === 'false' &&"
            + " document.getAnimations().length === 0 && document.querySelectorAll('.rec, .tile,"
            + " .people li, .empty').length > 0");
  }

  void screenshot(String name) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "screenshots"));
      Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes back as the browser's button does. */
  void back() {
    driver.navigate().back();
  }

  /** Changes the address in the same tab, as somebody does who pastes one. */
  void paste(String hash) {
    driver.executeScript("location.hash = arguments[0]", hash);
  }

  /** What axe finds of serious or critical impact, one line each. */
  @SuppressWarnings("unchecked")
  List<String> violations() {
    try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(AXE))) {
      driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (List<String>)
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];axe.run(document, {rules:"
                + " {'label-content-name-mismatch': {enabled: true}}}).then((result) =>"
                + " done(result.violations.filter((v) => ['serious',"
                + " 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.help}:"
                + " ${v.nodes.slice(0, 3).map((n) => n.html + ' ' + n.any.map((c) =>"
                + " c.message)).join(' | ')}`)))");
  }

  /** Errors and warnings of the console, violations of the content security policy included. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("willReadFrequently")) // of axe itself
        .toList();
  }
}
