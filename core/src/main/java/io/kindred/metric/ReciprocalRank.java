package io.kindred.metric;

/**
 * {@code mrr@k} = 1 / rank of the first hit in the first k places of L, ranks from 1; 0 without a
 * hit. Between 0 and 1.
 *
 * @param cutoff k, at least 1
 */
public record ReciprocalRank(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public ReciprocalRank {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "mrr@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    for (int rank = 0; rank < list.places(cutoff); rank++) {
      if (list.hits()[rank]) {
        return 1.0 / (rank + 1);
      }
    }
    return 0;
  }
}
