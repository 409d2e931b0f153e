package io.kindred.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(2);

  /** A block that takes its time and cannot be hurried. */
  private void handle() {
    running.incrementAndGet();
    begun.countDown();
    long end = System.nanoTime() + 300_000_000L;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000L);
      Thread.interrupted();
    }
    running.decrementAndGet();
  }

  private void awaitBegun() {
    try {
      begun.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void forBlocks_everyRow_isHandledOnce() {
    AtomicInteger[] times = new AtomicInteger[1001];
    for (int i = 0; i < times.length; i++) {
      times[i] = new AtomicInteger();
    }
    Parallel.forBlocks(
        3,
        times.length,
        10,
        () ->
            (from, to) -> {
              for (int i = from; i < to; i++) {
                times[i].incrementAndGet();
              }
            });
    assertThat(times).allSatisfy(time -> assertThat(time).hasValue(1));
  }

  @Test
  void forBlocks_bodyThatThrows_isReportedWhenNoOtherRuns() {
    assertThatThrownBy(
            () ->
                Parallel.forBlocks(
                    3,
                    3,
                    1,
                    () ->
                        (from, to) -> {
                          if (from == 0) {
                            awaitBegun();
                            throw new IllegalArgumentException("block 0");
                          }
                          handle();
                        }))
        .hasMessage("block 0");
    assertThat(running).hasValue(0);
  }

  @Test
  void forBlocks_callerInterrupted_endsWhenNoBodyRuns() {
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              awaitBegun();
              caller.interrupt();
            });
    interrupter.start();
    assertThatThrownBy(() -> Parallel.forBlocks(2, 100, 1, () -> (from, to) -> handle()))
        .hasMessageContaining("interrupted");
    assertThat(running).hasValue(0);
    assertThat(Thread.interrupted()).isTrue();
  }
}
