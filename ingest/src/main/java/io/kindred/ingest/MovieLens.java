package io.kindred.ingest;

import io.kindred.ingest.FeatureTable.Column;
import io.kindred.ingest.FeatureTable.Kind;
import io.kindred.ingest.FeatureTable.Row;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The feature files of the MovieLens sets, in their several forms. */
final class MovieLens {
  private static final Pattern YEAR = Pattern.compile(".*\\((\\d{4})\\)\\s*");
  private static final Column YEAR_COLUMN = Column.of("year", Kind.NUMBER);
  private static final Column GENRES = new Column("genres", Kind.TAGS, "|");

  /** The genres of ML-100K where u.genre is not beside u.item. */
  private static final List<String> GENRES_100K =
      List.of(
          "unknown",
          "Action",
          "Adventure",
          "Animation",
          "Children's",
          "Comedy",
          "Crime",
          "Documentary",
          "Drama",
          "Fantasy",
          "Film-Noir",
          "Horror",
          "Musical",
          "Mystery",
          "Romance",
          "Sci-Fi",
          "Thriller",
          "War",
          "Western");

  private MovieLens() {}

  /** movies.csv: movieId, title, genres; the year of the title becomes a column. */
  static FeatureTable moviesCsv(Path path, Charset encoding, BadRows badRows) {
    FeatureTable table = FeatureTable.read(TextFile.of(path, encoding), true, badRows);
    List<Column> columns = new ArrayList<>();
    int title = -1;
    for (int c = 0; c < table.columns().size(); c++) {
      Column column = table.columns().get(c);
      title = column.name().equals("title") ? c : title;
      columns.add(column.name().equals("genres") ? GENRES : column);
    }
    return withYear(new FeatureTable(table.source(), columns, table.id(), table.rows()), title);
  }

  /** tags.csv: userId, movieId, tag, timestamp; the distinct tags of a movie, in lower case. */
  static FeatureTable tagsCsv(Path path, Charset encoding, BadRows badRows) {
    return tags(TextFile.of(path, encoding), Dialect.CSV, true, badRows);
  }

  /** tags.dat of ML-10M. */
  static FeatureTable tagsDat(Path path, Charset encoding, BadRows badRows) {
    return tags(TextFile.of(path, encoding), Dialect.plain("::"), false, badRows);
  }

  private static FeatureTable tags(
      TextFile file, Dialect dialect, boolean header, BadRows badRows) {
    List<Column> columns =
        List.of(
            Column.of("userId"), Column.of("movieId"), Column.of("tag"), Column.of("timestamp"));
    return FeatureTable.read(file.readerOfOldText(dialect), columns, 1, header, badRows)
        .grouped(2, "tags");
  }

  /** movies.dat: MovieID::Title::Genres. */
  static FeatureTable moviesDat(Path path, Charset encoding, BadRows badRows) {
    List<Column> columns = List.of(Column.of("movieId"), Column.of("title", Kind.TEXT), GENRES);
    DelimitedReader reader = TextFile.of(path, encoding).readerOfOldText(Dialect.plain("::"));
    return withYear(FeatureTable.read(reader, columns, 0, false, badRows), 1);
  }

  /** users.dat: UserID::Gender::Age::Occupation::Zip-code. */
  static FeatureTable usersDat(Path path, Charset encoding, BadRows badRows) {
    List<Column> columns =
        List.of(
            Column.of("userId"),
            Column.of("gender", Kind.CATEGORY),
            Column.of("age", Kind.NUMBER),
            Column.of("occupation", Kind.CATEGORY),
            Column.of("zip_code", Kind.TEXT));
    DelimitedReader reader = TextFile.of(path, encoding).readerOfOldText(Dialect.plain("::"));
    return FeatureTable.read(reader, columns, 0, false, badRows);
  }

  /** u.user: id | age | gender | occupation | zip code. */
  static FeatureTable users100k(Path path, Charset encoding, BadRows badRows) {
    List<Column> columns =
        List.of(
            Column.of("userId"),
            Column.of("age", Kind.NUMBER),
            Column.of("gender", Kind.CATEGORY),
            Column.of("occupation", Kind.CATEGORY),
            Column.of("zip_code", Kind.TEXT));
    DelimitedReader reader = TextFile.of(path, encoding).readerOfOldText(Dialect.plain("|"));
    return FeatureTable.read(reader, columns, 0, false, badRows);
  }

  /**
   * u.item: id | title | release date | video release date | URL | a flag a genre; the flags become
   * tags.
   */
  static FeatureTable items100k(Path path, Charset encoding, BadRows badRows) {
    List<String> genres = genres100k(path.resolveSibling("u.genre"), encoding, badRows);
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("movieId"));
    columns.add(Column.of("title", Kind.TEXT));
    columns.add(Column.of("release_date"));
    columns.add(Column.of("video_release_date", Kind.IGNORED));
    columns.add(Column.of("url"));
    genres.forEach(genre -> columns.add(Column.of(genre)));
    DelimitedReader reader = TextFile.of(path, encoding).readerOfOldText(Dialect.plain("|"));
    FeatureTable flags = FeatureTable.read(reader, columns, 0, false, badRows);
    List<Row> rows = new ArrayList<>();
    for (Row row : flags.rows()) {
      @Nullable String[] cells = row.cells();
      List<String> own = new ArrayList<>();
      for (int genre = 0; genre < genres.size(); genre++) {
        if ("1".equals(cells[5 + genre])) {
          own.add(genres.get(genre));
        }
      }
      String date = cells[2];
      String year =
          date != null && date.matches(".*-\\d{4}") ? date.substring(date.length() - 4) : "";
      rows.add(
          new Row(
              row.line(),
              new @Nullable String[] {cells[0], cells[1], String.join("|", own), year, cells[4]}));
    }
    return new FeatureTable(
        flags.source(),
        List.of(
            Column.of("movieId"),
            Column.of("title", Kind.TEXT),
            GENRES,
            YEAR_COLUMN,
            Column.of("url", Kind.TEXT)),
        0,
        rows);
  }

  private static List<String> genres100k(Path path, Charset encoding, BadRows badRows) {
    if (!Files.isRegularFile(path)) {
      return GENRES_100K;
    }
    DelimitedReader reader = TextFile.of(path, encoding).readerOfOldText(Dialect.plain("|"));
    return FeatureTable.read(
            reader, List.of(Column.of("genre"), Column.of("place")), 0, false, badRows)
        .rows()
        .stream()
        .map(row -> String.valueOf(row.cells()[0]))
        .toList();
  }

  private static FeatureTable withYear(FeatureTable table, int title) {
    if (title < 0) {
      return table;
    }
    List<Column> columns = new ArrayList<>(table.columns());
    columns.add(YEAR_COLUMN);
    List<Row> rows = new ArrayList<>();
    for (Row row : table.rows()) {
      @Nullable String[] cells = java.util.Arrays.copyOf(row.cells(), columns.size());
      Matcher year = YEAR.matcher(String.valueOf(cells[title]));
      cells[columns.size() - 1] = year.matches() ? year.group(1) : "";
      rows.add(new Row(row.line(), cells));
    }
    return new FeatureTable(table.source(), columns, table.id(), rows);
  }
}
