package io.kindred.linalg;

import java.util.ServiceLoader;

/**
 * The inner loops of factor models, over rows of floats.
 *
 * <p>A matrix here is an array of its rows, {@code float[rows][columns]}. The loops themselves are
 * an {@link Arithmetic}: plain Java, or, where the JVM was started with {@code --add-modules
 * jdk.incubator.vector} and kindred-vector is on the class path, vector instructions, with results
 * that agree to 1e-5. The order of all operations is fixed: results do not depend on threads and
 * batches.
 *
 * <p>Stateless, thread-safe. Nothing is checked beyond what the array accesses check.
 */
public final class Kernels {
  private static final Arithmetic BEST = best();

  private Kernels() {}

  private static Arithmetic best() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      for (Arithmetic found : ServiceLoader.load(Arithmetic.class)) {
        return found;
      }
    }
    return new ScalarArithmetic();
  }

  /** What the loops run on: "plain Java", or the instructions of kindred-vector. */
  public static String arithmetic() {
    return BEST.name();
  }

  /** The loops in plain Java, against which others are checked. */
  public static Arithmetic plain() {
    return new ScalarArithmetic();
  }

  /** The inner product of the first {@code n} entries. */
  public static float dot(float[] a, float[] b, int n) {
    return BEST.dot(a, b, n);
  }

  /** {@code out[k] += weight * row[k]} for k in {@code [from, to)}. */
  public static void addScaled(float[] out, float[] row, float weight, int from, int to) {
    BEST.addScaled(out, row, weight, from, to);
  }

  /** {@code out[k] *= factor} for k in {@code [from, to)}. */
  public static void scale(float[] out, float factor, int from, int to) {
    for (int k = from; k < to; k++) {
      out[k] *= factor;
    }
  }

  /** Four times {@link #addScaled}, with one pass over {@code out}. */
  static void addScaled4(
      float[] out,
      float[] r0,
      float[] r1,
      float[] r2,
      float[] r3,
      float w0,
      float w1,
      float w2,
      float w3,
      int from,
      int to) {
    BEST.addScaled4(out, r0, r1, r2, r3, w0, w1, w2, w3, from, to);
  }

  /**
   * Adds weighted rows: {@code out += sum over j of weights[j] * rows[which[j]]}, the first {@code
   * out.length} columns.
   *
   * @param count how many of {@code which} and {@code weights} count
   */
  public static void addRows(float[] out, float[][] rows, int[] which, float[] weights, int count) {
    int n = out.length;
    int j = 0;
    for (; j < count - 3; j += 4) {
      addScaled4(
          out,
          rows[which[j]],
          rows[which[j + 1]],
          rows[which[j + 2]],
          rows[which[j + 3]],
          weights[j],
          weights[j + 1],
          weights[j + 2],
          weights[j + 3],
          0,
          n);
    }
    for (; j < count; j++) {
      addScaled(out, rows[which[j]], weights[j], 0, n);
    }
  }

  /**
   * Adds a matrix times a vector, the matrix given by its columns: {@code out[j] += sum over k of
   * weights[k] * columns[k][j]} for j in {@code [from, to)} and all of {@code weights}.
   */
  public static void addColumns(float[] out, float[][] columns, float[] weights, int from, int to) {
    BEST.addRows(out, columns, weights, 0, weights.length, from, to);
  }

  /**
   * Adds some rows of a product of square matrices: {@code out[i] += sum over k of left[i][k] *
   * right[k]} for i in {@code [from, to)}. Goes by blocks of {@code right} that stay in the cache.
   *
   * @param out shape {@code float[n][n]}
   * @param left shape {@code float[n][n]}
   * @param right shape {@code float[n][n]}
   */
  public static void addProduct(float[][] out, float[][] left, float[][] right, int from, int to) {
    BEST.addProduct(out, left, right, from, to);
  }

  /**
   * Adds weighted projections, a matrix {@code Y^T diag(weights) Y} times a vector without the
   * matrix: {@code out += sum over j of (shifts[j] + weights[j] * (rows[which[j]] . p)) *
   * rows[which[j]]}.
   *
   * @param out shape {@code float[p.length]}
   * @param p a vector; the rows may be longer, what is beyond its length does not count
   * @param shifts what is added to each projection
   * @param count how many of {@code which}, {@code weights} and {@code shifts} count
   */
  public static void addProjections(
      float[] out,
      float[] p,
      float[][] rows,
      int[] which,
      float[] weights,
      float[] shifts,
      int count) {
    BEST.addProjections(out, p, rows, which, weights, shifts, count);
  }

  /**
   * Adds weighted outer products to the upper triangle of a symmetric matrix: {@code upper[a][b] +=
   * sum over j of weights[j] * rows[which[j]][a] * rows[which[j]][b]} for a &lt;= b. What is below
   * the diagonal has no meaning afterwards.
   *
   * @param upper shape {@code float[n][n]}; the rows may be longer than n
   * @param count how many of {@code which} and {@code weights} count
   */
  public static void addOuterProducts(
      float[][] upper, float[][] rows, int[] which, float[] weights, int count) {
    BEST.addOuterProducts(upper, rows, which, weights, count);
  }
}
