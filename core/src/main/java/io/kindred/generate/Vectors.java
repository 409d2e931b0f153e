package io.kindred.generate;

/**
 * Small dense vector arithmetic in a fixed order of operations, so that results are the same bits
 * on every JVM (which {@link Math#exp} does not promise).
 */
final class Vectors {
  private static final double LOG2_E = 1.4426950408889634;
  // ln 2 in two parts: the first has zeros in its low bits, so n * LN2_HIGH is exact.
  private static final double LN2_HIGH = 0x1.62e42fefp-1;
  private static final double LN2_LOW = 0x1.473de6af278edp-34;

  private Vectors() {}

  /** e^x to a relative error below 1e-10; x is clamped to -700..700. */
  static double exp(double x) {
    double clamped = Math.min(700, Math.max(-700, x));
    double n = Math.floor(clamped * LOG2_E + 0.5);
    double r = clamped - n * LN2_HIGH - n * LN2_LOW;
    double p = 1.0 / 362_880; // Taylor: |r| is at most ln 2 / 2, the next term below 1e-11
    p = p * r + 1.0 / 40_320;
    p = p * r + 1.0 / 5_040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    return p * Double.longBitsToDouble(((long) n + 1023) << 52);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Inner product of {@code a} with row {@code row} of a row-major matrix. */
  static double dot(double[] a, float[] matrix, int row) {
    int offset = row * a.length;
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * matrix[offset + i];
    }
    return sum;
  }

  /** Scales to length 1; a zero vector becomes the first axis. */
  static void normalize(double[] a) {
    double length = Math.sqrt(dot(a, a));
    if (length == 0) {
      a[0] = 1;
      return;
    }
    for (int i = 0; i < a.length; i++) {
      a[i] /= length;
    }
  }

  /** Adds a random vector of expected length {@code spread}. */
  static void perturb(double[] a, double spread, Random64 random) {
    double scale = spread / Math.sqrt(a.length);
    for (int i = 0; i < a.length; i++) {
      a[i] += scale * random.normal();
    }
  }

  /** A random orthonormal matrix, rows of {@code size} (Gram and Schmidt). */
  static double[][] orthonormal(int size, Random64 random) {
    double[][] rows = new double[size][size];
    for (int r = 0; r < size; r++) {
      double[] row = rows[r];
      double length;
      do {
        for (int i = 0; i < size; i++) {
          row[i] = random.normal();
        }
        for (int q = 0; q < r; q++) {
          double along = dot(row, rows[q]);
          for (int i = 0; i < size; i++) {
            row[i] -= along * rows[q][i];
          }
        }
        length = Math.sqrt(dot(row, row));
      } while (length < 1e-3); // a direction that nearly lies in the others' span: draw again
      normalize(row);
    }
    return rows;
  }
}
