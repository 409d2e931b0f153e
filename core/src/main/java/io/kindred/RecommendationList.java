package io.kindred;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a query.
 *
 * @param items best first; ties by item index; fewer than asked where the catalogue has no more
 * @param servedBy how the person was served
 * @param unknownItems ids of the query (history, filter, boosts) that the model never saw, each
 *     once; they were passed over
 */
public record RecommendationList(List<Item> items, ServedBy servedBy, List<String> unknownItems) {
  /** Copies. */
  public RecommendationList {
    items = List.copyOf(items);
    unknownItems = List.copyOf(unknownItems);
  }

  /** How a person was served. */
  public enum ServedBy {
    /** As a user of the training data, with the stored history. */
    KNOWN_USER,
    /** From the history in the query. */
    HISTORY,
    /**
     * Nothing is known of the person: as the model serves everybody, or by popularity where it
     * cannot.
     */
    POPULARITY
  }

  /**
   * One recommended item.
   *
   * @param item its id
   * @param score the model's score after boosts; for an item that popularity filled in, 1 below the
   *     item before it, or its number of users where the whole list is filled in
   * @param filled whether popularity filled this place because the model could score no more items
   * @param explanation why, where that was asked for and can be said
   */
  public record Item(
      String item, double score, boolean filled, Optional<Explanation> explanation) {}
}
