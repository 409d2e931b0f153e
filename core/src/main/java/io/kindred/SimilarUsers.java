package io.kindred;

import java.util.List;

/** Finds users like a user, known or not. Implemented by models. Thread-safe. */
public interface SimilarUsers {
  /**
   * The nearest neighbors of a person, the most similar first, ties by index. A known user is not a
   * neighbor of itself.
   *
   * @param profile who is asked for
   * @param n how many at the most, at least 0
   */
  List<Neighbor> similarUsers(Profile profile, int n);
}
