package io.kindred.cli;

import io.kindred.ProgressListener;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far long work has come: on a terminal a bar that is drawn over itself and vanishes at
 * the end, elsewhere a plain line every few seconds. Also the place where interrupted work stops.
 */
final class ProgressBar implements ProgressListener, AutoCloseable {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int BAR = 24;

  private final PrintStream err;
  private final boolean terminal;
  private final boolean quiet;
  private final int width;
  private String stage = "";
  private long start; // 0: nothing was heard yet
  private long stageStart;
  private long lastShown;
  private boolean drawn;
  private final Set<String> warned = new HashSet<>(); // a warning of each of several runs: once

  ProgressBar(Terminal terminal, boolean quiet) {
    this.err = terminal.err();
    this.terminal = terminal.errIsTerminal();
    this.quiet = quiet;
    this.width = terminal.width();
  }

  @Override
  public synchronized void onProgress(String newStage, long done, long total, String note) {
    Interruption.check();
    if (quiet) {
      return;
    }
    long now = System.nanoTime();
    if (start == 0) {
      start = now;
      lastShown = now;
    }
    if (!newStage.equals(stage)) {
      stage = newStage;
      stageStart = now;
    }
    boolean early = now - start < (terminal ? FIRST_NANOS : LINE_NANOS);
    if (early || now - lastShown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    long age = now - stageStart;
    lastShown = now;
    String text = text(stage, done, total, note, age / 1e9, terminal);
    if (terminal) {
      String fitted = text.length() < width ? text : text.substring(0, Math.max(0, width - 1));
      err.print("\r\u001b[K" + fitted);
      err.flush();
      drawn = true;
    } else {
      err.println(text);
    }
  }

  @Override
  public synchronized void onWarning(String text) {
    if (warned.add(text)) {
      clear();
      err.println("Warning: " + text);
    }
  }

  /** One line of progress; {@code seconds} since the stage began. */
  static String text(
      String stage, long done, long total, String note, double seconds, boolean withBar) {
    StringBuilder text = new StringBuilder(stage);
    double share = total > 0 ? Math.min(1, (double) done / total) : 0;
    if (total > 0) {
      if (withBar) {
        int full = (int) (share * BAR);
        text.append("  [").append("#".repeat(full)).append(".".repeat(BAR - full)).append(']');
      }
      text.append(String.format(Locale.ROOT, "  %3d %%", (int) (share * 100)));
    } else {
      text.append(String.format(Locale.ROOT, "  %,d", done));
    }
    double speed = seconds > 0 ? done / seconds : 0;
    if (speed > 0) {
      text.append("  ").append(speed(speed));
      if (total > done) {
        text.append("  ").append(duration((total - done) / speed)).append(" left");
      }
    }
    return note.isEmpty() ? text.toString() : text.append("  ").append(note).toString();
  }

  private static String speed(double perSecond) {
    return perSecond < 10
        ? String.format(Locale.ROOT, "%.1f/s", perSecond)
        : String.format(Locale.ROOT, "%,.0f/s", perSecond);
  }

  private static String duration(double seconds) {
    long whole = (long) Math.min(seconds + 0.5, 359_999);
    return whole < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60);
  }

  /** Takes the bar away, to print something else. */
  synchronized void clear() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }

  /** Takes the bar away. The listener can be used again. */
  @Override
  public synchronized void close() {
    clear();
    start = 0;
    stage = "";
  }
}
