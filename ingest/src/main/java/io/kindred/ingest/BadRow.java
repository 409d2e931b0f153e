package io.kindred.ingest;

/**
 * A row that cannot be used.
 *
 * @param file the file, as it was given
 * @param line the line on which the row begins, or the number of the row where the source has no
 *     lines; from 1
 * @param column the name of the column, or empty where the row as a whole is wrong
 * @param value what stands there; of a row as a whole, what is wrong with it
 * @param expected what would be right
 */
public record BadRow(String file, long line, String column, String value, String expected) {
  /** The row as a sentence. */
  @Override
  public String toString() {
    return file
        + ", line "
        + line
        + (column.isEmpty() ? "" : ", column '" + column + "'")
        + ": "
        + (column.isEmpty() ? value : value.isEmpty() ? "empty" : Failures.quoted(value))
        + "; expected "
        + expected;
  }
}
