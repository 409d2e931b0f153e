package io.kindred.eval;

import io.kindred.Profile;
import io.kindred.Recommender;
import io.kindred.data.Dataset;

/**
 * Any source of lists: a whole recommender with its filters and re-ranking, or lists from
 * elsewhere. Thread-safe.
 */
@FunctionalInterface
public interface Ranker {
  /**
   * The list for one person.
   *
   * @param profile who is asked for
   * @param n how many items are wanted
   * @return item indexes, best first, no item twice, none of the profile's history; shorter where
   *     there are no more
   */
  int[] rank(Profile profile, int n);

  /**
   * The lists of a recommender, in the index space of its data. The history of the profile is sent
   * with each query.
   *
   * @param data the data that the model behind the recommender was trained on
   */
  static Ranker of(Recommender recommender, Dataset data) {
    return (profile, n) -> ServedList.of(recommender, profile, n, data).items();
  }
}
