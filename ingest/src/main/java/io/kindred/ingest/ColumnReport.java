package io.kindred.ingest;

import org.jspecify.annotations.Nullable;

/**
 * A column of interactions, as it was understood.
 *
 * @param name its name in the source, or its place
 * @param role "user", "item", "value", "time", "type", or "" where it is not used
 * @param from the smallest value, the first time (ISO-8601); {@code null} for others
 * @param until the largest value, the last time; {@code null} for others
 * @param example a text of one of the first rows, {@code null} where all of them are empty
 */
public record ColumnReport(
    String name,
    String role,
    @Nullable String from,
    @Nullable String until,
    @Nullable String example) {
  private static final int SHOWN = 24;

  /** The column as a person reads it. */
  @Override
  public String toString() {
    String range =
        from == null || until == null
            ? shortened()
            : from.equals(until) ? " (" + from + ")" : " (" + from + " to " + until + ")";
    return (role.isEmpty() ? "" : role + " ") + "'" + name + "'" + range;
  }

  private String shortened() {
    return example == null
        ? ""
        : " ("
            + (example.length() > SHOWN ? example.substring(0, SHOWN) + "..." : example)
                .replaceAll("\\s", " ")
            + (role.isEmpty() ? "" : ", ...")
            + ")";
  }
}
