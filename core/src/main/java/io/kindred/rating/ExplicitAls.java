package io.kindred.rating;

import io.kindred.Algorithm;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;

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
  private static final int BLOCK = 16;

  /** The line of the registry. */
  public static final Algorithm<RatingFactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Ratings from biases and vectors, by alternating least squares",
          ExplicitAls::of,
          new RatingFactorModel.Codec(info -> of(info.parameters()).regularizations(), false));

  private static final ExplicitAls DEFAULTS = new ExplicitAls(32, 15, 0.15, 0.02);

  /** Checks the ranges. */
  public ExplicitAls {
    Checks.atLeast1("factors", factors);
    Checks.atLeast1("epochs", epochs);
    Checks.above0("regularization", regularization);
    Checks.above0("biasRegularization", biasRegularization);
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
    return Checks.read(
        NAME,
        parameters,
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

  private double[] regularizations() {
    return new double[] {biasRegularization, regularization};
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
    Training training =
        new Training(Checks.ratings(NAME, data, factors, 2), context.seed(), context.threads());
    for (int epoch = 1; epoch <= epochs; epoch++) {
      training.epoch();
      context.progress().onProgress("alternating least squares", epoch, epochs, "");
    }
    return RatingFactorModel.of(
        solved -> ModelInfo.of(this, solved, context, start),
        data,
        training.items,
        context.threads());
  }

  /** Both sides on their way. */
  final class Training {
    private final SparseMatrix byUser;
    private final SparseMatrix byItem;
    private final int threads;
    ItemSide people;
    ItemSide items;

    Training(SparseMatrix ratings, long seed, int threads) {
      byUser = ratings;
      byItem = ratings.transpose();
      this.threads = threads;
      double sum = 0;
      for (float value : ratings.values()) {
        sum += value;
      }
      float mean = (float) (sum / Math.max(1, ratings.size()));
      people = side(mean, byUser.rowCount());
      items = side(mean, byItem.rowCount());
      SplittableRandom random = new SplittableRandom(seed);
      for (int item = 0; item < byItem.rowCount(); item++) {
        for (int k = 0; k < factors && byItem.rowSize(item) > 0; k++) {
          items.factors()[item][k] = (float) (0.2 * random.nextDouble() - 0.1);
        }
      }
    }

    private ItemSide side(float mean, int rows) {
      return new ItemSide(
          mean,
          new float[rows],
          new float[rows][factors],
          new float[0][],
          biasRegularization,
          regularization);
    }

    void epoch() {
      solve(byUser, people, items);
      solve(byItem, items, people);
    }

    /** Solves for one side, each row from its ratings, the other side held still. */
    private void solve(SparseMatrix ratings, ItemSide solved, ItemSide others) {
      Parallel.forBlocks(
          threads,
          ratings.rowCount(),
          BLOCK,
          () -> {
            PersonSolver solver = new PersonSolver(others);
            return (from, to) -> {
              for (int row = from; row < to; row++) {
                int first = ratings.starts()[row];
                int last = ratings.starts()[row + 1];
                solver.enter(
                    new History(
                        Arrays.copyOfRange(ratings.columns(), first, last),
                        Arrays.copyOfRange(ratings.values(), first, last),
                        new long[last - first]));
                float[] found = solver.solve();
                solved.biases()[row] = found[0];
                System.arraycopy(found, 1, solved.factors()[row], 0, factors);
              }
            };
          });
    }
  }
}
