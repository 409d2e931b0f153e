package io.kindred.factor;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.linalg.Cholesky;
import io.kindred.sparse.Parallel;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Matrix factorization of implicit feedback by alternating least squares (Hu, Koren and Volinsky,
 * ICDM 2008): everything that was not observed is a weak zero, so that all pairs train the model.
 *
 * <pre>
 * minimize sum over all (u, i) of c(u, i) (p(u, i) - x(u) . y(i))^2              (equation 3)
 *          + sum over u of lambda(u) |x(u)|^2 + sum over i of lambda(i) |y(i)|^2
 * c(u, i) = unobservedWeight + alpha weighting(value(u, i)),  p(u, i) = 1 if value(u, i) > 0
 * c(u, i) = unobservedWeight,                                 p(u, i) = 0 where nothing was observed
 * x(u) = (Y^T C(u) Y + lambda(u) I)^-1 Y^T C(u) p(u), and y(i) alike     (equations 4 and 5)
 * lambda(u) = regularization (observed(u) + unobservedWeight items)^frequencyExponent
 * score(u, i) = x(u) . y(i)
 * </pre>
 *
 * <p>Weights that suit one data set are far too heavy or too light for another: all that was not
 * observed weighs unobservedWeight times the catalog, and lambda grows with it, until the vectors
 * vanish. So the two are found from the data, unless they are given ({@link AlsWeights} has the
 * formulas, {@link #resolved} the numbers, which are kept with the model):
 *
 * <pre>
 * unobservedWeight: all unobserved pairs together weigh 5 times what was observed
 * regularization:   lambda of a typical user times that of a typical item is such that components
 *                   which are weaker than a quarter of those of noise vanish, and no others
 * </pre>
 *
 * <p>A training whose vectors vanish all the same says so as a warning.
 *
 * <p>An epoch solves for all users, then for all items. {@link Solver#CG} takes {@code cgSteps}
 * steps of the conjugate gradient method from where a vector was (Takács, Pilászy and Tikk, RecSys
 * 2011), at O(entries factors + (users + items) factors^2) an epoch; {@link Solver#CHOLESKY} solves
 * exactly, at O(entries factors^2 + (users + items) factors^3). At the end the users are solved
 * exactly: a known user has the vector that {@link FactorModel} would give to somebody unknown with
 * the same history, and explanations sum to the score.
 *
 * <p>The regularization by frequency is that of Rendle et al. (Revisiting the Performance of iALS,
 * RecSys 2022); there, observed pairs have the confidence 1 and the unobserved weight is added for
 * all pairs, which gives the same A and a b that differs by the factor 1 + unobservedWeight.
 * Deviations from Hu et al.: the unobserved weight can be other than 1; a negative value is a
 * dislike, a confident zero. Of repeated interactions the last value counts.
 *
 * <p>The same data, seed and hyperparameters give the same model with any number of threads. Users
 * and items without positive values have zero vectors: nothing can be scored for or of them.
 * Memory: 4 bytes a factor of each user and item, and the grouping of the data by item, 8 bytes an
 * interaction.
 *
 * @param factors length of the vectors, at least 1; more than there are items is of no use
 * @param epochs rounds over users and items, at least 1
 * @param alpha what a unit of value adds to the weight 'unobservedWeight', above 0
 * @param weighting how values become weights
 * @param unobservedWeight the weight of pairs that were not observed, above 0; NaN: found from the
 *     data
 * @param regularization lambda, at least 0; NaN: found from the data
 * @param frequencyExponent how lambda grows with the number of observations, in [0, 1]; 0: the same
 *     lambda for all, as in Hu et al.
 * @param solver of the least squares problems
 * @param cgSteps steps of the conjugate gradient method, at least 1
 */
public record ImplicitAls(
    int factors,
    int epochs,
    double alpha,
    Weighting weighting,
    double unobservedWeight,
    double regularization,
    double frequencyExponent,
    Solver solver,
    int cgSteps)
    implements Trainer<FactorModel> {
  /** How the least squares problems are solved. */
  public enum Solver {
    /** By some steps of the conjugate gradient method: fast, and as accurate in the end. */
    CG,
    /** Exactly, by a Cholesky factorization for each user and item. */
    CHOLESKY
  }

  private static final String NAME = "als";

  /** The line of the registry. */
  public static final Algorithm<FactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Vectors of people and items by alternating least squares over all pairs",
          ImplicitAls::of,
          new FactorCodec(
              info -> of(info.parameters()).loss(), info -> of(info.parameters()).factors(), true));

  private static final ImplicitAls DEFAULTS =
      new ImplicitAls(128, 15, 1, Weighting.VALUE, Double.NaN, Double.NaN, 1, Solver.CG, 3);

  /** Checks the ranges. */
  public ImplicitAls {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("alpha", alpha);
    Objects.requireNonNull(weighting);
    Checks.positiveOrAuto("unobservedWeight", unobservedWeight);
    Checks.notNegativeOrAuto("regularization", regularization);
    Checks.between("frequencyExponent", frequencyExponent, 0, 1);
    Objects.requireNonNull(solver);
    Checks.atLeast("cgSteps", cgSteps, 1);
  }

  /**
   * 128 factors, 15 epochs, conjugate gradients; unobserved weight and regularization by the data.
   */
  public static ImplicitAls defaults() {
    return DEFAULTS;
  }

  /** The same with vectors of another length. */
  public ImplicitAls withFactors(int newFactors) {
    return new ImplicitAls(
        newFactors,
        epochs,
        alpha,
        weighting,
        unobservedWeight,
        regularization,
        frequencyExponent,
        solver,
        cgSteps);
  }

  /** The same with another number of epochs. */
  public ImplicitAls withEpochs(int newEpochs) {
    return new ImplicitAls(
        factors,
        newEpochs,
        alpha,
        weighting,
        unobservedWeight,
        regularization,
        frequencyExponent,
        solver,
        cgSteps);
  }

  /** The same with other weights of what was observed, and of all else. */
  public ImplicitAls withWeights(
      double newAlpha, Weighting newWeighting, double newUnobservedWeight) {
    return new ImplicitAls(
        factors,
        epochs,
        newAlpha,
        newWeighting,
        newUnobservedWeight,
        regularization,
        frequencyExponent,
        solver,
        cgSteps);
  }

  /** The same with another regularization. */
  public ImplicitAls withRegularization(double newRegularization, double newFrequencyExponent) {
    return new ImplicitAls(
        factors,
        epochs,
        alpha,
        weighting,
        unobservedWeight,
        newRegularization,
        newFrequencyExponent,
        solver,
        cgSteps);
  }

  /** The same with another solver. */
  public ImplicitAls withSolver(Solver newSolver) {
    return new ImplicitAls(
        factors,
        epochs,
        alpha,
        weighting,
        unobservedWeight,
        regularization,
        frequencyExponent,
        newSolver,
        cgSteps);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static ImplicitAls of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new ImplicitAls(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("alpha", DEFAULTS.alpha),
                in.choice("weighting", DEFAULTS.weighting),
                in.numberOrAuto("unobservedWeight", DEFAULTS.unobservedWeight),
                in.numberOrAuto("regularization", DEFAULTS.regularization),
                in.number("frequencyExponent", DEFAULTS.frequencyExponent),
                in.choice("solver", DEFAULTS.solver),
                in.integer("cgSteps", DEFAULTS.cgSteps)));
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
        .with("alpha", alpha)
        .with("weighting", weighting)
        .withAuto("unobservedWeight", unobservedWeight)
        .withAuto("regularization", regularization)
        .with("frequencyExponent", frequencyExponent)
        .with("solver", solver)
        .with("cgSteps", cgSteps);
  }

  @Override
  public ImplicitAls resolved(Dataset data) {
    return Double.isNaN(unobservedWeight) || Double.isNaN(regularization)
        ? AlsWeights.of(this, data).resolved()
        : this;
  }

  SquaredLoss loss() {
    return new SquaredLoss(
        weighting, alpha, unobservedWeight, 1, regularization, frequencyExponent);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if a value is NaN or makes a weight
   *     above 1e8, if the vectors do not fit in memory, or if the equations have no single
   *     solution, which regularization above 0 prevents
   */
  @Override
  public FactorModel train(Dataset data, TrainingContext context) {
    return resolved(data).trainResolved(data, context);
  }

  private FactorModel trainResolved(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Training training = new Training(data, context);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      training.epoch();
      context.progress().onProgress("alternating least squares", epoch, epochs, "");
    }
    training.solveUsersExactly();
    AlsWeights.warnOfVanished(this, data, training.users, training.items, context.progress());
    return new FactorModel(
        ModelInfo.of(this, data, context, start),
        data,
        training.users,
        training.items,
        factors,
        new FoldIn(loss(), data, training.items, factors, context.threads()),
        true);
  }

  /** The vectors on their way. */
  final class Training {
    private static final int BLOCK = 16;

    final float[][] users;
    final float[][] items;
    private final SquaredLoss loss = loss();
    private final Supplier<ObservedRows> userRows;
    private final Supplier<ObservedRows> itemRows;
    private final int threads;

    Training(Dataset data, TrainingContext context) {
      Interactions interactions = data.interactions();
      Initialization.trainable(NAME, data, factors);
      loss.check(NAME, data);
      threads = context.threads();
      userRows = ObservedRows.byUser(interactions, loss);
      itemRows = ObservedRows.byItem(interactions, loss);
      users = new float[interactions.userCount()][factors];
      items = Initialization.randomRows(interactions.itemCounts(), factors, 0.1, context.seed());
    }

    void epoch() {
      solve(userRows, users, items, solver, "items");
      solve(itemRows, items, users, solver, "users");
    }

    void solveUsersExactly() {
      solve(userRows, users, items, Solver.CHOLESKY, "items");
    }

    private void solve(
        Supplier<ObservedRows> rows,
        float[][] solved,
        float[][] others,
        Solver by,
        String othersName) {
      float[][] gram = FoldIn.scaledGram(others, factors, loss, threads);
      if (regularization == 0 && !Cholesky.factor(copy(gram))) {
        throw new KindredException(
            NAME
                + ": without regularization the equations have no single solution, since the"
                + " vectors of the "
                + othersName
                + " ("
                + others.length
                + ") do not span "
                + factors
                + " dimensions; regularization above 0, or fewer factors, would be right");
      }
      Parallel.forBlocks(
          threads,
          solved.length,
          BLOCK,
          () -> {
            ObservedRows row = rows.get();
            RowSolver solver = new RowSolver(others, gram);
            return (from, to) -> {
              for (int r = from; r < to; r++) {
                row.read(r);
                if (by == Solver.CG) {
                  solver.descend(row, solved[r], cgSteps);
                } else {
                  solver.solve(row, solved[r]);
                }
              }
            };
          });
    }

    private float[][] copy(float[][] matrix) {
      float[][] copy = new float[matrix.length][];
      for (int k = 0; k < copy.length; k++) {
        copy[k] = matrix[k].clone();
      }
      return copy;
    }
  }
}
