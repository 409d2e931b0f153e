package io.kindred.factor;

import io.kindred.linalg.Cholesky;
import io.kindred.linalg.Kernels;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Solves for the vector of one row, the vectors y of the other side held still: the minimum of
 * {@link SquaredLoss} is where
 *
 * <pre>
 * A x = b,  A = unobserved Y^T Y + sum over observed j of weight(j) y(j) y(j)^T + ridge I
 *           b = sum over observed j of (unobserved + weight(j)) goal(j) y(j)
 * </pre>
 *
 * <p>Owns scratch memory: one a thread, not thread-safe.
 */
final class RowSolver {
  private static final double SMALLEST_RESIDUAL = 1e-20;

  private final int factors;
  private final float[][] others;
  private final float[][] gram;
  private final float[][] matrix;
  private final float[] residual;
  private final float[] direction;
  private final float[] image;
  private float[] negated = new float[64];
  private float[] zeros = new float[64];

  /**
   * A solver.
   *
   * @param others the vectors of the other side, at least {@code factors} long
   * @param gram unobserved times Y^T Y, shape {@code float[factors][factors]}
   */
  RowSolver(float[][] others, float[][] gram) {
    this.factors = gram.length;
    this.others = others;
    this.gram = gram;
    matrix = new float[factors][factors];
    residual = new float[factors];
    direction = new float[factors];
    image = new float[factors];
  }

  /**
   * Some steps of the conjugate gradient method from where x is (Takács, Pilászy and Tikk, RecSys
   * 2011): A is never made, a step costs O(observed * factors + factors^2).
   */
  void descend(ObservedRows row, float[] x, int steps) {
    if (!row.positive) {
      Arrays.fill(x, 0, factors, 0f);
      return;
    }
    float ridge = row.loss.ridge(row.count, others.length);
    float[] r = residual;
    float[] p = direction;
    float[] image = this.image;
    int n = factors;
    // r = b - A x
    Arrays.fill(r, 0f);
    if (row.count > negated.length) {
      negated = new float[row.columns.length];
      zeros = new float[row.columns.length];
    }
    for (int j = 0; j < row.count; j++) {
      negated[j] = -row.weights[j];
    }
    Kernels.addProjections(r, x, others, row.columns, negated, row.pulls, row.count);
    Arrays.fill(image, 0f);
    Kernels.addColumns(image, gram, x, 0, n);
    for (int k = 0; k < n; k++) {
      r[k] -= image[k] + ridge * x[k];
    }
    System.arraycopy(r, 0, p, 0, n);
    float squares = Kernels.dot(r, r, n);
    for (int step = 0; step < steps && squares > SMALLEST_RESIDUAL; step++) {
      // image = A p
      Arrays.fill(image, 0f);
      Kernels.addColumns(image, gram, p, 0, n);
      Kernels.addProjections(image, p, others, row.columns, row.weights, zeros, row.count);
      Kernels.addScaled(image, p, ridge, 0, n);
      float curvature = Kernels.dot(p, image, n);
      if (!(curvature > 0)) {
        return; // nothing left in this direction but rounding
      }
      float length = squares / curvature;
      Kernels.addScaled(x, p, length, 0, n);
      Kernels.addScaled(r, image, -length, 0, n);
      float next = Kernels.dot(r, r, n);
      float keep = next / squares;
      squares = next;
      for (int k = 0; k < n; k++) {
        p[k] = r[k] + keep * p[k];
      }
    }
  }

  /**
   * Solves exactly. Cost O(observed * factors^2 + factors^3).
   *
   * @return whether there is a single solution; x is of no use if not
   */
  boolean solve(ObservedRows row, float[] x) {
    return solve(row, x, 0, null);
  }

  /**
   * The same with goals that are all higher by a level, also those of what was not observed.
   *
   * <pre>b += level (unobserved sum of all y + sum over observed j of weight(j) y(j))</pre>
   *
   * <p>Changes the pulls of the row.
   *
   * @param sum unobserved times the sum of all y; null: no level
   */
  boolean solve(ObservedRows row, float[] x, double level, float @Nullable [] sum) {
    Arrays.fill(x, 0, factors, 0f);
    if (!row.positive) {
      return true;
    }
    float[] b = residual;
    Arrays.fill(b, 0f);
    if (sum != null) {
      Kernels.addScaled(b, sum, (float) level, 0, factors);
      for (int j = 0; j < row.count; j++) {
        row.pulls[j] += (float) (level * row.weights[j]);
      }
    }
    Kernels.addRows(b, others, row.columns, row.pulls, row.count);
    if (factor(row)) {
      Cholesky.solve(matrix, b);
    } else {
      Optional<double[][]> u =
          row.loss.regularization() > 0 ? preciseFactor(row) : Optional.empty();
      if (u.isEmpty()) {
        return false;
      }
      double[] precise = new double[factors];
      for (int k = 0; k < factors; k++) {
        precise[k] = sum == null ? 0 : level * sum[k];
        for (int j = 0; j < row.count; j++) {
          precise[k] += (double) row.pulls[j] * others[row.columns[j]][k];
        }
      }
      Cholesky.solve(u.get(), precise);
      for (int k = 0; k < factors; k++) {
        b[k] = (float) precise[k];
      }
    }
    System.arraycopy(b, 0, x, 0, factors);
    return true;
  }

  /** Makes {@link #matrix} the Cholesky factor of A. */
  private boolean factor(ObservedRows row) {
    float ridge = row.loss.ridge(row.count, others.length);
    for (int a = 0; a < factors; a++) {
      System.arraycopy(gram[a], a, matrix[a], a, factors - a);
      matrix[a][a] += ridge;
    }
    Kernels.addOuterProducts(matrix, others, row.columns, row.weights, row.count);
    return Cholesky.factor(matrix);
  }

  /** The Cholesky factor of A in doubles, which keep small weights beside large ones. */
  Optional<double[][]> preciseFactor(ObservedRows row) {
    double ridge = row.loss.ridge(row.count, others.length);
    double[][] a = new double[factors][factors];
    for (int k = 0; k < factors; k++) {
      for (int l = k; l < factors; l++) {
        a[k][l] = gram[k][l];
      }
      a[k][k] += ridge;
    }
    for (int j = 0; j < row.count; j++) {
      float[] y = others[row.columns[j]];
      for (int k = 0; k < factors; k++) {
        double scaled = (double) row.weights[j] * y[k];
        for (int l = k; l < factors; l++) {
          a[k][l] += scaled * y[l];
        }
      }
    }
    return Cholesky.factor(a) ? Optional.of(a) : Optional.empty();
  }
}
