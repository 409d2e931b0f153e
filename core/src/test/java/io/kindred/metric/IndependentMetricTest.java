package io.kindred.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import es.uam.eps.ir.ranksys.core.Recommendation;
import es.uam.eps.ir.ranksys.core.preference.PreferenceData;
import es.uam.eps.ir.ranksys.core.preference.SimplePreferenceData;
import es.uam.eps.ir.ranksys.diversity.distance.metrics.EILD;
import es.uam.eps.ir.ranksys.diversity.sales.metrics.GiniIndex;
import es.uam.eps.ir.ranksys.metrics.basic.NDCG;
import es.uam.eps.ir.ranksys.metrics.rank.NoDiscountModel;
import es.uam.eps.ir.ranksys.metrics.rel.BinaryRelevanceModel;
import es.uam.eps.ir.ranksys.metrics.rel.NoRelevanceModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jooq.lambda.tuple.Tuple;
import org.ranksys.core.util.tuples.Tuple2od;

/** Our metrics against RankSys 0.4.3, and against trec_eval's definitions written down plainly. */
class IndependentMetricTest {
  @Property(tries = 300)
  void listMetrics_anyList_agreeWithRankSys(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    Random random = new Random(seed);
    RankedList list = MetricTest.randomList(random);
    List<Integer> heldOut = heldOut(list, random);
    PreferenceData<String, Integer> test =
        SimplePreferenceData.load(heldOut.stream().map(item -> Tuple.tuple("u", item, 1.0)));
    BinaryRelevanceModel<String, Integer> relevance = new BinaryRelevanceModel<>(false, test, 1.0);
    Recommendation<String, Integer> theirs = recommendation(list);

    assertThat(MetricTest.value("precision", k, list))
        .isEqualTo(
            new es.uam.eps.ir.ranksys.metrics.basic.Precision<>(k, relevance).evaluate(theirs),
            within(1e-9));
    assertThat(MetricTest.value("recall", k, list))
        .isEqualTo(
            new es.uam.eps.ir.ranksys.metrics.basic.Recall<>(k, relevance).evaluate(theirs),
            within(1e-9));
    assertThat(MetricTest.value("mrr", k, list))
        .isEqualTo(
            new es.uam.eps.ir.ranksys.metrics.basic.ReciprocalRank<>(k, relevance).evaluate(theirs),
            within(1e-9));
    assertThat(MetricTest.value("map", k, list))
        .isEqualTo(
            new es.uam.eps.ir.ranksys.metrics.basic.AveragePrecision<>(k, relevance)
                .evaluate(theirs),
            within(1e-9));
    assertThat(MetricTest.value("ndcg", k, list))
        .isEqualTo(
            new NDCG<>(k, new NDCG.NDCGRelevanceModel<>(false, test, 1.0)).evaluate(theirs),
            within(1e-9));
  }

  @Property(tries = 100)
  void diversity_anyList_agreesWithRankSysEild(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 25) int k) {
    RankedList list = MetricTest.randomList(new Random(seed));
    if (list.size() < 2) {
      return;
    }
    EILD<String, Integer> eild =
        new EILD<>(
            k,
            a -> b -> 1 - list.statistics().cosine(a, b),
            new NoRelevanceModel<>(),
            new NoDiscountModel(),
            new NoDiscountModel());
    assertThat(MetricTest.value("diversity", k, list))
        .isEqualTo(eild.evaluate(recommendation(list)), within(1e-6));
  }

  @Property(tries = 100)
  void gini_anyLists_agreesWithRankSys(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    Random random = new Random(seed);
    GiniIndex<String, Integer> theirs = new GiniIndex<>(k, 30);
    int[] counts = new int[30];
    for (int user = 0; user < 12; user++) {
      RankedList list = MetricTest.randomList(random);
      theirs.add(recommendation(list));
      IntStream.range(0, list.places(k)).forEach(rank -> counts[list.items()[rank]]++);
    }
    // RankSys turns the scale around and divides by n - 1.
    assertThat(new Gini(k).of(counts)).isEqualTo((1 - theirs.evaluate()) * 29 / 30, within(1e-9));
  }

  @Property(tries = 300)
  void listMetrics_anyList_agreeWithTrecEval(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int k) {
    Random random = new Random(seed);
    RankedList list = MetricTest.randomList(random);
    Set<Integer> heldOut = new HashSet<>(heldOut(list, random));
    TrecEval trec = new TrecEval(Arrays.stream(list.items()).boxed().toList(), heldOut);

    assertThat(MetricTest.value("precision", k, list)).isEqualTo(trec.precision(k), within(1e-9));
    assertThat(MetricTest.value("recall", k, list)).isEqualTo(trec.recall(k), within(1e-9));
    assertThat(MetricTest.value("hr", k, list)).isEqualTo(trec.success(k), within(1e-9));
    assertThat(MetricTest.value("ndcg", k, list)).isEqualTo(trec.ndcgCut(k), within(1e-9));
    assertThat(MetricTest.value("mrr", 1000, list)).isEqualTo(trec.reciprocalRank(), within(1e-9));
    // map_cut divides by R, ours by min(k, R).
    assertThat(MetricTest.value("map", k, list))
        .isEqualTo(trec.mapCut(k) * heldOut.size() / Math.min(k, heldOut.size()), within(1e-9));
  }

  /**
   * Ten ranks with relevant items at 1, 3, 6, 9 and 10 out of five relevant ones: average precision
   * (1 + 2/3 + 3/6 + 4/9 + 5/10) / 5, the worked example of many lectures on information retrieval
   * (0.62).
   */
  @Example
  void averagePrecision_lectureExample_isAsPublished() {
    RankedList list =
        RankedList.of(
            IntStream.range(1, 11).toArray(),
            new int[] {1, 3, 6, 9, 10},
            ItemStatistics.of(MetricTest.train(1, 11, new int[][] {{0, 0}})));
    assertThat(MetricTest.value("map", 10, list)).isEqualTo(0.6222, within(5e-5));
    assertThat(
            new TrecEval(Arrays.stream(list.items()).boxed().toList(), Set.of(1, 3, 6, 9, 10))
                .mapCut(10))
        .isEqualTo(0.6222, within(5e-5));
  }

  /**
   * The definitions of trec_eval's P_k, recall_k, success_k, ndcg_cut_k, recip_rank and map_cut_k
   * for binary judgments, by rank lists.
   */
  private record TrecEval(List<Integer> ranked, Set<Integer> relevant) {
    double relevantRetrieved(int k) {
      return ranked.stream().limit(k).filter(relevant::contains).count();
    }

    double precision(int k) {
      return relevantRetrieved(k) / k;
    }

    double recall(int k) {
      return relevantRetrieved(k) / relevant.size();
    }

    double success(int k) {
      return Math.min(1, relevantRetrieved(k));
    }

    double reciprocalRank() {
      return ranked.stream()
          .filter(relevant::contains)
          .findFirst()
          .map(item -> 1.0 / (1 + ranked.indexOf(item)))
          .orElse(0.0);
    }

    double mapCut(int k) {
      return IntStream.rangeClosed(1, Math.min(k, ranked.size()))
              .filter(rank -> relevant.contains(ranked.get(rank - 1)))
              .mapToDouble(this::precision)
              .sum()
          / relevant.size();
    }

    double ndcgCut(int k) {
      double gained =
          IntStream.rangeClosed(1, Math.min(k, ranked.size()))
              .filter(rank -> relevant.contains(ranked.get(rank - 1)))
              .mapToDouble(rank -> Math.log(2) / Math.log(1 + rank))
              .sum();
      double ideal =
          IntStream.rangeClosed(1, Math.min(k, relevant.size()))
              .mapToDouble(rank -> Math.log(2) / Math.log(1 + rank))
              .sum();
      return gained / ideal;
    }
  }

  /**
   * The hits of a list, and as many items beside the list as make up its number of held-out items.
   */
  private static List<Integer> heldOut(RankedList list, Random random) {
    List<Integer> heldOut = new ArrayList<>();
    for (int rank = 0; rank < list.size(); rank++) {
      if (list.hits()[rank]) {
        heldOut.add(list.items()[rank]);
      }
    }
    int outside = 1000 + random.nextInt(5);
    while (heldOut.size() < list.relevant()) {
      heldOut.add(outside++);
    }
    return heldOut;
  }

  private static Recommendation<String, Integer> recommendation(RankedList list) {
    List<Tuple2od<Integer>> scored = new ArrayList<>();
    for (int rank = 0; rank < list.size(); rank++) {
      scored.add(new Tuple2od<>(list.items()[rank], 100.0 - rank));
    }
    return new Recommendation<>("u", scored);
  }
}
