package io.kindred.neural.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final int LENGTH = 8;

  /** User u did the items 0 .. u - 1, in this order. */
  private static Interactions stairs(int users) {
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < users; user++) {
      for (int item = 0; item < user; item++) {
        columns.add(user, item, 1f, 1_000L + item);
      }
    }
    return columns.build(users, users);
  }

  @Test
  void of_anySeed_hasEachTargetOnceBehindTheItemBeforeIt() {
    Interactions stairs = stairs(40);
    for (long seed = 0; seed < 20; seed++) {
      Windows windows = Windows.of(stairs, LENGTH, seed);
      int[] all = new int[windows.size()];
      Arrays.setAll(all, w -> w);
      SequenceBatch batch = windows.batch(all);
      Set<Long> pairs = new HashSet<>();
      long[] targets = batch.targets();
      for (int t = 0; t < targets.length; t++) {
        int place = (int) batch.places()[t];
        assertThat(batch.items()[place]).isEqualTo(targets[t] - 1);
        assertThat(stairs.items()[batch.entries()[t]]).isEqualTo((int) targets[t]);
        assertThat(pairs.add((long) batch.entries()[t])).isTrue();
      }
      long expected = 0;
      for (int user = 2; user < 40; user++) {
        expected += user - 1;
      }
      assertThat(pairs).hasSize((int) expected);
      assertThat(windows.targets()).isEqualTo(expected);
      assertThat(batch.length()).isEqualTo(LENGTH);
      assertThat(windows.size()).isLessThanOrEqualTo(Windows.most(stairs, LENGTH));
    }
  }

  @Test
  void of_longHistories_areCutElsewhereByEachSeed() {
    Interactions stairs = stairs(40);
    Set<Integer> sizes = new HashSet<>();
    Set<Integer> newest = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      Windows windows = Windows.of(stairs, LENGTH, seed);
      sizes.add(windows.size());
      newest.add(lengthOfNewest(windows));
      assertThat(lengthOfNewest(Windows.of(stairs, LENGTH, seed)))
          .isEqualTo(lengthOfNewest(windows));
    }
    assertThat(sizes).hasSizeGreaterThan(1);
    assertThat(newest).hasSizeGreaterThan(4);
  }

  /** The length of the window with the newest item of the last user, which is its first one. */
  private static int lengthOfNewest(Windows windows) {
    for (int w = windows.size() - 1; ; w--) {
      long[] targets = windows.batch(new int[] {w}).targets();
      if (targets[targets.length - 1] == 38) {
        return targets.length;
      }
    }
  }

  @Test
  void shuffledBatches_moreOrFewerThanWindows_holdEachOnce() {
    Windows windows = Windows.of(stairs(40), LENGTH, 1);
    for (int batches : new int[] {1, 3, 60, windows.size(), windows.size() + 5}) {
      int[][] dealt = windows.shuffledBatches(batches, 7);
      assertThat(dealt).hasNumberOfRows(batches);
      assertThat(Arrays.stream(dealt).flatMapToInt(Arrays::stream).sorted().toArray())
          .isEqualTo(IntStream.range(0, windows.size()).toArray());
      int smallest = windows.size() / batches;
      assertThat(Arrays.stream(dealt).allMatch(b -> b.length - smallest <= 1)).isTrue();
    }
  }

  @Test
  void of_historiesTooShort_hasNone() {
    assertThat(Windows.of(stairs(2), LENGTH, 1).size()).isZero();
    assertThat(Windows.most(stairs(2), LENGTH)).isZero();
  }
}
