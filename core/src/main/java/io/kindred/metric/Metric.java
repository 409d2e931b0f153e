package io.kindred.metric;

import java.util.List;

/**
 * Something that is measured. Immutable and thread-safe.
 *
 * <p>Notation in all metrics: L is a person's list of recommended items, best first, without
 * duplicates; k the cut-off: only the first k places count; R the set of the person's held-out
 * items; hits are the items of L that are in R.
 */
public sealed interface Metric permits ListMetric, SystemMetric, RatingMetric, Auc {
  /** The name that {@link #parse} reads: "ndcg@10". */
  String name();

  /** Which way is better. */
  Goal goal();

  /** Which way is better. */
  enum Goal {
    /** More is better. */
    HIGHER,
    /** Less is better. */
    LOWER,
    /** Neither: it describes the lists. */
    NEITHER
  }

  /**
   * Reads one metric by its name.
   *
   * @throws io.kindred.KindredException if there is no such metric, or the cut-off is missing or
   *     below 1, naming what there is
   */
  static Metric parse(String name) {
    return MetricNames.parse(name);
  }

  /**
   * Reads metrics separated by commas or spaces; a number that stands alone repeats the metric
   * before it with another cut-off: {@code ndcg@5,10,20 recall@10}. Repeats count once.
   *
   * @throws io.kindred.KindredException if a metric cannot be read, or there is none
   */
  static List<Metric> parseAll(String names) {
    return MetricNames.parseAll(names);
  }

  /**
   * What is measured of lists where nobody says otherwise: ten metrics at one cut-off, the leading
   * one first.
   */
  static List<Metric> ofLists(int cutoff) {
    return List.of(
        new Ndcg(cutoff),
        new Recall(cutoff),
        new HitRate(cutoff),
        new ReciprocalRank(cutoff),
        new AveragePrecision(cutoff),
        new Precision(cutoff),
        new Coverage(cutoff),
        new Gini(cutoff),
        new Novelty(cutoff),
        new Diversity(cutoff),
        new MeanPopularity(cutoff));
  }

  /** What is measured of predicted ratings. */
  static List<Metric> ofRatings() {
    return List.of(new Rmse(), new Mae());
  }
}
