package io.kindred.linalg;

/**
 * In plain Java: everywhere the same, bit by bit.
 *
 * <p>All arrays of a loop are read at the same index, and four rows are handled at a time: in this
 * form HotSpot's compiler makes vector instructions of additions of rows, which it does not where
 * each array has an offset of its own. Sums over a row stay scalar, since their order is part of
 * the language; four independent sums at a time hide their latency.
 */
final class ScalarArithmetic implements Arithmetic {
  private static final int DEPTH = 64;
  private static final int WIDTH = 512;

  @Override
  public String name() {
    return "plain Java";
  }

  @Override
  public float dot(float[] a, float[] b, int n) {
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

  @Override
  public void addScaled(float[] out, float[] row, float weight, int from, int to) {
    for (int k = from; k < to; k++) {
      out[k] += weight * row[k];
    }
  }

  @Override
  public void addScaled4(
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

  @Override
  public void addProduct(float[][] out, float[][] left, float[][] right, int from, int to) {
    int n = right.length;
    for (int first = 0; first < n; first += DEPTH) {
      int last = Math.min(n, first + DEPTH);
      for (int column = 0; column < n; column += WIDTH) {
        int end = Math.min(n, column + WIDTH);
        for (int i = from; i < to; i++) {
          addRows(out[i], right, left[i], first, last, column, end);
        }
      }
    }
  }

  @Override
  public void addProjections(
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

  @Override
  public void addOuterProducts(
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
