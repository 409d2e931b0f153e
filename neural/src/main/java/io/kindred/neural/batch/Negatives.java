package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
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
  private final Interactions interactions;
  private final int[] userOf; // of each interaction, or empty
  private final boolean avoidPositives;
  private final long[][] positives; // (item, entry) of each user, sorted; empty: none is left out

  /**
   * A sampler.
   *
   * @param alpha of {@link Sampling#POPULARITY}, in [0, 1]
   * @param avoidPositives whether an item that the user has ever chosen in {@code interactions} is
   *     no negative of that user
   * @param excludeSeen whether an item that the user chose before the target is no negative of it
   */
  public Negatives(
      Interactions interactions,
      Sampling sampling,
      double alpha,
      boolean avoidPositives,
      boolean excludeSeen) {
    this.sampling = sampling;
    this.interactions = interactions;
    this.avoidPositives = avoidPositives;
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
    boolean history = avoidPositives || excludeSeen;
    userOf = history ? Batches.userOfEach(interactions) : new int[0];
    positives = new long[history ? interactions.userCount() : 0][];
    for (int user = 0; user < positives.length; user++) {
      int from = interactions.starts()[user];
      positives[user] = new long[interactions.userSize(user)];
      for (int p = from; p < interactions.starts()[user + 1]; p++) {
        positives[user][p - from] = ((long) interactions.items()[p] << 32) | p;
      }
      Arrays.sort(positives[user]);
    }
  }

  /**
   * A warning where people come back to items in more than one interaction of twenty, although what
   * they have seen is left out: a target that was seen before is then compared with what was never
   * seen alone, and the network does not learn which of the known items comes next.
   */
  public Optional<String> warning() {
    long repeats = 0;
    for (long[] own : positives) {
      for (int i = 1; i < own.length; i++) {
        repeats += own[i] >>> 32 == own[i - 1] >>> 32 ? 1 : 0;
      }
    }
    if (repeats * 20 <= interactions.size()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "in %.0f %% of the interactions somebody comes back to an item; %s=true keeps the network"
                + " from telling items apart that a person knows. Leave it out if such items shall be"
                + " recommended",
            100.0 * repeats / interactions.size(),
            avoidPositives ? "avoidPositives" : "excludeSeen"));
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

  /**
   * Negatives for each target.
   *
   * @param entries where the targets stand in the interactions, -1 where they do not
   * @return {@code count} for each, {@code [targets * count]}
   */
  public long[] each(long[] targets, int[] entries, int count, SplittableRandom random) {
    long[] drawn = new long[Math.multiplyExact(targets.length, count)];
    for (int t = 0; t < targets.length; t++) {
      for (int k = 0; k < count; k++) {
        long item = draw(targets, random);
        // A catalogue of few items may have nothing else: then the last draw stands.
        for (int again = 0; again < 20 && excluded(entries[t], targets[t], item); again++) {
          item = draw(targets, random);
        }
        drawn[t * count + k] = item;
      }
    }
    return drawn;
  }

  private boolean excluded(int entry, long target, long item) {
    if (item == target) {
      return true;
    }
    if (positives.length == 0 || entry < 0) {
      return false;
    }
    long[] own = positives[userOf[entry]];
    int at = -1 - Arrays.binarySearch(own, (item << 32) - 1); // the first of this item or after it
    return at < own.length && own[at] >>> 32 == item && (avoidPositives || (int) own[at] < entry);
  }

  /**
   * The pairs of target and shared negative that must not count: the negative is the target itself,
   * or one that the user's history excludes.
   *
   * @param entries where the targets stand in the interactions, -1 where they do not
   * @return flat places {@code target * negatives + negative}, by ascending target
   */
  public long[] excluded(long[] targets, int[] entries, long[] negatives) {
    long[] sorted = new long[negatives.length];
    for (int k = 0; k < negatives.length; k++) {
      sorted[k] = (negatives[k] << 32) | k;
    }
    Arrays.sort(sorted);
    Places found = new Places();
    for (int t = 0; t < targets.length; t++) {
      long first = (long) t * negatives.length;
      add(found, first, sorted, targets[t]);
      int end = historyEnd(entries[t]);
      for (int p = historyBegin(entries[t]); p < end; p++) {
        if (interactions.items()[p] != targets[t]) {
          add(found, first, sorted, interactions.items()[p]);
        }
      }
    }
    return found.toArray();
  }

  private static void add(Places found, long first, long[] sorted, long item) {
    int at = Arrays.binarySearch(sorted, item << 32);
    for (int k = at < 0 ? -at - 1 : at; k < sorted.length && sorted[k] >>> 32 == item; k++) {
      found.add(first + (int) sorted[k]);
    }
  }

  /**
   * The pairs of target and item of the whole catalogue that must not count, by the user's history;
   * the target itself is none of them. Cost O(rows * history).
   *
   * @param entries where the targets stand in the interactions, -1 where they do not
   * @param from the first target that is looked at
   * @param rows how many of them
   * @return flat places {@code (target - from) * items + item}
   */
  public long[] excluded(long[] targets, int[] entries, int from, int rows) {
    Places found = new Places();
    for (int t = from; t < from + rows; t++) {
      int end = historyEnd(entries[t]);
      for (int p = historyBegin(entries[t]); p < end; p++) {
        if (interactions.items()[p] != targets[t]) {
          found.add((long) (t - from) * itemCount + interactions.items()[p]);
        }
      }
    }
    return found.toArray();
  }

  /** The first entry of what excludes negatives of the target at an entry. */
  private int historyBegin(int entry) {
    return positives.length == 0 || entry < 0 ? 0 : interactions.starts()[userOf[entry]];
  }

  /** One after the last such entry. */
  private int historyEnd(int entry) {
    if (positives.length == 0 || entry < 0) {
      return 0;
    }
    return avoidPositives ? interactions.starts()[userOf[entry] + 1] : entry;
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

  /** A growing list. */
  private static final class Places {
    private long[] values = new long[64];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    long[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
