package io.kindred.metric;

/**
 * {@code mae} = mean of |predicted - actual| over all held-out ratings, predictions clipped to the
 * scale of the data.
 */
public record Mae() implements RatingMetric {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public double loss(double predicted, double actual) {
    return Math.abs(predicted - actual);
  }

  @Override
  public double ofMeanLoss(double meanLoss) {
    return meanLoss;
  }
}
