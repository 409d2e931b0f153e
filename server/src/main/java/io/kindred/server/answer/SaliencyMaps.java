package io.kindred.server.answer;

import io.kindred.Cancellation;
import io.kindred.KindredException;
import io.kindred.SaliencyMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Maps of what counts in pictures: the last ones are kept, one that is being computed is waited for
 * and not computed twice, and the {@link Limit} of the server holds. Thread-safe.
 */
final class SaliencyMaps {
  static final int MOST_KEPT = 256;

  /** Most pixels of all maps that are kept: 16 MB. */
  static final int MOST_VALUES = 4_000_000;

  private final Limit limit;
  private final Map<String, CompletableFuture<SaliencyMap>> running = new LinkedHashMap<>();
  private final Map<String, SaliencyMap> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long values; // of the maps that are kept

  /** How many maps all models of a server compute at once, and how many requests wait for them. */
  static final class Limit {
    private static final int WAITING = 8;

    private final Semaphore computing;
    private final Semaphore inside;

    /**
     * Half of the processors compute, and a few requests wait: fewer than the server has threads.
     */
    Limit() {
      this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), WAITING);
    }

    /**
     * So many at once.
     *
     * @param computing at least 1
     * @param waiting at least 0
     */
    Limit(int computing, int waiting) {
      this.computing = new Semaphore(computing, true);
      this.inside = new Semaphore(computing + waiting);
    }
  }

  SaliencyMaps(Limit limit) {
    this.limit = limit;
  }

  /**
   * The map that answers a question: a kept one, else one that is computed now or for somebody else
   * who asked the same.
   *
   * @throws BusyException if too many wait already
   */
  SaliencyMap get(String question, Supplier<SaliencyMap> compute) {
    synchronized (kept) {
      SaliencyMap map = kept.get(question);
      if (map != null) {
        return map;
      }
    }
    if (!limit.inside.tryAcquire()) {
      throw new BusyException("as many maps are being computed and waited for as can be");
    }
    try {
      return computedOnce(question, compute);
    } finally {
      limit.inside.release();
    }
  }

  private SaliencyMap computedOnce(String question, Supplier<SaliencyMap> compute) {
    CompletableFuture<SaliencyMap> mine = new CompletableFuture<>();
    CompletableFuture<SaliencyMap> other;
    synchronized (kept) {
      SaliencyMap map = kept.get(question); // was finished meanwhile
      if (map != null) {
        return map;
      }
      other = running.putIfAbsent(question, mine);
    }
    if (other != null) {
      try {
        return joined(other);
      } catch (KindredException e) {
        throw e;
      } catch (RuntimeException e) { // whoever computed it was stopped, and is not there any longer
        return computedOnce(question, compute);
      }
    }
    try {
      limit.computing.acquireUninterruptibly();
      try {
        Cancellation.check(); // the time may be up
        mine.complete(compute.get());
      } finally {
        limit.computing.release();
      }
    } catch (RuntimeException | Error e) { // for those who wait, too
      synchronized (kept) {
        running.remove(question);
      }
      mine.completeExceptionally(e);
      throw e;
    }
    synchronized (kept) {
      running.remove(question);
      keep(question, mine.join());
    }
    return mine.join();
  }

  private void keep(String question, SaliencyMap map) {
    kept.put(question, map);
    values += map.values().length;
    Iterator<SaliencyMap> eldest = kept.values().iterator();
    while (kept.size() > MOST_KEPT || (values > MOST_VALUES && kept.size() > 1)) {
      values -= eldest.next().values().length;
      eldest.remove();
    }
  }

  private static SaliencyMap joined(CompletableFuture<SaliencyMap> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
