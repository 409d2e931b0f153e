package io.kindred.sparse;

import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable sparse matrix in compressed sparse row (CSR) form.
 *
 * <p>Row {@code r} holds the entries {@code starts[r] .. starts[r + 1] - 1} of {@link #columns()}
 * (shape {@code int[size]}, ascending inside a row, without duplicates) and {@link #values()}
 * (shape {@code float[size]}). The arrays are shared with the caller for speed and must not be
 * changed. Thread-safe as long as that is kept.
 */
public final class SparseMatrix {
  private final int rowCount;
  private final int columnCount;
  private final int[] starts;
  private final int[] columns;
  private final float[] values;

  /**
   * Wraps arrays in CSR form without copying them.
   *
   * @param starts shape {@code int[rows + 1]}, non-decreasing, first 0, last the number of entries
   * @param columns shape {@code int[entries]}, ascending and distinct inside each row, in {@code
   *     [0, columnCount)}
   * @param values shape {@code float[entries]}
   * @throws IllegalArgumentException if the shapes do not fit one another
   */
  public SparseMatrix(int columnCount, int[] starts, int[] columns, float[] values) {
    Objects.requireNonNull(starts, "starts");
    if (starts.length == 0
        || starts[0] != 0
        || starts[starts.length - 1] != columns.length
        || columns.length != values.length) {
      throw new IllegalArgumentException(
          "CSR arrays do not fit: starts["
              + starts.length
              + "], columns["
              + columns.length
              + "], values["
              + values.length
              + "]");
    }
    this.rowCount = starts.length - 1;
    this.columnCount = columnCount;
    this.starts = starts;
    this.columns = columns;
    this.values = values;
  }

  /** The number of rows. */
  public int rowCount() {
    return rowCount;
  }

  /** The number of columns. */
  public int columnCount() {
    return columnCount;
  }

  /** The number of stored entries. */
  public int size() {
    return columns.length;
  }

  /** The first entry of each row, shape {@code int[rows + 1]}; shared, not to be changed. */
  public int[] starts() {
    return starts;
  }

  /** The column of each entry, shape {@code int[size]}; shared, not to be changed. */
  public int[] columns() {
    return columns;
  }

  /** The value of each entry, shape {@code float[size]}; shared, not to be changed. */
  public float[] values() {
    return values;
  }

  /** The number of entries in a row. */
  public int rowSize(int row) {
    return starts[row + 1] - starts[row];
  }

  /** The value at a place, 0 where nothing is stored. Cost O(log row size). */
  public float get(int row, int column) {
    int at = Arrays.binarySearch(columns, starts[row], starts[row + 1], column);
    return at < 0 ? 0f : values[at];
  }

  /** The number of entries in each column, shape {@code int[columnCount]}. Cost O(size). */
  public int[] columnSizes() {
    int[] counts = new int[columnCount];
    for (int column : columns) {
      counts[column]++;
    }
    return counts;
  }

  /** The same structure with other values, shape {@code float[size]}, not copied. */
  public SparseMatrix withValues(float[] newValues) {
    return new SparseMatrix(columnCount, starts, columns, newValues);
  }

  /** The transposed matrix, by a counting sort. Cost O(size + rows + columns). */
  public SparseMatrix transpose() {
    int[] newStarts = new int[columnCount + 1];
    for (int column : columns) {
      newStarts[column + 1]++;
    }
    for (int c = 0; c < columnCount; c++) {
      newStarts[c + 1] += newStarts[c];
    }
    int[] next = Arrays.copyOf(newStarts, columnCount);
    int[] newColumns = new int[columns.length];
    float[] newValues = new float[columns.length];
    for (int row = 0; row < rowCount; row++) {
      for (int p = starts[row]; p < starts[row + 1]; p++) {
        int to = next[columns[p]]++;
        newColumns[to] = row;
        newValues[to] = values[p];
      }
    }
    return new SparseMatrix(rowCount, newStarts, newColumns, newValues);
  }

  @Override
  public String toString() {
    return "SparseMatrix[" + rowCount + " x " + columnCount + ", " + columns.length + " entries]";
  }
}
