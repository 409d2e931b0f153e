package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a text file is a table of interactions.
 *
 * @param dialect how it falls into fields
 * @param header whether its first record names the columns
 * @param roles what the columns hold
 */
record TableShape(Dialect dialect, boolean header, ColumnRoles roles) {
  private static final List<String> DELIMITERS = List.of(",", "\t", ";", "|", "::");

  /**
   * Recognizes the shape from the first record, where the options do not say it.
   *
   * @throws KindredException if there is one column only or a needed column is not recognized
   */
  static TableShape of(TextFile file, Format format, ReadOptions options) {
    Dialect dialect = dialect(file, format, options);
    List<String> first = firstRecord(file, dialect);
    if (first.isEmpty()) {
      throw new KindredException(file.name() + " has no rows of interactions, only empty lines");
    }
    if (first.size() == 1) {
      throw oneColumn(file, dialect, first.get(0));
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
    if (header) {
      List<String> names = format == Format.ATOMIC ? AtomicHeader.names(first) : trimmed(first);
      return new TableShape(dialect, true, ColumnRoles.of(file.name(), names, options));
    }
    if (options.userColumn() == null
        && options.itemColumn() == null
        && options.valueColumn() == null
        && options.timeColumn() == null
        && options.typeColumn() == null) {
      return new TableShape(dialect, false, ColumnRoles.byPlace(first.size()));
    }
    ReadOptions filled = options;
    filled = filled.userColumn() == null ? filled.withUserColumn("1") : filled;
    filled = filled.itemColumn() == null ? filled.withItemColumn("2") : filled;
    List<String> names = new ArrayList<>();
    for (int column = 1; column <= first.size(); column++) {
      names.add("column " + column);
    }
    return new TableShape(dialect, false, ColumnRoles.of(file.name(), names, filled));
  }

  /** Whether a record without a known name is a row: what stands third, the value, is a number. */
  private static boolean isData(List<String> first) {
    return first.size() == 2
        ? first.stream().anyMatch(field -> field.matches("[0-9]+"))
        : !Double.isNaN(Numbers.parse(first.get(2).strip()));
  }

  private static List<String> trimmed(List<String> names) {
    return names.stream().map(String::strip).toList();
  }

  private static Dialect dialect(TextFile file, Format format, ReadOptions options) {
    String delimiter = options.delimiter();
    String quote = options.quote();
    boolean quoting = !"".equals(quote);
    boolean said = quote != null && quoting;
    if (delimiter != null) {
      return new Dialect(delimiter, quoting, false);
    }
    return switch (format) {
      case ML_100K, ATOMIC -> new Dialect("\t", said, false);
      case DOUBLE_COLON -> new Dialect("::", said, false);
      case TSV -> new Dialect("\t", quoting, false);
      default -> new Dialect(likeliest(file, quoting), quoting, false);
    };
  }

  /** The delimiter that cuts the first record into the most fields. */
  private static String likeliest(TextFile file, boolean quoting) {
    String best = ",";
    int most = 1;
    for (String delimiter : DELIMITERS) {
      int fields = firstRecord(file, new Dialect(delimiter, quoting, false)).size();
      if (fields > most) {
        most = fields;
        best = delimiter;
      }
    }
    return best;
  }

  private static KindredException oneColumn(TextFile file, Dialect dialect, String first) {
    String likeliest = likeliest(file, dialect.quoting());
    int fields = firstRecord(file, new Dialect(likeliest, dialect.quoting(), false)).size();
    return new KindredException(
        file.name()
            + ", line 1: one column only with "
            + dialect.displayDelimiter()
            + " between the columns: "
            + Failures.quoted(first)
            + (fields > 1
                ? "; with "
                    + new Dialect(likeliest, false, false).displayDelimiter()
                    + " there are "
                    + fields
                    + " (--delimiter)"
                : "; expected at least a user and an item, and between them a comma, tab, semicolon, '|' or '::'"
                    + " (another: --delimiter; one line a user: --format sequences)"));
  }

  /** The fields of the first record, empty if there is none. */
  static List<String> firstRecord(TextFile file, Dialect dialect) {
    List<String> fields = new ArrayList<>();
    try (DelimitedReader reader = file.headReader(dialect)) {
      if (reader.next() && reader.problem() == null) {
        for (int field = 0; field < reader.fields(); field++) {
          fields.add(reader.text(field));
        }
      }
    }
    return fields;
  }

  /** The shape as a person reads it. */
  String display() {
    return dialect.displayDelimiter()
        + " between fields"
        + (header ? ", header; " : ", no header; ")
        + roles.display();
  }
}
