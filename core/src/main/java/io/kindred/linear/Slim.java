package io.kindred.linear;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeightModel;
import io.kindred.similarity.ItemWeights;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Sparse linear method: each item foretold from all others by a few weights (Ning and Karypis,
 * SLIM: Sparse Linear Methods for Top-N Recommender Systems, ICDM 2011).
 *
 * <pre>
 * minimize 1/2 |A - A W|^2 + l2 / 2 |W|^2 + l1 |W|_1  with  diag(W) = 0, W at least 0   (equation 3)
 * score(u, i) = sum over j in history(u) of A[u, j] W[j, i]
 * </pre>
 *
 * <p>The columns of W are independent of one another, and each is solved by coordinate descent on
 * the Gram matrix G = A^T A (Friedman, Hastie and Tibshirani, Journal of Statistical Software
 * 33(1), 2010, section 2.2):
 *
 * <pre>
 * r[j] = G[j, i] - sum over k of G[j, k] w[k]
 * w[j] = S(r[j] + G[j, j] w[j], l1) / (G[j, j] + l2),  S(z, t) = sign(z) max(0, |z| - t)
 * </pre>
 *
 * <p>A column ends when no weight moves by more than {@code tolerance}, or after {@code sweeps}. Of
 * each column the {@code neighbors} strongest weights are kept. Values of 0 and less weigh nothing.
 * Deviations from the paper: weights may be allowed below 0 (its equation 3 does not), and the
 * number of weights is bounded.
 *
 * <p>Training costs O(sum of squared history lengths) for G, and for each weight that moves in a
 * sweep O(items) at the most; memory is G, at most 4 items^2 bytes, and 16 bytes a weight. The same
 * data and hyperparameters give the same model with any number of threads.
 *
 * @param l1 weight of the sum of absolute weights, at least 0: more of it makes W sparser
 * @param l2 weight of the sum of squared weights, above 0: more of it makes weights smaller, and
 *     alike items share them
 * @param positive whether weights must be at least 0
 * @param neighbors weights that are kept of each item, at least 1
 * @param sweeps passes over the weights of an item at the most, at least 1
 * @param tolerance the largest move of a weight that counts as none, above 0
 * @param values what an interaction weighs in A
 */
public record Slim(
    double l1,
    double l2,
    boolean positive,
    int neighbors,
    int sweeps,
    double tolerance,
    HistoryValues values)
    implements Trainer<ItemWeightModel> {
  private static final String NAME = "slim";

  /** The line of the registry. */
  public static final Algorithm<ItemWeightModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Each item foretold from a few others by sparse linear weights",
          Slim::of,
          new ItemWeightModel.Codec(info -> of(info.parameters()).method()));

  private static final Slim DEFAULTS = new Slim(0.5, 40, true, 200, 50, 1e-4, HistoryValues.BINARY);

  /** Checks the ranges. */
  public Slim {
    Checks.notNegative("l1", l1);
    Checks.positive("l2", l2);
    Checks.atLeast("neighbors", neighbors, 1);
    Checks.atLeast("sweeps", sweeps, 1);
    Checks.positive("tolerance", tolerance);
    Objects.requireNonNull(values);
  }

  /** l1 0.5 and l2 40 on binary histories, 200 weights of each item, none below 0. */
  public static Slim defaults() {
    return DEFAULTS;
  }

  /** The same with another regularization. */
  public Slim withRegularization(double newL1, double newL2) {
    return new Slim(newL1, newL2, positive, neighbors, sweeps, tolerance, values);
  }

  /** The same, with weights below 0 or without. */
  public Slim withPositive(boolean onlyPositive) {
    return new Slim(l1, l2, onlyPositive, neighbors, sweeps, tolerance, values);
  }

  /** The same with another number of weights that are kept. */
  public Slim withNeighbors(int newNeighbors) {
    return new Slim(l1, l2, positive, newNeighbors, sweeps, tolerance, values);
  }

  /** The same with another end of the descent. */
  public Slim withSweeps(int newSweeps, double newTolerance) {
    return new Slim(l1, l2, positive, neighbors, newSweeps, newTolerance, values);
  }

  /** The same with other weights of interactions. */
  public Slim withValues(HistoryValues newValues) {
    return new Slim(l1, l2, positive, neighbors, sweeps, tolerance, newValues);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Slim of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new Slim(
                in.number("l1", DEFAULTS.l1),
                in.number("l2", DEFAULTS.l2),
                in.flag("positive", DEFAULTS.positive),
                in.integer("neighbors", DEFAULTS.neighbors),
                in.integer("sweeps", DEFAULTS.sweeps),
                in.number("tolerance", DEFAULTS.tolerance),
                in.choice("values", DEFAULTS.values)));
  }

  @Override
  public String algorithm() {
    return NAME;
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("l1", l1)
        .with("l2", l2)
        .with("positive", positive)
        .with("neighbors", neighbors)
        .with("sweeps", sweeps)
        .with("tolerance", tolerance)
        .with("values", values);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if a value is not a finite number, or if
   *     the Gram matrix does not fit in the heap: this is said before it is computed
   */
  @Override
  public ItemWeightModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    SparseMatrix rows = ItemWeights.positive(NAME, data, values);
    int[] all = IntStream.range(0, rows.columnCount()).toArray();
    SparseMatrix weights = ItemWeights.matrix(columns(rows, all, context)).transpose();
    return new ItemWeightModel(ModelInfo.of(this, data, context, start), data, weights, method());
  }

  /** What the model has of this algorithm; its update solves for some columns of W again. */
  ItemWeightModel.Method method() {
    return new ItemWeightModel.Method(
        values::of,
        (weights, update, context) -> {
          SparseMatrix rows = ItemWeights.positive(NAME, update.after(), values);
          int[] changed = ItemWeights.withNeighbors(rows, update.items());
          ItemWeights.Row[] columns = columns(rows, changed, context);
          return ItemWeights.replaced(weights.transpose(), rows.columnCount(), changed, columns)
              .transpose();
        });
  }

  /** Some columns of W. */
  private ItemWeights.Row[] columns(SparseMatrix rows, int[] which, TrainingContext context) {
    SparseMatrix byItem = rows.transpose();
    int[] sizes = CoOccurrences.rowSizes(rows, byItem, context.threads());
    checkMemory(sizes, Runtime.getRuntime().maxMemory());
    CoOccurrences g = CoOccurrences.of(rows, byItem, sizes, context.threads());
    ItemWeights.Row[] columns = new ItemWeights.Row[which.length];
    Parallel.forBlocks(
        context.threads(),
        which.length,
        4,
        () -> {
          Column column = new Column(g);
          TopN top = new TopN(neighbors);
          return (from, to) -> {
            for (int c = from; c < to; c++) {
              int count = column.solve(which[c]);
              columns[c] = ItemWeights.Row.strongest(column.candidates, count, column.w, top);
            }
          };
        },
        done -> context.progress().onProgress("item weights", done, which.length, ""));
    return columns;
  }

  /** Refuses what does not fit, before G is computed. */
  void checkMemory(int[] rowSizes, long heap) {
    double weights = 0;
    for (int size : rowSizes) {
      weights += Math.min(neighbors, size);
    }
    ItemWeights.checkFits(
        NAME,
        String.format(Locale.ROOT, "the products of %,d items", rowSizes.length),
        CoOccurrences.bytes(rowSizes) + 16 * weights,
        heap,
        "Rare items can be left out (--k-core); rp3-beta and item-knn hold no matrix of all pairs;"
            + " fewer items would be right");
  }

  /** The descent for one column after another. */
  private final class Column {
    /** The column; only the places of {@link #candidates} count. */
    final double[] w;

    /** Items whose weight may be other than 0. */
    final int[] candidates;

    private final CoOccurrences g;
    private final double[] r;
    private final int[] active;

    Column(CoOccurrences g) {
      this.g = g;
      w = new double[g.size()];
      r = new double[g.size()];
      candidates = new int[g.size()];
      active = new int[g.size()];
    }

    /**
     * Solves for the weights of an item. After each sweep over all candidates, those with weights
     * are swept until they rest.
     *
     * @return how many candidates there are
     */
    int solve(int item) {
      Arrays.fill(w, 0);
      int count = candidates(item);
      if (count == 0) {
        return 0;
      }
      g.copyRow(item, r);
      int left = sweeps;
      while (left-- > 0 && sweep(item, candidates, count) > tolerance) {
        int actives = 0;
        for (int c = 0; c < count; c++) {
          if (w[candidates[c]] != 0) {
            active[actives++] = candidates[c];
          }
        }
        while (left > 0 && sweep(item, active, actives) > tolerance) {
          left--;
        }
      }
      return count;
    }

    /**
     * Where all weights are at least 0, so is all of G w, and an item that was never seen together
     * with this one cannot get a weight above 0.
     */
    private int candidates(int item) {
      if (positive) {
        return g.places(item, candidates);
      }
      int count = 0;
      for (int j = 0; j < g.size() && g.diagonal(item) > 0; j++) {
        if (g.diagonal(j) > 0) {
          candidates[count++] = j;
        }
      }
      return count;
    }

    /** One pass over some items; returns the largest move of a weight. */
    private double sweep(int item, int[] places, int count) {
      double largest = 0;
      for (int c = 0; c < count; c++) {
        int j = places[c];
        if (j == item) {
          continue;
        }
        double before = w[j];
        double after = shrink(r[j] + g.diagonal(j) * before) / (g.diagonal(j) + l2);
        double move = after - before;
        if (move != 0) {
          w[j] = after;
          g.addRow(j, -move, r);
          largest = Math.max(largest, Math.abs(move));
        }
      }
      return largest;
    }

    private double shrink(double z) {
      if (z > l1) {
        return z - l1;
      }
      return z < -l1 && !positive ? z + l1 : 0;
    }
  }
}
