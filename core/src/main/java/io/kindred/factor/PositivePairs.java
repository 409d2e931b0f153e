package io.kindred.factor;

import io.kindred.data.Interactions;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;

/**
 * The pairs of user and item with a positive value, each once; what else was observed counts as not
 * observed. Memory: 8 bytes a pair. Immutable, thread-safe.
 */
final class PositivePairs {
  final int[] starts; // of each user
  final int[] items; // ascending inside a user
  final int[] users; // of each pair
  final int[] counts; // of each item
  final int[] known; // the items that anybody did

  PositivePairs(Interactions interactions) {
    SparseMatrix matrix = interactions.matrix();
    int rows = matrix.rowCount();
    starts = new int[rows + 1];
    int[] kept = new int[matrix.size()];
    users = new int[matrix.size()];
    counts = new int[matrix.columnCount()];
    int size = 0;
    for (int user = 0; user < rows; user++) {
      for (int p = matrix.starts()[user]; p < matrix.starts()[user + 1]; p++) {
        if (matrix.values()[p] > 0) {
          users[size] = user;
          kept[size++] = matrix.columns()[p];
          counts[matrix.columns()[p]]++;
        }
      }
      starts[user + 1] = size;
    }
    items = size == kept.length ? kept : Arrays.copyOf(kept, size);
    int[] found = new int[counts.length];
    int items = 0;
    for (int item = 0; item < counts.length; item++) {
      if (counts[item] > 0) {
        found[items++] = item;
      }
    }
    known = Arrays.copyOf(found, items);
  }

  int size() {
    return items.length;
  }

  /** The number of positive items of each user. */
  int[] userCounts() {
    int[] sizes = new int[starts.length - 1];
    for (int user = 0; user < sizes.length; user++) {
      sizes[user] = starts[user + 1] - starts[user];
    }
    return sizes;
  }

  boolean has(int user, int item) {
    return Arrays.binarySearch(items, starts[user], starts[user + 1], item) >= 0;
  }
}
