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
 * Biased matrix factorization of ratings by alternating least squares with weighted-lambda
 * regularization (Zhou, Wilkinson, Schreiber and Pan, Large-Scale Parallel Collaborative Filtering
 * for the Netflix Prize, AAIM 2008, equation 3).
 *
 * <pre>
 * r(u, i) = mean + b(u) + b(i) + q(i) . p(u)
 * minimize sum over ratings of (r - r(u, i))^2
 *          + sum over u of n(u) (biasRegularization b(u)^2 + regularization |p(u)|^2)
 *          + sum over i of n(i) (biasRegularization b(i)^2 + regularization |q(i)|^2)
 * </pre>
 *
 * <p>n are the numbers of ratings. An epoch solves exactly for all people, the items held still,
 * and then for all items, the people held still: the sum never grows. Deviations from the paper: it
 * has no mean and no biases, but sets the first factor of an item to the mean of its ratings at the
 * beginning. Of repeats the last value counts.
 *
 * <p>A person who comes later is solved for as people are in training: see {@link
 * RatingFactorModel}. The same data, seed and hyperparameters give the same model with any number
 * of threads. Costs O(ratings * factors^2 + (people + items) * factors^3) an epoch.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs rounds over people and items, at least 1
 * @param regularization of vectors, a rating, above 0
 * @param biasRegularization of biases, a rating, above 0
 */
public record ExplicitAls(int factors, int epochs, double regularization, double biasRegularization)
    implements Trainer<RatingFactorModel> {
  private static final String NAME = "explicit-als";

  /** The line of the registry. */
  public static final Algorithm<RatingFactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Ratings from biases and vectors, by alternating least squares",
          ExplicitAls::of,
          new RatingFactorModel.Codec(info -> of(info.parameters()).penalty(), false));

  private static final ExplicitAls DEFAULTS = new ExplicitAls(32, 15, 0.15, 0.02);

  /** Checks the ranges. */
  public ExplicitAls {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("regularization", regularization);
    Checks.positive("biasRegularization", biasRegularization);
  }

  /** 32 factors, 15 epochs. */
  public static ExplicitAls defaults() {
    return DEFAULTS;
  }

  /** The same with vectors of another length. */
  public ExplicitAls withFactors(int newFactors) {
    return new ExplicitAls(newFactors, epochs, regularization, biasRegularization);
  }

  /** The same with another number of epochs. */
  public ExplicitAls withEpochs(int newEpochs) {
    return new ExplicitAls(factors, newEpochs, regularization, biasRegularization);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static ExplicitAls of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new ExplicitAls(
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
    return new PersonPenalty(biasRegularization, regularization, false, 0);
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
