package io.kindred.knn;

import io.kindred.Checks;

/** What the hyperparameters of the neighborhood models have in common. */
final class KnnParameters {
  private KnnParameters() {}

  /** What both rating models ask of their numbers of neighbors. */
  static void checkNeighbors(int neighbors, int minNeighbors) {
    Checks.atLeast("neighbors", neighbors, 1);
    if (minNeighbors < 1 || minNeighbors > neighbors) {
      throw new IllegalArgumentException(
          "minNeighbors must be in [1, neighbors (" + neighbors + ")], got " + minNeighbors);
    }
  }
}
