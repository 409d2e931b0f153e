package io.kindred.server.http;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is on its way between clients and the server in one direction. No thread waits for any of
 * it; each has to keep a least rate, and all together have a largest number and a largest size in
 * memory: where that is exceeded, the one that has been on its way longest is ended. Thread-safe.
 */
final class Transfers {
  /** For so long nothing is asked of a transfer. */
  static final long FREE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Then so many bytes for each second. */
  static final int LEAST_BYTES_PER_SECOND = 4000;

  /** So many at once. */
  static final int MOST = 2048;

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
    private final Runnable tooSlow;
    private final Runnable noRoom;
    private final long begun = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong moved = new AtomicLong();
    private long held; // guarded by this
    private boolean freed; // guarded by this

    private Transfer(Runnable tooSlow, Runnable noRoom) {
      this.tooSlow = tooSlow;
      this.noRoom = noRoom;
    }

    /** Takes memory; less than 0: gives some of it back. */
    void hold(long more) {
      synchronized (this) {
        if (freed) {
          return;
        }
        held += more;
        bytes.addAndGet(more);
      }
      while (bytes.get() > mostBytes) {
        if (!abortOldest()) {
          return; // somebody else has ended it
        }
      }
    }

    /** Says that bytes have come or gone. */
    void moved(long more) {
      moved.addAndGet(more);
    }

    /**
     * Ends it; its memory counts until it is {@link #free}.
     *
     * @return whether it had not ended before
     */
    boolean end() {
      if (!ended.compareAndSet(false, true)) {
        return false;
      }
      running.remove(this);
      return true;
    }

    /** Gives all of its memory back, for good. */
    void free() {
      synchronized (this) {
        freed = true;
        bytes.addAndGet(-held);
        held = 0;
      }
    }

    private boolean abort(Runnable how) {
      boolean mine = end();
      if (mine) {
        free();
        how.run();
      }
      return mine;
    }
  }

  /**
   * Begins one. One of the actions ends it for good, in any thread: once at the most, and not once
   * it has ended.
   *
   * @param tooSlow where it does not keep the least rate
   * @param noRoom where there are too many, or they are too large
   */
  Transfer begin(Runnable tooSlow, Runnable noRoom) {
    Transfer transfer = new Transfer(tooSlow, noRoom);
    running.add(transfer);
    if (running.size() > MOST) {
      abortOldest();
    }
    return transfer;
  }

  private boolean abortOldest() {
    Transfer oldest = running.stream().min(Comparator.comparingLong(one -> one.begun)).orElse(null);
    return oldest != null && oldest.abort(oldest.noRoom);
  }

  /** Ends those that are too slow. */
  void sweep() {
    long now = System.nanoTime();
    for (Transfer transfer : running) {
      long measured = now - transfer.begun - FREE_NANOS;
      if (measured > 0 && transfer.moved.get() < least(measured)) {
        transfer.abort(transfer.tooSlow);
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

  /** How much memory they have. */
  long bytes() {
    return bytes.get();
  }
}
