package io.kindred.knn;

import io.kindred.Scorer;

/** Scores that are sums over what leads to an item. */
final class Sums {
  private Sums() {}

  /**
   * Makes sums of 0, to which nothing led, and sums that left the range of floats, scores of items
   * that cannot be scored.
   */
  static void zeroToNaN(float[] scores, int from, int count) {
    for (int i = from; i < from + count; i++) {
      scores[i] = scores[i] == 0f ? Float.NaN : scores[i];
    }
    Scorer.infinityToNaN(scores, from, from + count);
  }
}
