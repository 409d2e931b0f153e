package io.kindred.neural.batch;

import io.kindred.data.History;
import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes histories as rows over the catalogue, the same way in training and when a model is asked.
 * Immutable, thread-safe. Cost O(n log n) for a history of n interactions.
 */
public final class HistoryEncoder {
  private static final double SECONDS_A_DAY = 86_400;

  private final Encoding encoding;
  private final int itemCount;
  private final double[] rarity; // ln(1 + N / n) of each item; of tf-idf only

  private HistoryEncoder(Encoding encoding, int itemCount, double[] rarity) {
    this.encoding = encoding;
    this.itemCount = itemCount;
    this.rarity = rarity;
  }

  /**
   * An encoder.
   *
   * @param training what tf-idf counts people in: all interactions that the model belongs to
   */
  public static HistoryEncoder of(Encoding encoding, Interactions training) {
    double[] rarity =
        new double[encoding.kind() == Encoding.Kind.TF_IDF ? training.itemCount() : 0];
    if (rarity.length > 0) {
      int[] people = new int[rarity.length];
      int[] last = new int[rarity.length]; // the user + 1 who was counted last
      int all = 0;
      for (int user = 0; user < training.userCount(); user++) {
        all += training.userSize(user) > 0 ? 1 : 0;
        for (int p = training.starts()[user]; p < training.starts()[user + 1]; p++) {
          int item = training.items()[p];
          people[item] += last[item] == user + 1 ? 0 : 1;
          last[item] = user + 1;
        }
      }
      for (int item = 0; item < rarity.length; item++) {
        rarity[item] = Math.log(1 + (double) all / Math.max(1, people[item]));
      }
    }
    return new HistoryEncoder(encoding, training.itemCount(), rarity);
  }

  /** The rows of some users, cut out of the columns. */
  public MultiHot rows(Interactions interactions, int[] users) {
    int capacity = 0;
    for (int user : users) {
      capacity += interactions.userSize(user);
    }
    MultiHot.Builder rows = new MultiHot.Builder(users.length, itemCount, capacity);
    for (int user : users) {
      row(
          rows,
          interactions.items(),
          interactions.values(),
          interactions::time,
          interactions.starts()[user],
          interactions.starts()[user + 1]);
    }
    return rows.build();
  }

  /** The rows of histories. */
  public MultiHot rows(List<History> histories) {
    int capacity = 0;
    for (History history : histories) {
      capacity += history.size();
    }
    MultiHot.Builder rows = new MultiHot.Builder(histories.size(), itemCount, capacity);
    for (History history : histories) {
      long[] times = history.times();
      row(rows, history.items(), history.values(), p -> times[p], 0, history.size());
    }
    return rows.build();
  }

  /** The time of an entry, 0 where unknown. */
  @FunctionalInterface
  private interface Times {
    long at(int entry);
  }

  private void row(
      MultiHot.Builder rows, int[] items, float[] values, Times times, int from, int to) {
    int n = to - from;
    long[] keys = new long[n];
    boolean decayed = encoding.kind() == Encoding.Kind.TIME_DECAYED;
    long newest = 0;
    for (int i = 0; i < n; i++) {
      keys[i] = ((long) items[from + i] << 32) | i;
      newest = decayed ? Math.max(newest, times.at(from + i)) : 0;
    }
    Arrays.sort(keys);
    for (int i = 0, count = 1; i < n; i++, count++) {
      int item = (int) (keys[i] >>> 32);
      if (i + 1 < n && item == (int) (keys[i + 1] >>> 32)) {
        continue;
      }
      int last = from + (int) keys[i];
      rows.add(
          item,
          switch (encoding.kind()) {
            case BINARY -> 1;
            case COUNT -> count;
            case VALUE -> values[last];
            case TF_IDF -> (1 + Math.log(count)) * rarity[item];
            case TIME_DECAYED -> {
              long time = times.at(last);
              yield time == 0
                  ? 1
                  : Math.exp(
                      -Math.log(2) * (newest - time) / (SECONDS_A_DAY * encoding.halfLifeDays()));
            }
          });
      count = 0;
    }
    rows.endRow();
  }
}
