package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.ingest.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The data that a command works on, and how to read it. */
final class DataOptions {
  @Parameters(
      index = "0+", // the first place that a command leaves
      arity = "0..1",
      paramLabel = "DATA",
      description = "A file, a folder, the name of a fetched public set, or a jdbc: address.")
  private @Nullable String source;

  @ArgGroup(validate = false, heading = "%nReading:%n")
  private Columns columns = new Columns();

  @ArgGroup(validate = false, heading = "%nFilters:%n")
  private Filters filters = new Filters();

  /** What all of them say. */
  DataSpec spec() {
    return new DataSpec(
        source,
        columns.format,
        columns.userColumn,
        columns.itemColumn,
        columns.valueColumn,
        columns.timeColumn,
        columns.typeColumn,
        columns.delimiter,
        columns.quote,
        columns.header,
        columns.decimal,
        columns.encoding,
        columns.timeUnit,
        columns.missing,
        columns.itemsFile,
        columns.usersFile,
        columns.images,
        columns.imageNames,
        columns.query,
        columns.itemsQuery,
        columns.usersQuery,
        columns.skipBadRows);
  }

  /** What is left out. */
  FilterSpec filterSpec() {
    return new FilterSpec(
        filters.threshold,
        filters.core,
        filters.duplicates,
        filters.since,
        filters.until,
        EventWeight.byType(filters.weights));
  }

  /** Reads the data, and tells on standard error how it was understood and what was left out. */
  Dataset read(BaseCommand command, int threads, ProgressListener progress) {
    Reading reading = reading(command, threads, progress);
    DataSpec.tell(command, reading.report());
    return reading.dataset();
  }

  /** Reads the data as they stand, whatever the filters say, and tells the same. */
  Dataset unfiltered(BaseCommand command, int threads, ProgressListener progress) {
    Reading reading = reading(command, FilterSpec.NONE, threads, progress);
    DataSpec.tell(command, reading.report());
    return reading.dataset();
  }

  /** The same with the report, of which nothing is told. */
  Reading reading(BaseCommand command, int threads, ProgressListener progress) {
    return reading(command, filterSpec(), threads, progress);
  }

  private Reading reading(
      BaseCommand command, FilterSpec filter, int threads, ProgressListener progress) {
    if (source == null) {
      throw command.usage("Missing required parameter: 'DATA'");
    }
    return spec().reading(command, filter, threads, progress);
  }

  /** What is said of the layout. */
  private static final class Columns {
    @Option(
        names = "--format",
        paramLabel = "NAME",
        description = "Format of the file, if it is not recognized.")
    private @Nullable String format;

    @Option(names = "--user-column", paramLabel = "NAME", description = "Column of users.")
    private @Nullable String userColumn;

    @Option(names = "--item-column", paramLabel = "NAME", description = "Column of items.")
    private @Nullable String itemColumn;

    @Option(
        names = "--value-column",
        paramLabel = "NAME",
        description = "Column of ratings or strengths; '' for none.")
    private @Nullable String valueColumn;

    @Option(
        names = "--time-column",
        paramLabel = "NAME",
        description = "Column of times; '' for none.")
    private @Nullable String timeColumn;

    @Option(
        names = "--type-column",
        paramLabel = "NAME",
        description = "Column of event types; '' for none.")
    private @Nullable String typeColumn;

    @Option(
        names = "--delimiter",
        paramLabel = "TEXT",
        description = {
          "What stands between two fields of a text: comma, semicolon, tab, pipe, space (any",
          "run of spaces and tabs), or one to four characters."
        })
    private @Nullable String delimiter;

    @Option(
        names = "--quote",
        paramLabel = "CHAR",
        description = "The character that fields of a text may stand in, or none.")
    private @Nullable String quote;

    @Option(
        names = "--header",
        paramLabel = "yes|no",
        description = "Whether the first line of a text names the columns.")
    private @Nullable String header;

    @Option(
        names = "--decimal",
        paramLabel = "CHAR",
        description = "Decimal point (.) or comma (,) of values in a text.")
    private @Nullable String decimal;

    @Option(
        names = "--encoding",
        paramLabel = "NAME",
        description = "Encoding of text files, such as ISO-8859-1 (default: UTF-8).")
    private @Nullable String encoding;

    @Option(
        names = "--time-unit",
        paramLabel = "UNIT",
        description = {
          "Unit of times that are numbers: seconds, milliseconds, microseconds or nanoseconds."
        })
    private @Nullable String timeUnit;

    @Option(
        names = "--missing",
        paramLabel = "VALUE",
        split = ",",
        description = {
          "Values that mean 'no rating', such as 0, -1 or 99: their rows are left out and",
          "counted. Several with commas."
        })
    private @Nullable List<String> missing;

    @Option(names = "--items-file", paramLabel = "FILE", description = "What is known of items.")
    private @Nullable String itemsFile;

    @Option(names = "--users-file", paramLabel = "FILE", description = "What is known of users.")
    private @Nullable String usersFile;

    @Option(
        names = "--images",
        paramLabel = "DIR",
        description = "A folder of pictures of items, named by item id.")
    private @Nullable String images;

    @Option(
        names = "--image-names",
        paramLabel = "FILE",
        description = "Which picture is whose, if not by id: item id, tab or comma, name.")
    private @Nullable String imageNames;

    @Option(
        names = "--query",
        paramLabel = "SQL",
        description = "The query, where DATA is a jdbc: address.")
    private @Nullable String query;

    @Option(
        names = "--items-query",
        paramLabel = "SQL",
        description = "The query of what is known of items, where DATA is a jdbc: address.")
    private @Nullable String itemsQuery;

    @Option(
        names = "--users-query",
        paramLabel = "SQL",
        description = "The query of what is known of users, where DATA is a jdbc: address.")
    private @Nullable String usersQuery;

    @Option(
        names = "--skip-bad-rows",
        description = "Leave bad rows out and count them, instead of stopping at the first.")
    private @Nullable Boolean skipBadRows;
  }

  /** What is left out. */
  private static final class Filters {
    @Option(
        names = "--threshold",
        paramLabel = "VALUE",
        description = "Keep values of at least this, and count each as 1.")
    private @Nullable Float threshold;

    @Option(
        names = "--k-core",
        paramLabel = "K",
        description = "Keep users and items with at least K interactions each.")
    private @Nullable Integer core;

    @Option(
        names = "--duplicates",
        paramLabel = "HOW",
        description = {
          "What stands for a pair of user and item that is there more than once, before",
          "--threshold looks at it: keep (all), last, strongest, sum or count (default:",
          "strongest with --event-weight, else keep)."
        })
    private @Nullable String duplicates;

    @Option(
        names = "--event-weight",
        paramLabel = "TYPE=WEIGHT",
        converter = EventWeight.Converter.class,
        description = "Weight of an event type; others are left out. Can be repeated.")
    private @Nullable List<EventWeight> weights;

    @Option(
        names = "--since",
        paramLabel = "DATE",
        description = "Leave out what was before this day (UTC).")
    private @Nullable String since;

    @Option(
        names = "--until",
        paramLabel = "DATE",
        description = "Leave out what was on this day (UTC) or after it.")
    private @Nullable String until;
  }
}
