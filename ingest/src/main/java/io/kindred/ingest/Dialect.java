package io.kindred.ingest;

/**
 * How the text of a file falls into fields.
 *
 * @param delimiter what stands between two fields, one to four ASCII characters; empty: any run of
 *     spaces and tabs
 * @param quoting whether a field may stand in double quotes (RFC 4180), with delimiters and line
 *     ends inside
 * @param comments whether lines that begin with '#' are left out
 */
record Dialect(String delimiter, boolean quoting, boolean comments) {
  static final Dialect CSV = new Dialect(",", true, false);
  static final Dialect TSV = new Dialect("\t", true, false);
  static final Dialect WHITESPACE = new Dialect("", false, true);

  static Dialect plain(String delimiter) {
    return new Dialect(delimiter, false, false);
  }

  /** The delimiter as a person reads it. */
  String displayDelimiter() {
    return switch (delimiter) {
      case "" -> "spaces or tabs";
      case "\t" -> "tab";
      case " " -> "space";
      default -> "'" + delimiter + "'";
    };
  }
}
