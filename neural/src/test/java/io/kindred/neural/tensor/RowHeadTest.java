package io.kindred.neural.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The losses of whole rows and their gradients against plain loops in double precision. */
class RowHeadTest {
  private static final int ROWS = 40;
  private static final int ITEMS = 80_000; // two pieces
  private static final int D = 2;
  private static final double OTHERS = 0.3;
  private static final double SCALE = 1.0 / ROWS;

  @ParameterizedTest
  @EnumSource(RowHead.Loss.class)
  void backward_severalPieces_equalsPlainLoops(RowHead.Loss kind) {
    Random random = new Random(4);
    float[] h = gaussians(ROWS * D, random);
    float[] w = gaussians(ITEMS * D, random);
    float[] b = gaussians(ITEMS, random);
    int each = 5;
    long[] starts = new long[ROWS + 1];
    long[] targets = new long[ROWS * each];
    float[] values = new float[targets.length];
    int size = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int t = 0; t < each && row % 7 != 3; t++) { // every seventh row has no targets
        targets[size] = (long) t * 15_000 + random.nextInt(15_000);
        values[size++] = 1 + random.nextInt(3);
      }
      starts[row + 1] = size;
    }
    Weights weights = Weights.beginning(1);
    Tensor hidden = weights.given("h", h, ROWS, D);
    Tensor weight = weights.given("w", w, ITEMS, D);
    Tensor bias = weights.given("b", b, ITEMS);
    RowHead head =
        kind == RowHead.Loss.MULTINOMIAL
            ? RowHead.multinomial(ITEMS)
            : RowHead.squared(ITEMS, OTHERS);
    double loss;
    try (Scope scope = Scope.open()) {
      Tensor doubled = hidden.mul(2);
      Tensor more = doubled.square().sum().mul(0.5);
      loss = head.backward(doubled, weight, bias, starts, targets, values, SCALE, more);
    }

    double expected = 0;
    double[] toH = new double[ROWS * D];
    double[] toW = new double[ITEMS * D];
    double[] toB = new double[ITEMS];
    double[] s = new double[ITEMS];
    double[] x = new double[ITEMS];
    for (int row = 0; row < ROWS; row++) {
      Arrays.fill(x, 0);
      double n = 0;
      for (int p = (int) starts[row]; p < starts[row + 1]; p++) {
        x[(int) targets[p]] = values[p];
        n += values[p];
      }
      double sum = 0;
      for (int i = 0; i < ITEMS; i++) {
        s[i] = b[i];
        for (int k = 0; k < D; k++) {
          s[i] += 2.0 * h[row * D + k] * w[i * D + k];
        }
        sum += Math.exp(s[i]);
      }
      for (int i = 0; i < ITEMS; i++) {
        double g;
        if (kind == RowHead.Loss.MULTINOMIAL) {
          expected -= SCALE * x[i] * (s[i] - Math.log(sum));
          g = SCALE * (n * Math.exp(s[i]) / sum - x[i]);
        } else {
          double u = x[i] == 0 ? OTHERS : 1;
          expected += SCALE * u * (x[i] - s[i]) * (x[i] - s[i]);
          g = 2 * SCALE * u * (s[i] - x[i]);
        }
        toB[i] += g;
        for (int k = 0; k < D; k++) {
          toH[row * D + k] += 2 * g * w[i * D + k];
          toW[i * D + k] += 2 * g * h[row * D + k];
        }
      }
      for (int k = 0; k < D; k++) {
        double twice = 2.0 * h[row * D + k];
        expected += twice * twice / 2;
        toH[row * D + k] += 2 * twice;
      }
    }
    assertThat(loss).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
    assertClose(hidden.gradient().toFloats(), toH);
    assertClose(weight.gradient().toFloats(), toW);
    assertClose(bias.gradient().toFloats(), toB);
  }

  @Test
  void head_insideAScope_isRefused() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> RowHead.multinomial(3)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static void assertClose(float[] actual, double[] expected) {
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(actual[i] - expected[i]) > 1e-4 * largest) {
        assertThat((double) actual[i]).as("place %d", i).isEqualTo(expected[i]);
      }
    }
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
