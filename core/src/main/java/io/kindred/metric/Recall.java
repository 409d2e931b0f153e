package io.kindred.metric;

/**
 * {@code recall@k} = hits in the first k places of L / size of R. Between 0 and 1.
 *
 * @param cutoff k, at least 1
 */
public record Recall(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public Recall {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "recall@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    return (double) list.hits(cutoff) / list.relevant();
  }
}
