package io.kindred.rating;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;

/**
 * Biased matrix factorization: rating prediction by biases and vectors, learned by gradient descent
 * (Koren, Bell and Volinsky, Matrix Factorization Techniques for Recommender Systems, IEEE Computer
 * 42(8), 2009; the descent is Funk's, 2006). Often called SVD, which it is not.
 *
 * <pre>
 * r(u, i) = mean + b(u) + b(i) + q(i) . p(u)                                        (equation 4)
 * minimize sum over ratings of (r - r(u, i))^2 + biasRegularization (b(u)^2 + b(i)^2)
 *          + regularization (|p(u)|^2 + |q(i)|^2)                                   (equation 5)
 * </pre>
 *
 * <p>The ratings of a person are taken one after another, people and ratings in an order that is
 * new in each epoch. At the end all people are solved for with the items held still, which is the
 * minimum of the same sum:
 *
 * <pre>
 * a(j) = (1, q(j)),  n = |history(u)|
 * (b(u), p(u)) = (sum of a(j) a(j)^T + n diag(biasRegularization, regularization, ...))^-1
 *                sum of a(j) (r(u, j) - mean - b(j))          over j in history(u)
 * </pre>
 *
 * <p>A person who comes later is solved for in the same way. Deviations from the paper: that end;
 * biases have a regularization of their own; the learning rate shrinks. Of repeats the last value
 * counts.
 *
 * <p>One thread descends: the same data, seed and hyperparameters give the same model with any
 * number of threads. Costs O(ratings * factors) an epoch, and O(ratings * factors^2 + people *
 * factors^3) at the end. Memory: 4 bytes a factor of each person and item.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs passes over the ratings, at least 1
 * @param learningRate of the first epoch, above 0
 * @param decay by which the learning rate is multiplied after each epoch, in (0, 1]
 * @param regularization of vectors, a rating, above 0
 * @param biasRegularization of biases, a rating, above 0
 */
public record BiasedMf(
    int factors,
    int epochs,
    double learningRate,
    double decay,
    double regularization,
    double biasRegularization)
    implements Trainer<RatingFactorModel> {
  private static final String NAME = "biased-mf";

  /** The line of the registry. */
  public static final Algorithm<RatingFactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Ratings from biases and vectors of people and items",
          BiasedMf::of,
          new RatingFactorModel.Codec(info -> of(info.parameters()).penalty(), false));

  private static final BiasedMf DEFAULTS = new BiasedMf(50, 40, 0.02, 0.95, 0.09, 0.01);

  /** Checks the ranges. */
  public BiasedMf {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.rate("learningRate", learningRate);
    Checks.rate("decay", decay);
    Checks.positive("regularization", regularization);
    Checks.positive("biasRegularization", biasRegularization);
  }

  /** 50 factors, 40 epochs. */
  public static BiasedMf defaults() {
    return DEFAULTS;
  }

  /** The same with vectors of another length. */
  public BiasedMf withFactors(int newFactors) {
    return new BiasedMf(
        newFactors, epochs, learningRate, decay, regularization, biasRegularization);
  }

  /** The same with another number of epochs. */
  public BiasedMf withEpochs(int newEpochs) {
    return new BiasedMf(
        factors, newEpochs, learningRate, decay, regularization, biasRegularization);
  }

  /** The same with another learning rate. */
  public BiasedMf withLearningRate(double newLearningRate, double newDecay) {
    return new BiasedMf(
        factors, epochs, newLearningRate, newDecay, regularization, biasRegularization);
  }

  /** The same with another regularization. */
  public BiasedMf withRegularization(double newRegularization, double newBiasRegularization) {
    return new BiasedMf(
        factors, epochs, learningRate, decay, newRegularization, newBiasRegularization);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static BiasedMf of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new BiasedMf(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("learningRate", DEFAULTS.learningRate),
                in.number("decay", DEFAULTS.decay),
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
        .with("learningRate", learningRate)
        .with("decay", decay)
        .with("regularization", regularization)
        .with("biasRegularization", biasRegularization);
  }

  private PersonPenalty penalty() {
    return PersonPenalty.ofDescent(biasRegularization, regularization, epochs, learningRate, decay);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no ratings, if one is not a finite number, if the vectors
   *     do not fit in memory, or if the descent runs away, which a smaller learning rate prevents
   */
  @Override
  public RatingFactorModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    RatingDescent descent =
        new RatingDescent(Ratings.of(NAME, data, factors, 2), factors, false, context.seed());
    RatingDescent.Regularization held =
        new RatingDescent.Regularization(biasRegularization, regularization, 0);
    descent.run(NAME, epochs, learningRate, decay, held, context);
    return RatingFactorModel.of(
        solved -> ModelInfo.of(this, solved, context, start),
        data,
        descent.items(penalty()),
        context.threads());
  }
}
