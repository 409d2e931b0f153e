package io.kindred.metric;

import java.util.Arrays;

/**
 * One person's list, as list metrics see it.
 *
 * @param items item indexes, best first, without duplicates; only the first {@code size} count; not
 *     copied
 * @param size the length of the list
 * @param hits whether each of these places holds a held-out item; not copied
 * @param relevant how many items are held out for the person (the size of R), at least 1
 * @param statistics what the train data says of the items, for the calling thread
 */
public record RankedList(
    int[] items, int size, boolean[] hits, int relevant, ItemStatistics statistics) {
  /** Checks the sizes. */
  public RankedList {
    if (size < 0 || size > items.length || size > hits.length) {
      throw new IllegalArgumentException(
          "size must be within [0, " + Math.min(items.length, hits.length) + "], got " + size);
    }
    if (relevant < 1) {
      throw new IllegalArgumentException("relevant must be at least 1, got " + relevant);
    }
  }

  /** A list of items with the set of held-out items, in any order. */
  public static RankedList of(int[] items, int[] heldOut, ItemStatistics statistics) {
    int[] sorted = Arrays.stream(heldOut).sorted().distinct().toArray();
    boolean[] hits = new boolean[items.length];
    for (int rank = 0; rank < items.length; rank++) {
      hits[rank] = Arrays.binarySearch(sorted, items[rank]) >= 0;
    }
    return new RankedList(items, items.length, hits, sorted.length, statistics);
  }

  /** How many of the first k places there are. */
  int places(int k) {
    return Math.min(k, size);
  }

  /** The number of hits in the first k places. */
  int hits(int k) {
    int count = 0;
    for (int rank = 0; rank < places(k); rank++) {
      count += hits[rank] ? 1 : 0;
    }
    return count;
  }
}
