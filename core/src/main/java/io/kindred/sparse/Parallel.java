package io.kindred.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A parallel loop over blocks of consecutive rows.
 *
 * <p>Threads claim blocks as they become free, so uneven rows balance out. A loop whose body writes
 * only to its own rows gives the same result for every number of threads.
 */
public final class Parallel {
  /**
   * The body of a loop: called once for each block {@code [from, to)}; one body instance serves one
   * thread.
   */
  @FunctionalInterface
  public interface Body {
    /** Handles the rows {@code from} (inclusive) to {@code to} (exclusive). */
    void run(int from, int to);
  }

  private Parallel() {}

  /**
   * Runs a body over {@code [0, count)} in blocks.
   *
   * @param threads at least 1; with 1 everything runs on the caller's thread
   * @param blockSize rows a block, at least 1
   * @param bodies makes one body for each thread, so that a body may own scratch memory
   * @throws RuntimeException what a body threw first, or that the caller was interrupted; the other
   *     threads stop at their next block, and are waited for: afterwards no body is running
   */
  public static void forBlocks(
      int threads, int count, int blockSize, Supplier<? extends Body> bodies) {
    forBlocks(threads, count, blockSize, bodies, done -> {});
  }

  /**
   * The same, and tells now and then how far it has come.
   *
   * @param onDone hears how many rows are done, about ten times a second and at the end, from one
   *     thread at a time
   */
  public static void forBlocks(
      int threads, int count, int blockSize, Supplier<? extends Body> bodies, IntConsumer onDone) {
    if (threads < 1 || blockSize < 1) {
      throw new IllegalArgumentException(
          "threads and blockSize must be at least 1, got " + threads + " and " + blockSize);
    }
    int blocks = (int) (((long) count + blockSize - 1) / blockSize);
    int workers = Math.min(threads, blocks);
    AtomicInteger next = new AtomicInteger();
    Meter meter = new Meter(count, onDone);
    if (workers <= 1) {
      work(next, blocks, count, blockSize, bodies.get(), meter);
      return;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            workers,
            task -> {
              Thread thread = new Thread(task, "kindred-worker");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < workers; w++) {
        running.add(
            pool.submit(
                () -> {
                  try {
                    work(next, blocks, count, blockSize, bodies.get(), meter);
                  } catch (Throwable failure) {
                    next.set(blocks);
                    throw failure;
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } catch (InterruptedException e) {
      next.set(blocks);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for parallel work", e);
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  /** Waits for blocks that are being handled, so that the caller may undo what they did. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unwrapped(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }

  private static void work(
      AtomicInteger next, int blocks, int count, int blockSize, Body body, Meter meter) {
    for (int block = next.getAndIncrement(); block < blocks; block = next.getAndIncrement()) {
      int from = block * blockSize;
      int to = Math.min(count, from + blockSize);
      body.run(from, to);
      meter.add(to - from);
      if (Thread.currentThread().isInterrupted()) {
        next.set(blocks);
      }
    }
  }

  /** Adds up what all threads have done, and passes it on now and then. */
  private static final class Meter {
    private static final long EVERY_NANOS = 100_000_000L;

    private final int count;
    private final IntConsumer onDone;
    private final AtomicInteger done = new AtomicInteger();
    private volatile long told = System.nanoTime();

    Meter(int count, IntConsumer onDone) {
      this.count = count;
      this.onDone = onDone;
    }

    void add(int rows) {
      int all = done.addAndGet(rows);
      long now = System.nanoTime();
      if (all == count || now - told > EVERY_NANOS) {
        synchronized (this) {
          if (all == count || now - told > EVERY_NANOS) {
            told = now;
            onDone.accept(all);
          }
        }
      }
    }
  }
}
