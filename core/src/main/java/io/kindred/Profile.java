package io.kindred;

import io.kindred.data.History;

/**
 * Who is asked for, in dense ints: what a scorer sees of a query.
 *
 * @param user index of a user that the model was trained with, or -1 for somebody it never saw
 * @param history what that person did, oldest first: the stored history of a known user, or the one
 *     of the query
 */
public record Profile(int user, History history) {
  /** Somebody the model never saw, with a history. */
  public static Profile unseen(History history) {
    return new Profile(-1, history);
  }
}
