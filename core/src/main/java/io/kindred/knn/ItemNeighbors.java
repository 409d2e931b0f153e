package io.kindred.knn;

import io.kindred.Neighbor;
import io.kindred.data.Dataset;
import io.kindred.similarity.Neighbors;
import java.util.ArrayList;
import java.util.List;

/** What both item-based models tell people of neighbors. */
final class ItemNeighbors {
  private ItemNeighbors() {}

  /** The nearest neighbors of an item, as far as its list goes. */
  static List<Neighbor> nearest(Neighbors neighbors, Dataset data, int item, int n) {
    int from = neighbors.starts()[item];
    int count = Math.min(n, neighbors.size(item));
    List<Neighbor> similar = new ArrayList<>(count);
    for (int p = from; p < from + count; p++) {
      int other = neighbors.indexes()[p];
      similar.add(
          new Neighbor(
              data.items().id(other),
              neighbors.similarities()[p],
              Overlaps.ofItems(data.interactions(), item, other)));
    }
    return similar;
  }
}
