package io.kindred.knn;

import io.kindred.data.Interactions;
import java.util.Arrays;

/** Counts what two users or two items have in common, for answers to people. */
final class Overlaps {
  private Overlaps() {}

  /** How many users did something with both items. */
  static int ofItems(Interactions interactions, int a, int b) {
    Interactions.ByItem byItem = interactions.byItem();
    int[] users = byItem.users(); // ascending inside an item
    int p = byItem.starts()[a];
    int q = byItem.starts()[b];
    int endA = byItem.starts()[a + 1];
    int endB = byItem.starts()[b + 1];
    int common = 0;
    int last = -1;
    while (p < endA && q < endB) {
      if (users[p] < users[q]) {
        p++;
      } else if (users[p] > users[q]) {
        q++;
      } else {
        if (users[p] != last) {
          common++;
        }
        last = users[p++];
        q++;
      }
    }
    return common;
  }

  /** The item indexes that both lists have, ascending. */
  static int[] common(int[] sortedDistinct, int[] others) {
    return Arrays.stream(others)
        .distinct()
        .filter(item -> Arrays.binarySearch(sortedDistinct, item) >= 0)
        .sorted()
        .toArray();
  }
}
