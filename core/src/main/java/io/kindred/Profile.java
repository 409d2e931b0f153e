package io.kindred;

import io.kindred.data.History;
import io.kindred.data.Interactions;
import java.util.Arrays;

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

  /**
   * A user with a history that may be another than the stored one. It is the stored one where each
   * has the same items with the same values (of repeats the last value counts); the order and the
   * times do not matter to what training learned of a user. Cost O(n log n) where the histories are
   * of one length, else O(1).
   *
   * @param user a user of the training data, or -1
   * @param history what that person did, oldest first
   * @param trained what the model was trained on
   */
  public static Profile of(int user, History history, Interactions trained) {
    if (user < 0 || trained.userSize(user) != history.size()) {
      return live(user, history);
    }
    History own = trained.history(user).distinct();
    History given = history.distinct();
    boolean stored =
        Arrays.equals(own.items(), given.items()) && Arrays.equals(own.values(), given.values());
    return new Profile(user, history, stored);
  }

  /** A user, or -1, whose history is another than the stored one: it has gone on since. */
  public static Profile live(int user, History history) {
    return new Profile(user, history, false);
  }
}
