package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Properties of users or items as they stand in a file, one row each, before they are joined with
 * the ids.
 *
 * @param source the file
 * @param columns what the columns are
 * @param id the place of the ids among the columns
 * @param rows one a user or item
 */
record FeatureTable(String source, List<Column> columns, int id, List<Row> rows) {
  /**
   * A row.
   *
   * @param line where it stands in the source, from 1
   * @param cells one text a column; empty or {@code null} where unknown
   */
  record Row(long line, @Nullable String[] cells) {}

  /** The id of a row, without spaces around it, as ids of interactions are. */
  String idOf(Row row) {
    return String.valueOf(row.cells()[id]).strip();
  }

  /** Between the parts of a list that comes from a source with lists. */
  static final String LIST_SEPARATOR = "\u001f";

  /** How the texts of a column are understood. */
  enum Kind {
    /** By their look. */
    AUTO,
    TEXT,
    CATEGORY,
    TAGS,
    NUMBER,
    IMAGE,
    /** RecBole's token: a category where few are distinct, else by its look. */
    TOKEN,
    /** RecBole's token_seq: tags, or the words of a title. */
    WORDS,
    /** RecBole's float_seq: one number column a place. */
    NUMBERS,
    /** Left out. */
    IGNORED
  }

  /**
   * A column.
   *
   * @param separator what stands between the parts of a list
   */
  record Column(String name, Kind kind, String separator) {
    static Column of(String name) {
      return new Column(name, Kind.AUTO, "");
    }

    static Column of(String name, Kind kind) {
      return new Column(name, kind, "");
    }
  }

  /**
   * Reads all rows of a delimited file; a header, if there is one, was given as {@code columns}.
   */
  static FeatureTable read(
      DelimitedReader reader, List<Column> columns, int id, boolean header, BadRows badRows) {
    List<Row> rows = new ArrayList<>();
    try (reader) {
      if (header) {
        reader.next();
      }
      while (reader.next()) {
        String problem = reader.problem();
        if (problem == null && reader.fields() != columns.size()) {
          problem = reader.fields() + (reader.fields() == 1 ? " field" : " fields");
        }
        if (problem == null
            && !InteractionSink.isId(reader.bytes(), reader.from(id), reader.to(id))) {
          problem = "no id in column '" + columns.get(id).name() + "'";
        }
        if (problem != null) {
          badRows.add(
              new BadRow(
                  reader.file(),
                  reader.line(),
                  "",
                  problem,
                  columns.size()
                      + " ("
                      + String.join(", ", columns.stream().map(Column::name).toList())
                      + ")"));
          continue;
        }
        String[] row = new String[columns.size()];
        int undecodable = -1;
        for (int c = 0; c < row.length && undecodable < 0; c++) {
          boolean used = columns.get(c).kind() != Kind.IGNORED;
          if (used && !InteractionSink.isUtf8(reader.bytes(), reader.from(c), reader.to(c))) {
            undecodable = c;
          }
          row[c] = used ? reader.text(c) : "";
        }
        if (undecodable < 0) {
          rows.add(new Row(reader.line(), row));
        } else {
          badRows.add(
              new BadRow(
                  reader.file(),
                  reader.line(),
                  columns.get(undecodable).name(),
                  reader.text(undecodable),
                  "UTF-8 text (another encoding can be named: --encoding)"));
        }
      }
    }
    return new FeatureTable(reader.file(), columns, id, rows);
  }

  /** Reads a file with a header, whose form and columns are recognized. */
  static FeatureTable read(TextFile file, boolean ofItems, BadRows badRows) {
    boolean atomic = file.plainName().matches(".*\\.(item|user)");
    Dialect best = atomic ? Dialect.plain("\t") : Dialect.CSV;
    int most = 0;
    for (String delimiter : atomic ? List.<String>of() : List.of(",", "\t", ";", "|")) {
      Dialect dialect = new Dialect(delimiter, true, false);
      int fields = TableShape.firstRecord(file, dialect).size();
      if (fields > most) {
        most = fields;
        best = dialect;
      }
    }
    List<String> header = TableShape.firstRecord(file, best);
    List<Column> columns =
        atomic
            ? AtomicHeader.columns(header)
            : header.stream().map(name -> Column.of(name.strip())).toList();
    return read(file.reader(best), columns, idColumn(file.name(), columns, ofItems), true, badRows);
  }

  static int idColumn(String file, List<Column> columns, boolean ofItems) {
    List<String> names = columns.stream().map(Column::name).toList();
    int id = ofItems ? ColumnRoles.itemId(names) : ColumnRoles.userId(names);
    if (id < 0) {
      throw new KindredException(
          file
              + ": no column of "
              + (ofItems ? "item" : "user")
              + " ids is recognized among "
              + names
              + "; call it '"
              + (ofItems ? "item_id" : "user_id")
              + "'");
    }
    return id;
  }

  /**
   * One row an id with the distinct texts of one column of this table as a list, in their order:
   * tags that several people gave.
   */
  FeatureTable grouped(int column, String name) {
    Map<String, Set<String>> lists = new LinkedHashMap<>();
    for (Row row : rows) {
      String text = row.cells()[column];
      if (text != null && !text.isBlank()) {
        lists
            .computeIfAbsent(String.valueOf(row.cells()[id]), key -> new LinkedHashSet<>())
            .add(text.strip().toLowerCase(Locale.ROOT));
      }
    }
    List<Row> grouped = new ArrayList<>();
    lists.forEach(
        (key, list) ->
            grouped.add(new Row(0, new String[] {key, String.join(LIST_SEPARATOR, list)})));
    return new FeatureTable(
        source, List.of(columns.get(id), new Column(name, Kind.TAGS, LIST_SEPARATOR)), 0, grouped);
  }
}
