package io.kindred.linear;

import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The Gram matrix G = A^T A of all pairs of items, row by row: sparse where less than half of a row
 * is there, else dense, whichever takes less memory. Immutable, thread-safe.
 */
final class CoOccurrences {
  private static final int BLOCK = 16;

  private final int[] @Nullable [] columns; // ascending; null: the row is dense
  private final float[][] values;
  private final double[] diagonal;

  private CoOccurrences(int items) {
    columns = new int[items][];
    values = new float[items][];
    diagonal = new double[items];
  }

  int size() {
    return values.length;
  }

  double diagonal(int item) {
    return diagonal[item];
  }

  /** Makes a vector the row of an item. */
  void copyRow(int item, double[] into) {
    Arrays.fill(into, 0);
    addRow(item, 1, into);
  }

  /** {@code vector += factor * G[item]}. */
  void addRow(int item, double factor, double[] vector) {
    int[] at = columns[item];
    float[] row = values[item];
    if (at == null) {
      for (int j = 0; j < row.length; j++) {
        vector[j] += factor * row[j];
      }
    } else {
      for (int p = 0; p < at.length; p++) {
        vector[at[p]] += factor * row[p];
      }
    }
  }

  /** The places of a row that are not 0, ascending, in front of an array; returns how many. */
  int places(int item, int[] into) {
    int[] at = columns[item];
    if (at != null) {
      System.arraycopy(at, 0, into, 0, at.length);
      return at.length;
    }
    int count = 0;
    for (int j = 0; j < values[item].length; j++) {
      if (values[item][j] != 0) {
        into[count++] = j;
      }
    }
    return count;
  }

  /** How many entries each row of G has. Cost O(sum of squared row lengths). */
  static int[] rowSizes(SparseMatrix rows, SparseMatrix byItem, int threads) {
    int items = rows.columnCount();
    int[] sizes = new int[items];
    Parallel.forBlocks(
        threads,
        items,
        BLOCK,
        () -> {
          int[] seenBy = new int[items];
          return (from, to) -> {
            for (int item = from; item < to; item++) {
              for (int e = byItem.starts()[item]; e < byItem.starts()[item + 1]; e++) {
                int user = byItem.columns()[e];
                for (int p = rows.starts()[user]; p < rows.starts()[user + 1]; p++) {
                  if (seenBy[rows.columns()[p]] != item + 1) {
                    seenBy[rows.columns()[p]] = item + 1;
                    sizes[item]++;
                  }
                }
              }
            }
          };
        });
    return sizes;
  }

  /** The bytes that G takes with rows of given sizes. */
  static double bytes(int[] rowSizes) {
    double bytes = 0;
    for (int size : rowSizes) {
      bytes += 40 + Math.min(8.0 * size, 4.0 * rowSizes.length);
    }
    return bytes;
  }

  /** Computes G. Cost O(sum of squared row lengths); the same with any number of threads. */
  static CoOccurrences of(SparseMatrix rows, SparseMatrix byItem, int[] rowSizes, int threads) {
    int items = rows.columnCount();
    CoOccurrences g = new CoOccurrences(items);
    Parallel.forBlocks(
        threads,
        items,
        BLOCK,
        () -> {
          double[] sums = new double[items];
          return (from, to) -> {
            for (int item = from; item < to; item++) {
              Arrays.fill(sums, 0);
              for (int e = byItem.starts()[item]; e < byItem.starts()[item + 1]; e++) {
                int user = byItem.columns()[e];
                float value = byItem.values()[e];
                for (int p = rows.starts()[user]; p < rows.starts()[user + 1]; p++) {
                  sums[rows.columns()[p]] += (double) value * rows.values()[p];
                }
              }
              g.keep(item, rowSizes[item], sums);
            }
          };
        });
    return g;
  }

  private void keep(int item, int size, double[] sums) {
    boolean dense = 2L * size >= sums.length;
    float[] row = new float[dense ? sums.length : size];
    int[] at = dense ? null : new int[size];
    int count = 0;
    for (int j = 0; j < sums.length; j++) {
      if (at == null) {
        row[j] = (float) sums[j];
      } else if (sums[j] != 0) {
        at[count] = j;
        row[count++] = (float) sums[j];
      }
    }
    columns[item] = at;
    values[item] = row;
    diagonal[item] = sums[item];
  }
}
