package io.kindred.metric;

/**
 * {@code popularity@k} = mean over the first k places of L of the number of train users with the
 * item.
 *
 * <p>NaN for an empty list.
 *
 * @param cutoff k, at least 1
 */
public record MeanPopularity(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public MeanPopularity {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "popularity@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.NEITHER;
  }

  @Override
  public double of(RankedList list) {
    int places = list.places(cutoff);
    double sum = 0;
    for (int rank = 0; rank < places; rank++) {
      sum += list.statistics().count(list.items()[rank]);
    }
    return places == 0 ? Double.NaN : sum / places;
  }
}
