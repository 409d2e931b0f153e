package io.kindred;

import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.stream.IntStream;

/**
 * Data with interactions that came later, and what of them has changed. Thread-safe.
 *
 * @param before the data as they were
 * @param after the same and the new interactions; indexes of users and items stay
 * @param users who did something new, ascending; new users among them
 * @param items the items that shall be solved for, ascending: new ones, and those with many new
 *     interactions
 */
public record DatasetUpdate(Dataset before, Dataset after, int[] users, int[] items) {
  /** An item with a tenth more interactions is solved for again. */
  public static final double GROWTH = 0.1;

  /**
   * What a delta changes, with {@link #GROWTH}.
   *
   * @throws KindredException if the delta does not fit the data
   */
  public static DatasetUpdate of(Dataset before, Dataset delta) {
    return of(before, delta, GROWTH);
  }

  /**
   * What a delta changes.
   *
   * @param delta interactions that came later, of users and items by their ids; what {@code before}
   *     has already is left out (see {@link Dataset#followedBy})
   * @param growth an item is solved for again if its interactions grow by at least this share of
   *     those it had, at least 0; infinity: only items that had none
   * @throws KindredException if the delta has no times or no event types where the data have them
   */
  public static DatasetUpdate of(Dataset before, Dataset delta, double growth) {
    if (!(growth >= 0)) {
      throw new IllegalArgumentException("growth must be at least 0, got " + growth);
    }
    Dataset after;
    try {
      after = before.followedBy(delta);
    } catch (IllegalArgumentException e) {
      throw new KindredException(
          "the new interactions do not fit those of '" + before.name() + "': " + e.getMessage(), e);
    }
    Interactions old = before.interactions();
    Interactions all = after.interactions();
    int[] users =
        IntStream.range(0, all.userCount())
            .filter(user -> all.userSize(user) > (user < old.userCount() ? old.userSize(user) : 0))
            .toArray();
    int[] oldCounts = old.itemCounts();
    int[] counts = all.itemCounts();
    int[] items =
        IntStream.range(0, counts.length)
            .filter(
                item -> {
                  int had = item < oldCounts.length ? oldCounts[item] : 0;
                  int more = counts[item] - had;
                  return more > 0 && (had == 0 || more >= growth * had);
                })
            .toArray();
    return new DatasetUpdate(before, after, users, items);
  }

  /** How many interactions are new. */
  public int newInteractions() {
    return after.interactions().size() - before.interactions().size();
  }

  /** How many users are new. */
  public int newUsers() {
    return after.users().size() - before.users().size();
  }

  /** How many items are new. */
  public int newItems() {
    return after.items().size() - before.items().size();
  }

  /**
   * Checks that this is an update of the data of a model.
   *
   * @throws IllegalArgumentException if it is not
   */
  public void checkIsOf(Dataset data) {
    if (!before.fingerprint().equals(data.fingerprint())) {
      throw new IllegalArgumentException(
          "the update is one of '"
              + before.name()
              + "' ("
              + before.fingerprint()
              + "), the model has '"
              + data.name()
              + "' ("
              + data.fingerprint()
              + ")");
    }
  }
}
