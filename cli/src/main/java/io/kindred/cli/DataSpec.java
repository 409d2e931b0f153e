package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.ingest.BadRow;
import io.kindred.ingest.Format;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.ingest.ReadReport;
import io.kindred.ingest.Reading;
import io.kindred.ingest.TimeUnit;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which data, and how to read it: what the options and a recipe say. What is absent is recognized.
 *
 * @param source a file, a folder, the name of a fetched public set, or a jdbc: address
 * @param delimiter what stands between two fields: a name such as {@code tab}, or the characters
 * @param quote the character that fields may stand in, or {@code none}
 * @param header {@code yes} or {@code no}
 * @param decimal decimal point or comma of values
 * @param encoding of text files
 * @param timeUnit the unit of times that are numbers
 * @param missing values that mean "no rating"
 * @param images a folder of pictures named by item id
 * @param imageNames which picture is whose, where they are not named by item id
 * @param query what to read from a jdbc: address
 * @param itemsQuery what to read of items from there
 * @param usersQuery what to read of users from there
 * @param skipBadRows whether bad rows are left out
 */
record DataSpec(
    @Nullable String source,
    @Nullable String format,
    @Nullable String userColumn,
    @Nullable String itemColumn,
    @Nullable String valueColumn,
    @Nullable String timeColumn,
    @Nullable String typeColumn,
    @Nullable String delimiter,
    @Nullable String quote,
    @Nullable String header,
    @Nullable String decimal,
    @Nullable String encoding,
    @Nullable String timeUnit,
    @Nullable List<String> missing,
    @Nullable String itemsFile,
    @Nullable String usersFile,
    @Nullable String images,
    @Nullable String imageNames,
    @Nullable String query,
    @Nullable String itemsQuery,
    @Nullable String usersQuery,
    @Nullable Boolean skipBadRows) {

  /** Data of which nothing but the place is said. */
  static DataSpec at(String source) {
    return new DataSpec(
        source, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null);
  }

  /** The same data from another place. */
  DataSpec withSource(String newSource) {
    return new DataSpec(
        newSource,
        format,
        userColumn,
        itemColumn,
        valueColumn,
        timeColumn,
        typeColumn,
        delimiter,
        quote,
        header,
        decimal,
        encoding,
        timeUnit,
        missing,
        itemsFile,
        usersFile,
        images,
        imageNames,
        query,
        itemsQuery,
        usersQuery,
        skipBadRows);
  }

  /** What this says, and for the rest what another one says. */
  DataSpec over(@Nullable DataSpec other) {
    return other == null
        ? this
        : new DataSpec(
            or(source, other.source),
            or(format, other.format),
            or(userColumn, other.userColumn),
            or(itemColumn, other.itemColumn),
            or(valueColumn, other.valueColumn),
            or(timeColumn, other.timeColumn),
            or(typeColumn, other.typeColumn),
            or(delimiter, other.delimiter),
            or(quote, other.quote),
            or(header, other.header),
            or(decimal, other.decimal),
            or(encoding, other.encoding),
            or(timeUnit, other.timeUnit),
            or(missing, other.missing),
            or(itemsFile, other.itemsFile),
            or(usersFile, other.usersFile),
            or(images, other.images),
            or(imageNames, other.imageNames),
            or(query, other.query),
            or(itemsQuery, other.itemsQuery),
            or(usersQuery, other.usersQuery),
            or(skipBadRows, other.skipBadRows));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  /**
   * Where the data lies on disk.
   *
   * @throws KindredException if nothing is there
   */
  Path path() {
    if (source == null) {
      throw new KindredException("no data is named");
    }
    Path path = Path.of(source);
    if (!Files.exists(path)) {
      throw new KindredException(
          "there is no file or folder "
              + source
              + (PublicData.isKnown(source)
                  ? "; the public set of that name is had by: kindred fetch " + source
                  : ""));
    }
    return path;
  }

  /** The same, with the name of a fetched set replaced by its place. */
  DataSpec located(Terminal terminal) {
    if (source == null || isJdbc() || Files.exists(Path.of(source))) {
      return this;
    }
    return PublicData.cached(terminal, source)
        .map(fetched -> withSource(fetched.path().toString()))
        .orElse(this);
  }

  private boolean isJdbc() {
    return source != null && source.startsWith("jdbc:");
  }

  /** Reads all of it, and tells on standard error how it was understood and what was left out. */
  Reading read(BaseCommand command, FilterSpec filter, int threads, ProgressListener progress) {
    Reading reading = reading(command, filter, threads, progress);
    tell(command, reading.report());
    return reading;
  }

  /** Reads all of it. */
  Reading reading(BaseCommand command, FilterSpec filter, int threads, ProgressListener progress) {
    ReadOptions options = options(threads, progress).withFilter(filter.filter());
    Reading reading;
    if (source != null && isJdbc()) {
      if (query == null) {
        throw command.usage("DATA is a jdbc: address, so --query must say what to read");
      }
      reading = Ingest.readJdbc(source, new Properties(), query, options);
    } else {
      if (query != null || itemsQuery != null || usersQuery != null) {
        throw command.usage(
            "--query, --items-query and --users-query need a jdbc: address as DATA");
      }
      reading = Ingest.read(located(command.terminal()).path(), options);
    }
    return reading;
  }

  /**
   * Tells how the data were understood, what had to be left out, and what probably is not as it was
   * meant.
   */
  static void tell(BaseCommand command, ReadReport report) {
    report.understood().forEach(line -> command.note("Read %s", line));
    report.notes().forEach(note -> command.note("Note: %s", note));
    report
        .dropped()
        .forEach(
            dropped ->
                command.note(
                    "Left out %,d %s: %s", dropped.count(), dropped.what(), dropped.reason()));
    tellFaults(command, report);
  }

  /** Tells of bad rows, and of what probably is not as it was meant. */
  static void tellFaults(BaseCommand command, ReadReport report) {
    report.warnings().forEach(warning -> command.note("Warning: %s", warning));
    if (report.badRows() > 0) {
      command.note("Left out %,d bad rows, such as", report.badRows());
      for (BadRow row : report.badRowExamples()) {
        command.note("  %s", row);
      }
    }
  }

  private @Nullable String characters() {
    return delimiter == null
        ? null
        : switch (delimiter) {
          case "comma" -> ",";
          case "semicolon" -> ";";
          case "tab", "\\t" -> "\t";
          case "pipe" -> "|";
          case "space", "spaces", " " -> "";
          default -> delimiter;
        };
  }

  private @Nullable Boolean isHeader() {
    return header == null
        ? null
        : switch (header.toLowerCase(Locale.ROOT)) {
          case "yes", "true" -> true;
          case "no", "false" -> false;
          default ->
              throw new KindredException("--header must be 'yes' or 'no', got '" + header + "'");
        };
  }

  private static Charset encodingOf(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new KindredException(
          "--encoding must be an encoding such as UTF-8, ISO-8859-1, windows-1252 or GB18030, got '"
              + name
              + "'",
          e);
    }
  }

  private static char decimalOf(String text) {
    if (!text.equals(".") && !text.equals(",")) {
      throw new KindredException("--decimal must be '.' or ',', got '" + text + "'");
    }
    return text.charAt(0);
  }

  private ReadOptions.Text text() {
    try {
      return new ReadOptions.Text(
          characters(),
          isHeader(),
          quote == null ? null : quote.equals("none") ? "" : quote,
          decimal == null ? '.' : decimalOf(decimal),
          encoding == null ? StandardCharsets.UTF_8 : encodingOf(encoding));
    } catch (IllegalArgumentException e) {
      throw new KindredException("--" + e.getMessage(), e);
    }
  }

  ReadOptions options(int threads, ProgressListener progress) {
    return ReadOptions.defaults()
        .withFormat(format == null ? null : Format.of(format))
        .withUserColumn(userColumn)
        .withItemColumn(itemColumn)
        .withValueColumn(valueColumn)
        .withTimeColumn(timeColumn)
        .withTypeColumn(typeColumn)
        .withText(text())
        .withTimeUnit(timeUnit == null ? null : TimeUnit.of(timeUnit))
        .withMissing(missing == null ? List.of() : missing)
        .withItemFeatures(itemsFile == null ? null : Path.of(itemsFile))
        .withUserFeatures(usersFile == null ? null : Path.of(usersFile))
        .withImages(images == null ? null : Path.of(images))
        .withImageNames(imageNames == null ? null : Path.of(imageNames))
        .withFeatureQueries(usersQuery, itemsQuery)
        .withSkipBadRows(Boolean.TRUE.equals(skipBadRows))
        .withThreads(threads)
        .withProgress(progress);
  }
}
