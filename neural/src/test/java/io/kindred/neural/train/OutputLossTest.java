package io.kindred.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each loss beside its formula in plain loops; gradients beside differences of it. */
class OutputLossTest {
  private static final int ITEMS = 40;
  private static final int D = 3;

  static Stream<Arguments> losses() {
    return Stream.of(LossOptions.Kind.values())
        .filter(kind -> kind != LossOptions.Kind.CROSS_ENTROPY)
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, true, 6_000), // several pieces of rows
                    Arguments.of(kind, true, 7),
                    Arguments.of(kind, false, 7)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void backward_lossAndGradients_equalPlainLoops(LossOptions.Kind kind, boolean shared, int k) {
    int rows = 110;
    Interactions interactions = interactions();
    LossOptions options =
        LossOptions.CROSS_ENTROPY
            .withKind(kind)
            .withNegatives(k)
            .withShared(shared)
            .withSampling(Negatives.Sampling.POPULARITY);
    Negatives negatives =
        new Negatives(interactions, options.sampling(), options.alpha(), options.avoidPositives());
    Random random = new Random(3);
    float[] h = gaussians(rows * D, random);
    float[] w = gaussians(ITEMS * D, random);
    float[] b = gaussians(ITEMS, random);
    long[] targets = random.longs(rows, 0, ITEMS).toArray();
    OutputLoss.Drawn drawn =
        OutputLoss.draw(options, negatives, new long[][] {targets}, new int[][] {new int[rows]}, 4)[
            0];
    Weights weights = Weights.beginning(1);
    Tensor hidden = weights.given("h", h, rows, D);
    Tensor weight = weights.given("w", w, ITEMS, D);
    Tensor bias = weights.given("b", b, ITEMS);
    OutputLoss loss = new OutputLoss(options, ITEMS, negatives);
    double value;
    try (Scope scope = Scope.open()) {
      value = loss.backward(hidden.mul(2), weight, bias, drawn, 1.0 / rows);
    }
    double expected = plain(options, negatives, drawn, h, w, b);
    assertThat(value).isCloseTo(expected, within(1e-4 * Math.max(1, expected)));
    float[][] values = {h, w, b};
    Tensor[] tensors = {hidden, weight, bias};
    for (int of = 0; of < values.length; of++) {
      float[] gradient = tensors[of].gradient().toFloats();
      for (int i : new int[] {0, values[of].length / 2, values[of].length - 1}) {
        float kept = values[of][i];
        values[of][i] = kept + 1e-2f;
        double above = plain(options, negatives, drawn, h, w, b);
        double up = values[of][i];
        values[of][i] = kept - 1e-2f;
        double below = plain(options, negatives, drawn, h, w, b);
        double slope = (above - below) / (up - values[of][i]);
        values[of][i] = kept;
        assertThat((double) gradient[i])
            .isCloseTo(slope, within(1e-3 * Math.max(1, Math.abs(slope))));
      }
    }
  }

  /** The mean over all rows of the formulas of {@link LossOptions}. */
  private static double plain(
      LossOptions options,
      Negatives sampler,
      OutputLoss.Drawn drawn,
      float[] h,
      float[] w,
      float[] b) {
    int rows = drawn.targets().length;
    int k = options.negatives();
    double a = Math.min(1, k / (ITEMS - 1.0));
    double t = options.calibration();
    double weightOfPositive = a * (t * (1 - 1 / a) + 1 / a);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int target = (int) drawn.targets()[row];
      double positive = score(h, w, b, row, target);
      double[] s = new double[k];
      boolean[] counts = new boolean[k];
      double all = 0;
      for (int j = 0; j < k; j++) {
        int item = (int) drawn.negatives()[options.shared() ? j : row * k + j];
        counts[j] = item != target;
        s[j] = score(h, w, b, row, item);
        all += counts[j] ? Math.exp(s[j]) : 0;
      }
      double here = 0;
      double weighted = 0;
      double squares = 0;
      double softmax = Math.exp(positive);
      for (int j = 0; j < k; j++) {
        if (!counts[j]) {
          continue;
        }
        int item = (int) drawn.negatives()[options.shared() ? j : row * k + j];
        double share = Math.exp(s[j]) / all;
        switch (options.kind()) {
          case SAMPLED_SOFTMAX -> softmax += Math.exp(s[j]) / (k * sampler.probability(item));
          case BINARY_CROSS_ENTROPY -> here -= Math.log(1 - sigmoid(s[j])) / k;
          case GBCE -> here -= Math.log(1 - sigmoid(s[j]));
          case BPR -> here -= Math.log(sigmoid(positive - s[j])) / k;
          case BPR_MAX -> {
            weighted += share * sigmoid(positive - s[j]);
            squares += share * s[j] * s[j];
          }
          case TOP1_MAX -> here += share * (sigmoid(s[j] - positive) + sigmoid(s[j] * s[j]));
          case HINGE -> here += Math.max(0, 1 - positive + s[j]) / k;
          case SQUARED_ERROR -> here += s[j] * s[j] / k;
          case CROSS_ENTROPY -> throw new IllegalStateException();
        }
      }
      sum +=
          here
              + switch (options.kind()) {
                case SAMPLED_SOFTMAX -> Math.log(softmax) - positive;
                case BINARY_CROSS_ENTROPY -> -Math.log(sigmoid(positive));
                case GBCE -> -weightOfPositive * Math.log(sigmoid(positive));
                case BPR_MAX -> -Math.log(weighted) + 0.01 * squares;
                case SQUARED_ERROR -> (1 - positive) * (1 - positive);
                default -> 0;
              };
    }
    return sum / rows;
  }

  private static double score(float[] h, float[] w, float[] b, int row, int item) {
    double sum = b[item];
    for (int d = 0; d < D; d++) {
      sum += 2.0 * h[row * D + d] * w[item * D + d];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Interactions interactions() {
    Interactions.Builder columns = Interactions.builder();
    for (int item = 0; item < ITEMS; item++) {
      for (int user = 0; user <= item % 5; user++) {
        columns.add(user, item, 1f);
      }
    }
    return columns.build(5, ITEMS);
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return values;
  }
}
