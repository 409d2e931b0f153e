package io.kindred.split;

import io.kindred.data.Interactions;

/**
 * What a model is asked to foretell. Both sides have the index spaces of the train data.
 * Thread-safe.
 *
 * @param history what each person with targets did before them, and what a model may see of that
 *     person: train interactions, for the test part those of the validation part too; for a
 *     held-out person the fold-in part. Empty for people without targets
 * @param targets what each person did then: no item twice, none of the person's history
 */
public record HeldOut(Interactions history, Interactions targets) {
  /** Checks that the index spaces agree. */
  public HeldOut {
    if (history.userCount() != targets.userCount() || history.itemCount() != targets.itemCount()) {
      throw new IllegalArgumentException(
          "history of " + history + " and targets of " + targets + " do not fit");
    }
  }

  /** The number of people with targets. */
  public int users() {
    int users = 0;
    for (int user = 0; user < targets.userCount(); user++) {
      users += targets.userSize(user) > 0 ? 1 : 0;
    }
    return users;
  }
}
