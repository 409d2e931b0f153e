package io.kindred.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TopNTest {
  @Example
  void select_ties_lowerIndexFirst() {
    assertThat(chosen(new TopN(3), 1f, 5f, 5f, 5f, 5f)).containsExactly(1, 2, 3);
  }

  @Example
  void select_negativeAndPositiveZero_areEqual() {
    assertThat(chosen(new TopN(2), -1f, -0f, 0f, -0f)).containsExactly(1, 2);
  }

  @Example
  void select_nanAndInfinities_nanNeverChosen() {
    assertThat(
            chosen(
                new TopN(9),
                Float.NaN,
                Float.NEGATIVE_INFINITY,
                1f,
                Float.POSITIVE_INFINITY,
                Float.NaN,
                -Float.MAX_VALUE))
        .containsExactly(3, 2, 5, 1);
  }

  @Example
  void select_excludedOutsideTheCatalogueOrRepeated_isHarmless() {
    TopN top = new TopN(4);
    top.exclude(new int[] {0, 0, 2, 2, 9, 12});
    assertThat(chosen(top, 4f, 3f, 2f, 1f)).containsExactly(1, 3);
  }

  @Example
  void select_everythingExcluded_choosesNothing() {
    TopN top = new TopN(2);
    top.exclude(new int[] {0, 1, 2});
    assertThat(chosen(top, 4f, 3f, 2f)).isEmpty();
  }

  @Example
  void select_noneAskedFor_choosesNothing() {
    assertThat(chosen(new TopN(0), 4f, 3f)).isEmpty();
    assertThat(new TopN(0).select(new float[0])).isZero();
  }

  @Example
  void constructor_negative_isRefused() {
    assertThatThrownBy(() -> new TopN(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Property
  void select_anyScores_agreesWithSorting(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 400) int count,
      @ForAll @IntRange(min = 0, max = 450) int n) {
    Random random = new Random(seed);
    int offset = random.nextInt(5);
    float[] scores = new float[offset + count + 3];
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          switch (random.nextInt(10)) {
            case 0 -> Float.NaN;
            case 1 -> -0f;
            case 2 -> random.nextFloat() - 0.5f;
            default -> random.nextInt(9) - 4;
          };
    }
    int[] seen = IntStream.range(0, count).filter(i -> random.nextInt(4) == 0).toArray();
    TopN top = new TopN(n);
    top.select(scores, 0, count); // leaves something behind
    top.exclude(seen);
    int size = top.select(scores, offset, count);

    List<Integer> expected =
        IntStream.range(0, count)
            .filter(i -> Arrays.binarySearch(seen, i) < 0 && !Float.isNaN(scores[offset + i]))
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -(scores[offset + i] + 0f))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(n)
            .toList();
    assertThat(IntStream.of(top.items()).limit(size).boxed().toList()).isEqualTo(expected);
    for (int rank = 0; rank < size; rank++) {
      assertThat(top.scores()[rank]).isEqualTo(scores[offset + top.items()[rank]] + 0f);
    }

    top.clear();
    List<Integer> order = new java.util.ArrayList<>(IntStream.range(0, count).boxed().toList());
    java.util.Collections.shuffle(order, random);
    for (int i : order) {
      if (Arrays.binarySearch(seen, i) < 0) {
        top.offer(i, scores[offset + i]);
      }
    }
    assertThat(IntStream.of(top.items()).limit(top.sort()).boxed().toList()).isEqualTo(expected);
  }

  private static List<Integer> chosen(TopN top, float... scores) {
    int size = top.select(scores);
    return IntStream.of(top.items()).limit(size).boxed().toList();
  }
}
