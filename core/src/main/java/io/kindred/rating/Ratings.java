package io.kindred.rating;

import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Query;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.sparse.SparseMatrix;
import java.util.Locale;

/** What the trainers of this package learn from. */
final class Ratings {
  private Ratings() {}

  /**
   * The ratings, users x items, each pair once; of repeats the last value counts.
   *
   * @param vectors how many vectors a user and an item have together
   * @throws KindredException if there are none, if a value is not a finite number, naming user and
   *     item, if all are the same, or if the vectors do not fit in memory
   */
  static SparseMatrix of(String algorithm, Dataset data, int factors, int vectors) {
    if (data.interactions().size() == 0) {
      throw new KindredException(
          algorithm + ": '" + data.name() + "' has no ratings to learn from");
    }
    double rows = (double) data.users().size() + (double) (vectors - 1) * data.items().size();
    double bytes = rows * (4.0 * factors + 40);
    double heap = Runtime.getRuntime().maxMemory();
    long most = Math.max(data.users().size(), data.items().size());
    if (bytes > 0.8 * heap || most * (factors + 1L) > Integer.MAX_VALUE - 8) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "%s: %,.0f vectors of %,d factors need %.1f GB of memory; the heap is %.1f GB, and"
                  + " one side may have %,d numbers at the most. Fewer factors would be right, or"
                  + " more heap (KINDRED_JAVA_OPTS=-Xmx...).",
              algorithm,
              rows,
              factors,
              1e-9 * bytes,
              1e-9 * heap,
              Integer.MAX_VALUE - 8));
    }
    checkRange(algorithm, data);
    Checks.requireRatings(algorithm, data);
    return data.interactions().matrix();
  }

  /**
   * Refuses ratings that are no numbers, or so large that products of them leave the range of
   * floats.
   *
   * @throws KindredException naming user and item
   */
  static void checkRange(String algorithm, Dataset data) {
    Interactions ratings = data.interactions();
    for (int user = 0; user < ratings.userCount(); user++) {
      for (int p = ratings.starts()[user]; p < ratings.starts()[user + 1]; p++) {
        if (!Query.Event.isValue(ratings.values()[p])) {
          throw new KindredException(
              algorithm
                  + ": user '"
                  + data.users().id(user)
                  + "' with item '"
                  + data.items().id(ratings.items()[p])
                  + "' has the rating "
                  + ratings.values()[p]
                  + "; ratings must be numbers from -1e15 to 1e15");
        }
      }
    }
  }
}
