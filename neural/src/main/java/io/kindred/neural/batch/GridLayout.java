package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Places items on a square grid, so that items that the same people chose lie near one another.
 *
 * <pre>
 * A[u, i] = 1 / sqrt(n_u n_i) where u did i        X: the leading vectors of A^T A, by subspace iteration
 * place(items, rectangle): halve the rectangle across its longer side, order the items along
 *     the column of X in which they differ most, and place the first part in the first half
 * </pre>
 *
 * <p>The halves take items in proportion to their cells, so a grid with more cells than items has
 * empty ones everywhere, and one with fewer holds several items in a cell. Cost O(interactions *
 * {@value #COLUMNS} * {@value #ROUNDS} + items log^2 items). The same data gives the same grid.
 */
public final class GridLayout {
  private static final int COLUMNS = 8;
  private static final int ROUNDS = 6;

  private final float[] x; // [items, COLUMNS]
  private final int side;
  private final int[] cells;

  private GridLayout(float[] x, int side) {
    this.x = x;
    this.side = side;
    cells = new int[x.length / COLUMNS];
  }

  /** The smallest side of a grid with a cell for each item. */
  public static int sideFor(int items) {
    int side = (int) Math.ceil(Math.sqrt(items));
    return Math.max(1, side);
  }

  /**
   * The cell of each item: {@code row * side + column}.
   *
   * @param side of the grid, at least 1
   */
  public static int[] cells(Interactions interactions, int side) {
    GridLayout layout = new GridLayout(leading(interactions), side);
    int[] all = IntStream.range(0, layout.cells.length).toArray();
    layout.place(all, 0, 0, side, side);
    return layout.cells;
  }

  private void place(int[] items, int top, int left, int height, int width) {
    if (items.length == 0) {
      return;
    }
    if (height == 1 && width == 1) {
      for (int item : items) {
        cells[item] = top * side + left;
      }
      return;
    }
    int column = widest(items);
    int[] ordered =
        IntStream.of(items)
            .boxed()
            .sorted(
                (a, b) -> {
                  int order = Float.compare(x[a * COLUMNS + column], x[b * COLUMNS + column]);
                  return order != 0 ? order : Integer.compare(a, b);
                })
            .mapToInt(Integer::intValue)
            .toArray();
    boolean across = height >= width;
    int half = (across ? height : width) / 2;
    int first = (int) ((long) items.length * half / (across ? height : width));
    int[] before = Arrays.copyOf(ordered, first);
    int[] after = Arrays.copyOfRange(ordered, first, ordered.length);
    if (across) {
      place(before, top, left, half, width);
      place(after, top + half, left, height - half, width);
    } else {
      place(before, top, left, height, half);
      place(after, top, left + half, height, width - half);
    }
  }

  /** The column of X with the largest variance among some items. */
  private int widest(int[] items) {
    int widest = 0;
    double largest = -1;
    for (int c = 0; c < COLUMNS; c++) {
      double sum = 0;
      double squares = 0;
      for (int item : items) {
        double value = x[item * COLUMNS + c];
        sum += value;
        squares += value * value;
      }
      double variance = squares - sum * sum / items.length;
      if (variance > largest) {
        largest = variance;
        widest = c;
      }
    }
    return widest;
  }

  /** X, [items, COLUMNS], each item's row of length 1, so that rare items spread as others do. */
  private static float[] leading(Interactions interactions) {
    int items = interactions.itemCount();
    int[] counts = interactions.itemCounts();
    double[] itemScale = new double[items];
    for (int item = 0; item < items; item++) {
      itemScale[item] = 1 / Math.sqrt(Math.max(1, counts[item]));
    }
    SplittableRandom random = new SplittableRandom(1);
    double[][] columns = new double[COLUMNS + 1][items];
    for (int item = 0; item < items; item++) {
      columns[0][item] = Math.sqrt(counts[item]); // the leading one: popularity alone, left out
    }
    for (int c = 1; c <= COLUMNS; c++) {
      for (int item = 0; item < items; item++) {
        columns[c][item] = random.nextDouble() - 0.5;
      }
    }
    orthogonalize(columns);
    for (int round = 0; round < ROUNDS; round++) {
      for (int c = 1; c <= COLUMNS; c++) {
        columns[c] = product(interactions, itemScale, columns[c]);
      }
      orthogonalize(columns);
    }
    float[] x = new float[items * COLUMNS];
    for (int item = 0; item < items; item++) {
      double squares = 0;
      for (int c = 1; c <= COLUMNS; c++) {
        squares += columns[c][item] * columns[c][item];
      }
      double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
      for (int c = 1; c <= COLUMNS; c++) {
        x[item * COLUMNS + c - 1] = (float) (columns[c][item] * scale);
      }
    }
    return x;
  }

  /** A^T A v. */
  private static double[] product(Interactions interactions, double[] itemScale, double[] v) {
    int[] starts = interactions.starts();
    int[] items = interactions.items();
    double[] result = new double[v.length];
    for (int user = 0; user < interactions.userCount(); user++) {
      double sum = 0;
      for (int p = starts[user]; p < starts[user + 1]; p++) {
        sum += itemScale[items[p]] * v[items[p]];
      }
      sum /= Math.max(1, starts[user + 1] - starts[user]);
      for (int p = starts[user]; p < starts[user + 1]; p++) {
        result[items[p]] += itemScale[items[p]] * sum;
      }
    }
    return result;
  }

  /** Gram and Schmidt; a column that depends on those before becomes 0. */
  private static void orthogonalize(double[][] columns) {
    for (int c = 0; c < columns.length; c++) {
      for (int before = 0; before < c; before++) {
        double dot = dot(columns[c], columns[before]);
        for (int item = 0; item < columns[c].length; item++) {
          columns[c][item] -= dot * columns[before][item];
        }
      }
      double length = Math.sqrt(dot(columns[c], columns[c]));
      for (int item = 0; item < columns[c].length; item++) {
        columns[c][item] = length < 1e-9 ? 0 : columns[c][item] / length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
