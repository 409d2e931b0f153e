package io.kindred.linalg;

/**
 * The inner loops of factor models, over rows of floats.
 *
 * <p>A matrix here is an array of its rows, {@code float[rows][columns]}. All arrays of a loop are
 * read at the same index, and four rows are handled at a time: in this form HotSpot's compiler
 * makes vector instructions of additions of rows ({@code out[k] += w * row[k]}), which it does not
 * where each array has an offset of its own. Sums over a row stay scalar, since their order is part
 * of the language; four independent sums at a time hide their latency. The order of all operations
 * is fixed, so results do not depend on threads, batches or the hardware.
 *
 * <p>Stateless, thread-safe. Nothing is checked beyond what the array accesses check.
 */
public final class Kernels {
  private Kernels() {}

  /** The inner product of the first {@code n} entries. */
  public static float dot(float[] a, float[] b, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k < n - 3; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < n; k++) {
      s0 += a[k] * b[k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** {@code out[k] += weight * row[k]} for k in {@code [from, to)}. */
  public static void addScaled(float[] out, float[] row, float weight, int from, int to) {
    for (int k = from; k < to; k++) {
      out[k] += weight * row[k];
    }
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
    for (int k = from; k < to; k++) {
      out[k] += w0 * r0[k] + w1 * r1[k] + w2 * r2[k] + w3 * r3[k];
    }
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
    int count = weights.length;
    int k = 0;
    for (; k < count - 3; k += 4) {
      addScaled4(
          out,
          columns[k],
          columns[k + 1],
          columns[k + 2],
          columns[k + 3],
          weights[k],
          weights[k + 1],
          weights[k + 2],
          weights[k + 3],
          from,
          to);
    }
    for (; k < count; k++) {
      addScaled(out, columns[k], weights[k], from, to);
    }
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
    int n = p.length;
    int j = 0;
    for (; j < count - 3; j += 4) {
      float[] r0 = rows[which[j]];
      float[] r1 = rows[which[j + 1]];
      float[] r2 = rows[which[j + 2]];
      float[] r3 = rows[which[j + 3]];
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int k = 0; k < n; k++) {
        float value = p[k];
        s0 += value * r0[k];
        s1 += value * r1[k];
        s2 += value * r2[k];
        s3 += value * r3[k];
      }
      addScaled4(
          out,
          r0,
          r1,
          r2,
          r3,
          shifts[j] + weights[j] * s0,
          shifts[j + 1] + weights[j + 1] * s1,
          shifts[j + 2] + weights[j + 2] * s2,
          shifts[j + 3] + weights[j + 3] * s3,
          0,
          n);
    }
    for (; j < count; j++) {
      float[] row = rows[which[j]];
      addScaled(out, row, shifts[j] + weights[j] * dot(p, row, n), 0, n);
    }
  }

  /**
   * Adds weighted outer products to the upper triangle of a symmetric matrix: {@code upper[a][b] +=
   * sum over j of weights[j] * rows[which[j]][a] * rows[which[j]][b]} for a &lt;= b. What is below
   * the diagonal is not touched.
   *
   * @param upper shape {@code float[n][n]}; the rows may be longer than n
   * @param count how many of {@code which} and {@code weights} count
   */
  public static void addOuterProducts(
      float[][] upper, float[][] rows, int[] which, float[] weights, int count) {
    int n = upper.length;
    int j = 0;
    for (; j < count - 3; j += 4) {
      float[] r0 = rows[which[j]];
      float[] r1 = rows[which[j + 1]];
      float[] r2 = rows[which[j + 2]];
      float[] r3 = rows[which[j + 3]];
      float w0 = weights[j];
      float w1 = weights[j + 1];
      float w2 = weights[j + 2];
      float w3 = weights[j + 3];
      for (int a = 0; a < n; a++) {
        addScaled4(upper[a], r0, r1, r2, r3, w0 * r0[a], w1 * r1[a], w2 * r2[a], w3 * r3[a], a, n);
      }
    }
    for (; j < count; j++) {
      float[] row = rows[which[j]];
      for (int a = 0; a < n; a++) {
        addScaled(upper[a], row, weights[j] * row[a], a, n);
      }
    }
  }
}
