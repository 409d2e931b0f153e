package io.kindred.metric;

/**
 * A metric of predicted ratings: a mean loss over all held-out ratings, brought back to the scale
 * of the ratings.
 */
public sealed interface RatingMetric extends Metric permits Rmse, Mae {
  /** The loss of one prediction, at least 0. */
  double loss(double predicted, double actual);

  /** The metric from the mean loss. */
  double ofMeanLoss(double meanLoss);

  @Override
  default Goal goal() {
    return Goal.LOWER;
  }
}
