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
 * Random walks of three steps as in {@link P3Alpha}, with the popularity of the items where they
 * end taken off (Paudel, Christoffel, Newell and Bernstein, Updatable, Accurate, Diverse, and
 * Scalable Recommendations for Interactive Applications, ACM TiiS 7(1), 2016).
 *
 * <pre>
 * p(v, i) = x(v, i) / sum of row v of x,  p(j, v) = x(v, j) / sum of column j of x
 * W[j, i] = sum over v of p(j, v)^alpha p(v, i)^alpha / people(i)^beta,  W[j, j] = 0
 * score(u, i) = sum over j in history(u) of x(u, j)^alpha W[j, i]
 * </pre>
 *
 * <p>people(i) are those with a value above 0 for i. The paper has alpha = 1; with beta = 0 it is
 * {@link P3Alpha}. Deviations: the weights are computed exactly, not by sampled walks; of each item
 * the {@code neighbors} largest weights are kept; walks that come back to the item they left are
 * left out; values of 0 and less are no edges.
 *
 * <p>Training costs O(sum of squared history lengths), a query O(history * neighbors + items);
 * memory is 8 bytes a weight, twice that while training. The same data and hyperparameters give the
 * same model with any number of threads.
 *
 * @param alpha power of the probabilities, in [0, 10]
 * @param beta how much popularity is taken off, in [0, 10]; 0: nothing
 * @param neighbors weights that are kept of each item, at least 1
 * @param values what an interaction weighs
 */
public record RP3Beta(double alpha, double beta, int neighbors, HistoryValues values)
    implements Trainer<ItemWeightModel> {
  private static final String NAME = "rp3-beta";

  /** The line of the registry. */
  public static final Algorithm<ItemWeightModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Items that random walks of three steps lead to, popularity taken off",
          RP3Beta::of,
          new ItemWeightModel.Codec(info -> of(info.parameters()).walks().method()));

  private static final RP3Beta DEFAULTS = new RP3Beta(0.5, 0.4, 200, HistoryValues.BINARY);

  /** Checks the ranges. */
  public RP3Beta {
    Checks.between("alpha", alpha, 0, 10);
    Checks.between("beta", beta, 0, 10);
    Checks.atLeast("neighbors", neighbors, 1);
    Objects.requireNonNull(values);
  }

  /** Alpha 0.5, beta 0.4, 200 neighbors, binary. */
  public static RP3Beta defaults() {
    return DEFAULTS;
  }

  /** The same with other powers. */
  public RP3Beta withPowers(double newAlpha, double newBeta) {
    return new RP3Beta(newAlpha, newBeta, neighbors, values);
  }

  /** The same with another number of weights that are kept. */
  public RP3Beta withNeighbors(int newNeighbors) {
    return new RP3Beta(alpha, beta, newNeighbors, values);
  }

  /** The same with other weights of interactions. */
  public RP3Beta withValues(HistoryValues newValues) {
    return new RP3Beta(alpha, beta, neighbors, newValues);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static RP3Beta of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new RP3Beta(
                in.number("alpha", DEFAULTS.alpha),
                in.number("beta", DEFAULTS.beta),
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
        .with("beta", beta)
        .with("neighbors", neighbors)
        .with("values", values);
  }

  private Walks walks() {
    return new Walks(NAME, values, alpha, beta, neighbors);
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
