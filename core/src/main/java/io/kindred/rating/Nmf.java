package io.kindred.rating;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.sparse.SparseMatrix;

/**
 * Non-negative matrix factorization of ratings: vectors that only add, beside biases (Lee and
 * Seung, Learning the Parts of Objects by Non-negative Matrix Factorization, Nature 401, 1999;
 * solved by alternating non-negative least squares, Kim and Park, SIAM Journal on Matrix Analysis
 * and Applications 30(2), 2008).
 *
 * <pre>
 * r(u, i) = mean + b(u) + b(i) + q(i) . p(u)
 * minimize sum over ratings of (r - r(u, i))^2
 *          + sum over u of n(u) (biasRegularization b(u)^2 + regularization |p(u)|^2)
 *          + sum over i of n(i) (biasRegularization b(i)^2 + regularization |q(i)|^2)
 * with  p(u) at least 0, q(i) at least 0
 * </pre>
 *
 * <p>n are the numbers of ratings. A factor is a group of items that some people like more than
 * their biases say, and nobody less: vectors can be read. An epoch solves for all people, the items
 * held still, and then for all items: the sum never grows. Of repeats the last value counts.
 * Deviations from the papers: only what was rated counts, biases stand beside the product, and
 * coordinate descent finds which numbers are 0 (500 sweeps at the most).
 *
 * <p>A person who comes later is solved for as people are in training, without numbers below 0: see
 * {@link RatingFactorModel}. The same data, seed and hyperparameters give the same model with any
 * number of threads. Costs O(ratings * factors^2 + (people + items) * factors^3) an epoch.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs rounds over people and items, at least 1
 * @param regularization of vectors, a rating, above 0
 * @param biasRegularization of biases, a rating, above 0
 */
public record Nmf(int factors, int epochs, double regularization, double biasRegularization)
    implements Trainer<RatingFactorModel> {
  private static final String NAME = "nmf";

  /** The line of the registry. */
  public static final Algorithm<RatingFactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Ratings from biases and vectors that only add, none below 0",
          Nmf::of,
          new RatingFactorModel.Codec(info -> of(info.parameters()).penalty(), false));

  private static final Nmf DEFAULTS = new Nmf(32, 15, 0.085, 0.02);

  /** Checks the ranges. */
  public Nmf {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("regularization", regularization);
    Checks.positive("biasRegularization", biasRegularization);
  }

  /** 32 factors, 15 epochs. */
  public static Nmf defaults() {
    return DEFAULTS;
  }

  /** The same with vectors of another length. */
  public Nmf withFactors(int newFactors) {
    return new Nmf(newFactors, epochs, regularization, biasRegularization);
  }

  /** The same with another number of epochs. */
  public Nmf withEpochs(int newEpochs) {
    return new Nmf(factors, newEpochs, regularization, biasRegularization);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Nmf of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new Nmf(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("regularization", DEFAULTS.regularization),
                in.number("biasRegularization", DEFAULTS.biasRegularization)));
  }

  @Override
  public String algorithm() {
    return NAME;
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("factors", factors)
        .with("epochs", epochs)
        .with("regularization", regularization)
        .with("biasRegularization", biasRegularization);
  }

  private PersonPenalty penalty() {
    return new PersonPenalty(biasRegularization, regularization, true, 0);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no ratings, if one is not a finite number, or if the
   *     vectors do not fit in memory
   */
  @Override
  public RatingFactorModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    AlternatingSquares training =
        training(Ratings.of(NAME, data, factors, 2), context.seed(), context.threads());
    training.run(epochs, context.progress());
    return RatingFactorModel.of(
        solved -> ModelInfo.of(this, solved, context, start),
        data,
        training.items,
        context.threads());
  }

  AlternatingSquares training(SparseMatrix ratings, long seed, int threads) {
    return new AlternatingSquares(ratings, factors, penalty(), seed, threads);
  }
}
