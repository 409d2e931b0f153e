package io.kindred.factor;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import java.util.Locale;
import java.util.SplittableRandom;

/** What the trainers of this package begin with. */
final class Initialization {
  private Initialization() {}

  /** Refuses data without interactions, and vectors that memory cannot hold, before any work. */
  static void trainable(String algorithm, Dataset data, int factors) {
    if (data.interactions().size() == 0) {
      throw new KindredException(
          algorithm + ": '" + data.name() + "' has no interactions to learn from");
    }
    long rows = (long) data.users().size() + data.items().size();
    double bytes = 4.0 * factors * rows + 20.0 * rows;
    double heap = Runtime.getRuntime().maxMemory();
    long most = Math.max(data.users().size(), data.items().size());
    if (bytes > 0.9 * heap || most * factors > Integer.MAX_VALUE - 8) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "%s: %,d vectors of %,d factors need %.1f GB of memory; the heap is %.1f GB, and one"
                  + " side may have %,d numbers at the most. Fewer factors would be right%s",
              algorithm,
              rows,
              factors,
              1e-9 * bytes,
              1e-9 * heap,
              Integer.MAX_VALUE - 8,
              bytes > 0.9 * heap ? ", or more heap (KINDRED_JAVA_OPTS=-Xmx...)." : "."));
    }
  }

  /**
   * Random vectors of length about {@code deviation}, zeros where the count is 0. The vectors do
   * not depend on one another's counts.
   */
  static float[][] randomRows(int[] counts, int columns, double deviation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[counts.length][columns];
    double scale = deviation / Math.sqrt(columns);
    for (int row = 0; row < rows.length; row++) {
      SplittableRandom own = random.split();
      for (int k = 0; k < columns && counts[row] > 0; k++) {
        // a sum of four uniform numbers, as good as a normal one for a start
        double sum = own.nextDouble() + own.nextDouble() + own.nextDouble() + own.nextDouble() - 2;
        rows[row][k] = (float) (scale * sum * Math.sqrt(3));
      }
    }
    return rows;
  }
}
