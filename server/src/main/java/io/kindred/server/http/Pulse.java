package io.kindred.server.http;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server is able to answer: a thread answers a small question each second, and the
 * share of the time is measured in which the JVM stood still to collect garbage. Thread-safe.
 */
final class Pulse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  private static final long BEAT_MILLIS = 1000;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LEAST_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final double MOST_COLLECTING = 0.9;

  /** Beans that count pauses; others count what is done beside the program. */
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(
              bean -> !bean.getName().contains("Concurrent") && !bean.getName().contains("Cycles"))
          .toList();

  private final Runnable question;
  private final Thread thread = new Thread(this::beat, "kindred-pulse");
  private final Deque<Sample> samples = new ArrayDeque<>(); // guarded by itself
  private volatile long answered = System.nanoTime();
  private volatile boolean closed;

  /** How long garbage had been collected at some time. */
  record Sample(long nanos, long collectedMillis) {}

  /**
   * Starts.
   *
   * @param question a small piece of real work
   */
  Pulse(Runnable question) {
    this.question = question;
    thread.setDaemon(true);
    thread.start();
  }

  private void beat() {
    while (!closed) {
      try {
        answer();
      } catch (RuntimeException | OutOfMemoryError e) {
        silent(e); // the thread goes on: there may be room again
      }
      try {
        Thread.sleep(BEAT_MILLIS);
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  private void answer() {
    question.run();
    answered = System.nanoTime();
    Sample now = sample();
    synchronized (samples) {
      samples.addLast(now);
      while (samples.size() > 2
          && now.nanos - samples.getFirst().nanos > WINDOW_NANOS + SILENCE_NANOS) {
        samples.removeFirst();
      }
    }
  }

  private static void silent(Throwable failure) {
    try {
      LOG.debug("no pulse", failure);
    } catch (OutOfMemoryError e) {
      // not even a line for the log
    }
  }

  private static Sample sample() {
    long collected = 0;
    for (GarbageCollectorMXBean bean : COLLECTORS) {
      collected += Math.max(0, bean.getCollectionTime());
    }
    return new Sample(System.nanoTime(), collected);
  }

  /** Why the server cannot answer; empty where it can. */
  Optional<String> failure() {
    Sample now = sample();
    long silent = now.nanos - answered;
    if (silent > SILENCE_NANOS) {
      return Optional.of(
          "no question was answered for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " seconds");
    }
    synchronized (samples) {
      // The newest sample that is a whole window ago: with the years, not diluted by them.
      Sample before = null;
      for (Sample sample : samples) {
        if (before == null || now.nanos - sample.nanos >= WINDOW_NANOS) {
          before = sample;
        }
      }
      return before == null ? Optional.empty() : collecting(before, now);
    }
  }

  /** Whether nearly all of the time between two samples went into the collection of garbage. */
  static Optional<String> collecting(Sample before, Sample now) {
    long nanos = now.nanos - before.nanos;
    double share =
        (double) TimeUnit.MILLISECONDS.toNanos(now.collectedMillis - before.collectedMillis)
            / Math.max(1, nanos);
    return nanos < LEAST_WINDOW_NANOS || share < MOST_COLLECTING
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%.0f %% of the last %d seconds went into the collection of garbage: the heap is"
                    + " too small",
                100 * share,
                TimeUnit.NANOSECONDS.toSeconds(nanos)));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
