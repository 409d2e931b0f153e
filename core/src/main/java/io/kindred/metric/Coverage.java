package io.kindred.metric;

/**
 * {@code coverage@k} = share of the catalogue that is in the first k places of some list. Between 0
 * and 1.
 *
 * @param cutoff k, at least 1
 */
public record Coverage(int cutoff) implements SystemMetric {
  /** Checks the cut-off. */
  public Coverage {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "coverage@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.NEITHER;
  }

  @Override
  public double of(int[] counts) {
    int covered = 0;
    for (int count : counts) {
      covered += count > 0 ? 1 : 0;
    }
    return counts.length == 0 ? Double.NaN : (double) covered / counts.length;
  }
}
