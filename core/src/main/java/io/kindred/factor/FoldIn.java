package io.kindred.factor;

import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.linalg.Cholesky;
import io.kindred.linalg.Gram;
import io.kindred.linalg.Kernels;
import java.util.Optional;

/**
 * Finds the vector of a person from a history, the vectors of the items held still: from the exact
 * minimum of a {@link SquaredLoss}, {@code x = base + scale minimum}. Of als, that is the minimum
 * itself; {@link DescentFoldIn} has what it is of other models. Immutable, thread-safe. Values
 * beyond the largest of the training data count as that.
 */
final class FoldIn {
  private final SquaredLoss loss;
  private final float[][] items;
  private final float[][] gram;
  private final float largest;
  private final float scale;
  private final float[] base;

  /** The minimum itself. */
  FoldIn(SquaredLoss loss, Dataset data, float[][] items, int factors, int threads) {
    this(loss, data, items, threads, 1, new float[factors]);
  }

  /**
   * A base and so many times the minimum.
   *
   * @param base as long as there are factors
   */
  FoldIn(SquaredLoss loss, Dataset data, float[][] items, int threads, float scale, float[] base) {
    this.loss = loss;
    this.items = items;
    this.scale = scale;
    this.base = base;
    int factors = base.length;
    gram = scaledGram(items, factors, loss, threads);
    float most = 0;
    for (float value : data.interactions().values()) {
      most = Math.abs(value) > most ? Math.abs(value) : most;
    }
    largest = most;
  }

  SquaredLoss loss() {
    return loss;
  }

  float scale() {
    return scale;
  }

  float[] base() {
    return base;
  }

  /** The same with the vectors of more items. */
  FoldIn with(Dataset newData, float[][] newItems, int threads) {
    return new FoldIn(loss, newData, newItems, threads, scale, base);
  }

  /** Makes the vector of a person of a minimum, if that says anything. */
  void complete(float[] minimum) {
    if (!isZero(minimum)) {
      Kernels.scale(minimum, scale, 0, base.length);
      Kernels.addScaled(minimum, base, 1f, 0, base.length);
    }
  }

  private boolean isZero(float[] vector) {
    for (int k = 0; k < base.length; k++) {
      if (vector[k] != 0) {
        return false;
      }
    }
    return true;
  }

  static float[][] scaledGram(float[][] rows, int factors, SquaredLoss loss, int threads) {
    float[][] gram = Gram.of(rows, factors, threads);
    for (float[] row : gram) {
      Kernels.scale(row, (float) loss.unobserved(), 0, factors);
    }
    return gram;
  }

  /**
   * Writes the vector of a history into the first factors of {@code x}.
   *
   * @return whether anything can be scored: the history has an item with a vector and a positive
   *     value, or {@code x} is not zero beyond the factors, where items have a bias
   */
  boolean vector(History history, float[] x) {
    ObservedRows row = ObservedRows.of(history, largest, loss);
    if (!new RowSolver(items, gram).solve(row, x)) {
      return false;
    }
    complete(x);
    for (float value : x) {
      if (value != 0) {
        return true;
      }
    }
    return false;
  }

  /** What each item of a history adds to the score of any item; empty where nothing is known. */
  Optional<Contributions> contributions(History history) {
    ObservedRows row = ObservedRows.of(history, largest, loss);
    return new RowSolver(items, gram)
        .preciseFactor(row)
        .map(factored -> new Contributions(row, factored, items, scale));
  }

  /**
   * The decomposition of a score over the history (Hu, Koren and Volinsky 2008, section 5): {@code
   * x . y(i) = sum over j of s(i, j) c(j) p(j)} with {@code s(i, j) = y(i)^T A^-1 y(j)}.
   */
  static final class Contributions {
    private final ObservedRows row;
    private final double[][] factored;
    private final float[][] items;
    private final float scale;

    private Contributions(ObservedRows row, double[][] factored, float[][] items, float scale) {
      this.row = row;
      this.factored = factored;
      this.items = items;
      this.scale = scale;
    }

    int size() {
      return row.count;
    }

    int item(int place) {
      return row.columns[place];
    }

    float value(int place) {
      return row.values[place];
    }

    /** s(i, j) for each j of the history, as the person sees it. */
    double[] similarities(int item) {
      double[] z = new double[factored.length];
      for (int k = 0; k < z.length; k++) {
        z[k] = items[item][k];
      }
      Cholesky.solve(factored, z);
      double[] similarities = new double[row.count];
      for (int j = 0; j < row.count; j++) {
        for (int k = 0; k < z.length; k++) {
          similarities[j] += z[k] * items[row.columns[j]][k];
        }
      }
      return similarities;
    }

    /** c(j) p(j), times the scale. */
    double pull(int place) {
      return scale * row.pulls[place];
    }
  }
}
