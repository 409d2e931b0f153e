package io.kindred;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Says why a model recommends an item. Implemented by models. Thread-safe. */
public interface Explainer {
  /**
   * The reasons for the score of an item.
   *
   * @param profile who is asked for
   * @param item item index
   * @param limit how many reasons at the most of those that speak for the item, and of those that
   *     speak against it; the strongest first, the rest is summed up
   * @return empty where nothing in the profile has to do with the item; without reasons for it
   *     where all speaks against it
   */
  Optional<Explanation> explain(Profile profile, int item, int limit);

  /**
   * The reasons of several items for one person. Models that have to look for something in the
   * person's history first do so once, and not once an item.
   *
   * @param items item indexes
   * @return for each item, in order, what {@link #explain(Profile, int, int)} gives
   */
  default List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    return Arrays.stream(items)
        .mapToObj(
            item -> {
              Cancellation.check();
              return explain(profile, item, limit);
            })
        .toList();
  }
}
