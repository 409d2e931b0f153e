package io.kindred.metric;

import java.util.Arrays;

/**
 * {@code gini@k} = Gini coefficient of how often each item of the whole catalogue is in the first k
 * places: with counts x in ascending order, sum over i = 1 .. n of (2 i - n - 1) x<sub>i</sub> / (n
 * * sum of x). 0: all items equally often; (n - 1) / n: one item only.
 *
 * <p>NaN where no list has an item. Cost O(n log n) for a catalogue of n.
 *
 * @param cutoff k, at least 1
 */
public record Gini(int cutoff) implements SystemMetric {
  /** Checks the cut-off. */
  public Gini {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "gini@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.NEITHER;
  }

  @Override
  public double of(int[] counts) {
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    double weighted = 0;
    double sum = 0;
    int n = sorted.length;
    for (int i = 0; i < n; i++) {
      weighted += (2.0 * i + 1 - n) * sorted[i];
      sum += sorted[i];
    }
    return sum == 0 ? Double.NaN : weighted / (n * sum);
  }
}
