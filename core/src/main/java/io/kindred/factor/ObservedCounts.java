package io.kindred.factor;

import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Counts of the positive pairs of data, each once: what hyperparameters are found from that are
 * left to the data.
 *
 * @param pairs with a positive value
 * @param weight of all of them together
 * @param users with a positive pair
 * @param items with a positive pair
 * @param rows all users
 * @param columns all items
 */
record ObservedCounts(
    double pairs, double weight, double users, double items, int rows, int columns) {
  static ObservedCounts of(Dataset data, SquaredLoss loss) {
    Interactions interactions = data.interactions();
    ObservedRows row = ObservedRows.byUser(interactions, loss).get();
    boolean[] seen = new boolean[interactions.itemCount()];
    double pairs = 0;
    double weight = 0;
    double users = 0;
    double items = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      row.read(user);
      users += row.positive ? 1 : 0;
      for (int j = 0; j < row.count; j++) {
        if (row.values[j] > 0) {
          pairs++;
          weight += row.weights[j];
          items += seen[row.columns[j]] ? 0 : 1;
          seen[row.columns[j]] = true;
        }
      }
    }
    return new ObservedCounts(
        pairs, weight, users, items, interactions.userCount(), interactions.itemCount());
  }

  /** Pairs of a user, on average. */
  double ofUser() {
    return pairs / users;
  }

  /** Pairs of an item, on average. */
  double ofItem() {
    return pairs / items;
  }

  /** About the largest singular value of a matrix of so many pairs that chance has drawn. */
  double noise() {
    return weight / pairs * (Math.sqrt(ofUser()) + Math.sqrt(ofItem()));
  }

  /** To three digits, as a person would write it; 1 where there is nothing to learn from. */
  static double rounded(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY
        ? new BigDecimal(value).round(new MathContext(3)).doubleValue()
        : 1;
  }
}
