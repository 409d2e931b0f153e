package io.kindred.similarity;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What trainers of an {@link ItemWeightModel} have in common. Stateless, thread-safe. */
public final class ItemWeights {
  private ItemWeights() {}

  /**
   * The users x items matrix of weights above 0, each pair once; of repeats the last value counts.
   *
   * @throws KindredException if there are no interactions, or a value is not a finite number,
   *     naming user and item
   */
  public static SparseMatrix positive(String algorithm, Dataset data, HistoryValues values) {
    if (data.interactions().size() == 0) {
      throw new KindredException(
          algorithm + ": '" + data.name() + "' has no interactions to learn from");
    }
    SparseMatrix all = data.interactions().matrix();
    int[] starts = new int[all.rowCount() + 1];
    int[] columns = new int[all.size()];
    float[] weights = new float[all.size()];
    int kept = 0;
    for (int user = 0; user < all.rowCount(); user++) {
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        float value = all.values()[p];
        if (!Float.isFinite(value)) {
          throw new KindredException(
              algorithm
                  + ": user '"
                  + data.users().id(user)
                  + "' with item '"
                  + data.items().id(all.columns()[p])
                  + "' has the value "
                  + value
                  + "; values must be finite numbers");
        }
        float weight = values.of(value);
        if (weight > 0) {
          columns[kept] = all.columns()[p];
          weights[kept++] = weight;
        }
      }
      starts[user + 1] = kept;
    }
    return new SparseMatrix(
        all.columnCount(), starts, Arrays.copyOf(columns, kept), Arrays.copyOf(weights, kept));
  }

  /**
   * Some items and those that share people with them, ascending. Cost O(entries).
   *
   * @param users shape users x items
   */
  public static int[] withNeighbors(SparseMatrix users, int[] items) {
    BitSet some = new BitSet();
    Arrays.stream(items).forEach(some::set);
    BitSet all = (BitSet) some.clone();
    for (int user = 0; user < users.rowCount(); user++) {
      int from = users.starts()[user];
      int to = users.starts()[user + 1];
      if (Arrays.stream(users.columns(), from, to).anyMatch(some::get)) {
        Arrays.stream(users.columns(), from, to).forEach(all::set);
      }
    }
    return all.stream().toArray();
  }

  /**
   * Refuses what does not fit in the heap, before the work.
   *
   * @param what is large, for the message ("the products of 9,000 items")
   * @param bytes that it needs at the most
   * @param instead what would need less
   */
  public static void checkFits(
      String algorithm, String what, double bytes, long heap, String instead) {
    if (bytes > 0.8 * heap) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "%s: %s need %.1f GB of memory; the heap is %.1f GB, of which four fifths may be"
                  + " taken. %s, or more heap (KINDRED_JAVA_OPTS=-Xmx%dg).",
              algorithm,
              what,
              1e-9 * bytes,
              1e-9 * heap,
              instead,
              (long) Math.ceil(bytes / 0.8 / (1 << 30)) + 1));
    }
  }

  /** One sparse row on its way into a matrix: indexes ascending, and their weights. */
  public record Row(int[] indexes, float[] weights) {
    /**
     * The entries that are strongest, by absolute value, and not 0; ties by index.
     *
     * @param indexes distinct, of which the first {@code count} are looked at
     * @param weights by index
     * @param top of the number of entries that are kept; cleared
     */
    public static Row strongest(int[] indexes, int count, double[] weights, TopN top) {
      top.clear();
      for (int c = 0; c < count; c++) {
        float strength = (float) Math.abs(weights[indexes[c]]);
        if (strength > 0) {
          top.offer(indexes[c], strength);
        }
      }
      int size = top.sort();
      int[] kept = Arrays.copyOf(top.items(), size);
      Arrays.sort(kept);
      float[] values = new float[kept.length];
      for (int k = 0; k < kept.length; k++) {
        values[k] = (float) weights[kept[k]];
      }
      return new Row(kept, values);
    }
  }

  /**
   * A square matrix with some rows replaced.
   *
   * @param matrix as it was, with as many rows or fewer
   * @param size rows and columns of the result
   * @param which rows are replaced, by the first of {@code rows}, the second and so on
   */
  public static SparseMatrix replaced(SparseMatrix matrix, int size, int[] which, Row[] rows) {
    @Nullable Row[] all = new Row[size];
    for (int r = 0; r < matrix.rowCount(); r++) {
      int from = matrix.starts()[r];
      int to = matrix.starts()[r + 1];
      all[r] =
          new Row(
              Arrays.copyOfRange(matrix.columns(), from, to),
              Arrays.copyOfRange(matrix.values(), from, to));
    }
    for (int w = 0; w < which.length; w++) {
      all[which[w]] = rows[w];
    }
    return matrix(all);
  }

  /** A matrix of rows, with as many columns as rows; null: an empty row. */
  public static SparseMatrix matrix(@Nullable Row[] rows) {
    int[] starts = new int[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      Row row = rows[r];
      starts[r + 1] = Math.addExact(starts[r], row == null ? 0 : row.indexes.length);
    }
    int[] columns = new int[starts[rows.length]];
    float[] values = new float[columns.length];
    for (int r = 0; r < rows.length; r++) {
      Row row = rows[r];
      if (row != null) {
        System.arraycopy(row.indexes, 0, columns, starts[r], row.indexes.length);
        System.arraycopy(row.weights, 0, values, starts[r], row.weights.length);
      }
    }
    return new SparseMatrix(rows.length, starts, columns, values);
  }
}
