package io.kindred.factor;

import io.kindred.data.History;
import io.kindred.data.Interactions;
import java.util.function.Supplier;

/**
 * Reads rows of the data for a solver, one at a time, without a copy of the data: each column once,
 * of repeats the last value counts. Not thread-safe: one a thread.
 */
abstract class ObservedRows {
  final SquaredLoss loss;

  /** How many columns were observed. */
  int count;

  /** Whether there is a positive value: if not, the vector of the row is zero. */
  boolean positive;

  /** The observed columns; the first {@link #count} hold. */
  int[] columns = new int[64];

  /** The value of each. */
  float[] values = new float[64];

  /** What each weighs beyond an unobserved one. */
  float[] weights = new float[64];

  /** Confidence times goal of each. */
  float[] pulls = new float[64];

  private ObservedRows(SquaredLoss loss) {
    this.loss = loss;
  }

  /** Reads a row. */
  abstract void read(int row);

  final void start(int most) {
    count = 0;
    positive = false;
    if (columns.length < most) {
      int capacity = Math.max(most, columns.length * 2);
      columns = new int[capacity];
      values = new float[capacity];
      weights = new float[capacity];
      pulls = new float[capacity];
    }
  }

  final void add(int column, float value) {
    float weight = loss.weight(value);
    columns[count] = column;
    values[count] = value;
    positive |= value > 0;
    weights[count] = weight;
    pulls[count] = loss.pull(value, weight);
    count++;
  }

  /** Users as rows, items as columns. */
  static Supplier<ObservedRows> byUser(Interactions data, SquaredLoss loss) {
    return () -> new ByUser(data, loss);
  }

  /** Items as rows, users as columns. */
  static Supplier<ObservedRows> byItem(Interactions data, SquaredLoss loss) {
    Interactions.ByItem grouped = data.byItem();
    return () -> new ByItem(data, grouped, loss);
  }

  /** One history as the only row; values beyond {@code largest} count as that. */
  static ObservedRows of(History history, float largest, SquaredLoss loss) {
    ObservedRows rows = new OfHistory(history.distinct(), largest, loss);
    rows.read(0);
    return rows;
  }

  private static final class ByUser extends ObservedRows {
    private final Interactions data;
    private final int[] seen; // the turn in which an item was met last
    private int turn;

    ByUser(Interactions data, SquaredLoss loss) {
      super(loss);
      this.data = data;
      seen = new int[data.itemCount()];
    }

    @Override
    void read(int user) {
      int from = data.starts()[user];
      start(data.userSize(user));
      turn++;
      for (int p = data.starts()[user + 1] - 1; p >= from; p--) { // of repeats the last counts
        int item = data.items()[p];
        if (seen[item] != turn) {
          seen[item] = turn;
          add(item, data.values()[p]);
        }
      }
    }
  }

  private static final class ByItem extends ObservedRows {
    private final Interactions data;
    private final Interactions.ByItem grouped;

    ByItem(Interactions data, Interactions.ByItem grouped, SquaredLoss loss) {
      super(loss);
      this.data = data;
      this.grouped = grouped;
    }

    @Override
    void read(int item) {
      int to = grouped.starts()[item + 1];
      start(to - grouped.starts()[item]);
      for (int p = grouped.starts()[item]; p < to; p++) {
        // users ascend, and the entries of one user are in time order: the last counts
        if (p + 1 == to || grouped.users()[p + 1] != grouped.users()[p]) {
          add(grouped.users()[p], data.values()[grouped.entries()[p]]);
        }
      }
    }
  }

  private static final class OfHistory extends ObservedRows {
    private final History history;
    private final float largest;

    OfHistory(History history, float largest, SquaredLoss loss) {
      super(loss);
      this.history = history;
      this.largest = largest;
    }

    @Override
    void read(int row) {
      start(history.size());
      for (int h = 0; h < history.size(); h++) {
        float value = history.values()[h];
        add(
            history.items()[h],
            Float.isNaN(value) ? 0f : Math.max(-largest, Math.min(largest, value)));
      }
    }
  }
}
