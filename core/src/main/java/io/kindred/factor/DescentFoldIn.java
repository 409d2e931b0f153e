package io.kindred.factor;

import io.kindred.data.Dataset;
import io.kindred.linalg.Gram;
import io.kindred.linalg.Kernels;
import java.util.Arrays;

/*
 * Gradient descent has no closed form for one person. Least squares have one, and they come near it:
 * scores of observed items shall be ahead of all others by as much as they are in training on average,
 *
 *   z(u) = argmin over z of sum over observed i of 1.02 (goal - z . y(i))^2
 *          + sum over all other i of 0.02 (z . y(i))^2 + ridge |z|^2
 *
 * but z is too short, for the ridge, and lacks what all people have in common, which is how popular
 * items come to stand high. Both are made good by two numbers, found by least squares between the
 * scores of people whom training knows and those of their fold-in:
 *
 *   x(u) = a mean + b z(u),  mean = mean of the trained vectors of all people
 *   minimize over a, b  sum over some people u of |Y (x(u) of training - a mean - b z(u))|^2
 *
 * Of some ridges, the one that leaves the least of the scores unexplained is taken.
 */
/** How the models of gradient descent fold people in. */
final class DescentFoldIn {
  /** The loss of z, without its goal and regularization. */
  static final SquaredLoss LOSS = new SquaredLoss(Weighting.BINARY, 1, 0.02, 1, 1, 0);

  /** In units of the mean length of y(i) in one dimension, over pairs that were not observed. */
  private static final double[] RIDGES = {2, 5, 12, 30};

  /** So many people tell enough. */
  private static final int PEOPLE = 300;

  private final PositivePairs pairs;
  private final Dataset data;
  private final float[][] users;
  private final float[][] items;
  private final int factors;
  private final int threads;
  private final float[] mean;
  private final float[][] gram;
  private final double ahead;

  private DescentFoldIn(
      PositivePairs pairs,
      Dataset data,
      float[][] users,
      float[][] items,
      int factors,
      int threads) {
    this.pairs = pairs;
    this.data = data;
    this.users = users;
    this.items = items;
    this.factors = factors;
    this.threads = threads;
    mean = mean(users);
    gram = whole(Gram.of(items, factors, threads));
    ahead = ahead();
  }

  /** The fold-in of a model with these vectors, of which the first columns were learned. */
  static FoldIn of(
      PositivePairs pairs,
      Dataset data,
      float[][] users,
      float[][] items,
      int factors,
      int threads) {
    return new DescentFoldIn(pairs, data, users, items, factors, threads).best();
  }

  private FoldIn best() {
    double trace = 0;
    for (int k = 0; k < factors; k++) {
      trace += gram[k][k];
    }
    FoldIn best = plain(RIDGES[0], trace);
    double least = Double.POSITIVE_INFINITY;
    for (double ridge : RIDGES) {
      FoldIn plain = plain(ridge, trace);
      Fit fit = fit(plain);
      if (fit.unexplained < least) {
        least = fit.unexplained;
        float[] base = mean.clone();
        Kernels.scale(base, (float) fit.a, 0, factors);
        best = new FoldIn(plain.loss(), data, items, threads, (float) fit.b, base);
      }
    }
    return best;
  }

  /** z. */
  private FoldIn plain(double ridge, double trace) {
    SquaredLoss loss =
        LOSS.with(
            (float) Math.max(1e-3, ahead),
            (float) Math.max(1e-6, ridge * LOSS.unobserved() * trace / factors));
    return new FoldIn(loss, data, items, factors, threads);
  }

  /** By how much the scores of what was done are ahead of those of all pairs, on average. */
  private double ahead() {
    double sum = 0;
    for (int p = 0; p < pairs.size(); p++) {
      sum += Kernels.dot(users[pairs.users[p]], items[pairs.items[p]], factors);
    }
    return sum / Math.max(1, pairs.size()) - Kernels.dot(mean(users), mean(items), factors);
  }

  private float[] mean(float[][] rows) {
    double[] sum = new double[factors];
    for (float[] row : rows) {
      for (int k = 0; k < factors; k++) {
        sum[k] += row[k];
      }
    }
    float[] mean = new float[factors];
    for (int k = 0; k < factors; k++) {
      mean[k] = (float) (sum[k] / Math.max(1, rows.length));
    }
    return mean;
  }

  /** a, b and the share of the squared scores that they leave. */
  private record Fit(double a, double b, double unexplained) {}

  private Fit fit(FoldIn plain) {
    float[] toMean = times(mean);
    double meanMean = product(toMean, mean);
    double meanFolded = 0;
    double foldedFolded = 0;
    double meanTrained = 0;
    double foldedTrained = 0;
    double trainedTrained = 0;
    int count = 0;
    float[] folded = new float[factors];
    int step = Math.max(1, users.length / PEOPLE);
    for (int user = 0; user < users.length; user += step) {
      if (!plain.vector(data.interactions().history(user), folded)) {
        continue;
      }
      float[] toFolded = times(folded);
      meanFolded += product(toFolded, mean);
      foldedFolded += product(toFolded, folded);
      meanTrained += product(toMean, users[user]);
      foldedTrained += product(toFolded, users[user]);
      trainedTrained += product(times(users[user]), users[user]);
      count++;
    }
    double determinant = count * meanMean * foldedFolded - meanFolded * meanFolded;
    if (!(determinant > 1e-9 * count * meanMean * foldedFolded)) {
      return new Fit(0, 1, Double.POSITIVE_INFINITY); // too few people to tell
    }
    double a = (meanTrained * foldedFolded - foldedTrained * meanFolded) / determinant;
    double b = (count * meanMean * foldedTrained - meanFolded * meanTrained) / determinant;
    double explained = a * meanTrained + b * foldedTrained;
    return b > 0 && Double.isFinite(a) && Double.isFinite(b)
        ? new Fit(a, b, (trainedTrained - explained) / trainedTrained)
        : new Fit(0, 1, Double.POSITIVE_INFINITY);
  }

  /** Y^T Y x. */
  private float[] times(float[] x) {
    float[] product = new float[factors];
    for (int k = 0; k < factors; k++) {
      product[k] = Kernels.dot(gram[k], x, factors);
    }
    return product;
  }

  private double product(float[] x, float[] y) {
    return Kernels.dot(x, y, factors);
  }

  /** Both triangles of a symmetric matrix of which the upper one is there. */
  private static float[][] whole(float[][] upper) {
    float[][] whole = Arrays.stream(upper).map(float[]::clone).toArray(float[][]::new);
    for (int k = 0; k < whole.length; k++) {
      for (int l = 0; l < k; l++) {
        whole[k][l] = upper[l][k];
      }
    }
    return whole;
  }
}
