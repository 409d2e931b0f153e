package io.kindred.metric;

/** A metric of one person's list; the figure of a model is its mean over people. */
public sealed interface ListMetric extends Metric
    permits Recall,
        CappedRecall,
        Precision,
        HitRate,
        Ndcg,
        ReciprocalRank,
        AveragePrecision,
        Novelty,
        Diversity,
        MeanPopularity {
  /** How many places count, at least 1. */
  int cutoff();

  /**
   * The value for one list. Cost O(k) unless said otherwise.
   *
   * @return NaN where the list has none, and then the person does not count in the mean
   */
  double of(RankedList list);
}
