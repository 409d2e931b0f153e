package io.kindred.similarity;

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
}
