package io.kindred.knn;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.similarity.Neighbors;

/** Neighbor lists in a bundle: three arrays. */
final class NeighborArrays {
  private NeighborArrays() {}

  static void write(Neighbors neighbors, ArrayWriter out) {
    out.ints("neighbors.starts", neighbors.starts());
    out.ints("neighbors.indexes", neighbors.indexes());
    out.floats("neighbors.similarities", neighbors.similarities());
  }

  static Neighbors read(int rows, ArrayReader in) {
    int[] starts = in.ints("neighbors.starts");
    if (starts.length != rows + 1) {
      throw in.wrong("neighbors.starts", "has " + starts.length + " entries, not " + (rows + 1));
    }
    try {
      return new Neighbors(
          starts, in.ints("neighbors.indexes"), in.floats("neighbors.similarities"));
    } catch (IllegalArgumentException e) {
      throw in.wrong("neighbors.indexes", String.valueOf(e.getMessage()));
    }
  }
}
