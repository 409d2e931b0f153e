package io.kindred;

import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Data with interactions that came later, and what of them has changed. Thread-safe.
 *
 * @param before the data as they were
 * @param after the same and the new interactions; indexes of users and items stay
 * @param users whose history has changed, ascending; new users among them
 * @param items the items that shall be solved for, ascending: new ones, and those whose number of
 *     interactions has changed much
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
    return of(before, delta, growth, DatasetFilter.none());
  }

  /**
   * The same with what the filter of the data leaves of the delta, repeats in both together (see
   * {@link DatasetFilter#follow}): a later interaction may take the place of an earlier one, or
   * take it out.
   *
   * @param delta interactions that came later, not filtered yet
   * @param filter the filter that {@code before} went through
   * @throws KindredException if the delta does not fit the data, or the filter cannot go on
   */
  public static DatasetUpdate of(
      Dataset before, Dataset delta, double growth, DatasetFilter filter) {
    if (!(growth >= 0)) {
      throw new IllegalArgumentException("growth must be at least 0, got " + growth);
    }
    Dataset after;
    try {
      after = filter.follow(before, delta);
    } catch (IllegalArgumentException e) {
      throw new KindredException(
          "the new interactions do not fit those of '" + before.name() + "': " + e.getMessage(), e);
    }
    Interactions old = before.interactions();
    Interactions all = after.interactions();
    int[] users =
        IntStream.range(0, all.userCount())
            .filter(
                user -> user < old.userCount() ? differs(user, old, all) : all.userSize(user) > 0)
            .toArray();
    int[] oldCounts = old.itemCounts();
    int[] counts = all.itemCounts();
    int[] items =
        IntStream.range(0, counts.length)
            .filter(
                item -> {
                  int had = item < oldCounts.length ? oldCounts[item] : 0;
                  int more = Math.abs(counts[item] - had);
                  return more > 0 && (had == 0 || more >= growth * had);
                })
            .toArray();
    return new DatasetUpdate(before, after, users, items);
  }

  private static boolean differs(int user, Interactions old, Interactions all) {
    if (old.userSize(user) != all.userSize(user)) {
      return true;
    }
    History had = old.history(user);
    History has = all.history(user);
    return !Arrays.equals(had.items(), has.items())
        || !Arrays.equals(had.values(), has.values())
        || !Arrays.equals(had.times(), has.times());
  }

  /** How many interactions are new. Cost O(histories of {@code users}). */
  public int newInteractions() {
    int fresh = 0;
    for (int user : users) {
      Map<List<Object>, Integer> had = new HashMap<>();
      if (user < before.interactions().userCount()) {
        each(before.interactions().history(user), entry -> had.merge(entry, 1, Integer::sum));
      }
      int[] more = {0};
      each(
          after.interactions().history(user),
          entry -> more[0] += had.merge(entry, -1, Integer::sum) < 0 ? 1 : 0);
      fresh += more[0];
    }
    return fresh;
  }

  private static void each(History history, Consumer<List<Object>> taker) {
    for (int i = 0; i < history.size(); i++) {
      taker.accept(List.of(history.items()[i], history.values()[i], history.times()[i]));
    }
  }

  /** How many interactions of before are not there any more: later ones replaced them. */
  public int goneInteractions() {
    return before.interactions().size() + newInteractions() - after.interactions().size();
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
