package io.kindred.data;

/**
 * Something that was left out of the data.
 *
 * @param what what it was: "interactions", "users", "items", "rows of movies.csv"
 * @param count how many
 * @param reason why, for a person
 */
public record Dropped(String what, long count, String reason) {
  @Override
  public String toString() {
    return count + " " + what + ": " + reason;
  }
}
