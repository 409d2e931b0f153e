package io.kindred.neural.batch;

import io.kindred.feature.ItemRows;
import java.util.Arrays;

/**
 * Histories as rows over the catalogue, of each row only the items that are there: what a bag of
 * embeddings takes, or, written out, a dense matrix.
 *
 * @param rows the number of rows
 * @param itemCount the number of items
 * @param starts first entry of each row, {@code [rows + 1]}
 * @param items item of each entry, ascending inside a row, each once
 * @param weights weight of each entry
 */
public record MultiHot(int rows, int itemCount, long[] starts, long[] items, float[] weights) {
  /** Some rows of properties, in the given order; what is said of items stands for items. */
  public static MultiHot of(ItemRows rows, long[] which) {
    int entries = 0;
    for (long item : which) {
      entries += rows.starts()[(int) item + 1] - rows.starts()[(int) item];
    }
    Builder some = new Builder(which.length, rows.termCount(), entries);
    for (long item : which) {
      for (int p = rows.starts()[(int) item]; p < rows.starts()[(int) item + 1]; p++) {
        some.add(rows.terms()[p], rows.weights()[p]);
      }
      some.endRow();
    }
    return some.build();
  }

  /** The number of entries of all rows. */
  public int size() {
    return items.length;
  }

  /** All cells, {@code [rows * itemCount]}, row-major. */
  public float[] dense() {
    float[] cells = new float[Math.multiplyExact(rows, itemCount)];
    for (int row = 0; row < rows; row++) {
      for (int p = (int) starts[row]; p < starts[row + 1]; p++) {
        cells[row * itemCount + (int) items[p]] = weights[p];
      }
    }
    return cells;
  }

  /** The same rows with weight 1 for every entry. */
  public MultiHot binary() {
    float[] ones = new float[weights.length];
    Arrays.fill(ones, 1f);
    return new MultiHot(rows, itemCount, starts, items, ones);
  }

  /** The same rows with length 1 (Euclidean); rows of zeros stay. */
  public MultiHot normalized() {
    float[] scaled = new float[weights.length];
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int p = (int) starts[row]; p < starts[row + 1]; p++) {
        squares += (double) weights[p] * weights[p];
      }
      double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
      for (int p = (int) starts[row]; p < starts[row + 1]; p++) {
        scaled[p] = (float) (weights[p] * scale);
      }
    }
    return new MultiHot(rows, itemCount, starts, items, scaled);
  }

  /** Fills rows one after another. */
  static final class Builder {
    private final int itemCount;
    private final long[] starts;
    private long[] items;
    private float[] weights;
    private int row;
    private int size;

    Builder(int rows, int itemCount, int capacity) {
      this.itemCount = itemCount;
      starts = new long[rows + 1];
      items = new long[Math.max(8, capacity)];
      weights = new float[items.length];
    }

    void add(int item, double weight) {
      if (size == items.length) {
        items = Arrays.copyOf(items, size + (size >> 1));
        weights = Arrays.copyOf(weights, items.length);
      }
      items[size] = item;
      weights[size++] = (float) weight;
    }

    void endRow() {
      starts[++row] = size;
    }

    MultiHot build() {
      return new MultiHot(
          starts.length - 1,
          itemCount,
          starts,
          Arrays.copyOf(items, size),
          Arrays.copyOf(weights, size));
    }
  }
}
