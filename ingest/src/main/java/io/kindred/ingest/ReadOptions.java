package io.kindred.ingest;

import io.kindred.ProgressListener;
import io.kindred.data.DatasetFilter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to read; what is {@code null} is recognized. Columns are named as in the header, or by their
 * place from 1; an empty name says that there is no such column. Immutable.
 *
 * @param name what the data set is called; else by its file or folder
 * @param format the format of the file of interactions
 * @param delimiter what stands between two fields of a text file
 * @param header whether the first line of a text file holds the names of the columns
 * @param quoting whether fields of a text file may stand in double quotes
 * @param userColumn the column of users
 * @param itemColumn the column of items
 * @param valueColumn the column of values; without one every value is 1
 * @param timeColumn the column of times
 * @param timeUnit the unit of times that are numbers
 * @param typeColumn the column of event types
 * @param userFeatures a file of user features
 * @param itemFeatures a file of item features
 * @param catalogue whether items that only the item features name belong to the data; else they do
 *     where interactions have a file of rows, and do not where they are one line a user
 * @param images a folder of pictures of items, each file named by the item's id
 * @param imageNames a text of two columns that says under which name an item's picture is in {@code
 *     images}, where that is not the id: item id, then name without extension; the first line is a
 *     header
 * @param skipBadRows whether rows that cannot be used are left out and counted, instead of stopping
 *     at the first
 * @param filter what to keep of what was read
 * @param threads at least 1
 * @param progress hears how far the reading has come
 */
public record ReadOptions(
    @Nullable String name,
    @Nullable Format format,
    @Nullable String delimiter,
    @Nullable Boolean header,
    @Nullable Boolean quoting,
    @Nullable String userColumn,
    @Nullable String itemColumn,
    @Nullable String valueColumn,
    @Nullable String timeColumn,
    @Nullable TimeUnit timeUnit,
    @Nullable String typeColumn,
    @Nullable Path userFeatures,
    @Nullable Path itemFeatures,
    @Nullable Boolean catalogue,
    @Nullable Path images,
    @Nullable Path imageNames,
    boolean skipBadRows,
    DatasetFilter filter,
    int threads,
    ProgressListener progress) {

  /** Checks delimiter and threads. */
  public ReadOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    if (delimiter != null && !delimiter.matches("[\\x00-\\x7f&&[^\"\\r\\n]]{1,4}")) {
      throw new IllegalArgumentException(
          "delimiter must be one to four ASCII characters without quotes and line ends, got "
              + Failures.quoted(delimiter));
    }
  }

  /** Everything is recognized, the first bad row stops, all processors. */
  public static ReadOptions defaults() {
    return new ReadOptions(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        DatasetFilter.none(),
        Runtime.getRuntime().availableProcessors(),
        ProgressListener.NONE);
  }

  /** The same under a name. */
  public ReadOptions withName(@Nullable String newName) {
    return new ReadOptions(
        newName,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a format. */
  public ReadOptions withFormat(@Nullable Format newFormat) {
    return new ReadOptions(
        name,
        newFormat,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a delimiter. */
  public ReadOptions withDelimiter(@Nullable String newDelimiter) {
    return new ReadOptions(
        name,
        format,
        newDelimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with or without a header. */
  public ReadOptions withHeader(@Nullable Boolean newHeader) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        newHeader,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with or without quoting. */
  public ReadOptions withQuoting(@Nullable Boolean newQuoting) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        newQuoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a column of users. */
  public ReadOptions withUserColumn(@Nullable String newUserColumn) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        newUserColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a column of items. */
  public ReadOptions withItemColumn(@Nullable String newItemColumn) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        newItemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a column of values. */
  public ReadOptions withValueColumn(@Nullable String newValueColumn) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        newValueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a column of times. */
  public ReadOptions withTimeColumn(@Nullable String newTimeColumn) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        newTimeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a unit of times. */
  public ReadOptions withTimeUnit(@Nullable TimeUnit newTimeUnit) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        newTimeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a column of event types. */
  public ReadOptions withTypeColumn(@Nullable String newTypeColumn) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        newTypeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a file of user features. */
  public ReadOptions withUserFeatures(@Nullable Path newUserFeatures) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        newUserFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a file of item features. */
  public ReadOptions withItemFeatures(@Nullable Path newItemFeatures) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        newItemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with or without items that only the features name. */
  public ReadOptions withCatalogue(@Nullable Boolean newCatalogue) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        newCatalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with a folder of pictures of items. */
  public ReadOptions withImages(@Nullable Path newImages) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        newImages,
        imageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same with names of the pictures. */
  public ReadOptions withImageNames(@Nullable Path newImageNames) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        newImageNames,
        skipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same leaving bad rows out or stopping at the first. */
  public ReadOptions withSkipBadRows(boolean newSkipBadRows) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        newSkipBadRows,
        filter,
        threads,
        progress);
  }

  /** The same keeping what a filter keeps. */
  public ReadOptions withFilter(DatasetFilter newFilter) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        newFilter,
        threads,
        progress);
  }

  /** The same with a number of threads. */
  public ReadOptions withThreads(int newThreads) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        newThreads,
        progress);
  }

  /** The same with a listener. */
  public ReadOptions withProgress(ProgressListener newProgress) {
    return new ReadOptions(
        name,
        format,
        delimiter,
        header,
        quoting,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        timeUnit,
        typeColumn,
        userFeatures,
        itemFeatures,
        catalogue,
        images,
        imageNames,
        skipBadRows,
        filter,
        threads,
        newProgress);
  }
}
