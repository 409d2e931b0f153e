package io.kindred.linalg;

import io.kindred.sparse.Parallel;
import java.util.Arrays;

/** The matrix of the inner products of all columns. Thread-safe. */
public final class Gram {
  private static final int GROUPS = 32;
  private static final int BLOCK = 256;

  private Gram() {}

  /**
   * {@code Y^T Y} of the first {@code columns} columns of Y.
   *
   * <p>Rows are summed in blocks of floats, the blocks in doubles, in groups whose bounds depend on
   * the number of rows alone: the result is the same for every number of threads. Cost {@code
   * O(rows * columns^2)}, memory {@code O(columns^2)}.
   *
   * @param rows shape {@code float[rows][at least columns]}
   * @return shape {@code float[columns][columns]}, symmetric; zeros where there are no rows
   */
  public static float[][] of(float[][] rows, int columns, int threads) {
    int groups = Math.max(1, Math.min(GROUPS, rows.length / BLOCK));
    double[][] sums = new double[groups][];
    Parallel.forBlocks(
        threads,
        groups,
        1,
        () -> {
          float[][] block = new float[columns][columns];
          int[] which = new int[BLOCK];
          float[] ones = new float[BLOCK];
          Arrays.fill(ones, 1f);
          return (from, to) -> {
            for (int group = from; group < to; group++) {
              int first = (int) ((long) rows.length * group / groups);
              int last = (int) ((long) rows.length * (group + 1) / groups);
              sums[group] = sum(rows, first, last, block, which, ones);
            }
          };
        });
    float[][] gram = new float[columns][columns];
    for (int a = 0; a < columns; a++) {
      for (int b = a; b < columns; b++) {
        double sum = 0;
        for (double[] group : sums) {
          sum += group[a * columns + b];
        }
        gram[a][b] = (float) sum;
        gram[b][a] = (float) sum;
      }
    }
    return gram;
  }

  /** The upper triangle of the products of some rows. */
  private static double[] sum(
      float[][] rows, int first, int last, float[][] block, int[] which, float[] ones) {
    int n = block.length;
    double[] sum = new double[n * n];
    for (int from = first; from < last; from += BLOCK) {
      int count = Math.min(BLOCK, last - from);
      for (int j = 0; j < count; j++) {
        which[j] = from + j;
      }
      for (float[] row : block) {
        Arrays.fill(row, 0f);
      }
      Kernels.addOuterProducts(block, rows, which, ones, count);
      for (int a = 0; a < n; a++) {
        for (int b = a; b < n; b++) {
          sum[a * n + b] += block[a][b];
        }
      }
    }
    return sum;
  }
}
