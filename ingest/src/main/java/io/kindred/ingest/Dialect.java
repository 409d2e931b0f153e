package io.kindred.ingest;

/**
 * How the text of a file falls into fields.
 *
 * @param delimiter what stands between two fields, one to four ASCII characters; empty: any run of
 *     spaces and tabs
 * @param quote the character in which a field may stand (RFC 4180), with delimiters and line ends
 *     inside; 0 for none
 * @param lenient whether a field that begins with a quote and is not properly closed on its line is
 *     taken as it stands, quotes included
 * @param comments whether lines that begin with '#' are left out
 */
record Dialect(String delimiter, char quote, boolean lenient, boolean comments) {
  static final Dialect CSV = new Dialect(",", true, false);
  static final Dialect WHITESPACE = new Dialect("", false, true);

  /** Whole lines: the fields of a line, if it has NUL, lie side by side. */
  static final Dialect LINES = new Dialect("\0", false, false);

  Dialect(String delimiter, boolean quoting, boolean comments) {
    this(delimiter, quoting ? '"' : 0, false, comments);
  }

  static Dialect plain(String delimiter) {
    return new Dialect(delimiter, false, false);
  }

  Dialect withComments(boolean newComments) {
    return new Dialect(delimiter, quote, lenient, newComments);
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
