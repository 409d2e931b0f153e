package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Query;
import io.kindred.data.Dataset;
import io.kindred.recommend.ModelRecommender;

/** Refuses ids that a model does not know, with the exit code for that. */
final class Found {
  private Found() {}

  /**
   * Refuses an item that is unknown.
   *
   * @throws NotFoundException naming items that are close
   */
  static void item(ModelRecommender recommender, String item) {
    try {
      recommender.item(item);
    } catch (KindredException e) {
      throw new NotFoundException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses a user who is unknown and brings no history.
   *
   * @throws NotFoundException saying so
   */
  static void user(Dataset data, Query query) {
    user(data, query, "");
  }

  /**
   * The same.
   *
   * @param advice what to do about it, behind the message
   */
  static void user(Dataset data, Query query, String advice) {
    String user = query.user();
    if (user != null && query.history() == null && !data.users().contains(user)) {
      throw new NotFoundException(
          "no user '" + user + "' among the " + data.users().size() + " of the model" + advice);
    }
  }
}
