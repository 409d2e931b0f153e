package io.kindred.linalg;

/**
 * The loops that {@link Kernels} is made of: in plain Java here, and in vector instructions by the
 * optional module kindred-vector, found with {@link java.util.ServiceLoader} where the JVM has the
 * module jdk.incubator.vector. Implementations agree to 1e-5 relative to the sums of the absolute
 * terms. Stateless, thread-safe.
 */
public interface Arithmetic {
  /** What it is, for diagnostics. */
  String name();

  /** See {@link Kernels#dot}. */
  float dot(float[] a, float[] b, int n);

  /** See {@link Kernels#addScaled}. */
  void addScaled(float[] out, float[] row, float weight, int from, int to);

  /** {@code out[k] += w0 * r0[k] + w1 * r1[k] + w2 * r2[k] + w3 * r3[k]} for k in a range. */
  void addScaled4(
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
      int to);

  /**
   * Adds some rows, each with its weight: {@code out[j] += sum over k in [first, last) of
   * weights[k] * rows[k][j]} for j in {@code [from, to)}.
   */
  default void addRows(
      float[] out, float[][] rows, float[] weights, int first, int last, int from, int to) {
    int k = first;
    for (; k < last - 3; k += 4) {
      addScaled4(
          out,
          rows[k],
          rows[k + 1],
          rows[k + 2],
          rows[k + 3],
          weights[k],
          weights[k + 1],
          weights[k + 2],
          weights[k + 3],
          from,
          to);
    }
    for (; k < last; k++) {
      addScaled(out, rows[k], weights[k], from, to);
    }
  }

  /** See {@link Kernels#addProduct}. */
  void addProduct(float[][] out, float[][] left, float[][] right, int from, int to);

  /** See {@link Kernels#addProjections}. */
  void addProjections(
      float[] out,
      float[] p,
      float[][] rows,
      int[] which,
      float[] weights,
      float[] shifts,
      int count);

  /** See {@link Kernels#addOuterProducts}. */
  void addOuterProducts(float[][] upper, float[][] rows, int[] which, float[] weights, int count);
}
