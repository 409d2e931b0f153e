package io.kindred.server.http;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is on its way between clients and the server in one direction. No thread waits for any of
 * it; each has to keep a least rate, and all together have a largest size in memory: where that is
 * exceeded, the one that has been on its way longest is ended. Thread-safe.
 */
final class Transfers {
  /** For so long nothing is asked of a transfer. */
  static final long FREE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Then so many bytes for each second. */
  static final int LEAST_BYTES_PER_SECOND = 4000;

  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Transfer> running = ConcurrentHashMap.newKeySet();

  /**
   * Transfers.
   *
   * @param mostBytes in memory, of all together
   */
  Transfers(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** One body or answer. */
  final class Transfer {
    private final Runnable abort;
    private final long begun = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong moved = new AtomicLong();
    private long held; // guarded by this

    private Transfer(Runnable abort) {
      this.abort = abort;
    }

    /** Takes memory. */
    void hold(long more) {
      synchronized (this) {
        if (ended.get()) {
          return;
        }
        held += more;
        bytes.addAndGet(more);
      }
      while (bytes.get() > mostBytes) {
        Transfer oldest =
            running.stream().min(Comparator.comparingLong(one -> one.begun)).orElse(null);
        if (oldest == null || !oldest.abort()) {
          return; // somebody else has ended it
        }
      }
    }

    /** Says that bytes have come or gone. */
    void moved(long more) {
      moved.addAndGet(more);
    }

    /**
     * Ends it.
     *
     * @return whether it had not ended before
     */
    boolean end() {
      if (!ended.compareAndSet(false, true)) {
        return false;
      }
      running.remove(this);
      synchronized (this) {
        bytes.addAndGet(-held);
        held = 0;
      }
      return true;
    }

    private boolean abort() {
      boolean mine = end();
      if (mine) {
        abort.run();
      }
      return mine;
    }
  }

  /**
   * Begins one.
   *
   * @param abort ends it for good, in any thread; is called once at the most, and not once it has
   *     ended
   */
  Transfer begin(Runnable abort) {
    Transfer transfer = new Transfer(abort);
    running.add(transfer);
    return transfer;
  }

  /** Ends those that are too slow. */
  void sweep() {
    long now = System.nanoTime();
    for (Transfer transfer : running) {
      long measured = now - transfer.begun - FREE_NANOS;
      if (measured > 0 && transfer.moved.get() < least(measured)) {
        transfer.abort();
      }
    }
  }

  static long least(long nanos) {
    return (long) (nanos / 1e9 * LEAST_BYTES_PER_SECOND) + 1;
  }

  /** How many are on their way. */
  int count() {
    return running.size();
  }
}
