package io.kindred.data;

import java.util.Arrays;

/**
 * What one user did, in dense item indexes, oldest first. An item may be there more than once.
 *
 * <p>Immutable as long as nobody changes the shared arrays. Thread-safe.
 */
public final class History {
  private static final History EMPTY = new History(new int[0], new float[0], new long[0]);

  private final int[] items;
  private final float[] values;
  private final long[] times;

  /**
   * Wraps three arrays of one length without copying them.
   *
   * @param items item indexes, oldest first
   * @param values the value of each interaction
   * @param times epoch seconds UTC of each interaction, 0 where unknown
   */
  public History(int[] items, float[] values, long[] times) {
    if (items.length != values.length || items.length != times.length) {
      throw new IllegalArgumentException(
          "lengths differ: items "
              + items.length
              + ", values "
              + values.length
              + ", times "
              + times.length);
    }
    this.items = items;
    this.values = values;
    this.times = times;
  }

  /** A history of nothing. */
  public static History empty() {
    return EMPTY;
  }

  /** A history of items with value 1 and no times. */
  public static History of(int... items) {
    float[] values = new float[items.length];
    Arrays.fill(values, 1f);
    return new History(items.clone(), values, new long[items.length]);
  }

  /** The number of interactions. */
  public int size() {
    return items.length;
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return items.length == 0;
  }

  /** The item indexes, oldest first; shared, not to be changed. */
  public int[] items() {
    return items;
  }

  /** The values; shared, not to be changed. */
  public float[] values() {
    return values;
  }

  /** The times in epoch seconds UTC, 0 where unknown; shared, not to be changed. */
  public long[] times() {
    return times;
  }

  /**
   * The same history with each item once and sorted by item index; of repeats the last value
   * counts.
   *
   * <p>Neighborhood and factor models look at histories this way. Cost O(n log n).
   */
  public History distinct() {
    int n = items.length;
    long[] keys = new long[n];
    boolean ascending = true;
    for (int i = 0; i < n; i++) {
      keys[i] = ((long) items[i] << 32) | i;
      ascending &= i == 0 || items[i] > items[i - 1];
    }
    if (ascending) {
      return this;
    }
    Arrays.sort(keys);
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (i + 1 == n || (keys[i] >>> 32) != (keys[i + 1] >>> 32)) {
        keys[kept++] = keys[i];
      }
    }
    int[] newItems = new int[kept];
    float[] newValues = new float[kept];
    long[] newTimes = new long[kept];
    for (int i = 0; i < kept; i++) {
      int at = (int) keys[i];
      newItems[i] = items[at];
      newValues[i] = values[at];
      newTimes[i] = times[at];
    }
    return new History(newItems, newValues, newTimes);
  }

  @Override
  public String toString() {
    return "History[" + items.length + "]";
  }
}
