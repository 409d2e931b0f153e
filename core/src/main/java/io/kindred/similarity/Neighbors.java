package io.kindred.similarity;

import io.kindred.sparse.SparseMatrix;

/**
 * The nearest neighbors of every row: lists of other rows, the most similar first, ties by index.
 * Thread-safe; shared arrays are not to be changed.
 *
 * @param starts first neighbor of each row, shape {@code int[rows + 1]}
 * @param indexes the neighbors, shape {@code int[starts[rows]]}
 * @param similarities how similar each is, same shape
 */
public record Neighbors(int[] starts, int[] indexes, float[] similarities) {
  /** Checks that the shapes fit. */
  public Neighbors {
    if (starts.length == 0
        || starts[0] != 0
        || starts[starts.length - 1] != indexes.length
        || indexes.length != similarities.length) {
      throw new IllegalArgumentException(
          "neighbor lists do not fit: starts["
              + starts.length
              + "], indexes["
              + indexes.length
              + "], similarities["
              + similarities.length
              + "]");
    }
    for (int row = 1; row < starts.length; row++) {
      if (starts[row] < starts[row - 1]) {
        throw new IllegalArgumentException("starts decrease at row " + (row - 1));
      }
    }
    for (int index : indexes) {
      if (index < 0 || index >= starts.length - 1) {
        throw new IllegalArgumentException(
            "neighbor " + index + " is outside [0, " + (starts.length - 1) + ")");
      }
    }
  }

  /** The number of rows. */
  public int rowCount() {
    return starts.length - 1;
  }

  /** How many neighbors a row has. */
  public int size(int row) {
    return starts[row + 1] - starts[row];
  }

  /**
   * The similarity of a row to another one, 0 where that is not among its neighbors. Cost
   * O(neighbors of the row).
   */
  public float similarity(int row, int other) {
    for (int p = starts[row]; p < starts[row + 1]; p++) {
      if (indexes[p] == other) {
        return similarities[p];
      }
    }
    return 0f;
  }

  /**
   * The same pairs seen from the neighbor, shape rows x rows: row j has, at column i, the
   * similarity of i to j for each i that has j among its neighbors. Cost O(pairs).
   */
  public SparseMatrix byNeighbor() {
    int[] next = new int[starts.length];
    for (int index : indexes) {
      next[index + 1]++;
    }
    for (int row = 1; row < next.length; row++) {
      next[row] += next[row - 1];
    }
    int[] newStarts = next.clone();
    int[] rows = new int[indexes.length];
    float[] values = new float[indexes.length];
    for (int row = 0; row < rowCount(); row++) { // ascending, so that columns ascend
      for (int p = starts[row]; p < starts[row + 1]; p++) {
        int to = next[indexes[p]]++;
        rows[to] = row;
        values[to] = similarities[p];
      }
    }
    return new SparseMatrix(rowCount(), newStarts, rows, values);
  }
}
