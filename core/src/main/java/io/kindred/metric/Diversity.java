package io.kindred.metric;

/**
 * {@code diversity@k} = mean over all pairs of items in the first k places of L of 1 - cosine of
 * their train columns (1 where a person has the item, 0 elsewhere). Between 0 and 1.
 *
 * <p>NaN for a list of fewer than two items. Cost O(k<sup>2</sup>) cosines.
 *
 * @param cutoff k, at least 1
 */
public record Diversity(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public Diversity {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "diversity@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.NEITHER;
  }

  @Override
  public double of(RankedList list) {
    int places = list.places(cutoff);
    double sum = 0;
    for (int rank = 1; rank < places; rank++) {
      for (int above = 0; above < rank; above++) {
        sum += 1 - list.statistics().cosine(list.items()[above], list.items()[rank]);
      }
    }
    return places < 2 ? Double.NaN : sum / (places * (places - 1) / 2.0);
  }
}
