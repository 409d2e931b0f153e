package io.kindred.factor;

import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.linalg.Cholesky;
import io.kindred.linalg.Gram;
import io.kindred.linalg.Kernels;
import java.util.Optional;

/**
 * Finds the vector of a person from a history, the vectors of the items held still: the exact
 * minimum of a {@link SquaredLoss}. Immutable, thread-safe. Values beyond the largest of the
 * training data count as that.
 */
final class FoldIn {
  private final SquaredLoss loss;
  private final float[][] items;
  private final float[][] gram;
  private final float largest;

  FoldIn(SquaredLoss loss, Dataset data, float[][] items, int factors, int threads) {
    this.loss = loss;
    this.items = items;
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
   * @return whether the history says anything: it has an item with a vector and a positive value
   */
  boolean vector(History history, float[] x) {
    ObservedRows row = ObservedRows.of(history, largest, loss);
    if (!new RowSolver(items, gram).solve(row, x)) {
      return false;
    }
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
        .map(factored -> new Contributions(row, factored, items));
  }

  /**
   * The decomposition of a score over the history (Hu, Koren and Volinsky 2008, section 5): {@code
   * x . y(i) = sum over j of s(i, j) c(j) p(j)} with {@code s(i, j) = y(i)^T A^-1 y(j)}.
   */
  static final class Contributions {
    private final ObservedRows row;
    private final double[][] factored;
    private final float[][] items;

    private Contributions(ObservedRows row, double[][] factored, float[][] items) {
      this.row = row;
      this.factored = factored;
      this.items = items;
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

    /** c(j) p(j). */
    double pull(int place) {
      return row.pulls[place];
    }
  }
}
