package io.kindred.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.data.Interactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
  /**
   * Four people and six items: item 0 has all four, item 1 two (0, 1), item 2 two (2, 3), item 3
   * one (0), item 4 none, item 5 one (0).
   */
  private static final ItemStatistics STATISTICS =
      ItemStatistics.of(
          train(
              4,
              6,
              new int[][] {
                {0, 0}, {1, 0}, {2, 0}, {3, 0}, {0, 1}, {1, 1}, {2, 2}, {3, 2}, {0, 3}, {0, 5}
              }));

  /**
   * The list 5 0 3 1 2 with the held-out items 0, 1 and 4: hits at ranks 2 and 4, R has three.
   *
   * <p>log2(3) = 1.584963, log2(4) = 2, log2(5) = 2.321928.
   */
  @ParameterizedTest
  @CsvSource({
    // 0, 1, 1, 2, 2 hits of 3
    "recall@1, 0",
    "recall@2, 0.333333",
    "recall@4, 0.666667",
    "recall@10, 0.666667",
    // of min(k, 3)
    "recall_capped@1, 0",
    "recall_capped@2, 0.5",
    "recall_capped@4, 0.666667",
    "recall_capped@10, 0.666667",
    // of k, also where the list has only five
    "precision@2, 0.5",
    "precision@5, 0.4",
    "precision@10, 0.2",
    "hr@1, 0",
    "hr@2, 1",
    "hr@10, 1",
    // (1/log2 3) / (1 + 1/log2 3) = 0.630930 / 1.630930
    "ndcg@1, 0",
    "ndcg@2, 0.386853",
    // (1/log2 3 + 1/log2 5) / (1 + 1/log2 3 + 1/2) = 1.061606 / 2.130930
    "ndcg@5, 0.498189",
    "ndcg@10, 0.498189",
    "mrr@1, 0",
    "mrr@2, 0.5",
    "mrr@10, 0.5",
    // 1/2 / min(2, 3); (1/2 + 2/4) / min(k, 3)
    "map@2, 0.25",
    "map@4, 0.333333",
    "map@10, 0.333333",
    // log2(4/1); (log2(4/1) + log2(4/4)) / 2; (2 + 0 + 2 + 1 + 1) / 5
    "novelty@1, 2",
    "novelty@2, 1",
    "novelty@10, 1.2",
    "popularity@1, 1",
    "popularity@2, 2.5",
    "popularity@10, 2",
    // 5 and 0: 1 - 1/sqrt(4); and 3: 5 and 3 are the same person, 0 and 3 as 0 and 5: (0.5 + 0 +
    // 0.5) / 3
    "diversity@2, 0.5",
    "diversity@3, 0.333333"
  })
  void of_handComputedCase_isAsWritten(String name, double expected) {
    RankedList list = RankedList.of(new int[] {5, 0, 3, 1, 2}, new int[] {4, 1, 0}, STATISTICS);

    assertThat(((ListMetric) Metric.parse(name)).of(list)).isEqualTo(expected, within(1e-6));
  }

  @Test
  void novelty_itemThatNobodyHas_countsAsOnePerson() {
    assertThat(new Novelty(3).of(RankedList.of(new int[] {4}, new int[] {0}, STATISTICS)))
        .isEqualTo(2, within(1e-12));
  }

  @Test
  void of_emptyList_isZeroOrUndefined() {
    RankedList empty = RankedList.of(new int[0], new int[] {1}, STATISTICS);
    for (Metric metric : Metric.ofLists(10)) {
      if (metric instanceof ListMetric of) {
        boolean describes = metric.goal() == Metric.Goal.NEITHER;
        assertThat(of.of(empty))
            .as(metric.name())
            .isEqualTo(Double.valueOf(describes ? Double.NaN : 0));
      }
    }
    assertThat(new Diversity(5).of(RankedList.of(new int[] {1}, new int[] {1}, STATISTICS)))
        .isNaN();
  }

  @Test
  void coverageAndGini_handComputedCounts_areAsWritten() {
    // Ascending 0, 0, 1, 3: (-3*0 - 1*0 + 1*1 + 3*3) / (4 * 4) = 10/16
    assertThat(new Gini(5).of(new int[] {3, 0, 1, 0})).isEqualTo(0.625, within(1e-12));
    assertThat(new Gini(5).of(new int[] {2, 2, 2})).isEqualTo(0, within(1e-12));
    assertThat(new Gini(5).of(new int[] {0, 0, 7, 0})).isEqualTo(0.75, within(1e-12));
    assertThat(new Gini(5).of(new int[] {0, 0})).isNaN();
    assertThat(new Coverage(5).of(new int[] {3, 0, 1, 0})).isEqualTo(0.5);
    assertThat(new Coverage(5).of(new int[0])).isNaN();
  }

  @Test
  void auc_handComputedScores_countsPairs() {
    // Held out 1 and 4; seen 0; others 2, 3, 5 with 0.5, 0.9, NaN. Item 1 (0.5): ties with 2, below
    // 3, above 5. Item 4 (0.7): above 2, below 3,
    // above 5. So (0.5 + 0 + 1 + 1 + 0 + 1) / 6.
    float[] scores = {9f, 9f, 0.5f, 0.5f, 0.9f, 0.7f, Float.NaN};
    assertThat(new Auc().of(scores, 1, new int[] {1, 4}, new int[] {0}, 6))
        .isEqualTo(3.5 / 6, within(1e-12));
    assertThat(new Auc().of(new float[] {1f, 2f}, 0, new int[] {1}, new int[] {0}, 2)).isNaN();
  }

  @Property(tries = 200)
  void auc_anyScores_agreesWithAllPairs(@ForAll long seed) {
    Random random = new Random(seed);
    int items = 2 + random.nextInt(30);
    float[] scores = new float[items];
    List<Integer> heldOut = new ArrayList<>();
    List<Integer> seen = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      scores[i] = random.nextInt(8) == 0 ? Float.NaN : random.nextInt(6) - 2;
      (random.nextInt(3) == 0 ? heldOut : random.nextInt(4) == 0 ? seen : others).add(i);
    }
    double right = 0;
    for (int r : heldOut) {
      for (int o : others) {
        double a = Float.isNaN(scores[r]) ? -100 : scores[r];
        double b = Float.isNaN(scores[o]) ? -100 : scores[o];
        right += a > b ? 1 : a == b ? 0.5 : 0;
      }
    }
    double expected = right / ((double) heldOut.size() * others.size());
    double auc = new Auc().of(scores, 0, ints(heldOut), ints(seen), items);
    if (heldOut.isEmpty() || others.isEmpty()) {
      assertThat(auc).isNaN();
    } else {
      assertThat(auc).isEqualTo(expected, within(1e-12));
    }
  }

  @Test
  void ratingMetrics_handComputedErrors_areAsWritten() {
    // errors 1 and 2: rmse sqrt((1 + 4) / 2), mae 1.5
    Rmse rmse = new Rmse();
    Mae mae = new Mae();
    assertThat(rmse.ofMeanLoss((rmse.loss(4, 3) + rmse.loss(1, 3)) / 2))
        .isEqualTo(Math.sqrt(2.5), within(1e-12));
    assertThat(mae.ofMeanLoss((mae.loss(4, 3) + mae.loss(1, 3)) / 2)).isEqualTo(1.5, within(1e-12));
  }

  @Property
  void of_anyList_staysWithinItsBounds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    RankedList list = randomList(new Random(seed));
    for (String name :
        List.of("recall", "recall_capped", "precision", "hr", "ndcg", "mrr", "map", "diversity")) {
      double value = value(name, k, list);
      assertThat(Double.isNaN(value) || (value >= 0 && value <= 1 + 1e-12))
          .as(name + " " + value)
          .isTrue();
    }
    assertThat(value("hr", k, list)).isGreaterThanOrEqualTo(value("mrr", k, list));
    assertThat(value("recall_capped", k, list)).isGreaterThanOrEqualTo(value("recall", k, list));
    assertThat(value("recall_capped", k, list)).isGreaterThanOrEqualTo(value("precision", k, list));
    assertThat(value("recall", k + 1, list)).isGreaterThanOrEqualTo(value("recall", k, list));
    assertThat(value("mrr", k + 1, list)).isGreaterThanOrEqualTo(value("mrr", k, list));
    assertThat(value("precision", k, list) * k)
        .isEqualTo(value("recall", k, list) * list.relevant(), within(1e-9));
  }

  @Property
  void of_permutedNonHits_doesNotChange(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    Random random = new Random(seed);
    RankedList list = randomList(random);
    List<Integer> places =
        new ArrayList<>(
            IntStream.range(0, list.size()).filter(r -> !list.hits()[r]).boxed().toList());
    List<Integer> misses = new ArrayList<>(places.stream().map(r -> list.items()[r]).toList());
    Collections.shuffle(misses, random);
    int[] items = list.items().clone();
    for (int i = 0; i < places.size(); i++) {
      items[places.get(i)] = misses.get(i);
    }
    RankedList permuted =
        new RankedList(items, list.size(), list.hits(), list.relevant(), list.statistics());
    for (String name :
        List.of("recall", "recall_capped", "precision", "hr", "ndcg", "mrr", "map")) {
      assertThat(value(name, k, permuted)).as(name).isEqualTo(value(name, k, list));
    }
  }

  @Property
  void of_hitMovedUp_neverFalls(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    RankedList list = randomList(new Random(seed));
    for (int rank = 1; rank < list.size(); rank++) {
      if (list.hits()[rank] && !list.hits()[rank - 1]) {
        boolean[] hits = list.hits().clone();
        hits[rank] = false;
        hits[rank - 1] = true;
        RankedList better =
            new RankedList(list.items(), list.size(), hits, list.relevant(), list.statistics());
        for (String name : List.of("recall", "precision", "hr", "ndcg", "mrr", "map")) {
          assertThat(value(name, k, better))
              .as(name)
              .isGreaterThanOrEqualTo(value(name, k, list) - 1e-12);
        }
        if (rank - 1 < k) {
          assertThat(value("ndcg", k, better)).isGreaterThan(value("ndcg", k, list));
        }
      }
    }
  }

  @Property
  void of_idealList_isOne(
      @ForAll @IntRange(min = 1, max = 30) int relevant,
      @ForAll @IntRange(min = 1, max = 30) int k) {
    int[] items = IntStream.range(0, 40).toArray();
    RankedList ideal = RankedList.of(items, IntStream.range(0, relevant).toArray(), STATISTICS);
    for (String name : List.of("recall_capped", "hr", "ndcg", "mrr", "map")) {
      assertThat(value(name, k, ideal)).as(name).isEqualTo(1, within(1e-12));
    }
  }

  @Property(tries = 100)
  void cosine_anyTrainData_agreesWithSets(@ForAll long seed) {
    Random random = new Random(seed);
    int users = 1 + random.nextInt(200);
    int items = 2 + random.nextInt(20);
    boolean[][] has = new boolean[items][users];
    Interactions.Builder builder = Interactions.builder();
    for (int p = 0; p < 1 + random.nextInt(800); p++) {
      int user = random.nextInt(users);
      int item = (int) (items * random.nextDouble() * random.nextDouble());
      builder.add(user, item, 1f); // repeats among them
      has[item][user] = true;
    }
    ItemStatistics statistics = ItemStatistics.of(builder.build(users, items)).forThread();
    for (int a = 0; a < items; a++) {
      int first = a;
      assertThat(statistics.count(a))
          .isEqualTo((int) IntStream.range(0, users).filter(u -> has[first][u]).count());
      for (int b = 0; b < items; b++) {
        int second = b;
        long both = IntStream.range(0, users).filter(u -> has[first][u] && has[second][u]).count();
        double expected =
            both == 0 ? 0 : both / Math.sqrt((double) statistics.count(a) * statistics.count(b));
        assertThat(statistics.cosine(a, b)).isEqualTo(expected, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ndcg@10",
        "recall_capped@50",
        "auc",
        "rmse",
        "mae",
        "gini@5",
        "popularity@20",
        "coverage@1",
        "map@3"
      })
  void parse_name_comesBack(String name) {
    assertThat(Metric.parse(name).name()).isEqualTo(name);
    assertThat(
            Metric.parse(" " + name.toUpperCase(java.util.Locale.ROOT).replace('_', '-') + " ")
                .name())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ndcg",
        "ndcg@",
        "ndcg@0",
        "ndcg@-1",
        "ndcg@ten",
        "rmse@5",
        "goodness@10",
        "",
        "@10"
      })
  void parse_wrongName_saysWhatThereIs(String name) {
    assertThatThrownBy(() -> Metric.parse(name)).isInstanceOf(KindredException.class);
  }

  @Test
  void parseAll_cutoffsAlone_repeatTheMetricBefore() {
    assertThat(Metric.parseAll("ndcg@5,10, 20 recall@10 auc,ndcg@10"))
        .extracting(Metric::name)
        .containsExactly("ndcg@5", "ndcg@10", "ndcg@20", "recall@10", "auc");
    assertThatThrownBy(() -> Metric.parseAll(" , ")).isInstanceOf(KindredException.class);
    assertThatThrownBy(() -> Metric.parseAll("auc,10")).isInstanceOf(KindredException.class);
  }

  static double value(String name, int k, RankedList list) {
    return ((ListMetric) Metric.parse(name + "@" + k)).of(list);
  }

  /** A list of up to 20 of 30 items, with 1 to 12 held out. */
  static RankedList randomList(Random random) {
    List<Integer> items = new ArrayList<>(IntStream.range(0, 30).boxed().toList());
    Collections.shuffle(items, random);
    int[] list = ints(items.subList(0, 1 + random.nextInt(20)));
    Collections.shuffle(items, random);
    int[] heldOut = ints(items.subList(0, 1 + random.nextInt(12)));
    Interactions.Builder train = Interactions.builder();
    for (int p = 0; p < 100; p++) {
      train.add(random.nextInt(15), random.nextInt(30), 1f);
    }
    return RankedList.of(list, heldOut, ItemStatistics.of(train.build(15, 30)));
  }

  static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  static Interactions train(int users, int items, int[][] pairs) {
    Interactions.Builder builder = Interactions.builder();
    Arrays.stream(pairs).forEach(pair -> builder.add(pair[0], pair[1], 1f));
    return builder.build(users, items);
  }
}
