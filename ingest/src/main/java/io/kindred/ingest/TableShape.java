package io.kindred.ingest;

import io.kindred.KindredException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a text file is a table of interactions.
 *
 * @param dialect how it falls into fields
 * @param header whether its first record names the columns
 * @param roles what the columns hold
 * @param sample the first rows
 */
record TableShape(Dialect dialect, boolean header, ColumnRoles roles, ColumnSample sample) {
  /**
   * Recognizes the shape from the first records, where the options do not say it.
   *
   * @throws KindredException if there is one column only or a needed column is not recognized
   */
  static TableShape of(TextFile file, Format format, ReadOptions options) {
    String comment = leadingComment(file);
    Dialect dialect = dialect(file, format, options, comment != null);
    List<String> first = firstRecord(file, dialect);
    if (comment != null && isRow(comment, first, dialect)) {
      comment = null;
      dialect = dialect.withComments(false);
      first = firstRecord(file, dialect);
    }
    if (first.isEmpty()) {
      throw new KindredException(file.name() + " has no rows of interactions, only empty lines");
    }
    if (first.size() == 1) {
      throw oneColumn(file, dialect, first.get(0), options);
    }
    List<String> inComment = comment == null ? List.of() : split(comment, dialect);
    if (inComment.size() == first.size() && ColumnRoles.isRecognized(inComment)) {
      ColumnSample sample = ColumnSample.of(file, dialect, false, first.size(), options);
      ColumnRoles roles = ColumnRoles.of(file.name(), inComment, sample, options);
      return new TableShape(dialect, false, roles, sample);
    }
    boolean header =
        switch (format) {
          case ML_100K, DOUBLE_COLON -> Boolean.TRUE.equals(options.header());
          case ATOMIC -> true;
          default -> {
            Boolean said = options.header();
            yield said != null ? said : ColumnRoles.isHeader(first, options) || !isData(first);
          }
        };
    ColumnSample sample = ColumnSample.of(file, dialect, header, first.size(), options);
    if (header) {
      List<String> names = format == Format.ATOMIC ? AtomicHeader.names(first) : trimmed(first);
      ColumnRoles roles = ColumnRoles.of(file.name(), names, sample, options);
      return new TableShape(dialect, true, roles.withHeader(true), sample);
    }
    if (!options.columns().isSaid()) {
      return new TableShape(dialect, false, ColumnRoles.byPlace(first.size(), sample), sample);
    }
    ReadOptions filled = options;
    filled = filled.userColumn() == null ? filled.withUserColumn("1") : filled;
    filled = filled.itemColumn() == null ? filled.withItemColumn("2") : filled;
    List<String> names = new ArrayList<>();
    for (int column = 1; column <= first.size(); column++) {
      names.add("column " + column);
    }
    ColumnRoles roles = ColumnRoles.of(file.name(), names, sample, filled);
    return new TableShape(dialect, false, roles, sample);
  }

  /** The last of the lines with '#' before the first row, without '#'; {@code null}: none. */
  static @Nullable String leadingComment(TextFile file) {
    String comment = null;
    String head = new String(file.head(), StandardCharsets.UTF_8);
    for (String line : (Iterable<String>) head.lines()::iterator) {
      String bare = line.startsWith("\ufeff") ? line.substring(1) : line;
      if (bare.startsWith("#")) {
        comment = bare.substring(1);
      } else if (!bare.isBlank()) {
        return comment;
      }
    }
    return null; // only such lines: they are the rows
  }

  /** Whether a line with '#' is a row of which the first id begins so: "#a,b" before "c,d". */
  private static boolean isRow(String comment, List<String> first, Dialect dialect) {
    List<String> fields = split(comment, dialect);
    return !dialect.delimiter().isEmpty()
        && !comment.startsWith(" ")
        && fields.size() > 1
        && fields.size() == first.size()
        && !ColumnRoles.isRecognized(fields);
  }

  private static List<String> split(String line, Dialect dialect) {
    byte[] bytes = line.strip().getBytes(StandardCharsets.UTF_8);
    Dialect plain = dialect.withComments(false);
    try (DelimitedReader reader = new DelimitedReader("", bytes, 0, bytes.length, plain)) {
      return reader.next() ? trimmed(fields(reader)) : List.of();
    }
  }

  /** Whether a record without a known name is a row: what stands third is a number or a time. */
  private static boolean isData(List<String> first) {
    String third = first.size() == 2 ? "" : first.get(2).strip();
    return first.size() == 2
        ? first.stream().anyMatch(field -> field.strip().matches("[0-9]+"))
        : !Double.isNaN(Numbers.parse(third))
            || !Double.isNaN(Numbers.parseComma(third))
            || TimeParser.isDate(third);
  }

  private static List<String> trimmed(List<String> names) {
    return names.stream().map(String::strip).toList();
  }

  private static Dialect dialect(
      TextFile file, Format format, ReadOptions options, boolean comments) {
    String said = options.delimiter();
    if (said != null) {
      return Delimiters.dialect(said, options, comments);
    }
    return switch (format) {
      case ML_100K, ATOMIC -> Delimiters.dialect("\t", plain(options), false);
      case DOUBLE_COLON -> Delimiters.dialect("::", options, comments);
      case TSV -> Delimiters.dialect("\t", options, comments);
      case SPACES -> Delimiters.dialect("", options, comments);
      default -> Delimiters.likeliest(file, options, comments).dialect();
    };
  }

  /** Without quotes, unless they are said. */
  private static ReadOptions plain(ReadOptions options) {
    return options.quote() == null ? options.withQuote("") : options;
  }

  private static KindredException oneColumn(
      TextFile file, Dialect dialect, String first, ReadOptions options) {
    Delimiters.Fit fit = Delimiters.likeliest(file, options, dialect.comments());
    return new KindredException(
        file.name()
            + ", line 1: one column only with "
            + dialect.displayDelimiter()
            + " between the columns: "
            + Failures.quoted(first)
            + (fit.fields() > 1
                ? "; with "
                    + fit.dialect().displayDelimiter()
                    + " there are "
                    + fit.fields()
                    + " (--delimiter)"
                : "; expected at least a user and an item, and between them a comma, tab,"
                    + " semicolon, '|', '::' or spaces (another: --delimiter; one line a user:"
                    + " --format sequences)"));
  }

  /** The fields of the first record, empty if there is none. */
  static List<String> firstRecord(TextFile file, Dialect dialect) {
    try (DelimitedReader reader = file.headReader(dialect)) {
      return reader.next() && reader.problem() == null ? fields(reader) : List.of();
    }
  }

  /** The fields of the record on which a reader stands. */
  static List<String> fields(DelimitedReader reader) {
    List<String> fields = new ArrayList<>();
    for (int field = 0; reader.problem() == null && field < reader.fields(); field++) {
      fields.add(reader.text(field));
    }
    return fields;
  }

  /** The form of the text as a person reads it. */
  String form() {
    return dialect.displayDelimiter() + " between fields, " + (header ? "header" : "no header");
  }
}
