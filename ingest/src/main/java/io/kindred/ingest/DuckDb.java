package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory DuckDB over files of columns. What it spills goes to a folder that {@link #close}
 * removes. Not thread-safe.
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
  private static String table(Path path) {
    return "read_parquet(" + literal(path.toString()) + ", binary_as_string = true)";
  }

  /** The columns of a table function, each with its type. */
  private List<String[]> describe(Path path) throws SQLException {
    List<String[]> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + table(path))) {
      while (rows.next()) {
        columns.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    return columns;
  }

  /** A column, or a member of a structure with its path ("user.id"). */
  private record Field(String path, String expression, String type) {
    boolean isNested() {
      return type.matches("(?s)(STRUCT|MAP|UNION)\\(.*|.*\\[\\d*]");
    }
  }

  /** All columns of a Parquet file; of structures, the members. */
  private List<Field> fields(Path path) throws SQLException {
    List<Field> fields = new ArrayList<>();
    for (String[] column : describe(path)) {
      add(new Field(column[0], name(column[0]), column[1]), path, fields);
    }
    return fields;
  }

  private void add(Field field, Path path, List<Field> fields) throws SQLException {
    if (!field.type().startsWith("STRUCT(") || field.type().endsWith("]")) {
      fields.add(field);
      return;
    }
    List<Field> members = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "DESCRIBE SELECT unnest(" + field.expression() + ") FROM " + table(path))) {
      while (rows.next()) {
        String name = rows.getString(1);
        members.add(
            new Field(
                field.path() + "." + name,
                "struct_extract(" + field.expression() + ", " + literal(name) + ")",
                rows.getString(2)));
      }
    }
    for (Field member : members) {
      add(member, path, fields);
    }
  }

  /** The first rows as text; lists and maps have none. */
  private ColumnSample sample(Path path, List<Field> fields) throws SQLException {
    List<String> texts =
        fields.stream()
            .map(field -> field.isNested() ? "NULL" : "CAST(" + field.expression() + " AS VARCHAR)")
            .toList();
    List<@Nullable String[]> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT " + String.join(", ", texts) + " FROM " + table(path) + " LIMIT 1000")) {
      while (found.next()) {
        @Nullable String[] row = new @Nullable String[fields.size()];
        for (int c = 0; c < row.length; c++) {
          row[c] = found.getString(c + 1);
        }
        rows.add(row);
      }
    }
    return new ColumnSample(rows, '.');
  }

  /** What was read of a Parquet file. */
  record Result(ColumnRoles roles, ColumnSample sample, InteractionReader.Found found) {}

  /** Reads interactions from Parquet; only the columns that have a role leave the file. */
  Result interactions(Path path, InteractionReader reader, ReadOptions options) {
    try {
      List<Field> fields = fields(path);
      List<String> names = fields.stream().map(Field::path).toList();
      ColumnSample sample = sample(path, fields);
      ColumnRoles roles = ColumnRoles.of(path.toString(), names, sample, options.withHeader(true));
      List<String> selected = new ArrayList<>();
      for (int place :
          new int[] {roles.user(), roles.item(), roles.value(), roles.time(), roles.type()}) {
        if (place >= 0) {
          Field field = fields.get(place);
          if (field.isNested()) {
            throw new KindredException(
                path
                    + ": column '"
                    + field.path()
                    + "' holds lists or maps ("
                    + field.type()
                    + "); expected one text or number a row (of a list, one row for each element)");
          }
          String role = roles.role(place);
          String expression =
              role.equals("user") || role.equals("item")
                  ? id(path, field)
                  : role.equals("time") && field.type().startsWith("TIMESTAMP_")
                      ? "CAST(" + field.expression() + " AS TIMESTAMP)"
                      : field.expression();
          selected.add(expression + " AS " + name(field.path()));
        }
      }
      String query = "SELECT " + String.join(", ", selected) + " FROM " + table(path);
      ReadOptions exact =
          options
              .withUserColumn(names.get(roles.user()))
              .withItemColumn(names.get(roles.item()))
              .withValueColumn(roles.value() < 0 ? "" : names.get(roles.value()))
              .withTimeColumn(roles.time() < 0 ? "" : names.get(roles.time()))
              .withTypeColumn(roles.type() < 0 ? "" : names.get(roles.type()));
      SqlRows.Result result = SqlRows.read(connection, query, path.toString(), reader, exact);
      return new Result(roles, sample, result.found());
    } catch (SQLException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * The text of an id as a reader of the file sees it. Fractions are ids only where all are whole
   * numbers that a DOUBLE has exactly, as when missing values made a column of ids one of
   * fractions; 7.0 is then '7'.
   */
  private String id(Path path, Field field) throws SQLException {
    String expression = field.expression();
    if (!field.type().matches("FLOAT|DOUBLE")) {
      return "CAST(" + expression + " AS VARCHAR)";
    }
    double exact = field.type().equals("FLOAT") ? 1 << 24 : 1L << 53;
    String query =
        "SELECT CAST("
            + expression
            + " AS VARCHAR) FROM "
            + table(path)
            + " WHERE NOT isnan("
            + expression
            + ") AND (abs("
            + expression
            + ") > "
            + (long) exact
            + " OR "
            + expression
            + " <> trunc("
            + expression
            + ")) LIMIT 1";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (rows.next()) {
        throw new KindredException(
            path
                + ": column '"
                + field.path()
                + "' holds fractions ("
                + field.type()
                + "), such as "
                + rows.getString(1)
                + ", which are no exact ids; expected texts or whole numbers");
      }
    }
    return "CASE WHEN isnan("
        + expression
        + ") THEN NULL ELSE CAST(CAST("
        + expression
        + " AS BIGINT) AS VARCHAR) END";
  }

  /** Reads features from Parquet; lists of fractions become vectors, other lists tags. */
  static FeatureTable features(Path path, boolean ofItems) {
    try (DuckDb db = new DuckDb(1)) {
      List<FeatureTable.Column> columns = new ArrayList<>();
      List<String> selected = new ArrayList<>();
      List<Field> fields = new ArrayList<>();
      for (String[] column : db.describe(path)) {
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
        fields.add(new Field(column[0], name(column[0]), column[1]));
      }
      int id = FeatureTable.idColumn(path.toString(), columns, ofItems);
      selected.set(id, db.id(path, fields.get(id)));
      List<FeatureTable.Row> rows = new ArrayList<>();
      try (Statement statement = db.connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "SELECT " + String.join(", ", selected) + " FROM " + table(path))) {
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
      throw unreadable(path, e);
    }
  }

  static boolean isParquet(Path path) {
    return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".*\\.(parquet|pq)");
  }

  private static KindredException unreadable(Path path, SQLException e) {
    return new KindredException(
        path
            + " cannot be read as Parquet: "
            + (isWhole(path)
                ? firstLine(e)
                : "it does not begin and end with 'PAR1'; it is another format, or cut off"),
        e);
  }

  /** Whether a file begins and ends as Parquet does. */
  private static boolean isWhole(Path path) {
    byte[] mark = "PAR1".getBytes(StandardCharsets.US_ASCII);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (file.length() < 3L * mark.length) {
        return false;
      }
      byte[] found = new byte[mark.length];
      file.readFully(found);
      if (!Arrays.equals(found, mark)) {
        return false;
      }
      file.seek(file.length() - mark.length);
      file.readFully(found);
      return Arrays.equals(found, mark);
    } catch (IOException e) {
      return true; // DuckDB says why it cannot be read
    }
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
