package io.kindred.graph;

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
import io.kindred.sparse.SparseMatrix;
import java.util.Objects;

/**
 * Random walks of three steps, from a person over an item and another person to an item (Cooper,
 * Lee, Radinsky and Siegel, Random Walks in Recommender Systems: Exact Computation and Simulations,
 * WWW 2014).
 *
 * <pre>
 * p(v, i) = x(v, i) / sum of row v of x,  p(j, v) = x(v, j) / sum of column j of x
 * W[j, i] = sum over v of p(j, v)^alpha p(v, i)^alpha,  W[j, j] = 0
 * score(u, i) = sum over j in history(u) of x(u, j)^alpha W[j, i]
 * </pre>
 *
 * <p>The score is the paper's P^3 with each entry raised to alpha, times a power of the sum of the
 * person's row: the same for all items, so that the order is the same. Deviations: of each item the
 * {@code neighbors} largest weights are kept; walks that come back to the item they left are left
 * out, as items of the history are not recommended; values of 0 and less are no edges.
 *
 * <p>Training costs O(sum of squared history lengths), a query O(history * neighbors + items);
 * memory is 8 bytes a weight, twice that while training. The same data and hyperparameters give the
 * same model with any number of threads.
 *
 * @param alpha power of the probabilities, in [0, 10]; 1: the walk itself
 * @param neighbors weights that are kept of each item, at least 1
 * @param values what an interaction weighs
 */
public record P3Alpha(double alpha, int neighbors, HistoryValues values)
    implements Trainer<ItemWeightModel> {
  private static final String NAME = "p3-alpha";

  /** The line of the registry. */
  public static final Algorithm<ItemWeightModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Items that random walks of three steps lead to",
          P3Alpha::of,
          new ItemWeightModel.Codec(info -> of(info.parameters()).walks().method()));

  private static final P3Alpha DEFAULTS = new P3Alpha(0.6, 200, HistoryValues.BINARY);

  /** Checks the ranges. */
  public P3Alpha {
    Checks.between("alpha", alpha, 0, 10);
    Checks.atLeast("neighbors", neighbors, 1);
    Objects.requireNonNull(values);
  }

  /** Alpha 0.6, 200 neighbors, binary. */
  public static P3Alpha defaults() {
    return DEFAULTS;
  }

  /** The same with another power. */
  public P3Alpha withAlpha(double newAlpha) {
    return new P3Alpha(newAlpha, neighbors, values);
  }

  /** The same with another number of weights that are kept. */
  public P3Alpha withNeighbors(int newNeighbors) {
    return new P3Alpha(alpha, newNeighbors, values);
  }

  /** The same with other weights of interactions. */
  public P3Alpha withValues(HistoryValues newValues) {
    return new P3Alpha(alpha, neighbors, newValues);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static P3Alpha of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new P3Alpha(
                in.number("alpha", DEFAULTS.alpha),
                in.integer("neighbors", DEFAULTS.neighbors),
                in.choice("values", DEFAULTS.values)));
  }

  @Override
  public String algorithm() {
    return NAME;
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("alpha", alpha)
        .with("neighbors", neighbors)
        .with("values", values);
  }

  private Walks walks() {
    return new Walks(NAME, values, alpha, 0, neighbors);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if a value is not a finite number, or if
   *     the weights may not fit in the heap
   */
  @Override
  public ItemWeightModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    SparseMatrix weights = walks().weights(data, context);
    return new ItemWeightModel(
        ModelInfo.of(this, data, context, start), data, weights, walks().method());
  }
}
