package io.kindred.neural.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bridge: memory, noise, weights, optimizers, the chunked cross-entropy. */
class TensorTest {
  @Test
  void arrays_inAndOut_areTheSame() {
    try (Scope scope = Scope.open()) {
      float[] values = {1, 2, 3, 4, 5, 6};
      Tensor tensor = Tensor.of(values, 2, 3);
      assertThat(tensor.toFloats()).containsExactly(values);
      assertThat(tensor.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(tensor.shape()).containsExactly(2, 3);
      assertThat(Tensor.of(new long[] {7, -1}, 2).toLongs()).containsExactly(7, -1);
      assertThat(tensor.sum().item()).isEqualTo(21);
    }
  }

  /** A single sequence goes another way than several: the plain steps are those of libtorch. */
  @ParameterizedTest
  @EnumSource(Tensor.Cell.class)
  void recurrent_oneSequence_isThatOfLibtorch(Tensor.Cell cell) {
    int in = 3;
    int hidden = 5;
    int length = 40;
    Random random = new Random(6);
    try (Scope scope = Scope.withoutGradients()) {
      int rows = cell.gates() * hidden;
      List<Tensor> weights =
          List.of(
              Tensor.of(gaussians(rows * in, random), rows, in),
              Tensor.of(gaussians(rows * hidden, random), rows, hidden),
              Tensor.of(gaussians(rows, random), rows),
              Tensor.of(gaussians(rows, random), rows));
      Tensor one = Tensor.of(gaussians(length * in, random), 1, length, in).mul(2);
      Tensor output = Tensor.of(gaussians(hidden, random), 1, hidden);
      Tensor memory = Tensor.of(gaussians(hidden, random), 1, hidden);
      Tensor.Run plain = one.recurrent(cell, weights, new Tensor.State(output, memory));
      Tensor.Run twice =
          Tensor.concat(List.of(one, one), 0)
              .recurrent(
                  cell,
                  weights,
                  new Tensor.State(
                      Tensor.concat(List.of(output, output), 0),
                      Tensor.concat(List.of(memory, memory), 0)));
      assertThat(plain.states().shape()).containsExactly(1, length, hidden);
      assertThat(plain.states().toFloats())
          .containsExactly(twice.states().narrow(0, 0, 1).toFloats(), within(1e-5f));
      assertThat(plain.last().output().shape()).containsExactly(1, hidden);
      assertThat(plain.last().output().toFloats())
          .containsExactly(twice.last().output().narrow(0, 0, 1).toFloats(), within(1e-5f));
      assertThat(plain.last().memory().toFloats())
          .containsExactly(twice.last().memory().narrow(0, 0, 1).toFloats(), within(1e-5f));
    }
  }

  /** The loss and the three gradients against plain loops in double precision. */
  @Test
  void softmaxHead_lossAndGradients_equalPlainLoops() {
    int rows = 70;
    int items = 50_000; // several pieces
    int d = 3;
    Random random = new Random(5);
    float[] h = gaussians(rows * d, random);
    float[] w = gaussians(items * d, random);
    float[] b = gaussians(items, random);
    long[] targets = random.longs(rows, 0, items).toArray();
    Weights weights = Weights.beginning(1);
    Tensor hidden = weights.given("h", h, rows, d);
    Tensor weight = weights.given("w", w, items, d);
    Tensor bias = weights.given("b", b, items);
    SoftmaxHead head = new SoftmaxHead(items);
    double loss;
    try (Scope scope = Scope.open()) {
      loss =
          head.backward(
              hidden.mul(2), weight, bias, targets, SoftmaxHead.Excluded.NONE, 1.0 / rows);
    }
    double expected = 0;
    double[] toH = new double[rows * d];
    double[] toW = new double[items * d];
    double[] toB = new double[items];
    double[] s = new double[items];
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int i = 0; i < items; i++) {
        s[i] = b[i];
        for (int k = 0; k < d; k++) {
          s[i] += 2.0 * h[row * d + k] * w[i * d + k];
        }
        sum += Math.exp(s[i]);
      }
      expected += (Math.log(sum) - s[(int) targets[row]]) / rows;
      for (int i = 0; i < items; i++) {
        double g = (Math.exp(s[i]) / sum - (i == targets[row] ? 1 : 0)) / rows;
        toB[i] += g;
        for (int k = 0; k < d; k++) {
          toH[row * d + k] += 2 * g * w[i * d + k];
          toW[i * d + k] += 2 * g * h[row * d + k];
        }
      }
    }
    assertThat(loss).isCloseTo(expected, within(1e-4));
    assertClose(hidden.gradient().toFloats(), toH);
    assertClose(weight.gradient().toFloats(), toW);
    assertClose(bias.gradient().toFloats(), toB);
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertClose(float[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("place %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** Each form against its formula, over a few steps of f(w) = sum c w^2 / 2 + 3 w. */
  @Test
  void optimizer_everyKind_followsItsFormula() {
    for (Optimizer.Kind kind : Optimizer.Kind.values()) {
      double rate = 0.05;
      double decay = 0.1;
      Weights weights = Weights.beginning(1);
      Tensor w = weights.given("w", new float[] {1f, -2f}, 1, 2);
      Optimizer optimizer = new Optimizer(kind, decay, weights);
      double[] expected = {1, -2};
      double[] m = new double[2];
      double[] v = new double[2];
      for (int t = 1; t <= 5; t++) {
        optimizer.zeroGradients();
        try (Scope scope = Scope.open()) {
          w.square().mul(0.5).add(w.mul(3)).sum().backward();
        }
        optimizer.step(rate);
        for (int i = 0; i < 2; i++) {
          double g = expected[i] + 3;
          if (kind == Optimizer.Kind.ADAMW) {
            expected[i] -= rate * decay * expected[i];
          } else {
            g += decay * expected[i];
          }
          switch (kind) {
            case SGD -> expected[i] -= rate * g;
            case MOMENTUM -> {
              m[i] = 0.9 * m[i] + g;
              expected[i] -= rate * m[i];
            }
            case NESTEROV -> {
              m[i] = 0.9 * m[i] + g;
              expected[i] -= rate * (g + 0.9 * m[i]);
            }
            case ADAGRAD -> {
              v[i] += g * g;
              expected[i] -= rate * g / (Math.sqrt(v[i]) + 1e-8);
            }
            case RMSPROP -> {
              v[i] = 0.99 * v[i] + 0.01 * g * g;
              expected[i] -= rate * g / (Math.sqrt(v[i]) + 1e-8);
            }
            case ADAM, ADAMW -> {
              m[i] = 0.9 * m[i] + 0.1 * g;
              v[i] = 0.999 * v[i] + 0.001 * g * g;
              expected[i] -=
                  rate
                      * (m[i] / (1 - Math.pow(0.9, t)))
                      / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
            }
          }
        }
        float[] found = w.toFloats();
        assertThat((double) found[0])
            .as("%s, step %d", kind, t)
            .isCloseTo(expected[0], within(1e-4));
        assertThat((double) found[1])
            .as("%s, step %d", kind, t)
            .isCloseTo(expected[1], within(1e-4));
      }
    }
  }

  @Test
  void noise_dropout_hasTheExpectationAndTheSeed() {
    Noise noise = Noise.source();
    float[] first;
    float[] again;
    try (Scope scope = Scope.open()) {
      Tensor ones = Tensor.full(1, 1000, 101);
      noise.seed(3);
      first = noise.dropout(ones, 0.3).toFloats();
      noise.seed(3);
      again = noise.dropout(ones, 0.3).toFloats();
      assertThat(Noise.NONE.dropout(ones, 0.3)).isSameAs(ones);
    }
    assertThat(again).isEqualTo(first);
    double sum = 0;
    int dropped = 0;
    for (float value : first) {
      sum += value;
      dropped += value == 0 ? 1 : 0;
    }
    assertThat(sum / first.length).isCloseTo(1, within(0.01));
    assertThat((double) dropped / first.length).isCloseTo(0.3, within(0.01));
  }

  @Test
  void weights_insideAScope_areRefused() {
    Weights weights = Weights.beginning(1);
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> weights.constant("w", 1, 2))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void replica_gradients_areAddedInOrder() {
    Weights weights = Weights.beginning(1);
    Tensor w = weights.given("w", new float[] {2}, 1);
    Weights replica = weights.replica();
    Tensor other = replica.constant("w", 0, 1);
    assertThat(other.toFloats()).containsExactly(2);
    try (Scope scope = Scope.open()) {
      w.square().sum().backward();
      other.mul(3).sum().backward();
    }
    weights.takeGradients(replica);
    assertThat(w.gradient().toFloats()).containsExactly(7);
    assertThat(other.gradient().toFloats()).containsExactly(0);
    w.set(new float[] {5});
    assertThat(other.toFloats()).containsExactly(5);
  }

  @Test
  void torch_unknownDevice_isRefused() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkindred.device=cuda",
                "-cp",
                System.getProperty("java.class.path"),
                Loading.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("KindredException").contains("finds no CUDA device");
  }

  @Test
  void torch_withoutNatives_saysWhatIsMissing() throws Exception {
    String withoutNatives =
        java.util.Arrays.stream(
                System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(
                jar -> !jar.matches(".*(pytorch|openblas|javacpp)-[^/]*-(linux|macosx|windows)-.*"))
            .collect(java.util.stream.Collectors.joining(java.io.File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=" + Files.createTempDirectory("natives"),
                "-cp",
                withoutNatives,
                Loading.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    assertThat(output)
        .contains("KindredException: neural models need libtorch")
        .contains("linux-x86_64");
  }

  /** Starts libtorch in a JVM of its own and says what came of it. */
  static final class Loading {
    public static void main(String[] arguments) {
      try {
        Torch.load();
        System.out.println("loaded");
      } catch (KindredException e) {
        System.out.println(e.toString());
      }
    }
  }

  /** A training step's worth of operations, ten thousand times: resident memory stays. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void scope_tenThousandSteps_keepNoMemory() throws IOException {
    Weights weights = Weights.beginning(1);
    Tensor w = weights.normal("w", 1, 200, 200);
    Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAM, 0.01, weights);
    long early = 0;
    for (int step = 0; step < 10_000; step++) {
      try (Scope scope = Scope.open()) {
        optimizer.zeroGradients();
        w.matmul(w.narrow(1, 0, 8)).square().mean().backward();
        optimizer.step(1e-4);
      }
      early = step == 1000 ? residentKilobytes() : early;
    }
    assertThat(residentKilobytes() - early).as("kB more after 9,000 steps").isLessThan(60_000);
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS");
  }
}
