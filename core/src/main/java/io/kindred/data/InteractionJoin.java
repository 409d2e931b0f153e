package io.kindred.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts interactions that came later to those that are there. */
final class InteractionJoin {
  private final Interactions first;
  private final Interactions later;
  private final boolean timed;
  private final boolean typed;
  private final long firstShift; // from the seconds of a side to those of the result
  private final long laterShift;
  private final long timeBase;
  private final List<String> typeNames;
  private final byte[] typeOfLater;
  private final int[] items;
  private final float[] values;
  private final int[] seconds;
  private final byte[] types;
  private int size;

  private InteractionJoin(Interactions first, Interactions later) {
    this.first = first;
    this.later = later;
    timed = first.size() == 0 ? later.hasTimes() : first.hasTimes();
    typed = (first.size() == 0 ? later : first).types() != null;
    refuse(timed && later.size() > 0 && !later.hasTimes(), "times");
    refuse(typed && later.size() > 0 && later.types() == null, "types");
    timeBase =
        first.size() == 0 || later.size() == 0
            ? (first.size() == 0 ? later : first).timeBase()
            : Math.min(first.timeBase(), later.timeBase());
    firstShift = first.size() == 0 ? 0 : first.timeBase() - timeBase;
    laterShift = later.size() == 0 ? 0 : later.timeBase() - timeBase;
    List<String> names = new ArrayList<>(first.typeNames());
    typeOfLater = new byte[later.typeNames().size()];
    for (int t = 0; typed && t < typeOfLater.length; t++) {
      String name = later.typeNames().get(t);
      if (!names.contains(name)) {
        names.add(name);
      }
      typeOfLater[t] = (byte) names.indexOf(name);
    }
    if (names.size() > 256) {
      throw new IllegalArgumentException(names.size() + " event types together, more than 256");
    }
    typeNames = typed ? names : List.of();
    int most = Math.addExact(first.size(), later.size());
    items = new int[most];
    values = new float[most];
    seconds = new int[timed ? most : 0];
    types = new byte[typed ? most : 0];
  }

  private static void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new IllegalArgumentException(
          "the interactions that are there have "
              + what
              + ", those that came later have none; they must have them too");
    }
  }

  /**
   * The histories of both, in time order; of the same time, those of {@code first} come first. What
   * {@code first} has already, with the same time, value and type, is left out.
   *
   * @param users index in the result of each user of {@code later}; those of {@code first} stay
   * @param newItems index in the result of each item of {@code later}
   */
  static Interactions join(
      Interactions first,
      Interactions later,
      int[] users,
      int[] newItems,
      int userCount,
      int itemCount) {
    InteractionJoin join = new InteractionJoin(first, later);
    int[] userOfLater = new int[userCount];
    Arrays.fill(userOfLater, -1);
    for (int user = 0; user < users.length; user++) {
      userOfLater[users[user]] = user;
    }
    int[] starts = new int[userCount + 1];
    for (int user = 0; user < userCount; user++) {
      join.merge(user < first.userCount() ? user : -1, userOfLater[user], newItems);
      starts[user + 1] = join.size;
    }
    return join.result(itemCount, starts);
  }

  private Interactions result(int itemCount, int[] starts) {
    return Interactions.ofColumns(
        itemCount,
        starts,
        Arrays.copyOf(items, size),
        Arrays.copyOf(values, size),
        timed ? Arrays.copyOf(seconds, size) : null,
        timeBase,
        typed ? Arrays.copyOf(types, size) : null,
        typeNames);
  }

  /** Adds the history of one user, of whom each side may know nothing (-1). */
  private void merge(int userOfFirst, int userOfLater, int[] newItems) {
    int a = userOfFirst < 0 ? 0 : first.starts()[userOfFirst];
    int fromA = a;
    int endA = userOfFirst < 0 ? 0 : first.starts()[userOfFirst + 1];
    int b = userOfLater < 0 ? 0 : later.starts()[userOfLater];
    int endB = userOfLater < 0 ? 0 : later.starts()[userOfLater + 1];
    while (a < endA || b < endB) {
      if (b == endB || (a < endA && (!timed || first.time(a) <= later.time(b)))) {
        add(
            first.items()[a],
            first.values()[a],
            second(first.seconds(), a, firstShift),
            type(first, a));
        a++;
      } else {
        if (!timed || !isThere(fromA, a, b, newItems)) {
          byte type = typed ? typeOfLater[type(later, b) & 0xff] : 0;
          add(
              newItems[later.items()[b]],
              later.values()[b],
              second(later.seconds(), b, laterShift),
              type);
        }
        b++;
      }
    }
  }

  private static byte type(Interactions of, int entry) {
    byte[] types = of.types();
    return types == null ? 0 : types[entry];
  }

  private long second(int @Nullable [] seconds, int entry, long shift) {
    return timed && seconds != null ? Integer.toUnsignedLong(seconds[entry]) + shift : 0;
  }

  /** Whether {@code first} has an entry of the later ones, among those up to the same time. */
  private boolean isThere(int from, int to, int b, int[] newItems) {
    for (int a = to - 1; a >= from && first.time(a) == later.time(b); a--) {
      if (first.items()[a] == newItems[later.items()[b]]
          && first.values()[a] == later.values()[b]
          && (!typed || type(first, a) == typeOfLater[type(later, b) & 0xff])) {
        return true;
      }
    }
    return false;
  }

  private void add(int item, float value, long second, byte type) {
    if (second > 0xffffffffL) {
      throw new IllegalArgumentException(
          "the times of both span more than 136 years; they must be in one unit");
    }
    items[size] = item;
    values[size] = value;
    if (timed) {
      seconds[size] = (int) second;
    }
    if (typed) {
      types[size] = type;
    }
    size++;
  }
}
