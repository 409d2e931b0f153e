package io.kindred.linalg;

/**
 * Small symmetric positive definite equations {@code A x = b}, by the factorization {@code A = U^T
 * U} with U upper triangular. Stateless, thread-safe.
 */
public final class Cholesky {
  /** A pivot that lost all but this part of its diagonal entry is taken for rounding. */
  private static final float SMALLEST_PIVOT = 1e-6f;

  private static final double SMALLEST_DOUBLE_PIVOT = 1e-13;

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

  /** The same as {@link #factor(float[][])} in doubles, without haste: for what floats cannot. */
  public static boolean factor(double[][] a) {
    int n = a.length;
    for (int k = 0; k < n; k++) {
      double whole = a[k][k];
      double diagonal = whole;
      for (int b = 0; b < k; b++) {
        diagonal -= a[b][k] * a[b][k];
      }
      if (!(diagonal > SMALLEST_DOUBLE_PIVOT * whole) || diagonal == Double.POSITIVE_INFINITY) {
        return false;
      }
      double pivot = Math.sqrt(diagonal);
      a[k][k] = pivot;
      for (int j = k + 1; j < n; j++) {
        double sum = a[k][j];
        for (int b = 0; b < k; b++) {
          sum -= a[b][k] * a[b][j];
        }
        a[k][j] = sum / pivot;
      }
    }
    return true;
  }

  /** The same as {@link #solve(float[][], float[])} in doubles. */
  public static void solve(double[][] u, double[] x) {
    int n = u.length;
    for (int k = 0; k < n; k++) {
      for (int b = 0; b < k; b++) {
        x[k] -= u[b][k] * x[b];
      }
      x[k] /= u[k][k];
    }
    for (int k = n - 1; k >= 0; k--) {
      for (int j = k + 1; j < n; j++) {
        x[k] -= u[k][j] * x[j];
      }
      x[k] /= u[k][k];
    }
  }
}
