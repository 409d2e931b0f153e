package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.ArrayList;
import java.util.List;

/** Stops at the first bad row, or counts them and keeps a few to show. Not thread-safe. */
final class BadRows {
  private static final int SHOWN = 5;

  private final boolean skip;
  private final List<BadRow> examples = new ArrayList<>();
  private long count;

  BadRows(boolean skip) {
    this.skip = skip;
  }

  /** Throws, or counts the row. */
  void add(BadRow row) {
    if (!skip) {
      throw new KindredException(row + " (bad rows can be left out and counted: --skip-bad-rows)");
    }
    count++;
    if (examples.size() < SHOWN) {
      examples.add(row);
    }
  }

  /** Forgets all rows after the first ones, for a source that is read again. */
  void backTo(long first) {
    count = first;
    while (examples.size() > first) {
      examples.remove(examples.size() - 1);
    }
  }

  long count() {
    return count;
  }

  List<BadRow> examples() {
    return List.copyOf(examples);
  }
}
