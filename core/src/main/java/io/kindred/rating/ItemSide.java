package io.kindred.rating;

import java.util.Arrays;

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
 * @param ridge of whoever is solved for, beyond the penalty
 */
record ItemSide(
    float mean,
    float[] biases,
    float[][] factors,
    float[][] implicit,
    PersonPenalty penalty,
    double ridge) {
  /** Items that people are solved for with. */
  ItemSide(
      float mean, float[] biases, float[][] factors, float[][] implicit, PersonPenalty penalty) {
    this(mean, biases, factors, implicit, penalty, 0);
  }

  int factorCount() {
    return factors.length == 0 ? 0 : factors[0].length;
  }

  boolean hasImplicit() {
    return implicit.length > 0;
  }

  /** People in the place of items: what an item is solved for with. */
  static ItemSide ofPeople(float mean, float[][] people, PersonPenalty penalty) {
    float[] biases = new float[people.length];
    float[][] factors = new float[people.length][];
    for (int user = 0; user < people.length; user++) {
      biases[user] = people[user][0];
      factors[user] = Arrays.copyOfRange(people[user], 1, people[user].length);
    }
    return new ItemSide(mean, biases, factors, new float[0][], penalty, penalty.ofItem());
  }

  /** The same with more items, of which nothing is known. Biases and vectors can be replaced. */
  ItemSide grown(int count) {
    return new ItemSide(
        mean,
        Arrays.copyOf(biases, count),
        grown(factors, count),
        hasImplicit() ? grown(implicit, count) : implicit,
        penalty);
  }

  private float[][] grown(float[][] rows, int count) {
    float[][] more = Arrays.copyOf(rows, count);
    for (int row = rows.length; row < count; row++) {
      more[row] = new float[factorCount()];
    }
    return more;
  }

  /** What an item is rated before anything is known of the person. */
  double baseline(int item) {
    return (double) mean + biases[item];
  }
}
