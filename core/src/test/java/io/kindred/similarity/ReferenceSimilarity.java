package io.kindred.similarity;

import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Every similarity as its textbook has it: two dense rows side by side, one plain loop a pair, no
 * sufficient statistics.
 */
final class ReferenceSimilarity {
  private static final double MISSING = Double.NaN;

  private final double[][] rows;
  private final SimilarityOptions options;

  /**
   * Compares the rows of a matrix; {@code side} users or items says how baselines are regularized.
   */
  ReferenceSimilarity(SparseMatrix matrix, SimilarityOptions options, boolean items) {
    this.options = options;
    this.rows = new double[matrix.rowCount()][matrix.columnCount()];
    for (double[] row : rows) {
      Arrays.fill(row, MISSING);
    }
    for (int r = 0; r < matrix.rowCount(); r++) {
      for (int p = matrix.starts()[r]; p < matrix.starts()[r + 1]; p++) {
        rows[r][matrix.columns()[p]] = matrix.values()[p];
      }
    }
    weight();
    switch (options.measure()) {
      case ADJUSTED_COSINE, ADJUSTED_COSINE_CORATED -> subtractColumnMeans();
      case PEARSON_WHOLE -> subtractRowMeans();
      case SPEARMAN -> rank();
      case PEARSON_BASELINE -> subtractBaselines(items);
      default -> {}
    }
  }

  private void weight() {
    if (options.weighting() == Weighting.NONE) {
      return;
    }
    int columns = rows[0].length;
    double meanLength =
        Arrays.stream(rows).mapToDouble(row -> present(row).sum()).sum() / rows.length;
    for (double[] row : rows) {
      double length = present(row).sum();
      for (int c = 0; c < columns; c++) {
        int column = c;
        double df = Arrays.stream(rows).filter(other -> !Double.isNaN(other[column])).count();
        double idf = Math.max(0, Math.log(rows.length / (1 + df)));
        double x = row[c];
        row[c] =
            options.weighting() == Weighting.TF_IDF
                ? Math.sqrt(x) * idf
                : x * 101 / (100 * (0.2 + 0.8 * length / meanLength) + x) * idf;
      }
    }
  }

  private static DoubleStream present(double[] row) {
    return Arrays.stream(row).filter(x -> !Double.isNaN(x));
  }

  private void subtractRowMeans() {
    for (double[] row : rows) {
      double mean = present(row).average().orElse(0);
      for (int c = 0; c < row.length; c++) {
        row[c] -= mean;
      }
    }
  }

  private void subtractColumnMeans() {
    for (int c = 0; c < rows[0].length; c++) {
      int column = c;
      double mean =
          Arrays.stream(rows)
              .mapToDouble(row -> row[column])
              .filter(x -> !Double.isNaN(x))
              .average()
              .orElse(0);
      for (double[] row : rows) {
        row[c] -= mean;
      }
    }
  }

  private void rank() {
    for (int r = 0; r < rows.length; r++) {
      rows[r] = ranks(rows[r]);
    }
  }

  private static double[] ranks(double[] row) {
    double[] ranks = row.clone();
    for (int c = 0; c < row.length; c++) {
      double x = row[c];
      if (!Double.isNaN(x)) {
        long below = present(row).filter(y -> y < x).count();
        long equal = present(row).filter(y -> y == x).count();
        ranks[c] = below + (equal + 1) / 2.0;
      }
    }
    return ranks;
  }

  /**
   * Alternating least squares, ten rounds, items first; regularization 10 for items and 15 for
   * users.
   */
  private void subtractBaselines(boolean items) {
    int columns = rows[0].length;
    double mean =
        Arrays.stream(rows).flatMapToDouble(ReferenceSimilarity::present).average().orElse(0);
    double[] rowBias = new double[rows.length];
    double[] columnBias = new double[columns];
    for (int round = 0; round < 10; round++) {
      if (items) {
        fitRows(mean, rowBias, columnBias, 10);
        fitColumns(mean, rowBias, columnBias, 15);
      } else {
        fitColumns(mean, rowBias, columnBias, 10);
        fitRows(mean, rowBias, columnBias, 15);
      }
    }
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns; c++) {
        rows[r][c] -= mean + rowBias[r] + columnBias[c];
      }
    }
  }

  private void fitRows(double mean, double[] rowBias, double[] columnBias, double regularization) {
    for (int r = 0; r < rows.length; r++) {
      double sum = 0;
      int n = 0;
      for (int c = 0; c < columnBias.length; c++) {
        if (!Double.isNaN(rows[r][c])) {
          sum += rows[r][c] - mean - columnBias[c];
          n++;
        }
      }
      rowBias[r] = n == 0 ? 0 : sum / (regularization + n);
    }
  }

  private void fitColumns(
      double mean, double[] rowBias, double[] columnBias, double regularization) {
    for (int c = 0; c < columnBias.length; c++) {
      double sum = 0;
      int n = 0;
      for (int r = 0; r < rows.length; r++) {
        if (!Double.isNaN(rows[r][c])) {
          sum += rows[r][c] - mean - rowBias[r];
          n++;
        }
      }
      columnBias[c] = n == 0 ? 0 : sum / (regularization + n);
    }
  }

  /**
   * The similarity of two rows with shrinkage and significance; NaN without a common column, or
   * with fewer than asked.
   */
  double similarity(int first, int second) {
    double[] a = rows[first];
    double[] b = rows[second];
    double[] x = new double[a.length];
    double[] y = new double[a.length];
    int n = 0;
    double sizeA = 0;
    double sizeB = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int c = 0; c < a.length; c++) {
      boolean inA = !Double.isNaN(a[c]);
      boolean inB = !Double.isNaN(b[c]);
      sizeA += inA ? 1 : 0;
      sizeB += inB ? 1 : 0;
      squaresA += inA ? a[c] * a[c] : 0;
      squaresB += inB ? b[c] * b[c] : 0;
      if (inA && inB) {
        x[n] = a[c];
        y[n++] = b[c];
      }
    }
    if (n == 0 || n < options.minOverlap()) {
      return Double.NaN;
    }
    x = Arrays.copyOf(x, n);
    y = Arrays.copyOf(y, n);
    double normA = Math.sqrt(squaresA);
    double normB = Math.sqrt(squaresB);
    double plain =
        switch (options.measure()) {
          case COSINE, ADJUSTED_COSINE, PEARSON_WHOLE -> divide(dot(x, y), normA * normB);
          case COSINE_CORATED, ADJUSTED_COSINE_CORATED, PEARSON_BASELINE ->
              divide(dot(x, y), Math.sqrt(dot(x, x)) * Math.sqrt(dot(y, y)));
          case PEARSON, SPEARMAN -> pearson(x, y);
          case SPEARMAN_CORATED -> pearson(ranks(x), ranks(y));
          case EUCLIDEAN -> 1 / (1 + wholeDistance(a, b));
          case EUCLIDEAN_EXP -> Math.exp(-wholeDistance(a, b));
          case EUCLIDEAN_CORATED -> 1 / (1 + distance(x, y));
          case EUCLIDEAN_EXP_CORATED -> Math.exp(-distance(x, y));
          case MSD -> 1 / (1 + distance(x, y) * distance(x, y) / n);
          case JACCARD -> n / (sizeA + sizeB - n);
          case TANIMOTO -> divide(dot(x, y), normA * normA + normB * normB - dot(x, y));
          case DICE -> 2.0 * n / (sizeA + sizeB);
          case OVERLAP -> n / Math.min(sizeA, sizeB);
          case ASYMMETRIC_COSINE ->
              divide(
                  dot(x, y),
                  Math.pow(normA, 2 * options.alpha())
                      * Math.pow(normB, 2 * (1 - options.alpha())));
          case LOG_LIKELIHOOD -> logLikelihood(n, sizeA, sizeB, a.length);
        };
    double shrunk = options.measure() == Measure.PEARSON_BASELINE ? n - 1 : n;
    double factor = options.shrinkage() > 0 ? shrunk / (shrunk + options.shrinkage()) : 1;
    double significance =
        options.significance() > 0
            ? Math.min(n, options.significance()) / (double) options.significance()
            : 1;
    return plain * factor * significance;
  }

  private static double logLikelihood(double n, double sizeA, double sizeB, double columns) {
    double[][] table = {{n, sizeA - n}, {sizeB - n, columns - sizeA - sizeB + n}};
    double g2 = 0;
    for (int r = 0; r < 2; r++) {
      for (int c = 0; c < 2; c++) {
        double expected = (table[r][0] + table[r][1]) * (table[0][c] + table[1][c]) / columns;
        g2 += table[r][c] > 0 ? 2 * table[r][c] * Math.log(table[r][c] / expected) : 0;
      }
    }
    boolean moreThanChance = n > sizeA * sizeB / columns;
    return moreThanChance ? 1 - 1 / (1 + g2) : 0;
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double[] fromX = Arrays.stream(x).map(v -> v - meanX).toArray();
    double[] fromY = Arrays.stream(y).map(v -> v - meanY).toArray();
    double spread = Math.sqrt(dot(fromX, fromX) * dot(fromY, fromY));
    return spread < 1e-9 ? 0 : dot(fromX, fromY) / spread;
  }

  private static double wholeDistance(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      double difference = (Double.isNaN(a[c]) ? 0 : a[c]) - (Double.isNaN(b[c]) ? 0 : b[c]);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double distance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return Math.sqrt(sum);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double divide(double above, double below) {
    return below == 0 ? 0 : above / below;
  }
}
