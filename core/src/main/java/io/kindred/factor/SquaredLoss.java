package io.kindred.factor;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.Locale;

/**
 * The weighted squared error that the exact solutions minimize, over all pairs of a row:
 *
 * <pre>
 * sum over observed j of (unobserved + weight(j)) (goal(j) - x . y(j))^2
 *   + sum over all other j of unobserved (x . y(j))^2
 *   + regularization (observed + unobserved * rows)^exponent |x|^2
 * </pre>
 *
 * <p>{@code weight} is {@code alpha * weighting(value)}; the goal of a positive value is {@code
 * goal}, that of a negative one 0: a dislike is a sure zero.
 *
 * @param weighting of values
 * @param alpha what a unit of value weighs
 * @param unobserved the weight of a pair that was not observed
 * @param goal what a positive observation shall come to
 * @param regularization of the solution
 * @param exponent how the regularization grows with the number of observations; 0: not at all
 */
record SquaredLoss(
    Weighting weighting,
    double alpha,
    double unobserved,
    double goal,
    double regularization,
    double exponent) {
  /** Beyond this weight of one pair, floats lose what the pairs not observed say. */
  static final double LARGEST_WEIGHT = 1e8;

  /** The same with another goal and regularization. */
  SquaredLoss with(float newGoal, float newRegularization) {
    return new SquaredLoss(weighting, alpha, unobserved, newGoal, newRegularization, exponent);
  }

  float weight(float value) {
    return (float) (alpha * weighting.of(value));
  }

  /** The part of the right-hand side: confidence times goal. */
  float pull(float value, float weight) {
    return value > 0 ? (float) ((unobserved + weight) * goal) : 0f;
  }

  float ridge(int observed, int rows) {
    return (float)
        (exponent == 0
            ? regularization
            : regularization * Math.pow(observed + unobserved * rows, exponent));
  }

  /**
   * Refuses values that this loss cannot weigh.
   *
   * @throws KindredException naming the user and the item
   */
  void check(String algorithm, Dataset data) {
    Interactions interactions = data.interactions();
    float[] values = interactions.values();
    for (int p = 0; p < values.length; p++) {
      float value = values[p];
      double weight = alpha * weighting.of(value);
      if (!(weight <= LARGEST_WEIGHT)) { // NaN too
        throw new KindredException(
            String.format(
                Locale.ROOT,
                "%s: the interaction of user '%s' with item '%s' has the value %s, which makes a"
                    + " weight of %s at alpha %s and weighting '%s'; it must be at most %.0e. %s",
                algorithm,
                data.users().id(userOf(interactions, p)),
                data.items().id(interactions.items()[p]),
                value,
                (float) weight,
                alpha,
                Parameters.nameOf(weighting),
                LARGEST_WEIGHT,
                Float.isFinite(value)
                    ? "A smaller alpha, or weighting=log, would be right."
                    : "Leave such rows out."));
      }
    }
  }

  private static int userOf(Interactions interactions, int entry) {
    int user = 0;
    while (interactions.starts()[user + 1] <= entry) {
      user++;
    }
    return user;
  }
}
