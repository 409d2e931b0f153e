package io.kindred.data;

import io.kindred.data.DatasetFilter.Duplicates;
import java.util.stream.IntStream;

/** Pairs of user and item that are there more than once. */
final class Repeats {
  private Repeats() {}

  /**
   * Makes one entry of each pair, at the place of its last one. A value that is NaN says that the
   * pair was there with a value too low to be kept: it counts as the last one, and never as the
   * strongest.
   *
   * @param gone entries that do not count; those that are merged into another are marked in it
   * @param values changed to what stands for the pair
   * @return how many entries were merged into another
   */
  static long reduce(Interactions all, boolean[] gone, float[] values, Duplicates how) {
    long merged = 0;
    int[] last = new int[all.itemCount()]; // entry + 1 of the item's last interaction of this user
    for (int user = 0; user < all.userCount(); user++) {
      int start = all.starts()[user];
      for (int p = all.starts()[user + 1] - 1; p >= start; p--) {
        if (gone[p]) {
          continue;
        }
        int item = all.items()[p];
        int kept = last[item] - 1;
        if (kept < start) { // of no user before: entries grow from user to user
          last[item] = p + 1;
          values[p] = how == Duplicates.COUNT ? 1 : values[p];
        } else {
          gone[p] = true;
          merged++;
          values[kept] = together(values[p], values[kept], how);
        }
      }
    }
    return merged;
  }

  /** What stands for two values, of which the second came later. */
  private static float together(float earlier, float later, Duplicates how) {
    return switch (how) {
      case STRONGEST -> Float.isNaN(later) || Math.abs(earlier) > Math.abs(later) ? earlier : later;
      case SUM -> later + earlier;
      case COUNT -> later + 1;
      case LAST, KEEP -> later;
    };
  }

  /**
   * The data with one entry of each pair, those of NaN gone: after an update, whose entries stand
   * behind those of the data before. Users and items stay.
   */
  static Dataset reduced(Dataset joined, Duplicates how) {
    Interactions all = joined.interactions();
    boolean[] gone = new boolean[all.size()];
    float[] values = all.values().clone();
    reduce(all, gone, values, how == Duplicates.COUNT ? Duplicates.SUM : how);
    for (int p = 0; p < gone.length; p++) {
      gone[p] |= Float.isNaN(values[p]);
    }
    int[] users = IntStream.range(0, all.userCount()).toArray();
    int[] items = IntStream.range(0, all.itemCount()).toArray();
    return joined.withInteractions(select(all, gone, values, users, items, items.length));
  }

  /**
   * The entries that are not gone.
   *
   * @param users the users that stay, in their order
   * @param itemIndexes the new index of each item that an entry has
   * @param itemCount how many items there are then
   */
  static Interactions select(
      Interactions all,
      boolean[] gone,
      float[] values,
      int[] users,
      int[] itemIndexes,
      int itemCount) {
    int size = 0;
    for (boolean lost : gone) {
      size += lost ? 0 : 1;
    }
    int[] starts = new int[users.length + 1];
    int[] newItems = new int[size];
    float[] newValues = new float[size];
    int[] oldSeconds = all.seconds();
    byte[] oldTypes = all.types();
    int[] seconds = oldSeconds == null ? null : new int[size];
    byte[] types = oldTypes == null ? null : new byte[size];
    int to = 0;
    for (int u = 0; u < users.length; u++) {
      for (int p = all.starts()[users[u]]; p < all.starts()[users[u] + 1]; p++) {
        if (!gone[p]) {
          newItems[to] = itemIndexes[all.items()[p]];
          newValues[to] = values[p];
          if (seconds != null && oldSeconds != null) {
            seconds[to] = oldSeconds[p];
          }
          if (types != null && oldTypes != null) {
            types[to] = oldTypes[p];
          }
          to++;
        }
      }
      starts[u + 1] = to;
    }
    return Interactions.ofColumns(
        itemCount, starts, newItems, newValues, seconds, all.timeBase(), types, all.typeNames());
  }
}
