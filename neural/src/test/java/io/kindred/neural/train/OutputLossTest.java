package io.kindred.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each loss beside its formula in plain loops; gradients beside differences of it. */
class OutputLossTest {
  private static final int ITEMS = 40;
  private static final int D = 3;

  /** What of a history is no negative. */
  enum Left {
    ALL,
    NOT_SEEN,
    NOT_CHOSEN
  }

  static Stream<Arguments> losses() {
    return Stream.of(LossOptions.Kind.values())
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, true, 6_000, Left.ALL), // several pieces of rows
                    Arguments.of(kind, true, 6_000, Left.NOT_SEEN),
                    Arguments.of(kind, true, 7, Left.NOT_CHOSEN),
                    Arguments.of(kind, false, 7, Left.ALL),
                    Arguments.of(kind, false, 7, Left.NOT_SEEN),
                    Arguments.of(kind, false, 7, Left.NOT_CHOSEN),
                    Arguments.of(kind, false, 2, Left.NOT_CHOSEN))); // too few for a product
  }

  @ParameterizedTest
  @MethodSource("losses")
  void backward_lossAndGradients_equalPlainLoops(
      LossOptions.Kind kind, boolean shared, int k, Left left) {
    int rows = 110;
    Interactions interactions = interactions();
    LossOptions options =
        LossOptions.CROSS_ENTROPY
            .withKind(kind)
            .withNegatives(k)
            .withShared(shared)
            .withSampling(Negatives.Sampling.POPULARITY)
            .withAvoidPositives(left == Left.NOT_CHOSEN)
            .withExcludeSeen(left == Left.NOT_SEEN);
    Negatives negatives = options.sampler(interactions);
    Random random = new Random(3);
    float[] h = gaussians(rows * D, random);
    float[] w = gaussians(ITEMS * D, random);
    float[] b = gaussians(ITEMS, random);
    int[] entries = random.ints(rows, 0, interactions.size()).toArray();
    long[] targets = Arrays.stream(entries).mapToLong(e -> interactions.items()[e]).toArray();
    OutputLoss.Drawn drawn =
        OutputLoss.draw(options, negatives, new long[][] {targets}, new int[][] {entries}, 4)[0];
    Formula plain = new Formula(options, negatives, drawn, counts(options, interactions, entries));
    Weights weights = Weights.beginning(1);
    Tensor hidden = weights.given("h", h, rows, D);
    Tensor weight = weights.given("w", w, ITEMS, D);
    Tensor bias = weights.given("b", b, ITEMS);
    OutputLoss loss = new OutputLoss(options, ITEMS, negatives);
    double value;
    try (Scope scope = Scope.open()) {
      value = loss.backward(hidden.mul(2), weight, bias, drawn, 1.0 / rows);
    }
    double expected = plain.mean(h, w, b);
    assertThat(value).isCloseTo(expected, within(1e-4 * Math.max(1, expected)));
    float[][] values = {h, w, b};
    Tensor[] tensors = {hidden, weight, bias};
    for (int of = 0; of < values.length; of++) {
      float[] gradient = tensors[of].gradient().toFloats();
      for (int i : new int[] {0, values[of].length / 2, values[of].length - 1}) {
        float kept = values[of][i];
        values[of][i] = kept + 1e-2f;
        double above = plain.mean(h, w, b);
        double up = values[of][i];
        values[of][i] = kept - 1e-2f;
        double below = plain.mean(h, w, b);
        double slope = (above - below) / (up - values[of][i]);
        values[of][i] = kept;
        assertThat((double) gradient[i])
            .isCloseTo(slope, within(1e-3 * Math.max(1, Math.abs(slope))));
      }
    }
  }

  /** The formulas of {@link LossOptions} in loops. */
  private record Formula(
      LossOptions options, Negatives sampler, OutputLoss.Drawn drawn, boolean[][] counts) {
    double mean(float[] h, float[] w, float[] b) {
      double sum = 0;
      for (int row = 0; row < counts.length; row++) {
        sum += of(row, h, w, b);
      }
      return sum / counts.length;
    }

    private double of(int row, float[] h, float[] w, float[] b) {
      boolean whole = options.kind() == LossOptions.Kind.CROSS_ENTROPY;
      int k = whole ? ITEMS : options.negatives();
      double positive = score(h, w, b, row, (int) drawn.targets()[row]);
      double[] s = new double[k];
      double all = 0;
      for (int j = 0; j < k; j++) {
        s[j] = score(h, w, b, row, item(row, j));
        all += counts[row][item(row, j)] ? Math.exp(s[j]) : 0;
      }
      double sum = 0;
      double weighted = 0;
      double squares = 0;
      double softmax = Math.exp(positive);
      for (int j = 0; j < k; j++) {
        if (!counts[row][item(row, j)]) {
          continue;
        }
        double share = Math.exp(s[j]) / all;
        switch (options.kind()) {
          case CROSS_ENTROPY -> softmax += Math.exp(s[j]);
          case SAMPLED_SOFTMAX ->
              softmax += Math.exp(s[j]) / (k * sampler.probability(item(row, j)));
          case BINARY_CROSS_ENTROPY -> sum -= Math.log(1 - sigmoid(s[j])) / k;
          case GBCE -> sum -= Math.log(1 - sigmoid(s[j]));
          case BPR -> sum -= Math.log(sigmoid(positive - s[j])) / k;
          case BPR_MAX -> {
            weighted += share * sigmoid(positive - s[j]);
            squares += share * s[j] * s[j];
          }
          case TOP1_MAX -> sum += share * (sigmoid(s[j] - positive) + sigmoid(s[j] * s[j]));
          case HINGE -> sum += Math.max(0, 1 - positive + s[j]) / k;
          case SQUARED_ERROR -> sum += s[j] * s[j] / k;
        }
      }
      return sum
          + switch (options.kind()) {
            case CROSS_ENTROPY, SAMPLED_SOFTMAX -> Math.log(softmax) - positive;
            case BINARY_CROSS_ENTROPY -> -Math.log(sigmoid(positive));
            case GBCE -> -positiveWeight() * Math.log(sigmoid(positive));
            case BPR_MAX -> -Math.log(weighted) + 0.01 * squares;
            case SQUARED_ERROR -> (1 - positive) * (1 - positive);
            case BPR, TOP1_MAX, HINGE -> 0;
          };
    }

    private double positiveWeight() {
      double a = Math.min(1, options.negatives() / (ITEMS - 1.0));
      double t = options.calibration();
      return a * (t * (1 - 1 / a) + 1 / a);
    }

    private int item(int row, int j) {
      if (options.kind() == LossOptions.Kind.CROSS_ENTROPY) {
        return j;
      }
      return (int) drawn.negatives()[options.shared() ? j : row * options.negatives() + j];
    }
  }

  /**
   * Which items are negatives of each row: not the target, nor what its user's history excludes.
   */
  private static boolean[][] counts(LossOptions options, Interactions all, int[] entries) {
    boolean[][] counts = new boolean[entries.length][ITEMS];
    for (int row = 0; row < entries.length; row++) {
      Arrays.fill(counts[row], true);
      counts[row][all.items()[entries[row]]] = false;
      int user = 0;
      while (all.starts()[user + 1] <= entries[row]) {
        user++;
      }
      int end = options.excludeSeen() ? entries[row] : all.starts()[user];
      end = options.avoidPositives() ? all.starts()[user + 1] : end;
      for (int p = all.starts()[user]; p < end; p++) {
        counts[row][all.items()[p]] = false;
      }
    }
    return counts;
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

  /** Five people with eight things each, some of them twice. */
  private static Interactions interactions() {
    Random random = new Random(9);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 5; user++) {
      for (int p = 0; p < 8; p++) {
        columns.add(user, p == 7 ? user : random.nextInt(ITEMS), 1f);
      }
      columns.add(user, user, 1f);
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
