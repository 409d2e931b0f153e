package io.kindred.neural.batch;

import io.kindred.data.History;
import java.util.Arrays;
import java.util.List;

/**
 * Histories as padded sequences, oldest item first, padding behind. All arrays are row-major.
 *
 * <p>Positions are counted from the end of the window: the newest of a full window and of a short
 * one have the same position, {@code maxLength - 1}.
 *
 * @param rows the number of sequences
 * @param length the length of the longest
 * @param items item of each place, {@code [rows * length]}; padding is the number of items, an
 *     index of its own
 * @param positions position of each place, in {@code [0, maxLength)}, {@code [rows * length]}
 * @param gaps class of the time since the item before, in {@code [0, GAPS)}, {@code [rows *
 *     length]}
 * @param lengths the number of items of each row
 * @param places flat places {@code row * length + column} that have a target, ascending
 * @param targets the item that came next, of each of {@code places}
 * @param entries where the target of each of {@code places} stands in the interactions, -1 where it
 *     does not
 */
public record SequenceBatch(
    int rows,
    int length,
    long[] items,
    long[] positions,
    long[] gaps,
    int[] lengths,
    long[] places,
    long[] targets,
    int[] entries) {
  /**
   * Classes of time gaps: 0 where one of both times is unknown, else 1 + log2(1 + seconds), at most
   * 31.
   */
  public static final int GAPS = 32;

  /** Histories without targets: their last {@code maxLength} items. */
  public static SequenceBatch of(List<History> histories, int maxLength, int itemCount) {
    int length = 1;
    for (History history : histories) {
      length = Math.max(length, Math.min(maxLength, history.size()));
    }
    Builder batch = new Builder(histories.size(), length, maxLength, itemCount);
    for (int row = 0; row < histories.size(); row++) {
      History history = histories.get(row);
      for (int p = Math.max(0, history.size() - maxLength); p < history.size(); p++) {
        batch.input(row, history.items()[p], history.times()[p]);
      }
    }
    return batch.build();
  }

  /** The flat place of the last item of each row; of an empty row, its first place. */
  public long[] lastPlaces() {
    long[] last = new long[rows];
    for (int row = 0; row < rows; row++) {
      last[row] = (long) row * length + Math.max(0, lengths[row] - 1);
    }
    return last;
  }

  /**
   * What keeps attention from padding: 0 at items, minus infinity behind them, [rows * length]. The
   * first place of a row without items counts as one.
   */
  public float[] padding() {
    float[] padding = new float[items.length];
    for (int row = 0; row < rows; row++) {
      int from = row * length;
      Arrays.fill(
          padding, from + Math.max(1, lengths[row]), from + length, Float.NEGATIVE_INFINITY);
    }
    return padding;
  }

  /** The same with targets only at the last place of each row. */
  public SequenceBatch lastTargetsOnly() {
    long[] newPlaces = new long[rows];
    long[] newTargets = new long[rows];
    int[] newEntries = new int[rows];
    int at = 0;
    for (int t = 0; t < places.length; t++) {
      boolean last = t + 1 == places.length || places[t + 1] / length != places[t] / length;
      if (last) {
        newPlaces[at] = places[t];
        newTargets[at] = targets[t];
        newEntries[at++] = entries[t];
      }
    }
    return new SequenceBatch(
        rows,
        length,
        items,
        positions,
        gaps,
        lengths,
        Arrays.copyOf(newPlaces, at),
        Arrays.copyOf(newTargets, at),
        Arrays.copyOf(newEntries, at));
  }

  /** The same with other inputs and targets: how masked items are learned. */
  public SequenceBatch withTargets(
      long[] newItems, long[] newPlaces, long[] newTargets, int[] newEntries) {
    return new SequenceBatch(
        rows, length, newItems, positions, gaps, lengths, newPlaces, newTargets, newEntries);
  }

  /**
   * The same with one item more behind each row, and no targets.
   *
   * @param more the item of each row
   * @param position its position: one more than that of the item before it
   * @param padding the index of padding
   */
  public SequenceBatch appended(long[] more, int position, long padding) {
    int wider = length + 1;
    long[] newItems = new long[Math.multiplyExact(rows, wider)];
    long[] newPositions = new long[newItems.length];
    long[] newGaps = new long[newItems.length];
    int[] newLengths = new int[rows];
    Arrays.fill(newItems, padding);
    for (int row = 0; row < rows; row++) {
      int size = lengths[row];
      System.arraycopy(items, row * length, newItems, row * wider, size);
      System.arraycopy(positions, row * length, newPositions, row * wider, size);
      System.arraycopy(gaps, row * length, newGaps, row * wider, size);
      newItems[row * wider + size] = more[row];
      newPositions[row * wider + size] = position;
      newLengths[row] = size + 1;
    }
    return new SequenceBatch(
        rows,
        wider,
        newItems,
        newPositions,
        newGaps,
        newLengths,
        new long[0],
        new long[0],
        new int[0]);
  }

  /** Fills a batch row by row. */
  static final class Builder {
    private final int rows;
    private final int length;
    private final int maxLength;
    private final long[] items;
    private final long[] times;
    private final int[] lengths;
    private final long[] places;
    private final long[] targets;
    private final int[] entries;
    private int size;

    Builder(int rows, int length, int maxLength, int itemCount) {
      this.rows = rows;
      this.length = length;
      this.maxLength = maxLength;
      items = new long[Math.multiplyExact(rows, length)];
      Arrays.fill(items, itemCount);
      times = new long[items.length];
      lengths = new int[rows];
      places = new long[items.length];
      targets = new long[items.length];
      entries = new int[items.length];
    }

    void input(int row, int item, long time) {
      int at = row * length + lengths[row]++;
      items[at] = item;
      times[at] = time;
    }

    /** The target of the input that came last, and its entry; rows in ascending order. */
    void target(int row, int item, int entry) {
      places[size] = (long) row * length + lengths[row] - 1;
      targets[size] = item;
      entries[size++] = entry;
    }

    SequenceBatch build() {
      long[] positions = new long[items.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < lengths[row]; column++) {
          positions[row * length + column] = (long) maxLength - lengths[row] + column;
        }
      }
      return new SequenceBatch(
          rows,
          length,
          items,
          positions,
          gaps(),
          lengths,
          Arrays.copyOf(places, size),
          Arrays.copyOf(targets, size),
          Arrays.copyOf(entries, size));
    }

    private long[] gaps() {
      long[] gaps = new long[items.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 1; column < lengths[row]; column++) {
          long before = times[row * length + column - 1];
          long now = times[row * length + column];
          if (before != 0 && now != 0) {
            long seconds = Math.max(0, now - before);
            gaps[row * length + column] =
                Math.min(GAPS - 1, 1 + (63 - Long.numberOfLeadingZeros(1 + seconds)));
          }
        }
      }
      return gaps;
    }
  }
}
