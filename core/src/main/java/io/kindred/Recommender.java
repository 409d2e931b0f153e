package io.kindred;

/** Answers queries with lists of items. Thread-safe. */
public interface Recommender {
  /**
   * The best items for a query, best first.
   *
   * @throws KindredException if the query names a feature column that does not exist
   */
  RecommendationList recommend(Query query);
}
