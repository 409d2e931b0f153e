package io.kindred.ingest;

import java.util.List;
import java.util.Locale;

/**
 * One file or query that was read.
 *
 * @param source the file or query
 * @param what what it holds: "interactions", "items" or "users"
 * @param how the format that was recognized, for a person
 * @param rows the rows that were used
 * @param columns how the columns of interactions were understood, those that are not used last
 */
public record FileReport(
    String source, String what, String how, long rows, List<ColumnReport> columns) {
  /** Keeps its own copy. */
  public FileReport {
    columns = List.copyOf(columns);
  }

  /** Of a source whose columns are reported elsewhere. */
  FileReport(String source, String what, String how, long rows) {
    this(source, what, how, rows, List.of());
  }

  /** What was understood, in one line. */
  public String display() {
    List<String> used =
        columns.stream()
            .filter(column -> !column.role().isEmpty())
            .map(ColumnReport::toString)
            .toList();
    List<String> unused =
        columns.stream()
            .filter(column -> column.role().isEmpty())
            .map(ColumnReport::toString)
            .toList();
    return String.format(
        Locale.ROOT,
        "%s: %s; %,d rows%s%s",
        source,
        how,
        rows,
        used.isEmpty() ? "" : "; " + String.join(", ", used),
        unused.isEmpty() ? "" : "; unused " + String.join(", ", unused));
  }
}
