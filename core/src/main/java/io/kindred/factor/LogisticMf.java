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
import io.kindred.sparse.Parallel;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Logistic matrix factorization (Johnson, NIPS workshop on distributed machine learning 2014): the
 * probability that a person does an item.
 *
 * <pre>
 * p(u, i) = sigmoid(x(u) . y(i) + b(u) + b(i))
 * maximize sum over (u, i) of alpha r(u, i) s(u, i) - (w + alpha r(u, i)) ln(1 + e^s(u, i))
 *          - regularization / 2 (sum over u of |x(u)|^2 + sum over i of |y(i)|^2)
 * s(u, i) = x(u) . y(i) + b(u) + b(i),  r(u, i) = the weight of the value, 0 where not observed
 * score(u, i) = x(u) . y(i) + b(i)
 * </pre>
 *
 * <p>An epoch takes one step along the gradient for all users, then for all items, each number with
 * its own AdaGrad rate. The sum over all pairs would cost O(users items factors): it is estimated
 * from items (users) drawn evenly, the same number for each user (item), {@code negatives} times
 * the mean number of observations. So w, which is 1 in the paper, is such that all pairs together
 * weigh {@code negatives} times as much as there are observations. The score leaves out the bias of
 * the person, which is the same for all items. Values of 0 and below count as not observed.
 *
 * <p>Rows are independent within half an epoch, and each draws from a generator of its own: the
 * same seed gives the same model with any number of threads. Somebody unknown is folded in by least
 * squares on the history in the query: see {@link FactorModel}. Cost of an epoch: O(observations (1
 * + negatives) factors).
 *
 * @param factors length of the vectors, at least 1
 * @param epochs at least 1
 * @param learningRate of AdaGrad, above 0
 * @param regularization at least 0; NaN: found from the data, see {@link #resolved}
 * @param alpha what a unit of value weighs, above 0
 * @param weighting how values become weights
 * @param negatives drawn for each observation, at least 1
 */
public record LogisticMf(
    int factors,
    int epochs,
    double learningRate,
    double regularization,
    double alpha,
    Weighting weighting,
    int negatives)
    implements Trainer<FactorModel> {
  private static final String NAME = "logistic-mf";
  private static final int BLOCK = 16;

  /** The line of the registry. */
  public static final Algorithm<FactorModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "Vectors of people and items that tell the odds of something being done",
          LogisticMf::of,
          new FactorCodec(
              info -> DescentFoldIn.LOSS, info -> of(info.parameters()).factors(), false));

  private static final LogisticMf DEFAULTS =
      new LogisticMf(64, 30, 0.5, Double.NaN, 1, Weighting.VALUE, 5);

  /** How much of the noise of the data the regularization holds back. */
  private static final double NOISE_SHARE = 0.43;

  /** Checks the ranges. */
  public LogisticMf {
    Checks.atLeast("factors", factors, 1);
    Checks.atLeast("epochs", epochs, 1);
    Checks.positive("learningRate", learningRate);
    Checks.notNegativeOrAuto("regularization", regularization);
    Checks.positive("alpha", alpha);
    Objects.requireNonNull(weighting);
    Checks.atLeast("negatives", negatives, 1);
  }

  /** 64 factors, 30 epochs. */
  public static LogisticMf defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static LogisticMf of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new LogisticMf(
                in.integer("factors", DEFAULTS.factors),
                in.integer("epochs", DEFAULTS.epochs),
                in.number("learningRate", DEFAULTS.learningRate),
                in.numberOrAuto("regularization", DEFAULTS.regularization),
                in.number("alpha", DEFAULTS.alpha),
                in.choice("weighting", DEFAULTS.weighting),
                in.integer("negatives", DEFAULTS.negatives)));
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
        .withAuto("regularization", regularization)
        .with("alpha", alpha)
        .with("weighting", weighting)
        .with("negatives", negatives);
  }

  /**
   * The same trainer with a number for the regularization. Near zero vectors the sum over the
   * observed pairs pulls with the matrix of their weights, and a component of it whose singular
   * value is below a multiple of the regularization vanishes ({@link AlsWeights} has the same
   * thought): so it is taken as 0.43 of what chance would make of so many pairs,
   *
   * <pre>regularization = 0.43 mean weight (sqrt(pairs of a user) + sqrt(pairs of an item))</pre>
   */
  @Override
  public LogisticMf resolved(Dataset data) {
    if (!Double.isNaN(regularization)) {
      return this;
    }
    weights().check(NAME, data);
    return withRegularization(
        ObservedCounts.rounded(NOISE_SHARE * ObservedCounts.of(data, weights()).noise()));
  }

  private LogisticMf withRegularization(double newRegularization) {
    return new LogisticMf(
        factors, epochs, learningRate, newRegularization, alpha, weighting, negatives);
  }

  /** What weighs the observations; its goals do not count here. */
  private SquaredLoss weights() {
    return new SquaredLoss(weighting, alpha, 1, 1, 0, 0);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if a value is NaN or makes a weight
   *     above 1e8, or if the vectors do not fit in memory
   */
  @Override
  public FactorModel train(Dataset data, TrainingContext context) {
    return resolved(data).trainResolved(data, context);
  }

  private FactorModel trainResolved(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Initialization.trainable(NAME, data, factors + 2);
    weights().check(NAME, data);
    Training training = new Training(data, context);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      training.epoch(epoch);
      context.progress().onProgress("logistic descent", epoch, epochs, "");
    }
    return training.model(this, data, context, start);
  }

  /** The vectors on their way: {@code [x, b(u), 1]} and {@code [y, 1, b(i)]}. */
  final class Training {
    final float[][] users;
    final float[][] items;
    private final float[][] userSquares;
    private final float[][] itemSquares;
    private final PositivePairs pairs;
    private final int[] activeUsers;
    private final Supplier<ObservedRows> userRows;
    private final Supplier<ObservedRows> itemRows;
    private final TrainingContext context;

    Training(Dataset data, TrainingContext context) {
      this.context = context;
      pairs = new PositivePairs(data.interactions());
      int[] userCounts = pairs.userCounts();
      activeUsers =
          IntStream.range(0, userCounts.length).filter(user -> userCounts[user] > 0).toArray();
      users =
          wide(Initialization.randomRows(userCounts, factors, 0.1, context.seed()), factors + 1);
      items = wide(Initialization.randomRows(pairs.counts, factors, 0.1, ~context.seed()), factors);
      userSquares = new float[users.length][factors + 2];
      itemSquares = new float[items.length][factors + 2];
      userRows = ObservedRows.byUser(data.interactions(), weights());
      itemRows = ObservedRows.byItem(data.interactions(), weights());
    }

    private float[][] wide(float[][] rows, int one) {
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Arrays.copyOf(rows[row], factors + 2);
        rows[row][one] = 1;
      }
      return rows;
    }

    void epoch(int epoch) {
      if (pairs.size() == 0) {
        return;
      }
      half(2L * epoch, userRows, users, userSquares, items, pairs.known, activeUsers, factors + 1);
      half(2L * epoch + 1, itemRows, items, itemSquares, users, activeUsers, pairs.known, factors);
    }

    private void half(
        long turn,
        Supplier<ObservedRows> rows,
        float[][] moved,
        float[][] squares,
        float[][] others,
        int[] candidates,
        int[] rowsWithPairs,
        int fixed) {
      int draws =
          (int)
              Math.max(
                  1, Math.min(1 << 20, (long) negatives * pairs.size() / rowsWithPairs.length));
      Parallel.forBlocks(
          context.threads(),
          moved.length,
          BLOCK,
          () -> {
            ObservedRows row = rows.get();
            float[] gradient = new float[factors + 2];
            return (from, to) -> {
              for (int r = from; r < to; r++) {
                row.read(r);
                if (row.positive) {
                  long own = context.seed() ^ ((turn * moved.length + r) * 0x9E3779B97F4A7C15L);
                  ascend(
                      row,
                      moved[r],
                      squares[r],
                      others,
                      candidates,
                      fixed,
                      gradient,
                      draws,
                      new SplittableRandom(own));
                }
              }
            };
          });
    }

    private void ascend(
        ObservedRows row,
        float[] x,
        float[] squares,
        float[][] others,
        int[] candidates,
        int fixed,
        float[] gradient,
        int draws,
        SplittableRandom random) {
      Arrays.fill(gradient, 0f);
      int n = gradient.length;
      for (int j = 0; j < row.count; j++) {
        if (row.values[j] > 0) {
          float[] y = others[row.columns[j]];
          double p = sigmoid(Kernels.dot(x, y, n));
          Kernels.addScaled(gradient, y, (float) (row.weights[j] * (1 - p)), 0, n);
        }
      }
      for (int draw = 0; draw < draws; draw++) {
        float[] y = others[candidates[random.nextInt(candidates.length)]];
        Kernels.addScaled(gradient, y, (float) -sigmoid(Kernels.dot(x, y, n)), 0, n);
      }
      for (int k = 0; k < n; k++) {
        if (k == fixed) {
          continue;
        }
        float slope = gradient[k] - (k < factors ? (float) regularization * x[k] : 0f);
        squares[k] += slope * slope;
        x[k] += (float) (learningRate * slope / (1e-6 + Math.sqrt(squares[k])));
      }
    }

    private static double sigmoid(double s) {
      return 1 / (1 + Math.exp(-s));
    }

    /** The model: {@code [x, 1]} and {@code [y, b(i)]}. */
    FactorModel model(LogisticMf trainer, Dataset data, TrainingContext context, long start) {
      for (int user = 0; user < users.length; user++) {
        users[user] = Arrays.copyOf(users[user], factors + 1);
        users[user][factors] = 1;
      }
      for (int item = 0; item < items.length; item++) {
        float bias = items[item][factors + 1];
        items[item] = Arrays.copyOf(items[item], factors + 1);
        items[item][factors] = bias;
      }
      return new FactorModel(
          ModelInfo.of(trainer, data, context, start),
          data,
          users,
          items,
          factors,
          DescentFoldIn.of(pairs, data, users, items, factors, context.threads()),
          false);
    }
  }
}
