package io.kindred.metric;

import io.kindred.data.Interactions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the train data says of items: how many people have each, and how similar two are.
 *
 * <p>Not thread-safe: it keeps similarities that were asked for. {@link #forThread} gives another
 * thread its own at little cost.
 */
public final class ItemStatistics {
  private static final int CACHED = 1 << 15;

  private final Columns columns;
  private long @Nullable [] cachedPairs; // allocated at first use
  private float[] cachedCosines = {};

  private ItemStatistics(Columns columns) {
    this.columns = columns;
  }

  /**
   * The statistics of train data; a person who has an item several times counts once. Cost
   * O(interactions).
   */
  public static ItemStatistics of(Interactions train) {
    return new ItemStatistics(new Columns(train));
  }

  /** The same statistics for another thread. */
  public ItemStatistics forThread() {
    return new ItemStatistics(columns);
  }

  /** The size of the catalogue. */
  public int itemCount() {
    return columns.counts.length;
  }

  /** The number of people with train interactions. */
  public int userCount() {
    return columns.userCount;
  }

  /** How many people have the item in train. */
  public int count(int item) {
    return columns.counts[item];
  }

  /**
   * The cosine of two columns of the train data, 1 where a person has the item and 0 elsewhere:
   * people with both / sqrt(people with one * people with the other); 0 where nobody has one of
   * them.
   */
  public double cosine(int one, int other) {
    long pair =
        ((long) Math.min(one, other) << 32 | Math.max(one, other)) + 1; // 0 is an empty place
    long[] pairs = cachedPairs;
    if (pairs == null) {
      pairs = new long[CACHED];
      cachedPairs = pairs;
      cachedCosines = new float[CACHED];
    }
    long mixed = pair * 0x9e3779b97f4a7c15L;
    int slot = (int) (mixed >>> 49);
    if (pairs[slot] != pair) {
      pairs[slot] = pair;
      cachedCosines[slot] = (float) columns.cosine(one, other);
    }
    return cachedCosines[slot];
  }

  /**
   * The train columns, shared by all threads.
   *
   * <p>People of an item are a sorted array; an item that more than one in 32 people have is a bit
   * set beside it, which is then the smaller of the two. So two popular items cost users/64 steps,
   * a popular and a rare one a look-up for each person of the rare one, two rare ones a merge.
   */
  private static final class Columns {
    private static final long[] NOT_POPULAR = {};

    final int[] counts;
    final int userCount;
    private final int words;
    private final int[] starts;
    private final int[] users;
    private volatile long @Nullable [][] bits; // by item; empty for rare ones

    Columns(Interactions train) {
      Interactions.ByItem byItem = train.byItem();
      int items = train.itemCount();
      counts = new int[items];
      int[] column = byItem.users();
      int kept = 0;
      int[] distinctStarts = new int[items + 1];
      int[] distinct = column;
      for (int item = 0; item < items; item++) {
        int from = byItem.starts()[item];
        int to = byItem.starts()[item + 1];
        for (int p = from; p < to; p++) {
          if (p == from || column[p] != column[p - 1]) {
            if (distinct != column) {
              distinct[kept] = column[p];
            }
            kept++;
            counts[item]++;
          } else if (distinct == column) {
            distinct = Arrays.copyOf(column, column.length); // the first repeat
          }
        }
        distinctStarts[item + 1] = kept;
      }
      starts = distinctStarts;
      users = distinct;
      int active = 0;
      for (int user = 0; user < train.userCount(); user++) {
        active += train.userSize(user) > 0 ? 1 : 0;
      }
      userCount = active;
      words = (train.userCount() + 63) >>> 6;
    }

    double cosine(int one, int other) {
      if (counts[one] == 0 || counts[other] == 0) {
        return 0;
      }
      return both(one, other) / Math.sqrt((double) counts[one] * counts[other]);
    }

    private int both(int one, int other) {
      int rare = counts[one] <= counts[other] ? one : other;
      int popular = rare == one ? other : one;
      long[][] sets = bitSets();
      long[] popularBits = sets[popular];
      long[] rareBits = sets[rare];
      int both = 0;
      if (popularBits.length > 0 && rareBits.length > 0) {
        for (int word = 0; word < words; word++) {
          both += Long.bitCount(popularBits[word] & rareBits[word]);
        }
      } else if (popularBits.length > 0) {
        for (int p = starts[rare]; p < starts[rare + 1]; p++) {
          both += (int) (popularBits[users[p] >>> 6] >>> users[p]) & 1;
        }
      } else {
        int q = starts[popular];
        int end = starts[popular + 1];
        for (int p = starts[rare]; p < starts[rare + 1]; p++) {
          while (q < end && users[q] < users[p]) {
            q++;
          }
          both += q < end && users[q] == users[p] ? 1 : 0;
        }
      }
      return both;
    }

    private long[][] bitSets() {
      long[][] known = bits;
      if (known == null) {
        synchronized (this) {
          known = bits;
          if (known == null) {
            known = makeBitSets();
            bits = known;
          }
        }
      }
      return known;
    }

    private long[][] makeBitSets() {
      long[][] sets = new long[counts.length][];
      for (int item = 0; item < counts.length; item++) {
        if (counts[item] >= 2 * words) { // more than one person in 32
          long[] set = new long[words];
          for (int p = starts[item]; p < starts[item + 1]; p++) {
            set[users[p] >>> 6] |= 1L << users[p];
          }
          sets[item] = set;
        } else {
          sets[item] = NOT_POPULAR;
        }
      }
      return sets;
    }
  }
}
