package io.kindred.cli;

import io.kindred.ingest.Fetch;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where a command prints: results on standard output, all else on standard error, both in UTF-8.
 *
 * <p>Java cannot tell whether standard error is a terminal (and {@link System#console} changed its
 * meaning in JDK 22), so the launcher tells it in {@code KINDRED_TERMINAL}: the words {@code out}
 * and {@code err} for what is a terminal, and the width.
 */
final class Terminal {
  private static final int DEFAULT_WIDTH = 80;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final List<String> traits;

  private Terminal(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.traits = Arrays.asList(environment.getOrDefault("KINDRED_TERMINAL", "").split("\\s+"));
  }

  /** The streams and the environment of this process. */
  static Terminal system() {
    return of(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv());
  }

  /** Other streams and another environment. */
  static Terminal of(OutputStream out, OutputStream err, Map<String, String> environment) {
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment);
  }

  /** Results. */
  PrintStream out() {
    return out;
  }

  /** Progress, notes and errors. */
  PrintStream err() {
    return err;
  }

  /** A variable of the environment; empty where it is not set. */
  String environment(String name) {
    return environment.getOrDefault(name, "");
  }

  /** The folder for what can be had again: fetched data, generated worlds, models of the demo. */
  Path cache() {
    return Fetch.cacheFolder(environment, System.getProperties()).toAbsolutePath();
  }

  /** Whether progress can be drawn over itself. */
  boolean errIsTerminal() {
    return traits.contains("err");
  }

  /** Whether results may be styled: a terminal, and nobody set NO_COLOR (no-color.org). */
  boolean outHasStyle() {
    return traits.contains("out") && environment("NO_COLOR").isEmpty() && !isDumb();
  }

  /** Whether errors may be styled. */
  boolean errHasStyle() {
    return errIsTerminal() && environment("NO_COLOR").isEmpty() && !isDumb();
  }

  private boolean isDumb() {
    return environment("TERM").equals("dumb");
  }

  /** Columns of the terminal; 80 where there is none. */
  int width() {
    for (String trait : traits) {
      if (trait.matches("[1-9][0-9]{1,3}")) {
        return Integer.parseInt(trait);
      }
    }
    return DEFAULT_WIDTH;
  }

  /** A heading among the results. */
  String bold(String text) {
    return outHasStyle() ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** Something of less weight among the results. */
  String dim(String text) {
    return outHasStyle() ? "\u001b[2m" + text + "\u001b[0m" : text;
  }
}
