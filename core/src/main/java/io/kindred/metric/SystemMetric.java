package io.kindred.metric;

/** A metric of all lists together, from how often each item is recommended. */
public sealed interface SystemMetric extends Metric permits Coverage, Gini {
  /** How many places of each list count, at least 1. */
  int cutoff();

  /**
   * The value.
   *
   * @param counts in how many of the lists each item of the catalogue is, shape {@code int[items]};
   *     only read
   * @return NaN where the catalogue is empty
   */
  double of(int[] counts);
}
