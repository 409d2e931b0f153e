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
 * SVD++: rating prediction by biases, vectors, and what somebody has rated at all (Koren,
 * Factorization Meets the Neighborhood, KDD 2008, section 4).
 *
 * <pre>
 * r(u, i) = mean + b(u) + b(i) + q(i) . (p(u) + z(u))                              (equation 15)
 * z(u) = sum over j in history(u) of y(j) / sqrt(|history(u)|)
 * minimize sum over ratings of (r - r(u, i))^2 + biasRegularization (b(u)^2 + b(i)^2)
 *          + regularization (|p(u)|^2 + |q(i)|^2)
 *          + implicitRegularization sum over j in history(u) of |y(j)|^2
 * </pre>
 *
 * <p>Stochastic gradient descent by the steps of equation 17, at O(factors) a rating: the steps of
 * all y of one person are gathered, with the same result. The ratings of a person are taken one
 * after another, people and ratings in an order that is new in each epoch. At the end all people
 * are solved for with the items held still, as in {@link BiasedMf}; a person who comes later is
 * solved for in the same way. Deviations from the paper: that end; the learning rate shrinks by a
 * factor of one's own choice; biases and y have regularizations of their own; N(u) are the items
 * that were rated, since the data have no other traces. Of repeats the last value counts.
 *
 * <p>One thread descends: the same data, seed and hyperparameters give the same model with any
 * number of threads. Memory: 4 bytes a factor of each person and twice that of each item.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs passes over the ratings, at least 1
 * @param learningRate of the first epoch, above 0
 * @param decay by which the learning rate is multiplied after each epoch, in (0, 1]
 * @param regularization of vectors, a rating, above 0
 * @param biasRegularization of biases, a rating, above 0
 * @param implicitRegularization of y, a rating, at least 0
 */
public record SvdPlusPlus(
    int factors,
    int epochs,
    double learningRate,
    double decay,
    double regularization,
    double biasRegularization,
    double implicitRegularization)
    implements Trainer<RatingFactorModel> {
  private static final String NAME = "svd-plus-plus";

  /** The line of the registry. */
  public static final Algorithm<RatingFactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Ratings from biases, vectors and what somebody has rated at all",
          SvdPlusPlus::of,
          new RatingFactorModel.Codec(info -> of(info.parameters()).penalty(), true));

  private static final SvdPlusPlus DEFAULTS =
      new SvdPlusPlus(100, 60, 0.01, 0.97, 0.12, 0.02, 0.005);

  /** Checks the ranges. */
  public SvdPlusPlus {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.rate("learningRate", learningRate);
    Checks.rate("decay", decay);
    Checks.positive("regularization", regularization);
    Checks.positive("biasRegularization", biasRegularization);
    Checks.notNegative("implicitRegularization", implicitRegularization);
  }

  /** 100 factors, 60 epochs. */
  public static SvdPlusPlus defaults() {
    return DEFAULTS;
  }

  /** The same with vectors of another length. */
  public SvdPlusPlus withFactors(int newFactors) {
    return new SvdPlusPlus(
        newFactors,
        epochs,
        learningRate,
        decay,
        regularization,
        biasRegularization,
        implicitRegularization);
  }

  /** The same with another number of epochs. */
  public SvdPlusPlus withEpochs(int newEpochs) {
    return new SvdPlusPlus(
        factors,
        newEpochs,
        learningRate,
        decay,
        regularization,
        biasRegularization,
        implicitRegularization);
  }

  /** The same with another learning rate. */
  public SvdPlusPlus withLearningRate(double newLearningRate, double newDecay) {
    return new SvdPlusPlus(
        factors,
        epochs,
        newLearningRate,
        newDecay,
        regularization,
        biasRegularization,
        implicitRegularization);
  }

  /** The same with another regularization of vectors and biases. */
  public SvdPlusPlus withRegularization(double newRegularization, double newBiasRegularization) {
    return new SvdPlusPlus(
        factors,
        epochs,
        learningRate,
        decay,
        newRegularization,
        newBiasRegularization,
        implicitRegularization);
  }

  /** The same with another regularization of y. */
  public SvdPlusPlus withImplicitRegularization(double newImplicitRegularization) {
    return new SvdPlusPlus(
        factors,
        epochs,
        learningRate,
        decay,
        regularization,
        biasRegularization,
        newImplicitRegularization);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static SvdPlusPlus of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new SvdPlusPlus(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("learningRate", DEFAULTS.learningRate),
                in.number("decay", DEFAULTS.decay),
                in.number("regularization", DEFAULTS.regularization),
                in.number("biasRegularization", DEFAULTS.biasRegularization),
                in.number("implicitRegularization", DEFAULTS.implicitRegularization)));
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
        .with("biasRegularization", biasRegularization)
        .with("implicitRegularization", implicitRegularization);
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
        new RatingDescent(Ratings.of(NAME, data, factors, 3), factors, true, context.seed());
    RatingDescent.Regularization held =
        new RatingDescent.Regularization(
            biasRegularization, regularization, implicitRegularization);
    descent.run(NAME, epochs, learningRate, decay, held, context);
    return RatingFactorModel.of(
        solved -> ModelInfo.of(this, solved, context, start),
        data,
        descent.items(penalty()),
        context.threads());
  }
}
