package io.kindred.ingest;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Interactions as the rows of a query. */
final class SqlRows {
  private static final int FETCH = 10_000;

  private SqlRows() {}

  /** What was read. */
  record Result(ColumnRoles roles, ColumnSample sample, InteractionReader.Found found) {}

  /** Reads all rows of a query, a few thousand at a time. */
  static Result read(
      Connection connection,
      String query,
      String source,
      InteractionReader reader,
      ReadOptions options)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery(query)) {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> names = new ArrayList<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
          names.add(meta.getColumnLabel(c));
        }
        List<@Nullable String[]> look = new ArrayList<>();
        look.add(looks(meta));
        ColumnSample looks = new ColumnSample(look, '.');
        ColumnRoles roles = ColumnRoles.of(source, names, looks, options.withHeader(true));
        boolean timestamp = roles.time() >= 0 && isTimestamp(meta, roles.time() + 1);
        boolean zoned = timestamp && isZoned(meta, roles.time() + 1);
        boolean date = roles.time() >= 0 && meta.getColumnType(roles.time() + 1) == Types.DATE;
        InteractionSink sink = reader.sink();
        long row = 0;
        long used = 0;
        while (rows.next()) {
          row++;
          Object time = null;
          if (roles.time() >= 0) {
            int column = roles.time() + 1;
            time =
                timestamp
                    ? millis(rows, column, zoned)
                    : date ? midnight(rows, column) : rows.getObject(column);
          }
          InteractionSink.Outcome outcome =
              sink.add(
                  roles,
                  rows.getString(roles.user() + 1),
                  rows.getString(roles.item() + 1),
                  roles.value() < 0 ? null : value(rows.getObject(roles.value() + 1)),
                  time,
                  roles.type() < 0 ? null : rows.getString(roles.type() + 1),
                  row);
          switch (outcome) {
            case TAKEN -> used++;
            case BAD -> reader.badRows().add(sink.bad(source, row));
            case LEFT_OUT -> {}
          }
          if (row % 100_000 == 0) {
            options.progress().onProgress("reading", row, -1, "");
          }
        }
        return new Result(roles, looks, reader.finish(source, used, roles));
      }
    }
  }

  private static boolean isTimestamp(ResultSetMetaData meta, int column) throws SQLException {
    int type = meta.getColumnType(column);
    return type == Types.TIMESTAMP || type == Types.TIMESTAMP_WITH_TIMEZONE;
  }

  private static boolean isZoned(ResultSetMetaData meta, int column) throws SQLException {
    String name = meta.getColumnTypeName(column).toLowerCase(Locale.ROOT);
    return meta.getColumnType(column) == Types.TIMESTAMP_WITH_TIMEZONE
        || name.equals("timestamptz")
        || name.contains("with time zone");
  }

  /** Epoch milliseconds; a time without zone is UTC. */
  private static InteractionSink.@Nullable Millis millis(ResultSet rows, int column, boolean zoned)
      throws SQLException {
    if (zoned) {
      OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
      return time == null ? null : new InteractionSink.Millis(time.toInstant().toEpochMilli());
    }
    LocalDateTime time = rows.getObject(column, LocalDateTime.class);
    return time == null
        ? null
        : new InteractionSink.Millis(time.toInstant(ZoneOffset.UTC).toEpochMilli());
  }

  private static InteractionSink.@Nullable Millis midnight(ResultSet rows, int column)
      throws SQLException {
    LocalDate date = rows.getObject(column, LocalDate.class);
    return date == null
        ? null
        : new InteractionSink.Millis(date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
  }

  private static @Nullable Object value(@Nullable Object value) {
    return value instanceof Boolean flag ? (Object) (flag ? 1.0 : 0.0) : value;
  }

  /** A row that looks as the types of the columns do. */
  private static @Nullable String[] looks(ResultSetMetaData meta) throws SQLException {
    @Nullable String[] row = new @Nullable String[meta.getColumnCount()];
    for (int c = 0; c < row.length; c++) {
      row[c] =
          switch (meta.getColumnType(c + 1)) {
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE, Types.DATE -> "2000-01-01";
            case Types.TINYINT,
                Types.SMALLINT,
                Types.INTEGER,
                Types.BIGINT,
                Types.REAL,
                Types.FLOAT,
                Types.DOUBLE,
                Types.DECIMAL,
                Types.NUMERIC ->
                "1";
            default -> null;
          };
    }
    return row;
  }
}
