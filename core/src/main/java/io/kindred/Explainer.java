package io.kindred;

import java.util.Optional;

/** Says why a model recommends an item. Implemented by models. Thread-safe. */
public interface Explainer {
  /**
   * The reasons for the score of an item.
   *
   * @param profile who is asked for
   * @param item item index
   * @param limit how many reasons at the most, the strongest first; the rest is summed up
   * @return empty where nothing in the profile speaks for the item
   */
  Optional<Explanation> explain(Profile profile, int item, int limit);
}
