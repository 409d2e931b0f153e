package io.kindred.eval;

import io.kindred.metric.Metric;
import io.kindred.metric.RatingMetric;
import io.kindred.metric.SystemMetric;
import io.kindred.sparse.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/*
 * People are drawn with replacement, as many as there are, 1,000 times; every figure of every model is computed on the same draws, so that
 * differences between models are paired. A draw is a weight for each person: how often that person came up. A figure that is a mean is then a
 * weighted sum over people, which costs one multiplication each, so that 1,000 draws of 24 figures of 6,040 people are 145 million of them.
 *
 * Intervals of means are BCa (Efron, "Better Bootstrap Confidence Intervals", 1987): percentiles moved for bias and for skewness, the latter
 * from the jackknife, which for a mean is a formula. Coverage and Gini of a draw are systematically those of fewer different people, so their
 * percentiles would miss the value itself; they get value +- 1.96 standard deviations over 200 draws.
 *
 * Draw r has its own random numbers from (seed, r), so the number of threads changes nothing.
 */

/** Bootstrap intervals over people. */
final class Bootstrap {
  static final int DRAWS = 1000;
  private static final int SYSTEM_DRAWS = 200;

  private final long seed;
  private final int threads;

  Bootstrap(long seed, int threads) {
    this.seed = seed;
    this.threads = threads;
  }

  /**
   * The sums of one metric in one run, by person of the union of all runs and models.
   *
   * @param sums 0 for people without a value
   * @param weights how much each sum counts; 0 for people without a value
   */
  record Column(Metric metric, float[] sums, float[] weights) {
    double value() {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < sums.length; i++) {
        sum += sums[i];
        weight += weights[i];
      }
      return of(sum, weight);
    }

    double of(double sum, double weight) {
      return metric instanceof RatingMetric rating ? rating.ofMeanLoss(sum / weight) : sum / weight;
    }

    /** The value when person i comes up {@code draw[i]} times. */
    private double value(float[] draw) {
      double sum0 = 0;
      double sum1 = 0;
      double weight0 = 0;
      double weight1 = 0;
      int i = 0;
      for (; i + 1 < draw.length; i += 2) {
        sum0 += draw[i] * sums[i];
        sum1 += draw[i + 1] * sums[i + 1];
        weight0 += draw[i] * weights[i];
        weight1 += draw[i + 1] * weights[i + 1];
      }
      if (i < draw.length) {
        sum0 += draw[i] * sums[i];
        weight0 += draw[i] * weights[i];
      }
      return of(sum0 + sum1, weight0 + weight1);
    }
  }

  /**
   * The values of each column in each draw, shape {@code double[columns][1000]}.
   *
   * @param people the length of all columns
   */
  double[][] draws(List<Column> columns, int people) {
    double[][] values = new double[columns.size()][DRAWS];
    Parallel.forBlocks(
        threads,
        DRAWS,
        10,
        () -> {
          float[] draw = new float[people];
          return (from, to) -> {
            for (int r = from; r < to; r++) {
              draw(r, draw);
              for (int c = 0; c < values.length; c++) {
                values[c][r] = columns.get(c).value(draw);
              }
            }
          };
        });
    return values;
  }

  private void draw(int r, float[] draw) {
    Arrays.fill(draw, 0);
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + r);
    for (int i = 0; i < draw.length; i++) {
      draw[(int) (((random.nextInt() & 0xffffffffL) * draw.length) >>> 32)]++;
    }
  }

  /** The mean over runs. */
  static double[] mean(List<double[]> runs) {
    double[] mean = new double[runs.get(0).length];
    for (double[] run : runs) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += run[i] / runs.size();
      }
    }
    return mean;
  }

  /** The BCa interval of the mean over runs of a metric, from its value in each draw. */
  static Figure figure(List<Column> runs, double[] draws) {
    double value = runs.stream().mapToDouble(Column::value).average().orElseThrow();
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    if (Double.isNaN(value)
        || Double.isNaN(sorted[sorted.length - 1])
        || sorted[0] == sorted[sorted.length - 1]) {
      return new Figure(value, value, value);
    }
    double below = 0;
    for (double drawn : sorted) {
      below += drawn < value ? 1 : drawn == value ? 0.5 : 0;
    }
    double bias = Statistics.normalQuantile(below / sorted.length);
    double skewness = acceleration(runs, value);
    return new Figure(
        value,
        Statistics.quantile(sorted, share(bias, skewness, -1.959963984540054)),
        Statistics.quantile(sorted, share(bias, skewness, 1.959963984540054)));
  }

  private static double share(double bias, double skewness, double z) {
    double moved = bias + z;
    return Statistics.normalCdf(bias + moved / (1 - skewness * moved));
  }

  /** Sum of cubes / (6 * sum of squares^1.5) of the jackknife values' distances from their mean. */
  private static double acceleration(List<Column> runs, double value) {
    int people = runs.get(0).sums().length;
    double[] without = new double[people];
    for (Column run : runs) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < people; i++) {
        sum += run.sums()[i];
        weight += run.weights()[i];
      }
      for (int i = 0; i < people; i++) {
        double left = weight - run.weights()[i];
        without[i] +=
            (left > 0 ? run.of(Math.max(0, sum - run.sums()[i]), left) : value) / runs.size();
      }
    }
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = 0;
    double cubes = 0;
    for (double one : without) {
      double distance = mean - one;
      squares += distance * distance;
      cubes += distance * distance * distance;
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }

  /**
   * The figures of all metrics of the whole system in one run, by metric; standard deviations stand
   * in {@code high - value}.
   *
   * @param evaluation with lists
   */
  Map<Metric, Figure> system(Evaluation evaluation) {
    List<SystemMetric> metrics = new ArrayList<>();
    for (Metric metric : evaluation.metrics()) {
      if (metric instanceof SystemMetric system) {
        metrics.add(system);
      }
    }
    metrics.sort(Comparator.comparingInt(SystemMetric::cutoff));
    double[][] values = new double[metrics.size()][SYSTEM_DRAWS];
    if (!metrics.isEmpty()) {
      Parallel.forBlocks(
          threads,
          SYSTEM_DRAWS,
          5,
          () -> {
            float[] draw = new float[evaluation.users().length];
            int[] counts = new int[evaluation.itemCount()];
            return (from, to) -> {
              for (int r = from; r < to; r++) {
                draw(r, draw);
                count(evaluation, metrics, draw, counts, r, values);
              }
            };
          });
    }
    Map<Metric, Figure> figures = new TreeMap<>(Comparator.comparing(Metric::name));
    for (int m = 0; m < values.length; m++) {
      double value = evaluation.value(metrics.get(m));
      double reach = 1.959963984540054 * deviation(values[m]);
      figures.put(
          metrics.get(m),
          new Figure(value, Math.max(0, value - reach), Math.min(1, value + reach)));
    }
    return figures;
  }

  /** Counts recommended items cut-off by cut-off; each goes on where the one before it ended. */
  private static void count(
      Evaluation evaluation,
      List<SystemMetric> metrics,
      float[] draw,
      int[] counts,
      int r,
      double[][] values) {
    Arrays.fill(counts, 0);
    int length = evaluation.listLength();
    int counted = 0;
    for (int m = 0; m < metrics.size(); m++) {
      int cutoff = metrics.get(m).cutoff();
      if (cutoff > counted) {
        for (int place = 0; place < draw.length; place++) {
          int weight = (int) draw[place];
          for (int rank = counted; weight > 0 && rank < cutoff; rank++) {
            int item = evaluation.lists()[place * length + rank];
            if (item < 0) {
              break;
            }
            counts[item] += weight;
          }
        }
        counted = cutoff;
      }
      values[m][r] = metrics.get(m).of(evaluation.inCatalogue(counts));
    }
  }

  static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  }
}
