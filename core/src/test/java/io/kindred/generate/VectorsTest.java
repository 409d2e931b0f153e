package io.kindred.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class VectorsTest {
  @Test
  void exp_wholeRange_agreesWithTheLibrary() {
    for (double x = -690; x < 690; x += 0.137) {
      assertThat(Vectors.exp(x)).isCloseTo(Math.exp(x), Percentage.withPercentage(1e-8));
    }
    assertThat(Vectors.exp(0)).isEqualTo(1);
    assertThat(Vectors.exp(-1e9)).isBetween(0.0, 1e-300);
    assertThat(Vectors.exp(1e9)).isBetween(1e300, Double.MAX_VALUE);
  }

  @Test
  void orthonormal_rows_areOrthonormal() {
    double[][] rows = Vectors.orthonormal(16, new Random64(3, Random64.Stream.LOOK, 0));
    for (int r = 0; r < 16; r++) {
      for (int q = 0; q < 16; q++) {
        assertThat(Vectors.dot(rows[r], rows[q])).isCloseTo(r == q ? 1 : 0, within(1e-12));
      }
    }
  }

  @Test
  void normalize_zeroVector_becomesTheFirstAxis() {
    double[] zero = new double[3];
    Vectors.normalize(zero);

    assertThat(zero).containsExactly(1, 0, 0);
  }

  @Test
  void normal_manyDraws_haveMeanZeroAndVarianceOne() {
    Random64 random = new Random64(1, Random64.Stream.LOOK, 0);
    double sum = 0;
    double squares = 0;
    int draws = 100_000;
    for (int n = 0; n < draws; n++) {
      double x = random.normal();
      sum += x;
      squares += x * x;
    }
    assertThat(sum / draws).isCloseTo(0, within(0.01));
    assertThat(squares / draws).isCloseTo(1, within(0.01));
  }
}
