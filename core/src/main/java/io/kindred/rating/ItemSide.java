package io.kindred.rating;

/**
 * What a model of rating factors knows of items, and how people are regularized: all that a person
 * is solved for with.
 *
 * @param mean of all ratings
 * @param biases shape {@code float[items]}
 * @param factors q, shape {@code float[items][factors]}; zeros for items without ratings
 * @param implicit y, what having rated an item says, same shape; of length 0 where the model has
 *     none
 * @param penalty of people
 */
record ItemSide(
    float mean, float[] biases, float[][] factors, float[][] implicit, PersonPenalty penalty) {
  int factorCount() {
    return factors.length == 0 ? 0 : factors[0].length;
  }

  boolean hasImplicit() {
    return implicit.length > 0;
  }

  /** What an item is rated before anything is known of the person. */
  double baseline(int item) {
    return (double) mean + biases[item];
  }
}
