package io.kindred.factor;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.linalg.Kernels;
import java.util.SplittableRandom;

/**
 * Matrix factorization by the weighted approximate-rank pairwise loss (Weston, Bengio and Usunier,
 * WSABIE, IJCAI 2011): an item that a person did shall score above all others by a margin, and the
 * lower it ranks, the more it weighs; so that the top of the list counts most.
 *
 * <pre>
 * loss(u, i) = L(rank(u, i)) max(0, margin - x(u) . y(i) + x(u) . y(j)),  L(r) = 1 + 1/2 + ... + 1/r
 * score(u, i) = x(u) . y(i),  |x(u)|, |y(i)| at most maxNorm
 * </pre>
 *
 * <p>A step draws an observed pair (u, i), and items j that u did not do until one scores above
 * x(u) . y(i) - margin; if that was the n-th one, the rank is about (items - 1) / n (algorithm 1).
 * Then it follows the gradient of the one term, and vectors that became too long are shortened. A
 * pair for which {@code maxSampled} items did not do teaches nothing. An epoch is as many steps as
 * there are observed pairs, at O(factors n) each.
 *
 * <p>On one thread the seed determines the model. With several threads, on data of {@value
 * StochasticDescent#PAIRS_FOR_THREADS} pairs or more, they change the vectors without locks, and
 * each training gives a slightly different model. Values count as positive or not. Somebody unknown
 * is folded in by least squares on the history in the query: see {@link FactorModel}.
 *
 * <p>Deviations: j is drawn from the items that anybody did; at most {@code maxSampled} are.
 *
 * @param factors length of the vectors, at least 1
 * @param epochs at least 1
 * @param learningRate above 0
 * @param margin by which an item shall be ahead, above 0
 * @param maxNorm the greatest length of a vector, above 0
 * @param maxSampled how many items are drawn for a pair at the most, at least 1
 */
public record Warp(
    int factors, int epochs, double learningRate, double margin, double maxNorm, int maxSampled)
    implements Trainer<FactorModel> {
  private static final String NAME = "warp";

  /** The line of the registry. */
  public static final Algorithm<FactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Vectors of people and items that put what was done at the top of the list",
          Warp::of,
          new FactorCodec(
              info -> DescentFoldIn.LOSS, info -> of(info.parameters()).factors(), false));

  private static final Warp DEFAULTS = new Warp(64, 60, 0.002, 1, 1.5, 50);

  /** Checks the ranges. */
  public Warp {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("learningRate", learningRate);
    Checks.positive("margin", margin);
    Checks.positive("maxNorm", maxNorm);
    Checks.atLeast("maxSampled", maxSampled, 1);
  }

  /** 64 factors, 60 epochs. */
  public static Warp defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Warp of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new Warp(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("learningRate", DEFAULTS.learningRate),
                in.number("margin", DEFAULTS.margin),
                in.number("maxNorm", DEFAULTS.maxNorm),
                in.integer("maxSampled", DEFAULTS.maxSampled)));
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
        .with("margin", margin)
        .with("maxNorm", maxNorm)
        .with("maxSampled", maxSampled);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, or if the vectors do not fit in memory
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
    float[] weights = rankWeights(pairs.known.length);
    new StochasticDescent(NAME, pairs, context.seed(), threads)
        .run(
            epochs,
            () -> (user, item, random) -> step(pairs, users, items, weights, user, item, random),
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

  /** L of each rank. */
  private static float[] rankWeights(int ranks) {
    float[] weights = new float[ranks + 1];
    double sum = 0;
    for (int rank = 1; rank <= ranks; rank++) {
      sum += 1.0 / rank;
      weights[rank] = (float) sum;
    }
    return weights;
  }

  private void step(
      PositivePairs pairs,
      float[][] users,
      float[][] items,
      float[] weights,
      int user,
      int item,
      SplittableRandom random) {
    float[] x = users[user];
    float[] y = items[item];
    float bound = Kernels.dot(x, y, x.length) - (float) margin;
    for (int drawn = 1; drawn <= maxSampled; drawn++) {
      int other = StochasticDescent.negative(pairs, user, random);
      if (other < 0) {
        return; // the user did everything
      }
      float[] z = items[other];
      if (Kernels.dot(x, z, x.length) > bound) {
        int rank = Math.max(1, (pairs.known.length - 1) / drawn);
        float pull = (float) learningRate * weights[rank];
        for (int k = 0; k < x.length; k++) {
          float ofUser = x[k];
          float ofItem = y[k];
          float ofOther = z[k];
          x[k] = ofUser + pull * (ofItem - ofOther);
          y[k] = ofItem + pull * ofUser;
          z[k] = ofOther - pull * ofUser;
        }
        shorten(x);
        shorten(y);
        shorten(z);
        return;
      }
    }
  }

  private void shorten(float[] vector) {
    double length = Math.sqrt(Kernels.dot(vector, vector, vector.length));
    if (length > maxNorm) {
      Kernels.scale(vector, (float) (maxNorm / length), 0, vector.length);
    }
  }
}
