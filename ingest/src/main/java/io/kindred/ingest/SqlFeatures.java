package io.kindred.ingest;

import io.kindred.KindredException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Features of users or items as the rows of a query: one row a user or item. Columns of numbers are
 * numbers (ids of other things, called {@code ..._id}, are categories), arrays of fractions are
 * vectors, other arrays are tags, and all else is understood by its look, as in a file.
 */
final class SqlFeatures {
  private static final int FETCH = 10_000;

  private SqlFeatures() {}

  static FeatureTable read(Connection connection, String query, String source, boolean ofItems)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet found = statement.executeQuery(query)) {
        ResultSetMetaData meta = found.getMetaData();
        List<FeatureTable.Column> columns = new ArrayList<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
          columns.add(column(meta, c));
        }
        int id = FeatureTable.idColumn(source, columns, ofItems);
        List<FeatureTable.Row> rows = new ArrayList<>();
        while (found.next()) {
          @Nullable String[] cells = new String[columns.size()];
          for (int c = 0; c < cells.length; c++) {
            cells[c] = text(found, c + 1, meta.getColumnType(c + 1));
          }
          String key = cells[id];
          if (key == null || key.isEmpty()) {
            throw new KindredException(
                source
                    + ", row "
                    + (rows.size() + 1)
                    + ": no id in column '"
                    + columns.get(id).name()
                    + "'; the query must leave such rows out (WHERE "
                    + columns.get(id).name()
                    + " IS NOT NULL)");
          }
          rows.add(new FeatureTable.Row(rows.size() + 1L, cells));
        }
        if (rows.isEmpty()) {
          throw new KindredException(source + ": the query gives no rows");
        }
        return new FeatureTable(source, columns, id, rows);
      }
    }
  }

  private static FeatureTable.Column column(ResultSetMetaData meta, int column)
      throws SQLException {
    String name = meta.getColumnLabel(column);
    return switch (meta.getColumnType(column)) {
      case Types.ARRAY ->
          new FeatureTable.Column(
              name,
              // _float4 in PostgreSQL, DOUBLE[] in DuckDB
              meta.getColumnTypeName(column).matches("(?i)_?(float|double|real|decimal|numeric).*")
                  ? FeatureTable.Kind.NUMBERS
                  : FeatureTable.Kind.TAGS,
              FeatureTable.LIST_SEPARATOR);
      case Types.BIT, Types.BOOLEAN -> FeatureTable.Column.of(name, FeatureTable.Kind.CATEGORY);
      default -> FeatureTable.Column.of(name);
    };
  }

  private static @Nullable String text(ResultSet rows, int column, int type) throws SQLException {
    if (type != Types.ARRAY) {
      return rows.getString(column);
    }
    Array array = rows.getArray(column);
    if (array == null || !(array.getArray() instanceof Object[] parts)) {
      return null;
    }
    StringJoiner joined = new StringJoiner(FeatureTable.LIST_SEPARATOR);
    for (Object part : parts) {
      if (part != null) {
        joined.add(String.valueOf(part));
      }
    }
    return joined.toString();
  }
}
