package io.kindred.content;

import io.kindred.data.History;

/** How much each item of a history speaks for items like it. Thread-safe. */
@FunctionalInterface
interface HistoryWeights {
  /**
   * The weights, below 0 for what the person did not like.
   *
   * @param history each item once
   * @return shape {@code double[history]}
   */
  double[] of(History history);
}
