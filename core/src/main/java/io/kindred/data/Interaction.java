package io.kindred.data;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a user did with an item.
 *
 * @param user the user's id
 * @param item the item's id
 * @param value the rating or the strength; 1 where the data has none; finite
 * @param time when it happened, or {@code null} where the data does not say
 * @param type the kind of event ("view", "purchase"), or {@code null} where the data does not say
 */
public record Interaction(
    String user, String item, float value, @Nullable Instant time, @Nullable String type) {
  /** An interaction without time and type. */
  public Interaction(String user, String item, float value) {
    this(user, item, value, null, null);
  }
}
