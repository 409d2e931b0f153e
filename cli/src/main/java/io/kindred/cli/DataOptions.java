package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.ingest.Reading;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The data that a command works on, and how to read it. */
final class DataOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATA",
      description = "A file, a folder, the name of a fetched public set, or a jdbc: address.")
  private @Nullable String source;

  @ArgGroup(validate = false, heading = "%nReading:%n")
  private Columns columns = new Columns();

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
        columns.itemsFile,
        columns.usersFile,
        columns.skipBadRows);
  }

  /** Reads the data, and tells on standard error what had to be left out. */
  Dataset read(BaseCommand command, int threads, ProgressListener progress) {
    if (source == null) {
      throw command.usage("Missing required parameter: 'DATA'");
    }
    Reading reading = spec().read(threads, progress);
    DataSpec.tell(command, reading.report());
    return reading.dataset();
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

    @Option(names = "--items-file", paramLabel = "FILE", description = "What is known of items.")
    private @Nullable String itemsFile;

    @Option(names = "--users-file", paramLabel = "FILE", description = "What is known of users.")
    private @Nullable String usersFile;

    @Option(
        names = "--skip-bad-rows",
        description = "Leave bad rows out and count them, instead of stopping at the first.")
    private @Nullable Boolean skipBadRows;
  }
}
