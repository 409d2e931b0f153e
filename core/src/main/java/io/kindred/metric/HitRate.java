package io.kindred.metric;

/**
 * {@code hr@k} = 1 where the first k places of L have a hit, else 0.
 *
 * @param cutoff k, at least 1
 */
public record HitRate(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public HitRate {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "hr@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    return list.hits(cutoff) > 0 ? 1 : 0;
  }
}
