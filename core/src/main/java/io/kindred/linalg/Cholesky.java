package io.kindred.linalg;

import io.kindred.sparse.Parallel;
import java.util.Arrays;

/**
 * Symmetric positive definite equations {@code A x = b}, by the factorization {@code A = U^T U}
 * with U upper triangular. Stateless, thread-safe.
 */
public final class Cholesky {
  /** A pivot that lost all but this part of its diagonal entry is taken for rounding. */
  private static final float SMALLEST_PIVOT = 1e-6f;

  private static final double SMALLEST_DOUBLE_PIVOT = 1e-13;
  private static final int ROWS = 32;
  private static final int COLUMNS = 64;

  private Cholesky() {}

  /**
   * Factors a matrix in place. Cost {@code n^3 / 6} multiplications.
   *
   * @param a shape {@code float[n][n]}; the upper triangle is read, and becomes U; what is below it
   *     has no meaning afterwards
   * @return whether the matrix is positive definite, as far as floats can tell; if not, {@code a}
   *     is of no more use
   */
  public static boolean factor(float[][] a) {
    int n = a.length;
    for (int k = 0; k < n; k += 4) {
      int end = Math.min(n, k + 4);
      for (int i = k; i < end; i++) {
        float[] row = a[i];
        float diagonal = row[i];
        for (int b = k; b < i; b++) {
          diagonal -= a[b][i] * a[b][i];
        }
        // the diagonal entry as it was: what earlier blocks took off it is the sum of squares above
        float whole = row[i];
        for (int b = 0; b < k; b++) {
          whole += a[b][i] * a[b][i];
        }
        if (!(diagonal > SMALLEST_PIVOT * whole) || diagonal == Float.POSITIVE_INFINITY) {
          return false;
        }
        for (int b = k; b < i; b++) {
          Kernels.addScaled(row, a[b], -a[b][i], i, n);
        }
        Kernels.scale(row, (float) (1 / Math.sqrt(diagonal)), i, n);
      }
      if (end == k + 4) {
        float[] r0 = a[k];
        float[] r1 = a[k + 1];
        float[] r2 = a[k + 2];
        float[] r3 = a[k + 3];
        for (int i = end; i < n; i++) {
          int from = i & -16; // whole vectors; what is left of the diagonal is never read
          Kernels.addScaled4(a[i], r0, r1, r2, r3, -r0[i], -r1[i], -r2[i], -r3[i], from, n);
        }
      }
    }
    return true;
  }

  /**
   * Solves {@code U^T U x = b} in place, with the U of {@link #factor}. Cost {@code n^2}
   * multiplications.
   *
   * @param x b, and then the solution, shape {@code float[n]}
   */
  public static void solve(float[][] u, float[] x) {
    int n = u.length;
    for (int k = 0; k < n; k++) { // U^T z = b
      x[k] /= u[k][k];
      Kernels.addScaled(x, u[k], -x[k], k + 1, n);
    }
    for (int k = n - 1; k >= 0; k--) { // U x = z
      float[] row = u[k];
      double sum = x[k];
      for (int j = k + 1; j < n; j++) {
        sum -= (double) row[j] * x[j];
      }
      x[k] = (float) (sum / row[k]);
    }
  }

  /**
   * The same as {@link #factor(float[][])} in doubles, for what floats cannot. Rows are taken in
   * blocks, so that large matrices are read from memory a few times only.
   */
  public static boolean factor(double[][] a) {
    int n = a.length;
    double[] whole = new double[n];
    for (int k = 0; k < n; k++) {
      whole[k] = a[k][k];
    }
    for (int k = 0; k < n; k += ROWS) {
      int end = Math.min(n, k + ROWS);
      for (int i = k; i < end; i++) {
        subtract(a, k, i, i);
        double diagonal = a[i][i];
        if (!(diagonal > SMALLEST_DOUBLE_PIVOT * whole[i])
            || diagonal == Double.POSITIVE_INFINITY) {
          return false;
        }
        double scale = 1 / Math.sqrt(diagonal);
        double[] row = a[i];
        for (int j = i; j < n; j++) {
          row[j] *= scale;
        }
      }
      for (int i = end; i < n; i++) {
        subtract(a, k, end, i);
      }
    }
    return true;
  }

  /** {@code a[i] -= a[b][i] * a[b]} for b in {@code [from, to)}, from the diagonal on. */
  private static void subtract(double[][] a, int from, int to, int i) {
    double[] row = a[i];
    int b = from;
    for (; b < to - 3; b += 4) {
      double[] r0 = a[b];
      double[] r1 = a[b + 1];
      double[] r2 = a[b + 2];
      double[] r3 = a[b + 3];
      double w0 = r0[i];
      double w1 = r1[i];
      double w2 = r2[i];
      double w3 = r3[i];
      for (int j = i; j < row.length; j++) {
        row[j] -= w0 * r0[j] + w1 * r1[j] + w2 * r2[j] + w3 * r3[j];
      }
    }
    for (; b < to; b++) {
      addScaled(row, a[b], -a[b][i], i, row.length);
    }
  }

  private static void addScaled(double[] out, double[] row, double weight, int from, int to) {
    for (int j = from; j < to; j++) {
      out[j] += weight * row[j];
    }
  }

  /** The same as {@link #solve(float[][], float[])} in doubles. */
  public static void solve(double[][] u, double[] x) {
    int n = u.length;
    for (int k = 0; k < n; k++) {
      x[k] /= u[k][k];
      addScaled(x, u[k], -x[k], k + 1, n);
    }
    for (int k = n - 1; k >= 0; k--) {
      for (int j = k + 1; j < n; j++) {
        x[k] -= u[k][j] * x[j];
      }
      x[k] /= u[k][k];
    }
  }

  /**
   * The inverse of {@code U^T U}, with the U of {@link #factor(double[][])}. The same with any
   * number of threads. Cost {@code 2 n^3} multiplications at the most.
   *
   * @return shape {@code float[n][n]}
   */
  public static float[][] inverse(double[][] u, int threads) {
    int n = u.length;
    float[][] inverse = new float[n][n];
    Parallel.forBlocks(
        threads,
        n,
        COLUMNS,
        () -> {
          double[][] x = new double[n][COLUMNS]; // columns [from, to) of the inverse
          return (from, to) -> {
            for (int k = 0; k < n; k++) {
              Arrays.fill(x[k], 0);
            }
            for (int c = from; c < to; c++) {
              x[c][c - from] = 1;
            }
            for (int k = from; k < n; k++) { // U^T z = e; what is above from stays 0
              scale(x[k], 1 / u[k][k]);
              for (int i = k + 1; i < n; i++) {
                addScaled(x[i], x[k], -u[k][i], 0, COLUMNS);
              }
            }
            for (int k = n - 1; k >= 0; k--) { // U x = z
              for (int j = k + 1; j < n; j++) {
                addScaled(x[k], x[j], -u[k][j], 0, COLUMNS);
              }
              scale(x[k], 1 / u[k][k]);
              for (int c = from; c < to; c++) {
                inverse[c][k] = (float) x[k][c - from]; // symmetric: a row of it is a column
              }
            }
          };
        });
    return inverse;
  }

  private static void scale(double[] row, double factor) {
    for (int j = 0; j < row.length; j++) {
      row[j] *= factor;
    }
  }
}
