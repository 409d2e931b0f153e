package io.kindred.neural.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packed convolution against a plain loop in double precision. */
class FusedConvolutionTest {
  @ParameterizedTest
  @CsvSource({
    "1,3,8,3,2,0,1",
    "2,8,8,3,1,1,8",
    "3,16,16,3,2,0,16",
    "2,24,40,1,1,0,1",
    "1,4,6,5,1,2,1",
    "2,6,12,3,1,1,2"
  })
  void apply_anyShape_isTheSum(
      int batch, int in, int out, int kernel, int stride, int padding, int groups) {
    Random random = new Random(batch + in * 7L + out);
    int height = 11;
    int width = 9;
    float[] x = numbers(random, batch * in * height * width);
    float[] w = numbers(random, out * (in / groups) * kernel * kernel);
    float[] b = numbers(random, out);
    FusedConvolution convolution =
        new FusedConvolution(
            Tensor.of(w, out, in / groups, kernel, kernel),
            Tensor.of(b, out),
            stride,
            padding,
            groups,
            -0.5,
            6);
    int rows = (height + 2 * padding - kernel) / stride + 1;
    int columns = (width + 2 * padding - kernel) / stride + 1;
    float[] found;
    float[] plain;
    try (Scope scope = Scope.withoutGradients()) {
      Tensor input = Tensor.of(x, batch, in, height, width);
      Tensor result = convolution.apply(input);
      assertThat(result.shape()).containsExactly(batch, out, rows, columns);
      found = result.toFloats();
      plain = convolution.plain(input).toFloats();
    }
    int at = 0;
    int own = in / groups;
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < out; o++) {
        int group = o / (out / groups);
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < columns; c++, at++) {
            double sum = b[o];
            for (int i = 0; i < own; i++) {
              for (int kr = 0; kr < kernel; kr++) {
                for (int kc = 0; kc < kernel; kc++) {
                  int row = r * stride - padding + kr;
                  int column = c * stride - padding + kc;
                  if (row >= 0 && row < height && column >= 0 && column < width) {
                    int from = ((n * in + group * own + i) * height + row) * width + column;
                    sum += (double) w[((o * own + i) * kernel + kr) * kernel + kc] * x[from];
                  }
                }
              }
            }
            double expected = Math.min(6, Math.max(-0.5, sum));
            assertThat((double) found[at]).isCloseTo(expected, within(1e-4));
            assertThat((double) plain[at]).isCloseTo(expected, within(1e-4));
          }
        }
      }
    }
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
