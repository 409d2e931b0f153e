package io.kindred.eval;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Tests of whether two models differ. */
final class PairedTest {
  private PairedTest() {}

  /**
   * Two-sided p of the paired t test that the differences have mean 0. Smucker et al., "A
   * Comparison of Statistical Significance Tests for Information Retrieval Evaluation", 2007, find
   * it to agree with the randomization test.
   *
   * @param differences by person, NaN for people who do not count
   * @return 1 where fewer than two people count, or where nobody differs
   */
  static double pValue(double[] differences) {
    int n = 0;
    double sum = 0;
    for (double difference : differences) {
      if (!Double.isNaN(difference)) {
        n++;
        sum += difference;
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (double difference : differences) {
      if (!Double.isNaN(difference)) {
        squares += (difference - mean) * (difference - mean);
      }
    }
    if (n < 2 || (mean == 0 && squares == 0)) {
      return 1;
    }
    return Statistics.studentTwoSided(mean / Math.sqrt(squares / (n - 1) / n), n - 1);
  }

  /**
   * Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979: the smallest p times
   * their number, the next times one less, ...
   */
  static double[] holm(double[] p) {
    List<Integer> order =
        IntStream.range(0, p.length).boxed().sorted(Comparator.comparingDouble(i -> p[i])).toList();
    double[] adjusted = new double[p.length];
    double largest = 0;
    for (int rank = 0; rank < p.length; rank++) {
      largest = Math.max(largest, Math.min(1, (p.length - rank) * p[order.get(rank)]));
      adjusted[order.get(rank)] = largest;
    }
    return adjusted;
  }
}
