package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static void computeForever() {
    while (true) {
      Cancellation.check();
    }
  }

  private static Problem problem(Throwable thrown) {
    return ((Problem.Thrown) thrown).problem();
  }

  @Test
  void run_overTheTime_isStopped() {
    Workload workload = new Workload(Duration.ofSeconds(1), 1, 1, Duration.ofSeconds(1));

    assertThatThrownBy(() -> workload.run(() -> false, WorkloadTest::computeForever))
        .satisfies(thrown -> assertThat(problem(thrown).status()).isEqualTo(503))
        .hasMessageContaining("longer than the 1 seconds");
  }

  @Test
  void run_clientGone_isStopped() {
    Workload workload = new Workload(Duration.ofMinutes(1), 1, 1, Duration.ofSeconds(1));

    assertThatThrownBy(() -> workload.run(() -> true, WorkloadTest::computeForever))
        .satisfies(thrown -> assertThat(problem(thrown).status()).isEqualTo(499));
  }

  @Test
  void run_tooLittleMemory_isSaid_andTheSlotIsFree() throws Exception {
    Workload workload = new Workload(Duration.ofMinutes(1), 1, 0, Duration.ofSeconds(1));

    assertThatThrownBy(
            () ->
                workload.run(
                    () -> false,
                    () -> {
                      workload.costly();
                      throw new OutOfMemoryError("Java heap space");
                    }))
        .satisfies(thrown -> assertThat(problem(thrown).status()).isEqualTo(503))
        .hasMessageContaining("memory");
    workload.run(() -> false, workload::costly);
  }

  @Test
  void costly_noSlotFree_waits_thenIsRefused_andMoreAreRefusedAtOnce() throws Exception {
    Workload workload = new Workload(Duration.ofMinutes(1), 1, 1, Duration.ofMillis(1500));
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch holding = new CountDownLatch(1);
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () ->
                run(
                    workload,
                    () -> {
                      workload.costly();
                      workload.costly(); // has it already
                      holding.countDown();
                      release.await();
                    }));
    holding.await();
    CompletableFuture<Void> second =
        CompletableFuture.runAsync(() -> run(workload, workload::costly));
    Thread.sleep(300); // waits by now

    assertThatThrownBy(() -> workload.run(() -> false, workload::costly))
        .hasMessageContaining("as many costly requests");
    assertThat(second).isNotDone();
    assertThatThrownBy(second::join).hasMessageContaining("as many costly requests");
    release.countDown();
    first.get(10, TimeUnit.SECONDS);
    run(workload, workload::costly);
  }

  @Test
  void awaitRunning_waitsForThoseThatRun() throws Exception {
    Workload workload = new Workload();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch runs = new CountDownLatch(1);
    CompletableFuture<Void> request =
        CompletableFuture.runAsync(
            () ->
                run(
                    workload,
                    () -> {
                      runs.countDown();
                      release.await();
                    }));
    runs.await();
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                workload.awaitRunning();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    Thread.sleep(100);
    assertThat(waiting).isNotDone();
    release.countDown();
    waiting.get(10, TimeUnit.SECONDS);
    request.get(10, TimeUnit.SECONDS);
  }

  private static void run(Workload workload, Cancellation.Work<Exception> work) {
    try {
      workload.run(() -> false, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
