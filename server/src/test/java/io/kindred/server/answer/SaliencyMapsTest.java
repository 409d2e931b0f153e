package io.kindred.server.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.SaliencyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions at once, from threads of their own; those who compute wait for a sign. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SaliencyMapsTest {
  private static final SaliencyMap MAP = new SaliencyMap(1, 1, 0.5f, new float[] {0.25f});

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private SaliencyMap compute() {
    started.incrementAndGet();
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try {
      assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    now.decrementAndGet();
    return MAP;
  }

  private Future<SaliencyMap> ask(SaliencyMaps maps, String question) {
    return threads.submit(() -> maps.get(question, this::compute));
  }

  /** Fills all places and returns what was refused beyond them. */
  private List<Future<SaliencyMap>> asked(SaliencyMaps maps, int count, boolean same)
      throws InterruptedException {
    List<Future<SaliencyMap>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(ask(maps, same ? "same" : "question " + i));
    }
    while (started.get() == 0) {
      Thread.sleep(1);
    }
    return answers;
  }

  @Test
  void get_theSameFromManyAtOnce_isComputedOnce_andKept() throws Exception {
    SaliencyMaps maps = new SaliencyMaps(new SaliencyMaps.Limit(4, 8));
    List<Future<SaliencyMap>> answers = asked(maps, 12, true);
    go.countDown();
    for (Future<SaliencyMap> answer : answers) {
      assertThat(answer.get()).isSameAs(MAP);
    }
    assertThat(maps.get("same", this::compute)).isSameAs(MAP);
    assertThat(started).hasValue(1);
  }

  @Test
  void get_moreThanMayCompute_wait_andAllAreAnswered() throws Exception {
    SaliencyMaps maps = new SaliencyMaps(new SaliencyMaps.Limit(2, 8));
    List<Future<SaliencyMap>> answers = asked(maps, 10, false);
    go.countDown();
    for (Future<SaliencyMap> answer : answers) {
      assertThat(answer.get()).isSameAs(MAP);
    }
    assertThat(started).hasValue(10);
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void get_moreThanMayWait_isRefused_andWorksAfterwards() throws Exception {
    SaliencyMaps.Limit limit = new SaliencyMaps.Limit(1, 1);
    SaliencyMaps maps = new SaliencyMaps(limit);
    SaliencyMaps other = new SaliencyMaps(limit); // another model of the same server
    int refused = 0;
    List<Future<SaliencyMap>> answers = asked(maps, 5, false);
    while (answers.stream().filter(Future::isDone).count() < 3) { // two have places
      Thread.sleep(1);
    }
    assertThatThrownBy(() -> other.get("x", this::compute)).isInstanceOf(BusyException.class);
    go.countDown();
    for (Future<SaliencyMap> answer : answers) {
      try {
        assertThat(answer.get()).isSameAs(MAP);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(BusyException.class);
        refused++;
      }
    }
    assertThat(refused).isEqualTo(3);
    assertThat(other.get("x", this::compute)).isSameAs(MAP);
  }

  @Test
  void get_thatFails_isSaidToAllWhoWait_andIsNotKept() throws Exception {
    SaliencyMaps maps = new SaliencyMaps(new SaliencyMaps.Limit(1, 4));
    List<Future<SaliencyMap>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(
          threads.submit(
              () ->
                  maps.get(
                      "same",
                      () -> {
                        compute();
                        throw new KindredException("is no picture");
                      })));
    }
    go.countDown();
    for (Future<SaliencyMap> answer : answers) {
      assertThatThrownBy(answer::get).hasCauseInstanceOf(KindredException.class);
    }
    assertThat(maps.get("same", () -> MAP)).isSameAs(MAP);
  }

  @Test
  void get_computedByOneWhoIsStopped_isComputedByTheNext() throws Exception {
    SaliencyMaps maps = new SaliencyMaps(new SaliencyMaps.Limit(1, 4));
    Future<SaliencyMap> stopped =
        threads.submit(
            () ->
                maps.get(
                    "same",
                    () -> {
                      compute();
                      throw new IllegalStateException("the client has gone");
                    }));
    while (started.get() == 0) {
      Thread.sleep(1);
    }
    Future<SaliencyMap> next = ask(maps, "same");
    Thread.sleep(50); // waits for the first by now
    go.countDown();

    assertThatThrownBy(stopped::get).hasRootCauseMessage("the client has gone");
    assertThat(next.get()).isSameAs(MAP);
  }

  @Test
  void get_manyLargeMaps_keepsTheLastOnesWithinABound() {
    SaliencyMaps maps = new SaliencyMaps(new SaliencyMaps.Limit(1, 4));
    SaliencyMap large = new SaliencyMap(1000, 1000, 0.5f, new float[SaliencyMaps.MOST_VALUES / 4]);
    for (int i = 0; i < 6; i++) {
      maps.get("question " + i, () -> large);
    }
    go.countDown();

    assertThat(maps.get("question 2", this::compute)).isSameAs(large);
    assertThat(maps.get("question 1", this::compute)).isSameAs(MAP);
  }
}
