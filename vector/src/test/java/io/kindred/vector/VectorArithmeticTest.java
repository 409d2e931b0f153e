package io.kindred.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.linalg.Arithmetic;
import io.kindred.linalg.Kernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each loop gives what the plain one gives. */
class VectorArithmeticTest {
  private final Random random = new Random(6);
  private final Arithmetic plain = Kernels.plain();
  private final Arithmetic vector = new VectorArithmetic();

  @Test
  void kernels_moduleIsThere_runOnVectors() {
    assertThat(Kernels.arithmetic()).isEqualTo(vector.name()).startsWith("Vector API");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 8, 15, 16, 17, 32, 35, 50, 64, 100, 128})
  void loops_anyLength_agreeWithThePlainOnes(int n) {
    int count = 1 + n % 11;
    float[][] rows = new float[20][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = numbers(n + r % 2);
    }
    int[] which = random.ints(count, 0, 20).toArray();
    float[] weights = numbers(count);
    float[] shifts = numbers(count);
    float[] p = numbers(n);
    float[] start = numbers(n);
    assertThat(vector.dot(p, start, n)).isCloseTo(plain.dot(p, start, n), within(1e-5f * n));

    float[] expected = start.clone();
    float[] actual = start.clone();
    plain.addScaled(expected, p, 0.3f, n / 3, n);
    vector.addScaled(actual, p, 0.3f, n / 3, n);
    assertClose(actual, expected, 4);

    plain.addScaled4(
        expected, rows[0], rows[1], rows[2], rows[3], 1.5f, -0.5f, 0.1f, 0.7f, n / 4, n);
    vector.addScaled4(
        actual, rows[0], rows[1], rows[2], rows[3], 1.5f, -0.5f, 0.1f, 0.7f, n / 4, n);
    assertClose(actual, expected, 4);

    plain.addProjections(expected, p, rows, which, weights, shifts, count);
    vector.addProjections(actual, p, rows, which, weights, shifts, count);
    assertClose(actual, expected, n + count);

    float[][] expectedProducts = new float[n][];
    float[][] actualProducts = new float[n][];
    for (int a = 0; a < n; a++) {
      expectedProducts[a] = numbers(n);
      actualProducts[a] = expectedProducts[a].clone();
    }
    plain.addOuterProducts(expectedProducts, rows, which, weights, count);
    vector.addOuterProducts(actualProducts, rows, which, weights, count);
    for (int a = 0; a < n; a++) {
      for (int b = a; b < n; b++) {
        assertThat(actualProducts[a][b])
            .as("n %d, row %d, column %d", n, a, b)
            .isCloseTo(expectedProducts[a][b], within(1e-5f * count));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 31, 32, 33, 64, 100, 131, 260})
  void addProduct_someRows_agreesWithThePlainOne(int n) {
    float[][] left = new float[n][];
    float[][] right = new float[n][];
    float[][] expected = new float[n][];
    float[][] actual = new float[n][];
    for (int r = 0; r < n; r++) {
      left[r] = numbers(n);
      right[r] = numbers(n);
      expected[r] = numbers(n);
      actual[r] = expected[r].clone();
    }
    plain.addProduct(expected, left, right, n / 5, n - n / 7);
    vector.addProduct(actual, left, right, n / 5, n - n / 7);
    for (int r = 0; r < n; r++) {
      assertClose(actual[r], expected[r], n);
    }
  }

  private static void assertClose(float[] actual, float[] expected, int terms) {
    for (int k = 0; k < expected.length; k++) {
      assertThat(actual[k]).isCloseTo(expected[k], within(1e-5f * terms));
    }
  }

  private float[] numbers(int n) {
    float[] numbers = new float[n];
    for (int k = 0; k < n; k++) {
      numbers[k] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }
}
