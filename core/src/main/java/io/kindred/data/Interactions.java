package io.kindred.data;

import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What users did, as columns: one entry an interaction, grouped by user, inside a user in time
 * order (ties keep the order in which they were read). A pair of user and item may be there more
 * than once.
 *
 * <p>Memory: 12 bytes an interaction (item, value, time), 8 more for the grouping by item once it
 * is asked for, 1 more where there are event types. Immutable as long as nobody changes the shared
 * arrays, thread-safe. At most 2<sup>31</sup> - 9 interactions.
 */
public final class Interactions {
  private final int itemCount;
  private final int[] starts;
  private final int[] items;
  private final float[] values;
  private final int @Nullable [] seconds; // unsigned seconds after timeBase
  private final long timeBase;
  private final byte @Nullable [] types;
  private final List<String> typeNames;
  private volatile @Nullable ByItem byItem;

  /**
   * The grouping by item.
   *
   * @param starts first place of each item, shape {@code int[items + 1]}
   * @param users the user of each place, ascending inside an item
   * @param entries the entry of each place in the columns that are grouped by user
   */
  public record ByItem(int[] starts, int[] users, int[] entries) {}

  private Interactions(
      int itemCount,
      int[] starts,
      int[] items,
      float[] values,
      int @Nullable [] seconds,
      long timeBase,
      byte @Nullable [] types,
      List<String> typeNames) {
    this.itemCount = itemCount;
    this.starts = starts;
    this.items = items;
    this.values = values;
    this.seconds = seconds;
    this.timeBase = timeBase;
    this.types = types;
    this.typeNames = typeNames;
  }

  /** A builder that is still empty. */
  public static Builder builder() {
    return new Builder();
  }

  /** No interactions between the given numbers of users and items. */
  public static Interactions empty(int userCount, int itemCount) {
    return builder().build(userCount, itemCount);
  }

  /**
   * Wraps columns without copying them: the form in which a bundle keeps interactions.
   *
   * @param itemCount the number of items
   * @param starts first entry of each user, shape {@code int[users + 1]}
   * @param items item of each entry, in {@code [0, itemCount)}
   * @param values value of each entry
   * @param seconds unsigned seconds after {@code timeBase} of each entry, non-decreasing inside a
   *     user; or {@code null}
   * @param timeBase epoch seconds UTC
   * @param types index into {@code typeNames} of each entry, or {@code null}
   * @throws IllegalArgumentException if a column does not fit the others, naming the place
   */
  public static Interactions ofColumns(
      int itemCount,
      int[] starts,
      int[] items,
      float[] values,
      int @Nullable [] seconds,
      long timeBase,
      byte @Nullable [] types,
      List<String> typeNames) {
    int size = items.length;
    if (starts.length == 0 || starts[0] != 0 || starts[starts.length - 1] != size) {
      throw new IllegalArgumentException("starts must go from 0 to " + size);
    }
    for (int u = 1; u < starts.length; u++) {
      if (starts[u] < starts[u - 1]) {
        throw new IllegalArgumentException("starts decrease at user " + (u - 1));
      }
    }
    if (values.length != size
        || (seconds != null && seconds.length != size)
        || (types != null && types.length != size)) {
      throw new IllegalArgumentException(
          "columns of different lengths: " + size + " items, " + values.length + " values");
    }
    for (int p = 0; p < size; p++) {
      if (items[p] < 0 || items[p] >= itemCount) {
        throw new IllegalArgumentException(
            "item " + items[p] + " of entry " + p + " is outside [0, " + itemCount + ")");
      }
      if (types != null && (types[p] & 0xff) >= typeNames.size()) {
        throw new IllegalArgumentException(
            "type " + (types[p] & 0xff) + " of entry " + p + " has no name");
      }
    }
    return new Interactions(
        itemCount, starts, items, values, seconds, timeBase, types, List.copyOf(typeNames));
  }

  /** The number of interactions. */
  public int size() {
    return items.length;
  }

  /** The number of users, those without interactions included. */
  public int userCount() {
    return starts.length - 1;
  }

  /** The number of items, those without interactions included. */
  public int itemCount() {
    return itemCount;
  }

  /** First entry of each user, shape {@code int[users + 1]}; shared, not to be changed. */
  public int[] starts() {
    return starts;
  }

  /** The item of each entry; shared, not to be changed. */
  public int[] items() {
    return items;
  }

  /** The value of each entry; shared, not to be changed. */
  public float[] values() {
    return values;
  }

  /** The number of interactions of a user. */
  public int userSize(int user) {
    return starts[user + 1] - starts[user];
  }

  /** Whether the times are known. */
  public boolean hasTimes() {
    return seconds != null;
  }

  /** The time of an entry in epoch seconds UTC; 0 where times are unknown. */
  public long time(int entry) {
    return seconds == null ? 0L : timeBase + Integer.toUnsignedLong(seconds[entry]);
  }

  /**
   * Unsigned seconds after {@link #timeBase} of each entry, or {@code null} where times are
   * unknown; shared, not to be changed.
   */
  public int @Nullable [] seconds() {
    return seconds;
  }

  /** Epoch seconds UTC that {@link #seconds} count from. */
  public long timeBase() {
    return timeBase;
  }

  /** The names of the event types, empty where the data has none. */
  public List<String> typeNames() {
    return typeNames;
  }

  /**
   * The event type of each entry as an index into {@link #typeNames}, or {@code null}; shared, not
   * to be changed.
   */
  public byte @Nullable [] types() {
    return types;
  }

  /** The event type of an entry, or {@code null} where the data has none. */
  public @Nullable String type(int entry) {
    return types == null ? null : typeNames.get(types[entry] & 0xff);
  }

  /** What one user did, oldest first. Copies; cost O(the user's interactions). */
  public History history(int user) {
    return history(starts[user], starts[user + 1]);
  }

  /** The entries {@code from} (inclusive) to {@code to} (exclusive) of one user as a history. */
  public History history(int from, int to) {
    long[] times = new long[to - from];
    if (seconds != null) {
      for (int p = from; p < to; p++) {
        times[p - from] = time(p);
      }
    }
    return new History(
        Arrays.copyOfRange(items, from, to), Arrays.copyOfRange(values, from, to), times);
  }

  /** The grouping by item, made at the first call and kept. Cost O(size) once. */
  public ByItem byItem() {
    ByItem known = byItem;
    if (known == null) {
      synchronized (this) {
        known = byItem;
        if (known == null) {
          known = groupByItem();
          byItem = known;
        }
      }
    }
    return known;
  }

  private ByItem groupByItem() {
    int[] itemStarts = itemStarts();
    int[] next = itemStarts.clone();
    int[] users = new int[items.length];
    int[] entries = new int[items.length];
    for (int user = 0; user < userCount(); user++) {
      for (int p = starts[user]; p < starts[user + 1]; p++) {
        int to = next[items[p]]++;
        users[to] = user;
        entries[to] = p;
      }
    }
    return new ByItem(itemStarts, users, entries);
  }

  private int[] itemStarts() {
    int[] itemStarts = new int[itemCount + 1];
    for (int item : items) {
      itemStarts[item + 1]++;
    }
    for (int i = 0; i < itemCount; i++) {
      itemStarts[i + 1] += itemStarts[i];
    }
    return itemStarts;
  }

  /** The number of interactions of each item, shape {@code int[items]}. Cost O(size). */
  public int[] itemCounts() {
    int[] counts = new int[itemCount];
    for (int item : items) {
      counts[item]++;
    }
    return counts;
  }

  /**
   * The users x items matrix of values, each pair once; of repeats the last value counts. Cost
   * O(size log(longest history)).
   */
  public SparseMatrix matrix() {
    int users = userCount();
    int[] rowStarts = new int[users + 1];
    int[] columns = new int[items.length];
    float[] cells = new float[items.length];
    int kept = 0;
    long[] keys = new long[16];
    for (int user = 0; user < users; user++) {
      int from = starts[user];
      int n = starts[user + 1] - from;
      if (keys.length < n) {
        keys = new long[Math.max(n, keys.length * 2)];
      }
      for (int i = 0; i < n; i++) {
        keys[i] = ((long) items[from + i] << 32) | i;
      }
      Arrays.sort(keys, 0, n);
      for (int i = 0; i < n; i++) {
        if (i + 1 == n || (keys[i] >>> 32) != (keys[i + 1] >>> 32)) {
          columns[kept] = (int) (keys[i] >>> 32);
          cells[kept++] = values[from + (int) keys[i]];
        }
      }
      rowStarts[user + 1] = kept;
    }
    if (kept < columns.length) {
      columns = Arrays.copyOf(columns, kept);
      cells = Arrays.copyOf(cells, kept);
    }
    return new SparseMatrix(itemCount, rowStarts, columns, cells);
  }

  /**
   * The bytes of heap that the columns hold, for the memory figures; the grouping by item counts
   * once it was made.
   */
  public long memoryBytes() {
    long each = 8L + (seconds == null ? 0 : 4) + (types == null ? 0 : 1);
    ByItem known = byItem;
    return each * items.length
        + 4L * starts.length
        + (known == null ? 0 : 8L * items.length + 4L * known.starts().length);
  }

  @Override
  public String toString() {
    return "Interactions["
        + userCount()
        + " users, "
        + itemCount
        + " items, "
        + size()
        + " interactions]";
  }

  /** Collects interactions in any order. Not thread-safe. */
  public static final class Builder {
    private int[] users = new int[1024];
    private int[] items = new int[1024];
    private float[] values = new float[1024];
    private long @Nullable [] millis;
    private byte @Nullable [] types;
    private final List<String> typeNames = new ArrayList<>();
    private int size;

    private Builder() {}

    /** The number of interactions so far. */
    public int size() {
      return size;
    }

    /** Makes room for so many interactions in all. */
    public void reserve(int capacity) {
      if (capacity > items.length) {
        grow(capacity);
      }
    }

    /** Adds an interaction without time and type. */
    public void add(int user, int item, float value) {
      if (millis != null || types != null) {
        throw new IllegalStateException(
            "interaction " + size + " has no time or type, but earlier ones have");
      }
      append(user, item, value);
    }

    /**
     * Adds an interaction with its time in epoch milliseconds UTC: the order inside a user is kept
     * to the millisecond.
     */
    public void add(int user, int item, float value, long epochMillis) {
      if (types != null) {
        throw new IllegalStateException(
            "interaction " + size + " has no type, but earlier ones have");
      }
      int at = append(user, item, value);
      millisColumn(at)[at] = epochMillis;
    }

    /** Adds an interaction with time and type; at most 256 different types. */
    public void add(int user, int item, float value, long epochMillis, String type) {
      int at = append(user, item, value);
      millisColumn(at)[at] = epochMillis;
      typesColumn(at)[at] = typeIndex(type);
    }

    /** Adds an interaction with a type and no time; at most 256 different types. */
    public void add(int user, int item, float value, String type) {
      if (millis != null) {
        throw new IllegalStateException(
            "interaction " + size + " has no time, but earlier ones have");
      }
      int at = append(user, item, value);
      typesColumn(at)[at] = typeIndex(type);
    }

    private int append(int user, int item, float value) {
      if (size == items.length) {
        if (size >= Integer.MAX_VALUE - 8) {
          throw new IllegalStateException("more than " + (Integer.MAX_VALUE - 8) + " interactions");
        }
        grow((int) Math.min(Integer.MAX_VALUE - 8L, size + (size >> 1) + 1L));
      }
      users[size] = user;
      items[size] = item;
      values[size] = value;
      return size++;
    }

    private void grow(int capacity) {
      users = Arrays.copyOf(users, capacity);
      items = Arrays.copyOf(items, capacity);
      values = Arrays.copyOf(values, capacity);
      if (millis != null) {
        millis = Arrays.copyOf(millis, capacity);
      }
      if (types != null) {
        types = Arrays.copyOf(types, capacity);
      }
    }

    private long[] millisColumn(int at) {
      long[] column = millis;
      if (column == null) {
        if (at > 0) {
          throw new IllegalStateException(
              "interaction " + at + " has a time, but earlier ones have none");
        }
        column = new long[items.length];
        millis = column;
      }
      return column;
    }

    private byte[] typesColumn(int at) {
      byte[] column = types;
      if (column == null) {
        if (at > 0) {
          throw new IllegalStateException(
              "interaction " + at + " has a type, but earlier ones have none");
        }
        column = new byte[items.length];
        types = column;
      }
      return column;
    }

    private byte typeIndex(String type) {
      int index = typeNames.indexOf(type);
      if (index < 0) {
        if (typeNames.size() == 256) {
          throw new IllegalArgumentException(
              "more than 256 event types; the next one is '" + type + "'");
        }
        index = typeNames.size();
        typeNames.add(type);
      }
      return (byte) index;
    }

    /**
     * Groups what was added by user, in time order inside a user. Cost O(size log(longest
     * history)).
     *
     * @param userCount above every user index that was added
     * @param itemCount above every item index that was added
     * @throws IllegalArgumentException if an index is out of range, or if times span more than 136
     *     years (mixed units)
     */
    public Interactions build(int userCount, int itemCount) {
      return build(userCount, itemCount, 1);
    }

    /** The same with several threads; the result does not depend on their number. */
    public Interactions build(int userCount, int itemCount, int threads) {
      int[] starts = new int[userCount + 1];
      for (int p = 0; p < size; p++) {
        Objects.checkIndex(users[p], userCount);
        Objects.checkIndex(items[p], itemCount);
        starts[users[p] + 1]++;
      }
      for (int u = 0; u < userCount; u++) {
        starts[u + 1] += starts[u];
      }
      long[] times = millis;
      byte[] kinds = types;
      int[] next = starts.clone();
      int[] sortedItems = new int[size];
      float[] sortedValues = new float[size];
      long[] sortedTimes = times == null ? null : new long[size];
      byte[] sortedTypes = kinds == null ? null : new byte[size];
      for (int p = 0; p < size; p++) {
        int to = next[users[p]]++;
        sortedItems[to] = items[p];
        sortedValues[to] = values[p];
        if (times != null && sortedTimes != null) {
          sortedTimes[to] = times[p];
        }
        if (kinds != null && sortedTypes != null) {
          sortedTypes[to] = kinds[p];
        }
      }
      int[] seconds = null;
      long base = 0;
      if (sortedTimes != null && size > 0) {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (long time : sortedTimes) {
          min = Math.min(min, time);
          max = Math.max(max, time);
        }
        base = Math.floorDiv(min, 1000L);
        if (Math.floorDiv(max, 1000L) - base > 0xffffffffL) {
          throw new IllegalArgumentException(
              "times span "
                  + (Math.floorDiv(max, 1000L) - base) / 31_556_952L
                  + " years; all must be in one unit (epoch seconds or milliseconds)");
        }
        int[] sortedSeconds = new int[size];
        seconds = sortedSeconds;
        long first = min;
        long from = base;
        Parallel.forBlocks(
            threads,
            userCount,
            1 << 12,
            () -> {
              TimeOrder order =
                  new TimeOrder(first, sortedItems, sortedValues, sortedTimes, sortedTypes);
              return (firstUser, lastUser) -> {
                for (int user = firstUser; user < lastUser; user++) {
                  order.sort(starts[user], starts[user + 1]);
                }
                for (int p = starts[firstUser]; p < starts[lastUser]; p++) {
                  sortedSeconds[p] = (int) (Math.floorDiv(sortedTimes[p], 1000L) - from);
                }
              };
            });
      }
      return new Interactions(
          itemCount,
          starts,
          sortedItems,
          sortedValues,
          seconds,
          base,
          sortedTypes,
          List.copyOf(typeNames));
    }
  }

  /** Sorts ranges of columns by time, stable. */
  private static final class TimeOrder {
    private final long first;
    private final int[] items;
    private final float[] values;
    private final long[] times;
    private final byte @Nullable [] types;
    private long[] keys = new long[64];
    private int[] oldItems = new int[64];
    private float[] oldValues = new float[64];
    private byte[] oldTypes = new byte[64];

    /** {@code first} is the earliest time of all; every other is less than 2^42 later. */
    TimeOrder(long first, int[] items, float[] values, long[] times, byte @Nullable [] types) {
      this.first = first;
      this.items = items;
      this.values = values;
      this.times = times;
      this.types = types;
    }

    void sort(int from, int to) {
      boolean sorted = true;
      for (int p = from + 1; p < to && sorted; p++) {
        sorted = times[p - 1] <= times[p];
      }
      if (sorted) {
        return;
      }
      int n = to - from;
      if (n > 1 << 21) {
        sortLong(from, to);
        return;
      }
      if (n > keys.length) {
        keys = new long[n + (n >> 1)];
        oldItems = new int[keys.length];
        oldValues = new float[keys.length];
        oldTypes = new byte[keys.length];
      }
      for (int i = 0; i < n; i++) {
        keys[i] = ((times[from + i] - first) << 21) | i;
      }
      Arrays.sort(keys, 0, n);
      System.arraycopy(items, from, oldItems, 0, n);
      System.arraycopy(values, from, oldValues, 0, n);
      if (types != null) {
        System.arraycopy(types, from, oldTypes, 0, n);
      }
      for (int i = 0; i < n; i++) {
        int old = (int) keys[i] & ((1 << 21) - 1);
        items[from + i] = oldItems[old];
        values[from + i] = oldValues[old];
        times[from + i] = (keys[i] >>> 21) + first;
        if (types != null) {
          types[from + i] = oldTypes[old];
        }
      }
    }

    /**
     * The same for a history too long for the packed keys: one of more than two million entries.
     */
    private void sortLong(int from, int to) {
      int n = to - from;
      Integer[] order = new Integer[n];
      Arrays.setAll(order, i -> i);
      long[] oldTimes = Arrays.copyOfRange(times, from, to);
      Arrays.sort(order, (a, b) -> Long.compare(oldTimes[a], oldTimes[b])); // merge sort, stable
      int[] someItems = Arrays.copyOfRange(items, from, to);
      float[] someValues = Arrays.copyOfRange(values, from, to);
      byte[] someTypes = types == null ? oldTypes : Arrays.copyOfRange(types, from, to);
      for (int i = 0; i < n; i++) {
        items[from + i] = someItems[order[i]];
        values[from + i] = someValues[order[i]];
        times[from + i] = oldTimes[order[i]];
        if (types != null) {
          types[from + i] = someTypes[order[i]];
        }
      }
    }
  }
}
