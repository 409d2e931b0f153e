package io.kindred.similarity;

import io.kindred.data.History;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;

/**
 * What a rating is expected to be before anything is known of taste: {@code b(u, i) = mean +
 * userBias[u] + itemBias[i]}.
 *
 * <p>Least squares with regularization, {@code sum (r(u, i) - b(u, i))^2 + userRegularization sum
 * userBias^2 + itemRegularization sum itemBias^2}, after Y. Koren, Factor in the Neighbors, ACM
 * TKDD 4(1), 2010, section 2.1. Immutable as long as nobody changes the shared arrays; thread-safe.
 *
 * @param mean the mean of all ratings; 0 without any
 * @param userBias how far each user rates above the mean, shape {@code float[users]}; 0 for users
 *     without ratings
 * @param itemBias how far each item is rated above the mean, shape {@code float[items]}; 0 for
 *     items without ratings
 * @param options how they were fitted; {@link #foldIn} goes on in the same way
 */
public record Baselines(float mean, float[] userBias, float[] itemBias, Options options) {
  /** How the biases are found. */
  public enum Method {
    /**
     * Alternating least squares: all item biases, then all user biases, each exact for the other
     * side held fixed.
     */
    ALS,
    /** Stochastic gradient descent over the ratings, user by user and by item index. */
    SGD
  }

  /**
   * How baselines are fitted.
   *
   * @param method the solver
   * @param epochs passes over the ratings, at least 1
   * @param userRegularization at least 0; for ALS in units of ratings, for SGD the decay of each
   *     step
   * @param itemRegularization at least 0, as for users
   * @param learningRate the step of SGD, above 0; ALS has none
   */
  public record Options(
      Method method,
      int epochs,
      double userRegularization,
      double itemRegularization,
      double learningRate) {
    /**
     * Alternating least squares, 10 epochs, regularization 15 for users and 10 for items (section
     * 2.1 of the paper).
     */
    public static final Options ALS = new Options(Method.ALS, 10, 15, 10, 0.005);

    /** Gradient descent, 20 epochs, regularization 0.02, learning rate 0.005. */
    public static final Options SGD = new Options(Method.SGD, 20, 0.02, 0.02, 0.005);

    /** The defaults of a method. */
    public static Options of(Method method) {
      return method == Method.ALS ? ALS : SGD;
    }

    /** Checks the ranges. */
    public Options {
      if (epochs < 1) {
        throw new IllegalArgumentException("epochs must be at least 1, got " + epochs);
      }
      if (!(userRegularization >= 0) || !(itemRegularization >= 0)) {
        throw new IllegalArgumentException(
            "regularization must be at least 0, got "
                + userRegularization
                + " and "
                + itemRegularization);
      }
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException("learningRate must be above 0, got " + learningRate);
      }
    }
  }

  /**
   * Fits baselines to ratings. Cost O(epochs * ratings); the result does not depend on the number
   * of threads.
   *
   * @param ratings users x items, finite
   * @param threads to use, at least 1; SGD always uses one
   */
  public static Baselines fit(SparseMatrix ratings, Options options, int threads) {
    double sum = 0;
    for (float value : ratings.values()) {
      sum += value;
    }
    float mean = ratings.size() == 0 ? 0f : (float) (sum / ratings.size());
    float[] userBias = new float[ratings.rowCount()];
    float[] itemBias = new float[ratings.columnCount()];
    if (options.method() == Method.ALS) {
      SparseMatrix byItem = ratings.transpose();
      for (int epoch = 0; epoch < options.epochs(); epoch++) {
        solve(byItem, mean, userBias, options.itemRegularization(), itemBias, threads);
        solve(ratings, mean, itemBias, options.userRegularization(), userBias, threads);
      }
    } else {
      for (int epoch = 0; epoch < options.epochs(); epoch++) {
        for (int user = 0; user < userBias.length; user++) {
          descend(ratings, mean, user, userBias, itemBias, options);
        }
      }
    }
    return new Baselines(mean, userBias, itemBias, options);
  }

  /** {@code bias[row] = sum (r - mean - other[column]) / (regularization + entries of the row)}. */
  private static void solve(
      SparseMatrix ratings,
      float mean,
      float[] other,
      double regularization,
      float[] bias,
      int threads) {
    Parallel.forBlocks(
        threads,
        ratings.rowCount(),
        256,
        () ->
            (from, to) -> {
              for (int row = from; row < to; row++) {
                double residual = 0;
                for (int p = ratings.starts()[row]; p < ratings.starts()[row + 1]; p++) {
                  residual += ratings.values()[p] - mean - other[ratings.columns()[p]];
                }
                bias[row] = regularized(residual, ratings.rowSize(row), regularization);
              }
            });
  }

  private static float regularized(double residual, int count, double regularization) {
    return count == 0 ? 0f : (float) (residual / (regularization + count));
  }

  private static void descend(
      SparseMatrix ratings,
      float mean,
      int user,
      float[] userBias,
      float[] itemBias,
      Options options) {
    double bias = userBias[user];
    for (int p = ratings.starts()[user]; p < ratings.starts()[user + 1]; p++) {
      int item = ratings.columns()[p];
      double error = ratings.values()[p] - mean - bias - itemBias[item];
      bias += options.learningRate() * (error - options.userRegularization() * bias);
      itemBias[item] +=
          (float)
              (options.learningRate() * (error - options.itemRegularization() * itemBias[item]));
    }
    userBias[user] = (float) bias;
  }

  /**
   * The bias of somebody who was not there when the baselines were fitted, with the item biases
   * held fixed. By ALS, a user of the training data with the same history gets exactly the bias
   * that was fitted. Cost O(history log history), times the epochs for SGD.
   *
   * @param history of repeats the last value counts; empty: 0
   */
  public float foldIn(History history) {
    History once = history.distinct();
    int[] items = once.items();
    float[] values = once.values();
    if (options.method() == Method.ALS) {
      double residual = 0;
      for (int p = 0; p < items.length; p++) {
        residual += values[p] - mean - itemBias[items[p]];
      }
      return regularized(residual, items.length, options.userRegularization());
    }
    double bias = 0;
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      for (int p = 0; p < items.length; p++) {
        double error = values[p] - mean - bias - itemBias[items[p]];
        bias += options.learningRate() * (error - options.userRegularization() * bias);
      }
    }
    return (float) bias;
  }

  /** The same with users and items changed over, for the transposed matrix. Arrays are shared. */
  public Baselines transposed() {
    return new Baselines(
        mean,
        itemBias,
        userBias,
        new Options(
            options.method(),
            options.epochs(),
            options.itemRegularization(),
            options.userRegularization(),
            options.learningRate()));
  }

  /** The baseline {@code mean + bias + itemBias[item]} of a person with a given bias. */
  public float estimate(float bias, int item) {
    return mean + bias + itemBias[item];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Baselines that
        && mean == that.mean
        && options.equals(that.options)
        && Arrays.equals(userBias, that.userBias)
        && Arrays.equals(itemBias, that.itemBias);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(userBias) + Arrays.hashCode(itemBias);
  }

  @Override
  public String toString() {
    return "Baselines[mean "
        + mean
        + ", "
        + userBias.length
        + " users, "
        + itemBias.length
        + " items]";
  }
}
