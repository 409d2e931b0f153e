package io.kindred.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kernel against the loop that its definition is. */
class KernelsTest {
  private final Random random = new Random(3);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 64, 131})
  void dot_anyLength_isTheSumOfProducts(int n) {
    float[] a = vector(n + 2);
    float[] b = vector(n);
    double expected = 0;
    for (int k = 0; k < n; k++) {
      expected += (double) a[k] * b[k];
    }
    assertThat((double) Kernels.dot(a, b, n)).isCloseTo(expected, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1", "7, 3", "16, 4", "33, 9", "64, 18"})
  void sums_anyShape_areThoseOfTheirDefinition(int n, int count) {
    float[][] rows = new float[25][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = vector(n + r % 3); // longer rows: what is beyond n does not count
    }
    int[] which = random.ints(count, 0, rows.length).toArray();
    float[] weights = vector(count + 1);
    float[] shifts = vector(count + 1);
    float[] p = vector(n);
    float[] summed = vector(n);
    float[] projected = vector(n);
    float[][] products = new float[n][];
    double[] expectedSum = new double[n];
    double[] expectedProjection = new double[n];
    double[][] expectedProducts = new double[n][n];
    for (int a = 0; a < n; a++) {
      products[a] = vector(n);
      expectedSum[a] = summed[a];
      expectedProjection[a] = projected[a];
      for (int b = 0; b < n; b++) {
        expectedProducts[a][b] = products[a][b];
      }
    }
    for (int j = 0; j < count; j++) {
      float[] row = rows[which[j]];
      double projection = 0;
      for (int k = 0; k < n; k++) {
        projection += (double) row[k] * p[k];
      }
      for (int a = 0; a < n; a++) {
        expectedSum[a] += weights[j] * row[a];
        expectedProjection[a] += (shifts[j] + weights[j] * projection) * row[a];
        for (int b = a; b < n; b++) {
          expectedProducts[a][b] += (double) weights[j] * row[a] * row[b];
        }
      }
    }

    Kernels.addRows(summed, rows, which, weights, count);
    Kernels.addProjections(projected, p, rows, which, weights, shifts, count);
    Kernels.addOuterProducts(products, rows, which, weights, count);

    for (int a = 0; a < n; a++) {
      assertThat((double) summed[a]).isCloseTo(expectedSum[a], within(1e-4));
      assertThat((double) projected[a]).isCloseTo(expectedProjection[a], within(1e-3));
      for (int b = a; b < n; b++) {
        assertThat((double) products[a][b]).isCloseTo(expectedProducts[a][b], within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 3", "64, 40", "9, 700"})
  void addColumns_inBlocks_isTheProductAndDoesNotDependOnTheBlocks(int factors, int items) {
    float[][] columns = new float[factors][];
    for (int k = 0; k < factors; k++) {
      columns[k] = vector(items);
    }
    float[] x = vector(factors);
    float[] whole = new float[items];
    Kernels.addColumns(whole, columns, x, 0, items);
    float[] blocks = new float[items];
    for (int from = 0; from < items; from += 17) {
      Kernels.addColumns(blocks, columns, x, from, Math.min(items, from + 17));
    }
    assertThat(blocks).isEqualTo(whole);
    for (int item = 0; item < items; item++) {
      double expected = 0;
      for (int k = 0; k < factors; k++) {
        expected += (double) x[k] * columns[k][item];
      }
      assertThat((double) whole[item]).isCloseTo(expected, within(1e-4));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 1", "300, 5", "3000, 12"})
  void gram_anyNumberOfThreads_isTheSameAndRight(int rows, int columns) {
    float[][] matrix = new float[rows][];
    for (int r = 0; r < rows; r++) {
      matrix[r] = vector(columns + 1);
    }
    float[][] gram = Gram.of(matrix, columns, 1);
    assertThat(Gram.of(matrix, columns, 3)).isDeepEqualTo(gram);
    for (int a = 0; a < columns; a++) {
      for (int b = 0; b < columns; b++) {
        double expected = 0;
        for (float[] row : matrix) {
          expected += (double) row[a] * row[b];
        }
        assertThat((double) gram[a][b]).isCloseTo(expected, within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 11, 64, 66})
  void cholesky_positiveDefinite_solves(int n) {
    float[][] basis = new float[n + 5][];
    for (int r = 0; r < basis.length; r++) {
      basis[r] = vector(n);
    }
    float[][] a = Gram.of(basis, n, 1);
    double[][] precise = new double[n][n];
    float[] b = vector(n);
    double[] preciseB = new double[n];
    for (int k = 0; k < n; k++) {
      a[k][k] += 1;
      preciseB[k] = b[k];
      for (int l = 0; l < n; l++) {
        precise[k][l] = a[k][l];
      }
    }
    double[][] original = new double[n][];
    for (int k = 0; k < n; k++) {
      original[k] = precise[k].clone();
    }
    float[] x = b.clone();
    double[] preciseX = preciseB.clone();

    assertThat(Cholesky.factor(a)).isTrue();
    Cholesky.solve(a, x);
    assertThat(Cholesky.factor(precise)).isTrue();
    Cholesky.solve(precise, preciseX);

    for (int k = 0; k < n; k++) {
      double image = 0;
      double preciseImage = 0;
      for (int l = 0; l < n; l++) {
        image += original[k][l] * x[l];
        preciseImage += original[k][l] * preciseX[l];
      }
      assertThat(image).isCloseTo(b[k], within(1e-3));
      assertThat(preciseImage).isCloseTo(b[k], within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "31, 2", "64, 1", "65, 2", "150, 3"})
  void inverse_anySize_timesTheMatrixIsTheIdentity(int n, int threads) {
    float[][] rows = new float[n + 5][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = vector(n);
    }
    float[][] a = Gram.of(rows, n, 1);
    double[][] u = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i][i] += 1;
      for (int j = 0; j < n; j++) {
        u[i][j] = a[i][j];
      }
    }
    assertThat(Cholesky.factor(u)).isTrue();
    float[][] product = new float[n][n];
    Kernels.addProduct(product, Cholesky.inverse(u, threads), a, 0, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertThat(product[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 130, 600})
  void addProduct_someRows_isThePlainSumAndTouchesNoOther(int n) {
    float[][] left = new float[n][];
    float[][] right = new float[n][];
    for (int r = 0; r < n; r++) {
      left[r] = vector(n);
      right[r] = vector(n);
    }
    float[][] out = new float[n][n];
    int to = Math.min(n, 3);
    Kernels.addProduct(out, left, right, to - 1, to);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n && i == to - 1; k++) {
          sum += (double) left[i][k] * right[k][j];
        }
        assertThat((double) out[i][j]).isCloseTo(sum, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6, 40})
  void cholesky_singularOrNaN_isRefused(int n) {
    float[][] rows = new float[n - 1][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = vector(n);
    }
    assertThat(Cholesky.factor(Gram.of(rows, n, 1))).isFalse();
    float[][] broken = new float[n][n];
    double[][] preciseBroken = new double[n][n];
    for (int k = 0; k < n; k++) {
      broken[k][k] = 1;
      preciseBroken[k][k] = 1;
    }
    broken[0][n - 1] = Float.NaN;
    preciseBroken[0][n - 1] = Double.NaN;
    assertThat(Cholesky.factor(broken)).isFalse();
    assertThat(Cholesky.factor(preciseBroken)).isFalse();
  }

  private float[] vector(int n) {
    float[] vector = new float[n];
    for (int k = 0; k < n; k++) {
      vector[k] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
