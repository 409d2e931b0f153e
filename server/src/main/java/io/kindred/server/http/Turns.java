package io.kindred.server.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose turn it is to be answered: so many requests have a thread at once, more wait without one in
 * the order in which they came, and others are refused. What has no turn to take (health, metrics,
 * the page) finds threads that are free at all times. Thread-safe.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private static final int MOST_WAITING = 1024;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int most;
  private final Executor threads;
  private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by itself
  private int running; // guarded by waiting

  private record Waiting(Runnable work, Runnable refused, long since) {}

  /**
   * Turns.
   *
   * @param most how many requests are answered at once
   * @param threads with some more threads than that
   */
  Turns(int most, Executor threads) {
    this.most = most;
    this.threads = threads;
  }

  /**
   * Does the work of a request now, later, or never.
   *
   * @param here whether it may be done on this thread
   * @param refused is called instead if there is no place to wait, or it takes too long
   */
  void take(boolean here, Runnable work, Runnable refused) {
    synchronized (waiting) {
      if (running == most) {
        if (waiting.size() < MOST_WAITING) {
          waiting.addLast(new Waiting(work, refused, System.nanoTime()));
          return;
        }
      } else {
        running++;
        refused = null;
      }
    }
    if (refused != null) {
      refused.run();
    } else if (here) {
      work(work);
    } else {
      threads.execute(() -> work(work));
    }
  }

  private void work(Runnable work) {
    try {
      work.run();
    } finally {
      Waiting next = next();
      if (next != null) {
        threads.execute(() -> work(next.work));
      }
    }
  }

  private @Nullable Waiting next() {
    synchronized (waiting) {
      Waiting next = waiting.pollFirst();
      if (next == null) {
        running--;
      }
      return next;
    }
  }

  /** Refuses those that have waited too long. */
  void sweep() {
    List<Waiting> late = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (waiting) {
      while (!waiting.isEmpty() && now - waiting.getFirst().since > PATIENCE_NANOS) {
        late.add(waiting.removeFirst());
      }
    }
    for (Waiting one : late) {
      try {
        one.refused.run();
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.debug("a request was not refused", e); // the others are
      }
    }
  }
}
