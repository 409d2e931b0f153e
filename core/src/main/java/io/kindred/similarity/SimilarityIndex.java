package io.kindred.similarity;

import io.kindred.data.History;
import io.kindred.similarity.Measure.Needs;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a matrix, made ready to be compared: users by what they did, or items by who did
 * something with them.
 *
 * <p>Immutable and thread-safe; each thread takes its own {@link #search}. Holds the transformed
 * matrix and its transpose, never a matrix of all pairs.
 */
public final class SimilarityIndex {
  /* One sparse pass serves all measures.
   *
   * For a row a, walk its columns c; for each, walk the rows b that have an entry in c, and add to b's sums. Afterwards every row that
   * shares a column with a has its sums, and nothing else was touched. The work is the sum over the columns of a of their sizes; over all
   * rows, the sum of the squared column sizes. Measures differ in the sums that they need:
   *
   *   OVERLAP           int[rows]         n
   *   DOT               double[rows]      sum ab
   *   DOT_AND_OVERLAP   double[2 x rows]  sum ab, n
   *   CORATED           double[6 x rows]  n, sum ab, sum a, sum b, sum a^2, sum b^2
   *   CORATED_RANKS     int[rows]         n; the ranks of each pair are made afterwards, from its values
   *
   * Sums are doubles: a Pearson correlation is a difference of large numbers. Values that are all 1 turn DOT into OVERLAP, which is the
   * fast path of implicit data.
   *
   * Where a row can touch only a few others, those are listed on the way; else all rows are looked at afterwards, which is cheaper than a
   * branch in the inner loop.
   */
  private static final int BLOCK = 16;

  private final SparseMatrix rows;
  private final SparseMatrix byColumn;
  private final SimilarityOptions options;
  private final Needs needs;
  private final double[] norms;
  private final Weighting.Fitted weighting;
  private final double @Nullable [] columnMeans;
  private final @Nullable Baselines baselines;

  private SimilarityIndex(
      SparseMatrix raw, SimilarityOptions options, @Nullable Baselines baselines) {
    this.options = options;
    this.weighting = new Weighting.Fitted(options.weighting(), raw);
    this.baselines = baselines;
    Measure measure = options.measure();
    SparseMatrix weighted = raw.withValues(weightedValues(raw));
    this.columnMeans =
        measure.transform == Measure.Transform.COLUMN_MEAN ? columnMeans(weighted) : null;
    float[] values = weighted.values();
    if (measure.transform != Measure.Transform.NONE) {
      for (int row = 0; row < raw.rowCount(); row++) {
        transform(
            raw.columns(),
            values,
            raw.starts()[row],
            raw.starts()[row + 1],
            baselines == null ? 0 : baselines.userBias()[row]);
      }
    }
    this.rows = weighted;
    this.byColumn = weighted.transpose();
    this.norms = new double[rows.rowCount()];
    for (int row = 0; row < norms.length; row++) {
      norms[row] = squares(values, rows.starts()[row], rows.starts()[row + 1]);
    }
    this.needs = needs(measure, options, values);
  }

  /**
   * Users, compared by their ratings or interactions. Cost O(entries).
   *
   * @param matrix users x items
   */
  public static SimilarityIndex ofUsers(
      SparseMatrix matrix, SimilarityOptions options, int threads) {
    Baselines baselines =
        options.measure() == Measure.PEARSON_BASELINE
            ? Baselines.fit(matrix, Baselines.Options.ALS, threads)
            : null;
    return new SimilarityIndex(matrix, options, baselines);
  }

  /**
   * Items, compared by who rated them or did something with them. Cost O(entries).
   *
   * @param matrix users x items
   */
  public static SimilarityIndex ofItems(
      SparseMatrix matrix, SimilarityOptions options, int threads) {
    Baselines baselines =
        options.measure() == Measure.PEARSON_BASELINE
            ? Baselines.fit(matrix, Baselines.Options.ALS, threads).transposed()
            : null;
    return new SimilarityIndex(matrix.transpose(), options, baselines);
  }

  private static Needs needs(Measure measure, SimilarityOptions options, float[] values) {
    if (measure.needs != Needs.DOT && measure.needs != Needs.DOT_AND_OVERLAP) {
      return measure.needs;
    }
    if (measure.transform == Measure.Transform.NONE && allOne(values)) {
      return Needs.OVERLAP;
    }
    return options.needsOverlap() ? Needs.DOT_AND_OVERLAP : measure.needs;
  }

  private static boolean allOne(float[] values) {
    for (float value : values) {
      if (value != 1f) {
        return false;
      }
    }
    return true;
  }

  private float[] weightedValues(SparseMatrix raw) {
    float[] values = raw.values().clone();
    for (int row = 0; row < raw.rowCount(); row++) {
      weighting.apply(raw.columns(), values, raw.starts()[row], raw.starts()[row + 1]);
    }
    return values;
  }

  private static double[] columnMeans(SparseMatrix matrix) {
    double[] means = new double[matrix.columnCount()];
    for (int p = 0; p < matrix.size(); p++) {
      means[matrix.columns()[p]] += matrix.values()[p];
    }
    int[] sizes = matrix.columnSizes();
    for (int c = 0; c < means.length; c++) {
      means[c] /= Math.max(1, sizes[c]);
    }
    return means;
  }

  private static double squares(float[] values, int from, int to) {
    double sum = 0;
    for (int p = from; p < to; p++) {
      sum += (double) values[p] * values[p];
    }
    return sum;
  }

  /** Does to the entries {@code from .. to - 1} of one row what the measure wants done. */
  private void transform(int[] columns, float[] values, int from, int to, float rowBias) {
    switch (options.measure().transform) {
      case NONE -> {}
      case ROW_MEAN -> {
        double sum = 0;
        for (int p = from; p < to; p++) {
          sum += values[p];
        }
        double mean = sum / Math.max(1, to - from);
        for (int p = from; p < to; p++) {
          values[p] = (float) (values[p] - mean);
        }
      }
      case COLUMN_MEAN -> {
        double[] means = java.util.Objects.requireNonNull(columnMeans);
        for (int p = from; p < to; p++) {
          values[p] = (float) (values[p] - means[columns[p]]);
        }
      }
      case RANKS -> ranks(values, from, to);
      case BASELINE -> {
        Baselines fitted = java.util.Objects.requireNonNull(baselines);
        for (int p = from; p < to; p++) {
          values[p] -= fitted.estimate(rowBias, columns[p]);
        }
      }
    }
  }

  /** Replaces values by their ranks 1, 2, ..., equal values by their mean rank. */
  private static void ranks(float[] values, int from, int to) {
    float[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    for (int p = from; p < to; p++) {
      int first = lowerBound(sorted, values[p]);
      int next = lowerBound(sorted, Math.nextUp(values[p]));
      values[p] = (first + 1 + next) / 2f;
    }
  }

  private static int lowerBound(float[] sorted, float value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The number of rows. */
  public int rowCount() {
    return rows.rowCount();
  }

  /** The similarity that the rows are compared by. */
  public SimilarityOptions options() {
    return options;
  }

  /** A search of its own for the calling thread. Memory O(rows). */
  public Search search() {
    return new Search();
  }

  /**
   * The k nearest neighbors of every row. Cost O(sum of squared column sizes); memory O(rows x k)
   * for the result and O(rows) a thread. The result does not depend on the number of threads.
   *
   * @param k neighbors a row at the most, at least 1
   * @param onRows hears now and then how many rows are done
   */
  public Neighbors nearest(int k, int threads, IntConsumer onRows) {
    if (k < 1) {
      throw new IllegalArgumentException("neighbors must be at least 1, got " + k);
    }
    int count = rowCount();
    int[][] indexes = new int[count][];
    float[][] similarities = new float[count][];
    Parallel.forBlocks(
        threads,
        count,
        BLOCK,
        () -> {
          Search search = search();
          TopN best = new TopN(Math.min(k, count));
          return (from, to) -> {
            for (int row = from; row < to; row++) {
              search.find(row);
              int kept = search.best(best);
              indexes[row] = Arrays.copyOf(best.items(), kept);
              similarities[row] = Arrays.copyOf(best.scores(), kept);
            }
          };
        },
        onRows);
    return concatenated(indexes, similarities);
  }

  private static Neighbors concatenated(int[][] indexes, float[][] similarities) {
    int[] starts = new int[indexes.length + 1];
    for (int row = 0; row < indexes.length; row++) {
      starts[row + 1] = Math.addExact(starts[row], indexes[row].length);
    }
    int[] allIndexes = new int[starts[indexes.length]];
    float[] allSimilarities = new float[allIndexes.length];
    for (int row = 0; row < indexes.length; row++) {
      System.arraycopy(indexes[row], 0, allIndexes, starts[row], indexes[row].length);
      System.arraycopy(similarities[row], 0, allSimilarities, starts[row], indexes[row].length);
    }
    return new Neighbors(starts, allIndexes, allSimilarities);
  }

  /** Compares one row with all others. Owns scratch memory; not thread-safe. */
  public final class Search {
    private final int count = rows.rowCount();
    private final boolean ranking = needs == Needs.CORATED_RANKS;
    private final int[] overlaps = new int[needs == Needs.OVERLAP || ranking ? count : 0];
    private final int stride =
        needs == Needs.CORATED
            ? 6
            : needs == Needs.DOT_AND_OVERLAP ? 2 : needs == Needs.DOT ? 1 : 0;
    private final double[] sums = new double[Math.multiplyExact(stride, count)];
    private final int[] touched = new int[count];
    private int touchedCount;
    private final int[] candidates = new int[count];
    private final float[] similarities = new float[count];
    private final int[] shared = new int[count];
    private int found;
    private final PairStatistics pair = new PairStatistics();
    private final float[] own = new float[ranking ? rows.columnCount() : 0]; // NaN: no entry
    private float[] ranksA = new float[0];
    private float[] ranksB = new float[0];

    private Search() {
      Arrays.fill(own, Float.NaN);
    }

    /** Compares a row of the matrix with all others. */
    public void find(int row) {
      find(
          rows.columns(),
          rows.values(),
          rows.starts()[row],
          rows.starts()[row + 1],
          norms[row],
          row);
    }

    /**
     * Compares somebody who is no row of the matrix with all rows.
     *
     * @param history the entries of the row; of repeats the last counts
     * @param except a row that is not to be found, or -1
     */
    public void find(History history, int except) {
      History once = history.distinct();
      float[] values = once.values().clone();
      weighting.apply(once.items(), values, 0, values.length);
      float bias = baselines == null ? 0 : baselines.foldIn(once);
      transform(once.items(), values, 0, values.length, bias);
      double norm = needs == Needs.OVERLAP ? values.length : squares(values, 0, values.length);
      find(once.items(), values, 0, values.length, norm, except);
    }

    /** How many rows have a similarity above the threshold. */
    public int found() {
      return found;
    }

    /**
     * The rows that were found, ascending or in no order; only the first {@link #found} count.
     * Shared.
     */
    public int[] candidates() {
      return candidates;
    }

    /** The similarities of the rows that were found. Shared. */
    public float[] similarities() {
      return similarities;
    }

    /** The co-rated columns of the rows that were found; -1 where they were not counted. Shared. */
    public int[] overlaps() {
      return shared;
    }

    /** Chooses the nearest of what was found, into a given selection; returns how many. */
    public int best(TopN selection) {
      selection.clear();
      for (int i = 0; i < found; i++) {
        selection.offer(candidates[i], similarities[i]);
      }
      return selection.sort();
    }

    private void find(int[] columns, float[] values, int from, int to, double norm, int self) {
      found = 0;
      long work = 0;
      for (int p = from; p < to; p++) {
        work += byColumn.rowSize(columns[p]);
      }
      boolean list = work < count / 4;
      touchedCount = 0;
      switch (needs) {
        case OVERLAP, CORATED_RANKS -> countOverlaps(columns, from, to, list);
        case DOT -> sumDots(columns, values, from, to, list);
        case DOT_AND_OVERLAP -> sumDotsAndOverlaps(columns, values, from, to, list);
        case CORATED -> sumCorated(columns, values, from, to, list);
      }
      pair.sizeA = to - from;
      pair.normA = norm;
      pair.columns = rows.columnCount();
      pair.alpha = options.alpha();
      if (ranking) {
        for (int p = from; p < to; p++) {
          own[columns[p]] = values[p];
        }
        ranksA = new float[to - from];
        ranksB = new float[to - from];
      }
      if (list) {
        for (int t = 0; t < touchedCount; t++) {
          take(touched[t], self);
        }
      } else {
        for (int b = 0; b < count; b++) {
          take(b, self);
        }
      }
      if (ranking) {
        for (int p = from; p < to; p++) {
          own[columns[p]] = Float.NaN;
        }
      }
    }

    private void countOverlaps(int[] columns, int from, int to, boolean list) {
      int[] starts = byColumn.starts();
      int[] others = byColumn.columns();
      int[] counts = overlaps;
      for (int p = from; p < to; p++) {
        int end = starts[columns[p] + 1];
        if (list) {
          for (int q = starts[columns[p]]; q < end; q++) {
            if (counts[others[q]]++ == 0) {
              touched[touchedCount++] = others[q];
            }
          }
        } else {
          for (int q = starts[columns[p]]; q < end; q++) {
            counts[others[q]]++;
          }
        }
      }
    }

    private void sumDots(int[] columns, float[] values, int from, int to, boolean list) {
      int[] starts = byColumn.starts();
      int[] others = byColumn.columns();
      float[] theirs = byColumn.values();
      for (int p = from; p < to; p++) {
        double a = values[p];
        int end = starts[columns[p] + 1];
        for (int q = starts[columns[p]]; q < end; q++) {
          int b = others[q];
          if (list && sums[b] == 0) {
            touched[touchedCount++] = b; // again after a sum came back to 0: take() passes over it
          }
          sums[b] += a * theirs[q];
        }
      }
    }

    private void sumDotsAndOverlaps(int[] columns, float[] values, int from, int to, boolean list) {
      int[] starts = byColumn.starts();
      int[] others = byColumn.columns();
      float[] theirs = byColumn.values();
      for (int p = from; p < to; p++) {
        double a = values[p];
        int end = starts[columns[p] + 1];
        for (int q = starts[columns[p]]; q < end; q++) {
          int at = 2 * others[q];
          if (list && sums[at + 1] == 0) {
            touched[touchedCount++] = others[q];
          }
          sums[at] += a * theirs[q];
          sums[at + 1] += 1;
        }
      }
    }

    private void sumCorated(int[] columns, float[] values, int from, int to, boolean list) {
      int[] starts = byColumn.starts();
      int[] others = byColumn.columns();
      float[] theirs = byColumn.values();
      for (int p = from; p < to; p++) {
        double a = values[p];
        int end = starts[columns[p] + 1];
        for (int q = starts[columns[p]]; q < end; q++) {
          int at = 6 * others[q];
          double b = theirs[q];
          if (list && sums[at] == 0) {
            touched[touchedCount++] = others[q];
          }
          sums[at] += 1;
          sums[at + 1] += a * b;
          sums[at + 2] += a;
          sums[at + 3] += b;
          sums[at + 4] += a * a;
          sums[at + 5] += b * b;
        }
      }
    }

    /**
     * Turns the sums of row b into a similarity, keeps it if it is above the threshold, and clears
     * the sums.
     */
    private void take(int b, int self) {
      int overlap;
      switch (needs) {
        case OVERLAP, CORATED_RANKS -> {
          overlap = overlaps[b];
          if (overlap == 0) {
            return;
          }
          overlaps[b] = 0;
          pair.overlap = overlap;
          pair.dot = overlap;
        }
        case DOT -> {
          double dot = sums[b];
          if (dot == 0) {
            return;
          }
          sums[b] = 0;
          pair.dot = dot;
          overlap = -1;
        }
        case DOT_AND_OVERLAP -> {
          overlap = (int) sums[2 * b + 1];
          if (overlap == 0) {
            return;
          }
          pair.overlap = overlap;
          pair.dot = sums[2 * b];
          sums[2 * b] = 0;
          sums[2 * b + 1] = 0;
        }
        case CORATED -> {
          int at = 6 * b;
          overlap = (int) sums[at];
          if (overlap == 0) {
            return;
          }
          pair.overlap = overlap;
          pair.dot = sums[at + 1];
          pair.sumA = sums[at + 2];
          pair.sumB = sums[at + 3];
          pair.squareA = sums[at + 4];
          pair.squareB = sums[at + 5];
          Arrays.fill(sums, at, at + 6, 0);
        }
        default -> throw new AssertionError(needs);
      }
      if (b == self || (overlap >= 0 && overlap < options.minOverlap())) {
        return;
      }
      if (ranking) {
        rankCorated(b);
      }
      pair.sizeB = rows.rowSize(b);
      pair.normB = norms[b];
      double similarity = options.measure().of(pair);
      if (overlap > 0) {
        similarity *= options.damping(overlap);
      }
      if (similarity > options.threshold()) {
        candidates[found] = b;
        similarities[found] = (float) similarity;
        shared[found++] = overlap;
      }
    }

    /** Ranks the co-rated entries of both rows among each other, and sums the ranks. */
    private void rankCorated(int b) {
      int n = 0;
      for (int p = rows.starts()[b]; p < rows.starts()[b + 1]; p++) {
        float value = own[rows.columns()[p]];
        if (!Float.isNaN(value)) {
          ranksA[n] = value;
          ranksB[n++] = rows.values()[p];
        }
      }
      ranks(ranksA, 0, n);
      ranks(ranksB, 0, n);
      pair.dot = 0;
      for (int i = 0; i < n; i++) {
        pair.dot += (double) ranksA[i] * ranksB[i];
      }
      pair.sumA = pair.sumB = n * (n + 1) / 2.0; // whatever the ties
      pair.squareA = squares(ranksA, 0, n);
      pair.squareB = squares(ranksB, 0, n);
    }
  }
}
