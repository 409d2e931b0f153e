package io.kindred.similarity;

import io.kindred.sparse.SparseMatrix;

/**
 * How entries are weighted before rows are compared, as words are in documents: rows are documents,
 * columns are words.
 */
public enum Weighting {
  /** Entries as they are. */
  NONE,
  /**
   * √x · ln(R / (1 + df)), df entries of the column, R rows; below 0 counts as 0. Columns that
   * everybody has say little.
   */
  TF_IDF,
  /**
   * x (k1 + 1) / (k1 (1 - b + b |row| / mean |row|) + x) · ln(R / (1 + df)), |row| the sum of the
   * row, k1 = 100, b = 0.8 (Robertson 1994; constants of common recommender practice, large k1
   * because counts are small).
   */
  BM25;

  private static final double K1 = 100;
  private static final double B = 0.8;

  /**
   * Weights that are fitted on a matrix once and then apply to its rows and to rows that it never
   * saw.
   */
  static final class Fitted {
    private final Weighting kind;
    private final double[] idf;
    private final double meanRowSum;

    Fitted(Weighting kind, SparseMatrix rows) {
      this.kind = kind;
      this.idf = kind == NONE ? new double[0] : idf(rows);
      double sum = 0;
      for (float value : rows.values()) {
        sum += value;
      }
      this.meanRowSum = sum / Math.max(1, rows.rowCount());
    }

    private static double[] idf(SparseMatrix rows) {
      int[] df = rows.columnSizes();
      double[] idf = new double[df.length];
      for (int c = 0; c < df.length; c++) {
        idf[c] = Math.max(0, Math.log((double) rows.rowCount() / (1 + df[c])));
      }
      return idf;
    }

    /** Writes the weighted entries {@code from .. to - 1} of one row over {@code values}. */
    void apply(int[] columns, float[] values, int from, int to) {
      if (kind == NONE) {
        return;
      }
      double sum = 0;
      for (int p = from; p < to; p++) {
        sum += values[p];
      }
      double length = meanRowSum > 0 ? 1 - B + B * sum / meanRowSum : 1;
      for (int p = from; p < to; p++) {
        double x = Math.max(0, values[p]);
        double tf = kind == TF_IDF ? Math.sqrt(x) : x * (K1 + 1) / (K1 * length + x);
        values[p] = (float) (tf * idf[columns[p]]);
      }
    }
  }
}
