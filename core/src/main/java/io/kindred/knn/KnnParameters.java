package io.kindred.knn;

/** What the hyperparameters of the neighborhood models have in common. */
final class KnnParameters {
  private KnnParameters() {}

  /** What all neighborhood models ask of their number of neighbors. */
  static void checkNeighbors(int neighbors) {
    if (neighbors < 1) {
      throw new IllegalArgumentException("neighbors must be at least 1, got " + neighbors);
    }
  }

  /** What both rating models ask of their numbers of neighbors. */
  static void checkNeighbors(int neighbors, int minNeighbors) {
    checkNeighbors(neighbors);
    if (minNeighbors < 1 || minNeighbors > neighbors) {
      throw new IllegalArgumentException(
          "minNeighbors must be in [1, neighbors (" + neighbors + ")], got " + minNeighbors);
    }
  }
}
