package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory DuckDB over files of columns or JSON. What it spills goes to a folder that {@link
 * #close} removes. Not thread-safe.
 */
final class DuckDb implements AutoCloseable {
  private final Connection connection;
  private final Path spill;

  DuckDb(int threads) {
    try {
      spill = Files.createTempDirectory("kindred-duckdb");
    } catch (IOException e) {
      throw new KindredException("cannot make a folder for temporary files: " + e.getMessage(), e);
    }
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:", new Properties());
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET threads = " + threads);
        statement.execute(
            "SET memory_limit = '"
                + Math.max(512, Runtime.getRuntime().maxMemory() >> 21)
                + "MiB'");
        statement.execute("SET temp_directory = " + literal(spill.toString()));
        statement.execute("SET preserve_insertion_order = true");
        statement.execute("SET autoinstall_known_extensions = false");
      }
    } catch (SQLException e) {
      throw new KindredException("cannot start DuckDB: " + firstLine(e), e);
    }
  }

  Connection connection() {
    return connection;
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String name(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  /** The table function over a file. */
  static String table(Path path, Format format) {
    String file = literal(path.toString());
    return format == Format.PARQUET
        ? "read_parquet(" + file + ")"
        : "read_json(" + file + ", maximum_object_size = " + DelimitedReader.MAX_RECORD + ")";
  }

  /** The columns of a table function, each with its type. */
  private List<String[]> describe(Path path, Format format) throws SQLException {
    List<String[]> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + table(path, format))) {
      while (rows.next()) {
        columns.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    return columns;
  }

  /** Reads interactions; only the columns that have a role leave the file. */
  SqlRows.Result interactions(
      Path path, Format format, InteractionReader reader, ReadOptions options) {
    try {
      List<String> names = describe(path, format).stream().map(column -> column[0]).toList();
      ColumnRoles roles = ColumnRoles.of(path.toString(), names, options);
      List<String> selected = new ArrayList<>();
      for (int place :
          new int[] {roles.user(), roles.item(), roles.value(), roles.time(), roles.type()}) {
        if (place >= 0) {
          selected.add(name(names.get(place)));
        }
      }
      String query = "SELECT " + String.join(", ", selected) + " FROM " + table(path, format);
      ReadOptions exact =
          options
              .withUserColumn(names.get(roles.user()))
              .withItemColumn(names.get(roles.item()))
              .withValueColumn(roles.value() < 0 ? "" : names.get(roles.value()))
              .withTimeColumn(roles.time() < 0 ? "" : names.get(roles.time()))
              .withTypeColumn(roles.type() < 0 ? "" : names.get(roles.type()));
      return SqlRows.read(connection, query, path.toString(), reader, exact);
    } catch (SQLException e) {
      throw unreadable(path, format, e);
    }
  }

  /** Reads a table of features; lists of fractions become vectors, other lists tags. */
  static FeatureTable features(Path path, boolean ofItems) {
    Format format = isParquet(path) ? Format.PARQUET : Format.JSON_LINES;
    try (DuckDb db = new DuckDb(1)) {
      List<FeatureTable.Column> columns = new ArrayList<>();
      List<String> selected = new ArrayList<>();
      for (String[] column : db.describe(path, format)) {
        boolean list = column[1].endsWith("[]");
        columns.add(
            list
                ? new FeatureTable.Column(
                    column[0],
                    column[1].matches("(FLOAT|DOUBLE|DECIMAL.*)\\[]")
                        ? FeatureTable.Kind.NUMBERS
                        : FeatureTable.Kind.TAGS,
                    FeatureTable.LIST_SEPARATOR)
                : FeatureTable.Column.of(column[0]));
        selected.add(
            list
                ? "array_to_string(CAST(" + name(column[0]) + " AS VARCHAR[]), chr(31))"
                : "CAST(" + name(column[0]) + " AS VARCHAR)");
      }
      int id = FeatureTable.idColumn(path.toString(), columns, ofItems);
      List<FeatureTable.Row> rows = new ArrayList<>();
      try (Statement statement = db.connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "SELECT " + String.join(", ", selected) + " FROM " + table(path, format))) {
        while (found.next()) {
          @Nullable String[] cells = new String[columns.size()];
          for (int c = 0; c < cells.length; c++) {
            cells[c] = found.getString(c + 1);
          }
          rows.add(new FeatureTable.Row(rows.size() + 1L, cells));
        }
      }
      rows.removeIf(row -> row.cells()[id] == null);
      return new FeatureTable(path.toString(), columns, id, rows);
    } catch (SQLException e) {
      throw unreadable(path, format, e);
    }
  }

  static boolean isParquet(Path path) {
    return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".*\\.(parquet|pq)");
  }

  static boolean isJson(Path path) {
    return String.valueOf(path.getFileName())
        .toLowerCase(Locale.ROOT)
        .matches(".*\\.(jsonl|ndjson|json)(\\.gz)?");
  }

  private static KindredException unreadable(Path path, Format format, SQLException e) {
    return new KindredException(
        path
            + " cannot be read as "
            + (format == Format.PARQUET ? "Parquet" : "JSON lines")
            + ": "
            + firstLine(e),
        e);
  }

  static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  @Override
  public void close() {
    try {
      connection.close();
      try (Stream<Path> walk = Files.walk(spill)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (SQLException e) {
      throw new KindredException("cannot close DuckDB: " + firstLine(e), e);
    } catch (IOException e) {
      throw new KindredException(
          "cannot remove temporary files in " + spill + ": " + e.getMessage(), e);
    }
  }
}
