package io.kindred.factor;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import java.util.SplittableRandom;

/**
 * Matrix factorization by Bayesian personalized ranking (Rendle, Freudenthaler, Gantner and
 * Schmidt-Thieme, UAI 2009): of each pair of an item that a person did and one that the person did
 * not, the first shall score higher.
 *
 * <pre>
 * maximize sum over (u, i, j) of ln sigmoid(x(u) . (y(i) - y(j))) - regularization |vectors|^2
 * score(u, i) = x(u) . y(i)
 * </pre>
 *
 * <p>A step draws an observed pair (u, i) and an item j that u did not do, evenly, and follows the
 * gradient of the one term (algorithm LearnBPR, figure 4); an epoch is as many steps as there are
 * observed pairs, at O(factors) each. The optimum is close to the largest AUC. As in the paper
 * items have no bias of their own. Deviation: j is drawn from the items that anybody did.
 *
 * <p>On one thread the seed determines the model. With several threads, on data of {@value
 * StochasticDescent#PAIRS_FOR_THREADS} pairs or more, they change the vectors without locks, and
 * each training gives a slightly different model. Values count as positive or not. Somebody unknown
 * is folded in by least squares on the history in the query: see {@link FactorModel}.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs at least 1
 * @param learningRate above 0
 * @param regularization at least 0
 */
public record Bpr(int factors, int epochs, double learningRate, double regularization)
    implements Trainer<FactorModel> {
  private static final String NAME = "bpr";

  /** The line of the registry. */
  public static final Algorithm<FactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Vectors of people and items that put what was done before what was not",
          Bpr::of,
          new FactorCodec(
              info -> DescentFoldIn.LOSS, info -> of(info.parameters()).factors(), false));

  private static final Bpr DEFAULTS = new Bpr(64, 100, 0.05, 0.03);

  /** Checks the ranges. */
  public Bpr {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("learningRate", learningRate);
    Checks.notNegative("regularization", regularization);
  }

  /** 64 factors, 100 epochs. */
  public static Bpr defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Bpr of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new Bpr(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("learningRate", DEFAULTS.learningRate),
                in.number("regularization", DEFAULTS.regularization)));
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
        .with("regularization", regularization);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if the vectors do not fit in memory, or
   *     if they grow beyond all bounds
   */
  @Override
  public FactorModel train(Dataset data, TrainingContext context) {
    Initialization.trainable(NAME, data, factors);
    PositivePairs pairs = new PositivePairs(data.interactions());
    return train(data, pairs, context, StochasticDescent.threads(context.threads(), pairs));
  }

  FactorModel train(Dataset data, PositivePairs pairs, TrainingContext context, int threads) {
    long start = System.nanoTime();
    float[][] users = Initialization.randomRows(pairs.userCounts(), factors, 1, context.seed());
    float[][] items = Initialization.randomRows(pairs.counts, factors, 1, ~context.seed());
    new StochasticDescent(NAME, pairs, context.seed(), threads)
        .run(
            epochs,
            () -> (user, item, random) -> step(pairs, users, items, user, item, random),
            users,
            items,
            context.progress());
    return new FactorModel(
        ModelInfo.of(this, data, context, start),
        data,
        users,
        items,
        factors,
        DescentFoldIn.of(pairs, data, users, items, factors, context.threads()),
        false);
  }

  private void step(
      PositivePairs pairs,
      float[][] users,
      float[][] items,
      int user,
      int item,
      SplittableRandom random) {
    int other = StochasticDescent.negative(pairs, user, random);
    if (other < 0) {
      return; // the user did everything
    }
    float[] x = users[user];
    float[] y = items[item];
    float[] z = items[other];
    float difference = 0;
    for (int k = 0; k < x.length; k++) {
      difference += x[k] * (y[k] - z[k]);
    }
    float pull = (float) (learningRate / (1 + Math.exp(difference))); // 1 - sigmoid
    float keep = (float) (1 - learningRate * regularization);
    for (int k = 0; k < x.length; k++) {
      float ofUser = x[k];
      float ofItem = y[k];
      float ofOther = z[k];
      x[k] = keep * ofUser + pull * (ofItem - ofOther);
      y[k] = keep * ofItem + pull * ofUser;
      z[k] = keep * ofOther - pull * ofUser;
    }
  }
}
