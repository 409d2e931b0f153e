package io.kindred;

import java.util.List;

/** Finds items like an item. Implemented by models. Thread-safe. */
public interface SimilarItems {
  /**
   * The nearest neighbors of an item, the most similar first, ties by index.
   *
   * @param item item index in the model's vocabulary
   * @param n how many at the most, at least 0
   */
  List<Neighbor> similarItems(int item, int n);
}
