package io.kindred.split;

import io.kindred.data.Interactions;

/** A set of items that empties in O(1). */
final class Marks {
  private final int[] stamps;
  private int now;

  Marks(int itemCount) {
    stamps = new int[itemCount];
    now = 1;
  }

  void clear() {
    now++;
  }

  /** Adds an item; false if it was there. */
  boolean add(int item) {
    boolean added = stamps[item] != now;
    stamps[item] = now;
    return added;
  }

  boolean contains(int item) {
    return stamps[item] == now;
  }

  void addAll(Interactions interactions, int user) {
    for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
      stamps[interactions.items()[p]] = now;
    }
  }
}
