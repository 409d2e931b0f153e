package io.kindred.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The folder for what can be had again: fetched data, generated worlds, models of the demo. */
final class Cache {
  private Cache() {}

  /** {@code KINDRED_CACHE}, else "kindred" in the place that the system has for this. */
  static Path folder(Terminal terminal) {
    String own = terminal.environment("KINDRED_CACHE");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath();
    }
    String xdg = terminal.environment("XDG_CACHE_HOME");
    if (!xdg.isEmpty()) {
      return Path.of(xdg, "kindred");
    }
    String home = System.getProperty("user.home", ".");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String local = terminal.environment("LOCALAPPDATA");
    if (system.startsWith("windows") && !local.isEmpty()) {
      return Path.of(local, "kindred", "cache");
    }
    return system.startsWith("mac")
        ? Path.of(home, "Library", "Caches", "kindred")
        : Path.of(home, ".cache", "kindred");
  }
}
