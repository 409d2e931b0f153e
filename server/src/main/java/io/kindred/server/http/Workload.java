package io.kindred.server.http;

import io.kindred.Cancellation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What requests may compute: for how long, how many of the costly ones at once, and only as long as
 * somebody waits for the answer. Thread-safe.
 *
 * <p>A request runs freely for a fraction of a second. One that goes on, or is known to be costly
 * before it begins, takes one of few slots, or waits a little for one, so that cheap requests
 * always find a processor. It is stopped at its next {@link Cancellation#check} when its time is up
 * or its client has gone.
 */
final class Workload {
  /** How long a request may compute. */
  static final Duration LIMIT = Duration.ofSeconds(10);

  private static final long FREE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int WAITING = 8;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long limitNanos;
  private final long waitMillis;
  private final Semaphore slots;
  private final Semaphore waiting;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  /** All processors but one, at least one, compute costly requests. */
  Workload() {
    this(
        LIMIT,
        Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
        WAITING,
        Duration.ofSeconds(2));
  }

  /**
   * Other bounds.
   *
   * @param limit how long one request may compute
   * @param slots how many costly requests compute at once
   * @param waiting how many more wait for that
   * @param patience how long they wait
   */
  Workload(Duration limit, int slots, int waiting, Duration patience) {
    this.limitNanos = limit.toNanos();
    this.waitMillis = patience.toMillis();
    this.slots = new Semaphore(slots, true);
    this.waiting = new Semaphore(waiting);
  }

  /**
   * Computes the answer of a request on this thread.
   *
   * @param gone whether the client has gone; is asked now and then while this takes long
   * @throws Problem.Thrown if the time is up (503), the client has gone (499), too many costly
   *     requests compute already (503), or the memory does not suffice (503)
   */
  void run(BooleanSupplier gone, Cancellation.Work<Exception> work) throws Exception {
    Running request = new Running(gone);
    running.add(request);
    try {
      Cancellation.run(request, work);
    } catch (OutOfMemoryError e) { // what it had made is garbage now
      throw new Problem.Thrown(
          Problem.of(
              503,
              "Not enough memory",
              "there is not enough memory for this answer; ask for less"));
    } finally {
      running.remove(request);
      request.end();
    }
  }

  /**
   * Says that the request of this thread is costly: it goes on once it has a slot.
   *
   * @throws Problem.Thrown as {@link #run}
   */
  void costly() {
    Thread mine = Thread.currentThread();
    for (Running request : running) {
      if (request.thread == mine) {
        request.takeSlot();
        return;
      }
    }
  }

  /** Waits until all requests that compute now have ended. */
  void awaitRunning() throws InterruptedException {
    for (Running request : running) {
      request.ended.await();
    }
  }

  /** One request. */
  private final class Running implements Cancellation.Check {
    private final BooleanSupplier gone;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();
    private final long cpu = THREADS.getCurrentThreadCpuTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private long nextLook = begun + FREE_NANOS;
    private boolean hasSlot;

    Running(BooleanSupplier gone) {
      this.gone = gone;
    }

    @Override
    public void check() {
      long now = System.nanoTime();
      if (now - nextLook < 0) {
        return;
      }
      stopIfInVain(now);
      if (!hasSlot && THREADS.getCurrentThreadCpuTime() - cpu >= FREE_NANOS) {
        takeSlot();
      }
      nextLook = System.nanoTime() + LOOK_NANOS;
    }

    private void stopIfInVain(long now) {
      if (now - begun >= limitNanos) {
        throw new Problem.Thrown(
            Problem.of(
                503,
                "Took too long",
                "the answer would take longer than the "
                    + TimeUnit.NANOSECONDS.toSeconds(limitNanos)
                    + " seconds that a request may; ask for less"));
      }
      if (gone.getAsBoolean()) {
        throw new Problem.Thrown(Problem.of(499, "Client has gone", "nobody waits for the answer"));
      }
    }

    void takeSlot() {
      if (hasSlot) {
        return;
      }
      if (!slots.tryAcquire()) {
        if (!waiting.tryAcquire()) {
          throw busy();
        }
        try {
          waitForSlot();
        } finally {
          waiting.release();
        }
      }
      hasSlot = true;
    }

    private void waitForSlot() {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
      try {
        while (!slots.tryAcquire(
            TimeUnit.NANOSECONDS.toMillis(LOOK_NANOS), TimeUnit.MILLISECONDS)) {
          long now = System.nanoTime();
          stopIfInVain(now);
          if (now - end >= 0) {
            throw busy();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw busy();
      }
    }

    private Problem.Thrown busy() {
      return new Problem.Thrown(
          Problem.of(
              503,
              "Busy",
              "as many costly requests are being computed as can be; ask again in a moment, or for"
                  + " less"));
    }

    void end() {
      if (hasSlot) {
        slots.release();
      }
      ended.countDown();
    }
  }
}
