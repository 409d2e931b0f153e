package io.kindred.ingest;

import io.kindred.ProgressListener;
import io.kindred.data.DatasetFilter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to read; what is {@code null} is recognized. Columns are named as in the header, or by their
 * place from 1; an empty name says that there is no such column. Immutable.
 *
 * @param name what the data set is called; else by its file or folder
 * @param format the format of the file of interactions
 * @param text how the text of a file falls into fields
 * @param columns which column of the interactions holds what
 * @param features files of what is known of users and items
 * @param missing values that mean "no rating", such as 0, -1 or 99: rows that have one are left out
 *     and counted
 * @param skipBadRows whether rows that cannot be used are left out and counted, instead of stopping
 *     at the first
 * @param filter what to keep of what was read
 * @param threads at least 1
 * @param progress hears how far the reading has come
 */
public record ReadOptions(
    @Nullable String name,
    @Nullable Format format,
    Text text,
    Columns columns,
    FeatureFiles features,
    List<String> missing,
    boolean skipBadRows,
    DatasetFilter filter,
    int threads,
    ProgressListener progress) {

  /**
   * How the text of a file falls into fields and numbers.
   *
   * @param delimiter what stands between two fields: one to four ASCII characters, or empty for any
   *     run of spaces and tabs
   * @param header whether the first line holds the names of the columns
   * @param quote the character that fields may stand in; empty for none
   * @param decimal the character between whole and fraction of a value: '.' or ','
   * @param encoding how the characters of text files are written; JSON is always UTF-8
   */
  public record Text(
      @Nullable String delimiter,
      @Nullable Boolean header,
      @Nullable String quote,
      char decimal,
      Charset encoding) {
    /** Checks all of it. */
    public Text {
      if (delimiter != null && !delimiter.matches("[\\x00-\\x7f&&[^\"\\r\\n]]{0,4}")) {
        throw new IllegalArgumentException(
            "delimiter must be at most four ASCII characters without quotes and line ends, got "
                + Failures.quoted(delimiter));
      }
      if (quote != null && !quote.matches("[\\x21-\\x7e&&[^a-zA-Z0-9]]?")) {
        throw new IllegalArgumentException(
            "quote must be one ASCII character that is no letter, digit or space, or empty for"
                + " none, got "
                + Failures.quoted(quote));
      }
      if (decimal != '.' && decimal != ',') {
        throw new IllegalArgumentException("decimal must be '.' or ',', got '" + decimal + "'");
      }
    }
  }

  /**
   * Which column of the interactions holds what.
   *
   * @param user the column of users
   * @param item the column of items
   * @param value the column of values; without one every value is 1
   * @param time the column of times
   * @param timeUnit the unit of times that are numbers
   * @param type the column of event types
   */
  public record Columns(
      @Nullable String user,
      @Nullable String item,
      @Nullable String value,
      @Nullable String time,
      @Nullable TimeUnit timeUnit,
      @Nullable String type) {
    /** Whether any column is said. */
    boolean isSaid() {
      return user != null || item != null || value != null || time != null || type != null;
    }
  }

  /**
   * Files of what is known of users and items.
   *
   * @param users a file of user features
   * @param items a file of item features
   * @param catalogue whether items that only the item features name belong to the data; else they
   *     do where interactions have a file of rows, and do not where they are one line a user
   * @param images a folder of pictures of items, each file named by the item's id
   * @param imageNames a text of two columns that says under which name an item's picture is in
   *     {@code images}, where that is not the id: item id, then name without extension; the first
   *     line is a header
   * @param usersQuery a SELECT of user features, where the interactions are read by one
   * @param itemsQuery a SELECT of item features, where the interactions are read by one
   */
  public record FeatureFiles(
      @Nullable Path users,
      @Nullable Path items,
      @Nullable Boolean catalogue,
      @Nullable Path images,
      @Nullable Path imageNames,
      @Nullable String usersQuery,
      @Nullable String itemsQuery) {
    private static final FeatureFiles NONE =
        new FeatureFiles(null, null, null, null, null, null, null);
  }

  /** Checks threads. */
  public ReadOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    missing = List.copyOf(missing);
  }

  /** Everything is recognized, the first bad row stops, all processors. */
  public static ReadOptions defaults() {
    return new ReadOptions(
        null,
        null,
        new Text(null, null, null, '.', StandardCharsets.UTF_8),
        new Columns(null, null, null, null, null, null),
        FeatureFiles.NONE,
        List.of(),
        false,
        DatasetFilter.none(),
        Runtime.getRuntime().availableProcessors(),
        ProgressListener.NONE);
  }

  /** The same under a name. */
  public ReadOptions withName(@Nullable String newName) {
    return new ReadOptions(
        newName, format, text, columns, features, missing, skipBadRows, filter, threads, progress);
  }

  /** The same with a format. */
  public ReadOptions withFormat(@Nullable Format newFormat) {
    return new ReadOptions(
        name, newFormat, text, columns, features, missing, skipBadRows, filter, threads, progress);
  }

  /** The same with another form of the text. */
  public ReadOptions withText(Text newText) {
    return new ReadOptions(
        name, format, newText, columns, features, missing, skipBadRows, filter, threads, progress);
  }

  /** The same with other columns. */
  public ReadOptions withColumns(Columns newColumns) {
    return new ReadOptions(
        name, format, text, newColumns, features, missing, skipBadRows, filter, threads, progress);
  }

  /** The same with other files of features. */
  public ReadOptions withFeatures(FeatureFiles newFeatures) {
    return new ReadOptions(
        name, format, text, columns, newFeatures, missing, skipBadRows, filter, threads, progress);
  }

  /** The same without rows of which the value is one of these. */
  public ReadOptions withMissing(List<String> newMissing) {
    return new ReadOptions(
        name, format, text, columns, features, newMissing, skipBadRows, filter, threads, progress);
  }

  /** The same leaving bad rows out or stopping at the first. */
  public ReadOptions withSkipBadRows(boolean newSkipBadRows) {
    return new ReadOptions(
        name, format, text, columns, features, missing, newSkipBadRows, filter, threads, progress);
  }

  /** The same keeping what a filter keeps. */
  public ReadOptions withFilter(DatasetFilter newFilter) {
    return new ReadOptions(
        name, format, text, columns, features, missing, skipBadRows, newFilter, threads, progress);
  }

  /** The same with a number of threads. */
  public ReadOptions withThreads(int newThreads) {
    return new ReadOptions(
        name, format, text, columns, features, missing, skipBadRows, filter, newThreads, progress);
  }

  /** The same with a listener. */
  public ReadOptions withProgress(ProgressListener newProgress) {
    return new ReadOptions(
        name, format, text, columns, features, missing, skipBadRows, filter, threads, newProgress);
  }

  /** The same with a delimiter. */
  public ReadOptions withDelimiter(@Nullable String newDelimiter) {
    return withText(
        new Text(newDelimiter, text.header(), text.quote(), text.decimal(), text.encoding()));
  }

  /** The same with or without a header. */
  public ReadOptions withHeader(@Nullable Boolean newHeader) {
    return withText(
        new Text(text.delimiter(), newHeader, text.quote(), text.decimal(), text.encoding()));
  }

  /** The same with a character that fields may stand in; empty for none. */
  public ReadOptions withQuote(@Nullable String newQuote) {
    return withText(
        new Text(text.delimiter(), text.header(), newQuote, text.decimal(), text.encoding()));
  }

  /** The same with a decimal point or comma in values. */
  public ReadOptions withDecimal(char newDecimal) {
    return withText(
        new Text(text.delimiter(), text.header(), text.quote(), newDecimal, text.encoding()));
  }

  /** The same with text files in an encoding. */
  public ReadOptions withEncoding(Charset newEncoding) {
    return withText(
        new Text(text.delimiter(), text.header(), text.quote(), text.decimal(), newEncoding));
  }

  /** The same with a column of users. */
  public ReadOptions withUserColumn(@Nullable String newUserColumn) {
    return withColumns(
        new Columns(
            newUserColumn,
            columns.item(),
            columns.value(),
            columns.time(),
            columns.timeUnit(),
            columns.type()));
  }

  /** The same with a column of items. */
  public ReadOptions withItemColumn(@Nullable String newItemColumn) {
    return withColumns(
        new Columns(
            columns.user(),
            newItemColumn,
            columns.value(),
            columns.time(),
            columns.timeUnit(),
            columns.type()));
  }

  /** The same with a column of values. */
  public ReadOptions withValueColumn(@Nullable String newValueColumn) {
    return withColumns(
        new Columns(
            columns.user(),
            columns.item(),
            newValueColumn,
            columns.time(),
            columns.timeUnit(),
            columns.type()));
  }

  /** The same with a column of times. */
  public ReadOptions withTimeColumn(@Nullable String newTimeColumn) {
    return withColumns(
        new Columns(
            columns.user(),
            columns.item(),
            columns.value(),
            newTimeColumn,
            columns.timeUnit(),
            columns.type()));
  }

  /** The same with a unit of times. */
  public ReadOptions withTimeUnit(@Nullable TimeUnit newTimeUnit) {
    return withColumns(
        new Columns(
            columns.user(),
            columns.item(),
            columns.value(),
            columns.time(),
            newTimeUnit,
            columns.type()));
  }

  /** The same with a column of event types. */
  public ReadOptions withTypeColumn(@Nullable String newTypeColumn) {
    return withColumns(
        new Columns(
            columns.user(),
            columns.item(),
            columns.value(),
            columns.time(),
            columns.timeUnit(),
            newTypeColumn));
  }

  /** The same with a file of user features. */
  public ReadOptions withUserFeatures(@Nullable Path newUserFeatures) {
    return withFeatures(
        new FeatureFiles(
            newUserFeatures,
            features.items(),
            features.catalogue(),
            features.images(),
            features.imageNames(),
            features.usersQuery(),
            features.itemsQuery()));
  }

  /** The same with a file of item features. */
  public ReadOptions withItemFeatures(@Nullable Path newItemFeatures) {
    return withFeatures(
        new FeatureFiles(
            features.users(),
            newItemFeatures,
            features.catalogue(),
            features.images(),
            features.imageNames(),
            features.usersQuery(),
            features.itemsQuery()));
  }

  /** The same with or without items that only the features name. */
  public ReadOptions withCatalogue(@Nullable Boolean newCatalogue) {
    return withFeatures(
        new FeatureFiles(
            features.users(),
            features.items(),
            newCatalogue,
            features.images(),
            features.imageNames(),
            features.usersQuery(),
            features.itemsQuery()));
  }

  /** The same with a folder of pictures of items. */
  public ReadOptions withImages(@Nullable Path newImages) {
    return withFeatures(
        new FeatureFiles(
            features.users(),
            features.items(),
            features.catalogue(),
            newImages,
            features.imageNames(),
            features.usersQuery(),
            features.itemsQuery()));
  }

  /** The same with names of the pictures. */
  public ReadOptions withImageNames(@Nullable Path newImageNames) {
    return withFeatures(
        new FeatureFiles(
            features.users(),
            features.items(),
            features.catalogue(),
            features.images(),
            newImageNames,
            features.usersQuery(),
            features.itemsQuery()));
  }

  /** The same with queries of features; {@code null} for none. See {@link Ingest#readJdbc}. */
  public ReadOptions withFeatureQueries(
      @Nullable String newUsersQuery, @Nullable String newItemsQuery) {
    return withFeatures(
        new FeatureFiles(
            features.users(),
            features.items(),
            features.catalogue(),
            features.images(),
            features.imageNames(),
            newUsersQuery,
            newItemsQuery));
  }

  @Nullable String delimiter() {
    return text.delimiter();
  }

  @Nullable Boolean header() {
    return text.header();
  }

  @Nullable String quote() {
    return text.quote();
  }

  Charset encoding() {
    return text.encoding();
  }

  char decimal() {
    return text.decimal();
  }

  @Nullable String userColumn() {
    return columns.user();
  }

  @Nullable String itemColumn() {
    return columns.item();
  }

  @Nullable String valueColumn() {
    return columns.value();
  }

  @Nullable String timeColumn() {
    return columns.time();
  }

  @Nullable TimeUnit timeUnit() {
    return columns.timeUnit();
  }

  @Nullable String typeColumn() {
    return columns.type();
  }

  @Nullable String usersQuery() {
    return features.usersQuery();
  }

  @Nullable String itemsQuery() {
    return features.itemsQuery();
  }

  @Nullable Path userFeatures() {
    return features.users();
  }

  @Nullable Path itemFeatures() {
    return features.items();
  }

  @Nullable Boolean catalogue() {
    return features.catalogue();
  }

  @Nullable Path images() {
    return features.images();
  }

  @Nullable Path imageNames() {
    return features.imageNames();
  }
}
