package io.kindred;

import io.kindred.data.History;

/**
 * Who is asked for, in dense ints: what a scorer sees of a query.
 *
 * @param user index of a user that the model was trained with, or -1 for somebody it never saw
 * @param history what that person did, oldest first
 * @param stored whether {@code history} is the one that the model was trained with, so that what
 *     training learned of the user holds; else the model goes by the history alone
 */
public record Profile(int user, History history, boolean stored) {
  /** A user with the stored history, or somebody unknown (-1). */
  public Profile(int user, History history) {
    this(user, history, user >= 0);
  }

  /** Somebody the model never saw, with a history. */
  public static Profile unseen(History history) {
    return new Profile(-1, history);
  }

  /** A user, or -1, whose history is another than the stored one: it has gone on since. */
  public static Profile live(int user, History history) {
    return new Profile(user, history, false);
  }
}
