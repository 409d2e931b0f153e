package io.kindred.eval;

/**
 * Two models on the same people. The difference counts as shown where {@code adjusted} is below
 * 0.05.
 *
 * @param metric what is compared
 * @param first name of one model
 * @param second name of the other
 * @param difference value of the first less value of the second
 * @param low lower end of the 95 % bootstrap interval of the difference, over the same people
 * @param high upper end
 * @param p probability of such a difference between equal models: two-sided paired t test over
 *     people
 * @param adjusted p after Holm's correction over all pairs of models for this metric
 */
public record Comparison(
    String metric,
    String first,
    String second,
    double difference,
    double low,
    double high,
    double p,
    double adjusted) {
  Comparison withAdjusted(double value) {
    return new Comparison(metric, first, second, difference, low, high, p, value);
  }

  /** Whether the difference is significant at 5 % after the correction. */
  public boolean significant() {
    return adjusted < 0.05;
  }
}
