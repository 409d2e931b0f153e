package io.kindred.similarity;

/**
 * What one sparse pass knows of two rows {@code a} and {@code b}: the sufficient statistics from
 * which every {@link Measure} is computed. Reused for many pairs; not thread-safe.
 *
 * <p>Sums over <em>co-rated</em> columns run over the columns in which both rows have an entry; the
 * others run over whole rows.
 */
final class PairStatistics {
  /** Co-rated columns: how many. */
  double overlap;

  /** Co-rated columns: sum of a * b. This is also the dot product of the whole rows. */
  double dot;

  /** Co-rated columns: sum of a. */
  double sumA;

  /** Co-rated columns: sum of b. */
  double sumB;

  /** Co-rated columns: sum of a squared. */
  double squareA;

  /** Co-rated columns: sum of b squared. */
  double squareB;

  /** Whole row a: entries. */
  double sizeA;

  /** Whole row b: entries. */
  double sizeB;

  /** Whole row a: sum of squares. */
  double normA;

  /** Whole row b: sum of squares. */
  double normB;

  /** Columns of the matrix. */
  double columns;

  /** {@link SimilarityOptions#alpha}. */
  double alpha;
}
