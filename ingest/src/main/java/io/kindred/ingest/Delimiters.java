package io.kindred.ingest;

import java.util.List;

/** Finds what stands between the fields of a text. */
final class Delimiters {
  private static final List<String> KNOWN = List.of(",", "\t", ";", "|", "::");
  private static final int RECORDS = 200;

  private Delimiters() {}

  /**
   * How well a delimiter fits.
   *
   * @param fields how many fields the first record has
   * @param recognized whether the fields of the first record name users and items
   * @param share how much of the first records have as many fields as the first
   */
  record Fit(Dialect dialect, int fields, boolean recognized, double share) {
    boolean isTable() {
      return fields > 1 && (recognized || share == 1);
    }
  }

  /**
   * The delimiter of a table: one that makes names of users and items of the first record; else one
   * that gives all of the first records as many fields, more fields before fewer; else the one that
   * gives the first record the most. Spaces count only where nothing else makes a table of it.
   */
  static Fit likeliest(TextFile file, ReadOptions options, boolean comments) {
    Fit best = null;
    for (String delimiter : KNOWN) {
      Fit fit = fit(file, dialect(delimiter, options, comments), options);
      if (best == null || isBetter(fit, best)) {
        best = fit;
      }
    }
    if (best == null
        || !best.isTable()
        || mayBeDecimalComma(best, file)
        || isTabsAndSpaces(best, file)) {
      Fit spaces = fit(file, dialect("", options, comments), options);
      int least = best == null || !best.isTable() ? 2 : best.fields() + 1;
      if (spaces.isTable()
          && spaces.fields() >= least
          && (spaces.recognized() || spaces.fields() <= 4)) {
        return spaces;
      }
    }
    return best == null ? fit(file, dialect(",", options, comments), options) : best;
  }

  /** Whether each comma stands between two digits, as in "1 10 4,5". */
  private static boolean mayBeDecimalComma(Fit fit, TextFile file) {
    if (!fit.dialect().delimiter().equals(",") || fit.recognized()) {
      return false;
    }
    byte[] head = file.head();
    for (int i = 0; i < head.length; i++) {
      if (head[i] == ',' && !(isDigit(head, i - 1) && isDigit(head, i + 1))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether tabs stand between some numbers and spaces between others, and nothing else is there.
   */
  private static boolean isTabsAndSpaces(Fit fit, TextFile file) {
    if (!fit.dialect().delimiter().equals("\t")) {
      return false;
    }
    for (byte b : file.head()) {
      if ((b < '0' || b > '9') && " \t\r\n.-".indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte[] bytes, int at) {
    return at >= 0 && at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9';
  }

  private static boolean isBetter(Fit fit, Fit than) {
    if (fit.fields() < 2) {
      return false;
    }
    if (fit.recognized() != than.recognized()) {
      return fit.recognized();
    }
    boolean consistent = fit.share() == 1;
    if (consistent != (than.share() == 1 && than.fields() > 1)) {
      return consistent;
    }
    return fit.fields() > than.fields();
  }

  /** The dialect of a delimiter, with quotes as the options say, else as is usual with it. */
  static Dialect dialect(String delimiter, ReadOptions options, boolean comments) {
    String said = options.quote();
    if (said != null) {
      return new Dialect(delimiter, said.isEmpty() ? 0 : said.charAt(0), false, comments);
    }
    return switch (delimiter) {
      case "", "::" -> new Dialect(delimiter, (char) 0, false, comments);
      case "\t" -> new Dialect(delimiter, '"', true, comments);
      default -> new Dialect(delimiter, '"', false, comments);
    };
  }

  private static Fit fit(TextFile file, Dialect dialect, ReadOptions options) {
    int records = 0;
    int alike = 0;
    int fields = 0;
    boolean recognized = false;
    try (DelimitedReader reader = file.headReader(dialect)) {
      while (records < RECORDS && reader.next()) {
        int own = reader.problem() == null ? reader.fields() : -1;
        if (records == 0) {
          List<String> first = TableShape.fields(reader);
          fields = Math.max(own, 0);
          recognized = ColumnRoles.isRecognized(first) || hasSaid(first, options);
        }
        alike += own == fields ? 1 : 0;
        records++;
      }
    }
    return new Fit(dialect, fields, recognized, records == 0 ? 0 : (double) alike / records);
  }

  private static boolean hasSaid(List<String> first, ReadOptions options) {
    List<String> names = first.stream().map(String::strip).toList();
    String user = options.userColumn();
    String item = options.itemColumn();
    return (user != null || item != null)
        && (user == null || names.contains(user))
        && (item == null || names.contains(item));
  }
}
