package io.kindred.ingest;

import io.kindred.KindredException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** Writes tables as Parquet, through DuckDB. */
public final class ParquetFile {
  private ParquetFile() {}

  /** What the cells of a column are. */
  public enum Type {
    /** Any text. */
    TEXT("VARCHAR"),
    /** A whole number. */
    INTEGER("BIGINT"),
    /** A number. */
    NUMBER("FLOAT"),
    /** True or false. */
    FLAG("BOOLEAN");

    private final String sql;

    Type(String sql) {
      this.sql = sql;
    }
  }

  /** A column of a table. */
  public record Column(String name, Type type) {}

  /**
   * Writes a table of comma-separated values as Parquet, rows in their order, compressed by
   * Zstandard.
   *
   * @param csv UTF-8, as RFC 4180 has it, with a line of names; cells with nothing in them are
   *     absent
   * @param parquet the file to write; one that is there is replaced
   * @param columns all columns in their order
   * @throws KindredException if a cell is not of its type, or the file cannot be written
   */
  public static void write(Path csv, Path parquet, List<Column> columns) {
    String types =
        columns.stream()
            .map(column -> literal(column.name()) + ": " + literal(column.type().sql))
            .collect(Collectors.joining(", ", "{", "}"));
    try (DuckDb db = new DuckDb(1);
        Statement statement = db.connection().createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_csv("
              + literal(csv.toString())
              + ", auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"',"
              + " new_line = '\\n', columns = "
              + types
              + ")) TO "
              + literal(parquet.toString())
              + " (FORMAT parquet, COMPRESSION zstd)");
    } catch (SQLException e) {
      throw new KindredException(
          parquet + " cannot be written as Parquet: " + DuckDb.firstLine(e), e);
    }
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
