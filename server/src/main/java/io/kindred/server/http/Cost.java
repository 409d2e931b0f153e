package io.kindred.server.http;

import io.kindred.Query;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request costs before it is computed: how many places a list has, how many reasons it
 * gives, and how long the histories are that these are looked for in.
 *
 * @param items how many items the list has at the most
 * @param reasons how many reasons each of them has at the most; 0: none
 * @param events how long the history of the person is
 */
record Cost(int items, int reasons, int events) {
  /** Most reasons of a whole list. */
  static final int MOST_REASONS = 10_000;

  /** Most pairs of an item that is explained and an event of the history. */
  static final int MOST_PAIRS = 1_000_000;

  private static final int CHEAP_ITEMS = 1000;
  private static final int CHEAP_REASONS = 1000;
  private static final int CHEAP_PAIRS = 100_000;

  /** Of a list that a query asks for. */
  static Cost of(ServedModel model, Query query, int reasons) {
    return new Cost(Math.min(query.n(), model.itemCount()), reasons, model.historySize(query));
  }

  /**
   * Refuses what is too much.
   *
   * @throws Problem.Thrown saying how many items or reasons would be right
   */
  Cost check() {
    List<FieldError> errors = new ArrayList<>();
    if (reasons > 0 && (long) items * reasons > MOST_REASONS) {
      errors.add(
          new FieldError(
              "/explain",
              null,
              reasons,
              "at most "
                  + MOST_REASONS / items
                  + " for a list of "
                  + items
                  + " items (items times reasons: at most "
                  + MOST_REASONS
                  + ")"));
    }
    if (reasons > 0 && (long) items * events > MOST_PAIRS) {
      errors.add(
          new FieldError(
              "/n",
              null,
              items,
              "at most "
                  + MOST_PAIRS / events
                  + " with reasons for a history of "
                  + events
                  + " (items times history: at most "
                  + MOST_PAIRS
                  + ")"));
    }
    if (!errors.isEmpty()) {
      FieldError first = errors.get(0);
      throw new Problem.Thrown(
          new Problem(
              "urn:kindred:problem:too-costly",
              "Too costly",
              400,
              "'" + first.pointer() + "' must be " + first.expected(),
              errors));
    }
    return this;
  }

  /** Whether it counts as costly: only few of such are computed at once. */
  boolean costly() {
    return items > CHEAP_ITEMS
        || events > CHEAP_ITEMS
        || (long) items * reasons > CHEAP_REASONS
        || (reasons > 0 && (long) items * events > CHEAP_PAIRS);
  }
}
