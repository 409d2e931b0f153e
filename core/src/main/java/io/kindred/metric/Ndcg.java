package io.kindred.metric;

/**
 * {@code ndcg@k} = DCG / ideal DCG. DCG is the sum over hits of 1 / log2(rank + 1), ranks from 1;
 * the ideal list has min(k, size of R) hits at its top. Between 0 and 1.
 *
 * <p>Binary gains of Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
 * 2002, with the discount that starts at rank 2.
 *
 * @param cutoff k, at least 1
 */
public record Ndcg(int cutoff) implements ListMetric {
  private static final double[] DISCOUNTS = new double[256];

  static {
    for (int rank = 0; rank < DISCOUNTS.length; rank++) {
      DISCOUNTS[rank] = Math.log(2) / Math.log(rank + 2.0);
    }
  }

  /** Checks the cut-off. */
  public Ndcg {
    MetricNames.checkCutoff(cutoff);
  }

  @Override
  public String name() {
    return "ndcg@" + cutoff;
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  @Override
  public double of(RankedList list) {
    double gained = 0;
    double ideal = 0;
    int best = Math.min(cutoff, list.relevant());
    int places = list.places(cutoff);
    for (int rank = 0; rank < Math.max(places, best); rank++) {
      double discount = discount(rank);
      gained += rank < places && list.hits()[rank] ? discount : 0;
      ideal += rank < best ? discount : 0;
    }
    return gained / ideal;
  }

  private static double discount(int rank) {
    return rank < DISCOUNTS.length ? DISCOUNTS[rank] : Math.log(2) / Math.log(rank + 2.0);
  }
}
