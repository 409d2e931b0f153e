package io.kindred;

import io.kindred.data.Interactions;

/**
 * What a training may measure itself by, to stop early or to keep its best state: a validation
 * part, never the test part. Both sides have the index spaces of the train data. Thread-safe.
 *
 * @param history what each person did before the targets; empty for people without targets
 * @param targets what each person did then: no item twice, none of the history
 */
public record Validation(Interactions history, Interactions targets) {
  /** Checks that the index spaces agree. */
  public Validation {
    if (history.userCount() != targets.userCount() || history.itemCount() != targets.itemCount()) {
      throw new IllegalArgumentException(
          "history of " + history + " and targets of " + targets + " do not fit");
    }
  }
}
