package io.kindred.metric;

/**
 * {@code novelty@k} = mean over the first k places of L of -log2(share of train users with the
 * item): bits of surprise, at least 0.
 *
 * <p>An item that nobody has in train counts as if one person had it. NaN for an empty list.
 *
 * @param cutoff k, at least 1
 */
public record Novelty(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public Novelty {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "novelty@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.NEITHER;
  }

  @Override
  public double of(RankedList list) {
    ItemStatistics statistics = list.statistics();
    int places = list.places(cutoff);
    double sum = 0;
    for (int rank = 0; rank < places; rank++) {
      sum +=
          Math.log(
              (double) statistics.userCount() / Math.max(1, statistics.count(list.items()[rank])));
    }
    return places == 0 ? Double.NaN : sum / places / Math.log(2);
  }
}
