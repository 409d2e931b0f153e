package io.kindred.metric;

/**
 * {@code precision@k} = hits in the first k places of L / k, with k even where L is shorter.
 * Between 0 and 1.
 *
 * @param cutoff k, at least 1
 */
public record Precision(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public Precision {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "precision@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    return (double) list.hits(cutoff) / cutoff;
  }
}
