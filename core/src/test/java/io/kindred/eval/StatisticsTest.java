package io.kindred.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.metric.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.inference.TestUtils;
import org.junit.jupiter.api.Test;

/** Distributions and tests against Apache Commons Math; intervals against what they promise. */
class StatisticsTest {
  @Property
  void normal_anyValue_agreesWithCommonsMath(@ForAll @DoubleRange(min = -9, max = 9) double z) {
    assertThat(Statistics.normalCdf(z))
        .isEqualTo(new NormalDistribution().cumulativeProbability(z), within(1e-12));
  }

  @Property
  void normalQuantile_anyProbability_agreesWithCommonsMath(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
    assertThat(Statistics.normalQuantile(p))
        .isEqualTo(new NormalDistribution().inverseCumulativeProbability(p), within(1e-7));
  }

  @Property
  void student_anyValue_agreesWithCommonsMath(
      @ForAll @DoubleRange(min = -40, max = 40) double t,
      @ForAll @IntRange(min = 1, max = 20000) int degrees) {
    double expected = 2 * new TDistribution(degrees).cumulativeProbability(-Math.abs(t));
    assertThat(Statistics.studentTwoSided(t, degrees)).isEqualTo(expected, within(1e-9));
  }

  @Property(tries = 100)
  void pValue_anyDifferences_agreesWithCommonsMath(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 400) int n) {
    Random random = new Random(seed);
    double[] first = random.doubles(n).toArray();
    double[] second =
        Arrays.stream(first).map(x -> x + 0.1 * random.nextGaussian() + 0.005).toArray();
    double[] differences = new double[n + 1];
    Arrays.setAll(differences, i -> i == n ? Double.NaN : first[i] - second[i]);
    assertThat(PairedTest.pValue(differences))
        .isEqualTo(TestUtils.pairedTTest(first, second), within(1e-9));
  }

  @Test
  void pValue_nobodyDiffers_isOne() {
    assertThat(PairedTest.pValue(new double[5])).isEqualTo(1);
    assertThat(PairedTest.pValue(new double[] {0.3, Double.NaN})).isEqualTo(1);
    assertThat(PairedTest.pValue(new double[0])).isEqualTo(1);
  }

  @Test
  void pValue_everybodyDiffersByTheSame_isZero() {
    assertThat(PairedTest.pValue(new double[] {0.5, 0.5, 0.5})).isEqualTo(0);
  }

  @Test
  void holm_handComputedCase_isAsWritten() {
    // ascending 0.01, 0.02, 0.03, 0.04: 4 * 0.01, 3 * 0.02, then not below what came before
    assertThat(PairedTest.holm(new double[] {0.04, 0.01, 0.03, 0.02}))
        .containsExactly(new double[] {0.06, 0.04, 0.06, 0.06}, within(1e-12));
    assertThat(PairedTest.holm(new double[] {0.6, 0.5})).containsExactly(1, 1);
    assertThat(PairedTest.holm(new double[0])).isEmpty();
  }

  /**
   * A mean of skewed values, and a root of a ratio: 300 samples of a known population, whose value
   * the intervals must cover in about 95 %.
   */
  @Test
  void figure_manySamples_coversTheTruthAsOftenAsPromised() {
    int meanCovered = 0;
    int rmseCovered = 0;
    for (int sample = 0; sample < 300; sample++) {
      Random random = new Random(sample);
      int n = 150;
      float[] hits = new float[n];
      float[] ones = new float[n];
      float[] losses = new float[n];
      float[] ratings = new float[n];
      for (int i = 0; i < n; i++) {
        hits[i] = random.nextInt(10) == 0 ? 1 : 0;
        ones[i] = 1;
        ratings[i] = 1 + random.nextInt(20);
        for (int r = 0; r < ratings[i]; r++) {
          losses[i] += (float) Math.pow(random.nextGaussian(), 2);
        }
      }
      Bootstrap bootstrap = new Bootstrap(sample, 2);
      List<Bootstrap.Column> columns =
          List.of(
              new Bootstrap.Column(Metric.parse("hr@10"), hits, ones),
              new Bootstrap.Column(Metric.parse("rmse"), losses, ratings));
      double[][] draws = bootstrap.draws(columns, n);
      Figure mean = Bootstrap.figure(columns.subList(0, 1), draws[0]);
      Figure rmse = Bootstrap.figure(columns.subList(1, 2), draws[1]);
      assertThat(mean.low()).isLessThan(mean.value());
      assertThat(mean.high()).isGreaterThan(mean.value());
      meanCovered += mean.low() <= 0.1 && mean.high() >= 0.1 ? 1 : 0;
      rmseCovered += rmse.low() <= 1 && rmse.high() >= 1 ? 1 : 0;
    }
    assertThat(meanCovered / 300.0).isBetween(0.91, 0.98);
    assertThat(rmseCovered / 300.0).isBetween(0.91, 0.98);
  }

  @Test
  void draws_anyNumberOfThreads_areTheSame() {
    Random random = new Random(1);
    float[] sums = new float[101];
    float[] ones = new float[101];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = random.nextFloat();
      ones[i] = 1;
    }
    List<Bootstrap.Column> columns =
        List.of(new Bootstrap.Column(Metric.parse("ndcg@10"), sums, ones));
    assertThat(new Bootstrap(7, 3).draws(columns, 101))
        .isDeepEqualTo(new Bootstrap(7, 1).draws(columns, 101));
  }

  @Test
  void figure_everybodyTheSame_hasNoWidth() {
    float[] same = {0.5f, 0.5f, 0.5f};
    List<Bootstrap.Column> columns =
        List.of(new Bootstrap.Column(Metric.parse("ndcg@10"), same, new float[] {1, 1, 1}));
    assertThat(Bootstrap.figure(columns, new Bootstrap(1, 1).draws(columns, 3)[0]))
        .isEqualTo(new Figure(0.5, 0.5, 0.5));
  }

  @Test
  void quantile_betweenPlaces_isOnTheLine() {
    double[] sorted = {1, 2, 4};
    assertThat(Statistics.quantile(sorted, 0)).isEqualTo(1);
    assertThat(Statistics.quantile(sorted, 0.75)).isEqualTo(3);
    assertThat(Statistics.quantile(sorted, 1)).isEqualTo(4);
  }
}
