package io.kindred.vector;

import io.kindred.linalg.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops by the Vector API, with the widest vectors of the machine and fused multiplications.
 * What does not fill a vector is done by the plain loop. Stateless, thread-safe.
 */
public final class VectorArithmetic implements Arithmetic {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();

  /** Columns of a tile, and rows of a panel of them that stays in the nearest cache. */
  private static final int TILE = 2 * WIDTH;

  private static final int DEPTH = 128;

  /** For the service loader. */
  public VectorArithmetic() {}

  @Override
  public String name() {
    return "Vector API, " + WIDTH + " floats at a time";
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(LANES, from, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(LANES, value);
  }

  @Override
  public float dot(float[] a, float[] b, int n) {
    FloatVector sums = FloatVector.zero(LANES);
    int k = 0;
    for (; k <= n - WIDTH; k += WIDTH) {
      sums = load(a, k).fma(load(b, k), sums);
    }
    float sum = sums.reduceLanes(VectorOperators.ADD);
    for (; k < n; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  @Override
  public void addScaled(float[] out, float[] row, float weight, int from, int to) {
    FloatVector w = all(weight);
    int k = from;
    for (; k <= to - WIDTH; k += WIDTH) {
      load(row, k).fma(w, load(out, k)).intoArray(out, k);
    }
    for (; k < to; k++) {
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
    FloatVector all0 = all(w0);
    FloatVector all1 = all(w1);
    FloatVector all2 = all(w2);
    FloatVector all3 = all(w3);
    int k = from;
    for (; k <= to - WIDTH; k += WIDTH) {
      FloatVector sum = load(out, k);
      sum = load(r0, k).fma(all0, sum);
      sum = load(r1, k).fma(all1, sum);
      sum = load(r2, k).fma(all2, sum);
      sum = load(r3, k).fma(all3, sum);
      sum.intoArray(out, k);
    }
    for (; k < to; k++) {
      out[k] += w0 * r0[k] + w1 * r1[k] + w2 * r2[k] + w3 * r3[k];
    }
  }

  /**
   * Panels of the right matrix, two vectors wide, are copied together; their products with four
   * rows at a time stay in registers while the panel goes by.
   */
  @Override
  public void addProduct(float[][] out, float[][] left, float[][] right, int from, int to) {
    int n = right.length;
    int whole = n - n % TILE;
    int fours = to - (to - from) % 4;
    float[] panel = new float[Math.min(n, DEPTH) * TILE];
    for (int first = 0; first < n; first += DEPTH) {
      int last = Math.min(n, first + DEPTH);
      for (int b = 0; b < whole; b += TILE) {
        for (int k = first; k < last; k++) {
          System.arraycopy(right[k], b, panel, (k - first) * TILE, TILE);
        }
        for (int i = from; i < fours; i += 4) {
          addTile(out, left, panel, i, b, first, last);
        }
      }
      for (int i = from; i < to; i++) { // what fills no tile
        int start = i < fours ? whole : 0;
        for (int k = first; k < last && start < n; k++) {
          addScaled(out[i], right[k], left[i][k], start, n);
        }
      }
    }
  }

  private static void addTile(
      float[][] out, float[][] left, float[] panel, int i, int b, int first, int last) {
    FloatVector low0 = load(out[i], b);
    FloatVector low1 = load(out[i + 1], b);
    FloatVector low2 = load(out[i + 2], b);
    FloatVector low3 = load(out[i + 3], b);
    FloatVector high0 = load(out[i], b + WIDTH);
    FloatVector high1 = load(out[i + 1], b + WIDTH);
    FloatVector high2 = load(out[i + 2], b + WIDTH);
    FloatVector high3 = load(out[i + 3], b + WIDTH);
    float[] left0 = left[i];
    float[] left1 = left[i + 1];
    float[] left2 = left[i + 2];
    float[] left3 = left[i + 3];
    int at = 0;
    for (int k = first; k < last; k++) {
      FloatVector low = load(panel, at);
      FloatVector high = load(panel, at + WIDTH);
      at += TILE;
      FloatVector weight0 = all(left0[k]);
      FloatVector weight1 = all(left1[k]);
      FloatVector weight2 = all(left2[k]);
      FloatVector weight3 = all(left3[k]);
      low0 = low.fma(weight0, low0);
      high0 = high.fma(weight0, high0);
      low1 = low.fma(weight1, low1);
      high1 = high.fma(weight1, high1);
      low2 = low.fma(weight2, low2);
      high2 = high.fma(weight2, high2);
      low3 = low.fma(weight3, low3);
      high3 = high.fma(weight3, high3);
    }
    store(low0, high0, out[i], b);
    store(low1, high1, out[i + 1], b);
    store(low2, high2, out[i + 2], b);
    store(low3, high3, out[i + 3], b);
  }

  private static void store(FloatVector low, FloatVector high, float[] row, int at) {
    low.intoArray(row, at);
    high.intoArray(row, at + WIDTH);
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
      FloatVector sums0 = FloatVector.zero(LANES);
      FloatVector sums1 = sums0;
      FloatVector sums2 = sums0;
      FloatVector sums3 = sums0;
      int k = 0;
      for (; k <= n - WIDTH; k += WIDTH) {
        FloatVector values = load(p, k);
        sums0 = load(r0, k).fma(values, sums0);
        sums1 = load(r1, k).fma(values, sums1);
        sums2 = load(r2, k).fma(values, sums2);
        sums3 = load(r3, k).fma(values, sums3);
      }
      float s0 = sums0.reduceLanes(VectorOperators.ADD);
      float s1 = sums1.reduceLanes(VectorOperators.ADD);
      float s2 = sums2.reduceLanes(VectorOperators.ADD);
      float s3 = sums3.reduceLanes(VectorOperators.ADD);
      for (; k < n; k++) {
        s0 += p[k] * r0[k];
        s1 += p[k] * r1[k];
        s2 += p[k] * r2[k];
        s3 += p[k] * r3[k];
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
   * Tile by tile of four rows and two vectors, whose sums stay in registers while all rows of the
   * data go by.
   */
  @Override
  public void addOuterProducts(
      float[][] upper, float[][] rows, int[] which, float[] weights, int count) {
    int n = upper.length;
    int fours = n & -4;
    int whole = n - n % WIDTH;
    int b = 0;
    for (; b <= whole - 2 * WIDTH; b += 2 * WIDTH) {
      for (int a = 0; a < Math.min(fours, b + 2 * WIDTH); a += 4) {
        addTwoVectors(upper, rows, which, weights, count, a, b);
      }
    }
    if (b < whole) {
      for (int a = 0; a < Math.min(fours, b + WIDTH); a += 4) {
        addVector(upper, rows, which, weights, count, a, b);
      }
    }
    // what fills no tile: the last columns of all rows, and the last rows
    for (int j = 0; j < count && n > Math.min(fours, whole); j++) {
      float[] row = rows[which[j]];
      for (int a = 0; a < n; a++) {
        float scaled = weights[j] * row[a];
        for (int c = a < fours ? Math.max(a, whole) : a; c < n; c++) {
          upper[a][c] += scaled * row[c];
        }
      }
    }
  }

  private static void addTwoVectors(
      float[][] upper, float[][] rows, int[] which, float[] weights, int count, int a, int b) {
    FloatVector low0 = load(upper[a], b);
    FloatVector low1 = load(upper[a + 1], b);
    FloatVector low2 = load(upper[a + 2], b);
    FloatVector low3 = load(upper[a + 3], b);
    FloatVector high0 = load(upper[a], b + WIDTH);
    FloatVector high1 = load(upper[a + 1], b + WIDTH);
    FloatVector high2 = load(upper[a + 2], b + WIDTH);
    FloatVector high3 = load(upper[a + 3], b + WIDTH);
    for (int j = 0; j < count; j++) {
      float[] row = rows[which[j]];
      FloatVector weight = all(weights[j]);
      FloatVector low = load(row, b).mul(weight);
      FloatVector high = load(row, b + WIDTH).mul(weight);
      FloatVector first = all(row[a]);
      FloatVector second = all(row[a + 1]);
      FloatVector third = all(row[a + 2]);
      FloatVector fourth = all(row[a + 3]);
      low0 = low.fma(first, low0);
      high0 = high.fma(first, high0);
      low1 = low.fma(second, low1);
      high1 = high.fma(second, high1);
      low2 = low.fma(third, low2);
      high2 = high.fma(third, high2);
      low3 = low.fma(fourth, low3);
      high3 = high.fma(fourth, high3);
    }
    low0.intoArray(upper[a], b);
    low1.intoArray(upper[a + 1], b);
    low2.intoArray(upper[a + 2], b);
    low3.intoArray(upper[a + 3], b);
    high0.intoArray(upper[a], b + WIDTH);
    high1.intoArray(upper[a + 1], b + WIDTH);
    high2.intoArray(upper[a + 2], b + WIDTH);
    high3.intoArray(upper[a + 3], b + WIDTH);
  }

  private static void addVector(
      float[][] upper, float[][] rows, int[] which, float[] weights, int count, int a, int b) {
    FloatVector sum0 = load(upper[a], b);
    FloatVector sum1 = load(upper[a + 1], b);
    FloatVector sum2 = load(upper[a + 2], b);
    FloatVector sum3 = load(upper[a + 3], b);
    for (int j = 0; j < count; j++) {
      float[] row = rows[which[j]];
      FloatVector scaled = load(row, b).mul(all(weights[j]));
      sum0 = scaled.fma(all(row[a]), sum0);
      sum1 = scaled.fma(all(row[a + 1]), sum1);
      sum2 = scaled.fma(all(row[a + 2]), sum2);
      sum3 = scaled.fma(all(row[a + 3]), sum3);
    }
    sum0.intoArray(upper[a], b);
    sum1.intoArray(upper[a + 1], b);
    sum2.intoArray(upper[a + 2], b);
    sum3.intoArray(upper[a + 3], b);
  }
}
