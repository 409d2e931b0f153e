package io.kindred.rating;

import io.kindred.KindredException;
import io.kindred.TrainingContext;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/*
 * One step of SVD++ (Koren 2008, equation 17) for the rating r of item i by user u, who rated n
 * items, with e = r - mean - b(u) - b(i) - q(i) . (p(u) + z),  z = sum of y(j) / sqrt(n):
 *
 *   b(u) += rate (e - lambdaBias b(u))            b(i) += rate (e - lambdaBias b(i))
 *   p(u) += rate (e q(i) - lambda p(u))           q(i) += rate (e (p(u) + z) - lambda q(i))
 *   y(j) += rate (e q(i) / sqrt(n) - lambdaY y(j))     for all j that u rated
 *
 * The last line touches n vectors for each of n ratings. But all y(j) of a user are shrunk by the
 * same factor and moved by the same vector. Taking the ratings of one user one after another, it is
 * enough to keep the factor s and the vector g by which they have been moved since the first one,
 *
 *   s = (1 - rate lambdaY) s,  g = (1 - rate lambdaY) g + rate e q(i) / sqrt(n)
 *   z = (1 - rate lambdaY) z + rate e q(i)
 *
 * and to set y(j) = s y(j) + g at the end: the same numbers, at O(factors) a rating.
 */
/** Stochastic gradient descent over ratings, user by user; without y it is plain biased MF. */
final class RatingDescent {
  /** How far random vectors are from 0 at the beginning, in each dimension. */
  private static final double DEVIATION = 0.1;

  final float mean;
  final float[] itemBias;
  final float[][] itemFactors;
  final float[][] implicit; // y, of length 0 without
  private final SparseMatrix ratings;
  final float[] userBias;
  final float[][] userFactors;
  private final float[] z;
  private final float[] g;
  private final int[] users;
  private final int[] places;
  private final SplittableRandom random;
  private double squares;

  RatingDescent(SparseMatrix ratings, int factors, boolean withImplicit, long seed) {
    this.ratings = ratings;
    double sum = 0;
    for (float value : ratings.values()) {
      sum += value;
    }
    mean = (float) (sum / Math.max(1, ratings.size()));
    int[] counts = ratings.columnSizes();
    itemBias = new float[counts.length];
    userBias = new float[ratings.rowCount()];
    random = new SplittableRandom(seed);
    itemFactors = randomRows(counts, factors);
    int[] sizes = new int[userBias.length];
    int longest = 0;
    for (int user = 0; user < sizes.length; user++) {
      sizes[user] = ratings.rowSize(user);
      longest = Math.max(longest, sizes[user]);
    }
    userFactors = randomRows(sizes, factors);
    implicit = withImplicit ? new float[counts.length][factors] : new float[0][];
    z = new float[factors];
    g = new float[factors];
    users = new int[sizes.length];
    for (int user = 0; user < users.length; user++) {
      users[user] = user;
    }
    places = new int[longest];
  }

  /** Random vectors, zeros where there is nothing to learn from. */
  private float[][] randomRows(int[] counts, int factors) {
    float[][] rows = new float[counts.length][factors];
    for (int row = 0; row < rows.length; row++) {
      for (int k = 0; k < factors && counts[row] > 0; k++) {
        // a sum of twelve uniform numbers has deviation 1
        double normal = -6;
        for (int draw = 0; draw < 12; draw++) {
          normal += random.nextDouble();
        }
        rows[row][k] = (float) (DEVIATION * normal);
      }
    }
    return rows;
  }

  /**
   * How strongly each kind of parameter is held back, a rating.
   *
   * @param ofBiases of b(u) and b(i)
   * @param ofVectors of p and q
   * @param ofImplicit of y; of no matter where there is none
   */
  record Regularization(double ofBiases, double ofVectors, double ofImplicit) {}

  /** What was learned of items. */
  ItemSide items(PersonPenalty penalty) {
    return new ItemSide(mean, itemBias, itemFactors, implicit, penalty);
  }

  /**
   * All epochs.
   *
   * @throws KindredException if the descent leaves the finite numbers
   */
  void run(
      String algorithm,
      int epochs,
      double learningRate,
      double decay,
      Regularization regularization,
      TrainingContext context) {
    double rate = learningRate;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      epoch((float) rate, regularization);
      double rmse = rmse();
      if (!(rmse < 1e6 * (1 + Math.abs(mean) + spread()))) {
        throw new KindredException(
            algorithm
                + ": the descent ran away in epoch "
                + epoch
                + " (training RMSE "
                + rmse
                + "); a learningRate below "
                + learningRate
                + " would be right, or ratings on a smaller scale");
      }
      context.progress().onProgress("ratings", epoch, epochs, "RMSE " + (float) rmse);
      rate *= decay;
    }
  }

  /** The root of the mean squared error of the last epoch, each rating before its step. */
  double rmse() {
    return Math.sqrt(squares / Math.max(1, ratings.size()));
  }

  private double spread() {
    double most = 0;
    for (float value : ratings.values()) {
      most = Math.max(most, Math.abs(value - mean));
    }
    return most;
  }

  private void epoch(float rate, Regularization regularization) {
    squares = 0;
    shuffle(users, users.length);
    for (int user : users) {
      int n = ratings.rowSize(user);
      for (int p = 0; p < n; p++) {
        places[p] = ratings.starts()[user] + p;
      }
      shuffle(places, n);
      if (n > 0) {
        descend(user, places, n, rate, regularization);
      }
    }
  }

  private void shuffle(int[] values, int count) {
    for (int at = count - 1; at > 0; at--) {
      int other = random.nextInt(at + 1);
      int value = values[at];
      values[at] = values[other];
      values[other] = value;
    }
  }

  /**
   * The steps of the ratings of one user.
   *
   * @param order places in the ratings, of which the first n count
   */
  void descend(int user, int[] order, int n, float rate, Regularization regularization) {
    boolean hasImplicit = implicit.length > 0;
    float scale = (float) (1 / Math.sqrt(n));
    if (hasImplicit) {
      sumImplicit(user, scale);
    }
    float keepBias = 1 - rate * (float) regularization.ofBiases();
    float keep = 1 - rate * (float) regularization.ofVectors();
    float keepImplicit = 1 - rate * (float) regularization.ofImplicit();
    float shrunk = 1;
    float[] p = userFactors[user];
    int factors = p.length;
    for (int at = 0; at < n; at++) {
      int item = ratings.columns()[order[at]];
      float[] q = itemFactors[item];
      double foretold = (double) mean + userBias[user] + itemBias[item];
      foretold += hasImplicit ? dotSum(q, p, z, factors) : dot(q, p, factors);
      float error = (float) (ratings.values()[order[at]] - foretold);
      squares += (double) error * error;
      float step = rate * error;
      userBias[user] = keepBias * userBias[user] + step;
      itemBias[item] = keepBias * itemBias[item] + step;
      if (hasImplicit) {
        shrunk *= keepImplicit;
        stepWithImplicit(p, q, step, keep, keepImplicit, scale);
      } else {
        for (int k = 0; k < factors; k++) {
          float before = q[k];
          q[k] = keep * before + step * p[k];
          p[k] = keep * p[k] + step * before;
        }
      }
    }
    if (hasImplicit) {
      for (int at = ratings.starts()[user]; at < ratings.starts()[user + 1]; at++) {
        float[] y = implicit[ratings.columns()[at]];
        for (int k = 0; k < factors; k++) {
          y[k] = shrunk * y[k] + g[k];
        }
      }
    }
  }

  private void sumImplicit(int user, float scale) {
    Arrays.fill(z, 0f);
    Arrays.fill(g, 0f);
    for (int at = ratings.starts()[user]; at < ratings.starts()[user + 1]; at++) {
      float[] y = implicit[ratings.columns()[at]];
      for (int k = 0; k < z.length; k++) {
        z[k] += scale * y[k];
      }
    }
  }

  private void stepWithImplicit(
      float[] p, float[] q, float step, float keep, float keepImplicit, float scale) {
    for (int k = 0; k < p.length; k++) {
      float before = q[k];
      q[k] = keep * before + step * (p[k] + z[k]);
      p[k] = keep * p[k] + step * before;
      z[k] = keepImplicit * z[k] + step * before;
      g[k] = keepImplicit * g[k] + step * scale * before;
    }
  }

  private static float dot(float[] q, float[] p, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      s0 += q[k] * p[k];
      s1 += q[k + 1] * p[k + 1];
      s2 += q[k + 2] * p[k + 2];
      s3 += q[k + 3] * p[k + 3];
    }
    for (; k < n; k++) {
      s0 += q[k] * p[k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static float dotSum(float[] q, float[] p, float[] z, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      s0 += q[k] * (p[k] + z[k]);
      s1 += q[k + 1] * (p[k + 1] + z[k + 1]);
      s2 += q[k + 2] * (p[k + 2] + z[k + 2]);
      s3 += q[k + 3] * (p[k + 3] + z[k + 3]);
    }
    for (; k < n; k++) {
      s0 += q[k] * (p[k] + z[k]);
    }
    return (s0 + s1) + (s2 + s3);
  }
}
