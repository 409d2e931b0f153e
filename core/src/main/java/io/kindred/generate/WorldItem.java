package io.kindred.generate;

import java.time.LocalDate;
import java.util.List;

/**
 * An item of a generated world as people see it.
 *
 * @param id a few words of the title and the item's number; unique
 * @param title readable, not unique; parts of a series share all but the part's number
 * @param description two to five sentences
 * @param category the taste that the item belongs to
 * @param tags its style first, then up to three moods
 * @param price 1.99 to 199.99
 * @param released day on which the item came out, UTC
 */
public record WorldItem(
    String id,
    String title,
    String description,
    String category,
    List<String> tags,
    double price,
    LocalDate released) {
  /** Copies the tags. */
  public WorldItem {
    tags = List.copyOf(tags);
  }
}
