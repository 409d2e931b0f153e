package io.kindred.knn;

import io.kindred.data.History;
import io.kindred.similarity.Baselines;
import io.kindred.sparse.SparseMatrix;

/**
 * The level and the spread that {@link Normalization} takes away from ratings, for the rows of a
 * matrix and for people who are not among them; and the scale to which predictions are clipped.
 */
final class RatingLevels {
  private final Normalization normalization;
  private final Baselines baselines;
  private final float[] means;
  private final float[] spreads;
  private final float overallSpread;
  private final float lowest;
  private final float highest;

  /**
   * Fits the levels.
   *
   * @param rows rows are what is normalized: users x items, or items x users
   * @param baselines of users and items, never changed over
   */
  RatingLevels(Normalization normalization, SparseMatrix rows, Baselines baselines) {
    this.normalization = normalization;
    this.baselines = baselines;
    this.means = new float[rows.rowCount()];
    this.spreads = new float[rows.rowCount()];
    this.overallSpread =
        spread(rows.values(), 0, rows.size(), mean(rows.values(), 0, rows.size()), 1f);
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : rows.values()) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    this.lowest = low;
    this.highest = high;
    for (int row = 0; row < means.length; row++) {
      int from = rows.starts()[row];
      int to = rows.starts()[row + 1];
      means[row] = from == to ? baselines.mean() : mean(rows.values(), from, to);
      spreads[row] = spread(rows.values(), from, to, means[row], overallSpread);
    }
  }

  Normalization normalization() {
    return normalization;
  }

  Baselines baselines() {
    return baselines;
  }

  float mean(int row) {
    return means[row];
  }

  float spread(int row) {
    return spreads[row];
  }

  /** The mean of somebody's own ratings, the mean of all ratings without any. */
  float mean(History history) {
    return history.isEmpty() ? baselines.mean() : mean(history.values(), 0, history.size());
  }

  /** The spread of somebody's own ratings. */
  float spread(History history) {
    return spread(history.values(), 0, history.size(), mean(history), overallSpread);
  }

  float clip(double prediction) {
    return lowest <= highest
        ? (float) Math.max(lowest, Math.min(highest, prediction))
        : (float) prediction;
  }

  private static float mean(float[] values, int from, int to) {
    double sum = 0;
    for (int p = from; p < to; p++) {
      sum += values[p];
    }
    return (float) (sum / Math.max(1, to - from));
  }

  private static float spread(float[] values, int from, int to, float mean, float otherwise) {
    double sum = 0;
    for (int p = from; p < to; p++) {
      double difference = values[p] - mean;
      sum += difference * difference;
    }
    double spread = Math.sqrt(sum / Math.max(1, to - from));
    return spread > 1e-6 ? (float) spread : otherwise;
  }
}
