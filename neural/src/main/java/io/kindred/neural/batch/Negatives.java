package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws items that stand for those that a person did not choose. Immutable, thread-safe.
 *
 * <p>Items are drawn with replacement from a distribution: {@code probability(i)} is 1 / items
 * (uniform), proportional to count^alpha (popularity), that of the targets of the batch (in-batch,
 * about popularity with alpha 1), or half of each of uniform and in-batch (mixed).
 */
public final class Negatives {
  /** Where negatives come from. */
  public enum Sampling {
    /** All items alike. */
    UNIFORM,
    /** Proportional to the number of interactions to the power of alpha. */
    POPULARITY,
    /** The targets of the other rows of the batch. */
    IN_BATCH,
    /** Half uniform, half in-batch (Yang et al., WWW 2020). */
    MIXED
  }

  private final Sampling sampling;
  private final int itemCount;
  private final double[] cumulative; // of count^alpha, for POPULARITY
  private final double[] share; // of count, for IN_BATCH and MIXED
  private final int[][] positives; // sorted items of each user, or empty

  /**
   * A sampler.
   *
   * @param alpha of {@link Sampling#POPULARITY}, in [0, 1]
   * @param avoidPositives whether an item that the user has ever chosen in {@code interactions} is
   *     no negative of that user
   */
  public Negatives(
      Interactions interactions, Sampling sampling, double alpha, boolean avoidPositives) {
    this.sampling = sampling;
    itemCount = interactions.itemCount();
    int[] counts = interactions.itemCounts();
    cumulative = new double[sampling == Sampling.POPULARITY ? itemCount : 0];
    double sum = 0;
    for (int i = 0; i < cumulative.length; i++) {
      sum += Math.pow(counts[i], alpha);
      cumulative[i] = sum;
    }
    share = new double[itemCount];
    for (int i = 0; i < itemCount; i++) {
      share[i] =
          switch (sampling) {
            case UNIFORM -> 1.0 / itemCount;
            case POPULARITY -> Math.pow(counts[i], alpha) / sum;
            case IN_BATCH -> (double) counts[i] / interactions.size();
            case MIXED -> 0.5 / itemCount + 0.5 * counts[i] / interactions.size();
          };
    }
    positives = new int[avoidPositives ? interactions.userCount() : 0][];
    for (int user = 0; user < positives.length; user++) {
      positives[user] =
          Arrays.copyOfRange(
              interactions.items(), interactions.starts()[user], interactions.starts()[user + 1]);
      Arrays.sort(positives[user]);
    }
  }

  /** The probability with which an item is drawn. */
  public double probability(int item) {
    return share[item];
  }

  /** Negatives that all targets of a batch share: {@code count} items. */
  public long[] shared(long[] targets, int count, SplittableRandom random) {
    long[] drawn = new long[count];
    for (int k = 0; k < count; k++) {
      drawn[k] = draw(targets, random);
    }
    return drawn;
  }

  /** {@code count} negatives for each target, {@code [targets * count]}. */
  public long[] each(long[] targets, int[] users, int count, SplittableRandom random) {
    long[] drawn = new long[Math.multiplyExact(targets.length, count)];
    for (int t = 0; t < targets.length; t++) {
      for (int k = 0; k < count; k++) {
        long item = draw(targets, random);
        // A catalogue of few items may have nothing else: then the last draw stands.
        for (int again = 0; again < 20 && excluded(users[t], targets[t], item); again++) {
          item = draw(targets, random);
        }
        drawn[t * count + k] = item;
      }
    }
    return drawn;
  }

  /**
   * The pairs of target and shared negative that must not count: the negative is the target itself,
   * or one of the user's positives where these are avoided.
   *
   * @return flat places {@code target * negatives + negative}
   */
  public long[] excluded(long[] targets, int[] users, long[] negatives) {
    long[] sorted = new long[negatives.length];
    for (int k = 0; k < negatives.length; k++) {
      sorted[k] = (negatives[k] << 32) | k;
    }
    Arrays.sort(sorted);
    long[] found = new long[64];
    int size = 0;
    int[] one = new int[1];
    for (int t = 0; t < targets.length; t++) {
      int[] own = one;
      one[0] = (int) targets[t];
      boolean all = positives.length > 0 && users[t] >= 0;
      if (all) {
        own = positives[users[t]];
      }
      for (int i = 0; i < own.length; i++) {
        if (i > 0 && own[i] == own[i - 1]) {
          continue;
        }
        int at = Arrays.binarySearch(sorted, (long) own[i] << 32);
        for (int k = at < 0 ? -at - 1 : at;
            k < sorted.length && (sorted[k] >>> 32) == own[i];
            k++) {
          if (size == found.length) {
            found = Arrays.copyOf(found, 2 * size);
          }
          found[size++] = (long) t * negatives.length + (int) sorted[k];
        }
      }
    }
    return Arrays.copyOf(found, size);
  }

  private boolean excluded(int user, long target, long item) {
    return item == target
        || (positives.length > 0
            && user >= 0
            && Arrays.binarySearch(positives[user], (int) item) >= 0);
  }

  private long draw(long[] targets, SplittableRandom random) {
    return switch (sampling) {
      case UNIFORM -> random.nextInt(itemCount);
      case POPULARITY -> {
        int at =
            Arrays.binarySearch(
                cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
        yield Math.min(itemCount - 1, at < 0 ? -at - 1 : at + 1);
      }
      case IN_BATCH -> targets[random.nextInt(targets.length)];
      case MIXED ->
          random.nextBoolean()
              ? random.nextInt(itemCount)
              : targets[random.nextInt(targets.length)];
    };
  }
}
