package io.kindred.metric;

/**
 * {@code map@k} = sum over the hits in the first k places of the precision at that rank / min(k,
 * size of R). Between 0 and 1.
 *
 * <p>trec_eval's {@code map_cut} divides by the size of R instead; the two agree where R has at
 * most k items.
 *
 * @param cutoff k, at least 1
 */
public record AveragePrecision(int cutoff) implements ListMetric {
  /** Checks the cut-off. */
  public AveragePrecision {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "map@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    int hits = 0;
    double sum = 0;
    for (int rank = 0; rank < list.places(cutoff); rank++) {
      if (list.hits()[rank]) {
        hits++;
        sum += (double) hits / (rank + 1);
      }
    }
    return sum / Math.min(cutoff, list.relevant());
  }
}
