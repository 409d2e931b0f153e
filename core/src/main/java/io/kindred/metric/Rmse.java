package io.kindred.metric;

/**
 * {@code rmse} = root of the mean of (predicted - actual)<sup>2</sup> over all held-out ratings,
 * predictions clipped to the scale of the data.
 */
public record Rmse() implements RatingMetric {
  @Override
  public String name() {
    return "rmse";
  }

  @Override
  public double loss(double predicted, double actual) {
    return (predicted - actual) * (predicted - actual);
  }

  @Override
  public double ofMeanLoss(double meanLoss) {
    return Math.sqrt(meanLoss);
  }
}
