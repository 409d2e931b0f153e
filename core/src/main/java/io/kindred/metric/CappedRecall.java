package io.kindred.metric;

/**
 * {@code recall_capped@k} = hits in the first k places of L / min(k, size of R). Between 0 and 1.
 *
 * <p>The recall of Liang et al., "Variational Autoencoders for Collaborative Filtering", 2018,
 * section 4.3: 1 can be reached where R is larger than k.
 *
 * @param cutoff k, at least 1
 */
public record CappedRecall(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public CappedRecall {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "recall_capped@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    return (double) list.hits(cutoff) / Math.min(cutoff, list.relevant());
  }
}
