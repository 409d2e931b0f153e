package io.kindred.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a table, for the look of its columns.
 *
 * @param rows texts, one a column; {@code null} or blank where there is none
 * @param decimal the decimal point or comma of values
 */
record ColumnSample(List<@Nullable String[]> rows, char decimal) {
  private static final int ROWS = 1000;
  private static final double FIRST_EPOCH = 1e8; // 1973 in seconds

  /** No rows: no column has a look. */
  static final ColumnSample NONE = new ColumnSample(List.of(), '.');

  /** The first rows of a text that have the width of the table. */
  static ColumnSample of(
      TextFile file, Dialect dialect, boolean header, int width, ReadOptions options) {
    List<@Nullable String[]> rows = new ArrayList<>();
    try (DelimitedReader reader = file.headReader(dialect)) {
      boolean first = header;
      while (rows.size() < ROWS && reader.next()) {
        if (first) {
          first = false;
        } else if (reader.problem() == null && reader.fields() == width) {
          @Nullable String[] row = new @Nullable String[width];
          for (int c = 0; c < width; c++) {
            row[c] = reader.text(c).strip();
          }
          rows.add(row);
        }
      }
    }
    return new ColumnSample(rows, options.decimal());
  }

  /** Whether all texts of a column, one at least, are so. */
  private boolean all(int column, Predicate<String> so) {
    boolean any = false;
    for (@Nullable String[] row : rows) {
      String text = column < row.length ? row[column] : null;
      if (text != null && !text.isBlank()) {
        if (!so.test(text)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  private double number(String text) {
    return decimal == ',' ? Numbers.parseComma(text) : Numbers.parse(text);
  }

  /** Whether a column has numbers. */
  boolean isNumeric(int column) {
    return all(column, text -> Double.isFinite(number(text)));
  }

  /** Whether a column has dates, as ISO-8601 or as digits. */
  boolean isDate(int column) {
    return all(column, TimeParser::isDate);
  }

  /** Whether a column has dates, or numbers of the size of epochs since 1973. */
  boolean isTime(int column) {
    return isDate(column) || all(column, ColumnSample::isEpoch);
  }

  private static boolean isEpoch(String text) {
    double number = Numbers.parse(text);
    double seconds = number;
    while (seconds >= 1e11) {
      seconds /= 1000;
    }
    return seconds >= FIRST_EPOCH && seconds < 4.102_444_8e9;
  }

  /** Whether a column has months and days as four digits, some with a leading zero. */
  boolean isMonthDay(int column) {
    return all(column, TimeParser::isMonthDay)
        && rows.stream().anyMatch(row -> String.valueOf(row[column]).startsWith("0"));
  }

  /** The first text of a column, or {@code null}. */
  @Nullable String example(int column) {
    for (@Nullable String[] row : rows) {
      String text = column < row.length ? row[column] : null;
      if (text != null && !text.isBlank()) {
        return text;
      }
    }
    return null;
  }
}
