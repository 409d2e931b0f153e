package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.Dropped;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads files and folders into a {@link Dataset}.
 *
 * <p>Formats and folder layouts are recognized and can be said; see {@link Format} and the guide.
 * Ids are kept as they stand. The order inside a user is by time, and of the source where times are
 * equal or unknown. Stateless, thread-safe.
 */
public final class Ingest {
  private static final List<String> ROLES = List.of("user", "item", "value", "time", "type");

  private Ingest() {}

  /**
   * Reads a file or folder; everything is recognized.
   *
   * @throws KindredException if it cannot be read, naming file, line, column, value and what would
   *     be right
   */
  public static Reading read(Path path) {
    return read(path, ReadOptions.defaults());
  }

  /**
   * Reads a file or folder.
   *
   * @throws KindredException if it cannot be read, naming file, line, column, value and what would
   *     be right
   */
  public static Reading read(Path path, ReadOptions options) {
    long started = System.nanoTime();
    Layout layout = Layout.of(path, options);
    BadRows badRows = new BadRows(options.skipBadRows());
    InteractionReader reader = new InteractionReader(options, badRows);
    List<FileReport> files = new ArrayList<>();
    boolean several = layout.interactions().size() > 1;
    if (several) {
      reader.ofSeveral();
    }
    if (options.itemsQuery() != null || options.usersQuery() != null) {
      throw new KindredException(
          path + " is no database: queries of features need interactions that come by a query");
    }
    for (Layout.Part part : layout.interactions()) {
      FileReport file = readPart(reader, part, options);
      if (several) {
        checkAlike(files, file);
      }
      files.add(file);
    }
    reader.checkAny(path.toString());
    String said = options.name();
    String name = said == null ? nameOf(path) : said;
    return assembled(
        name,
        path.toString(),
        layout,
        reader,
        new ArrayList<>(),
        new ArrayList<>(),
        badRows,
        files,
        options,
        started);
  }

  /**
   * Reads the rows of a query from a database. The columns of the result are recognized by their
   * names like those of a file; a query gives them fitting ones ({@code SELECT customer AS user_id,
   * ...}). Times are of a timestamp or date type (UTC where the type has no zone), or numbers or
   * texts as in a file. Rows of equal time keep the order of the query. Features come from files or
   * queries that the options name; a query of features gives one row a user or item, and its
   * columns are understood as in a file: numbers are numbers, arrays are tags or vectors.
   *
   * @param url a JDBC URL; its driver is on the class path
   * @param properties what the driver wants to know, such as user and password
   * @param query a SELECT
   * @throws KindredException if the database cannot be reached, refuses the query or gives rows
   *     that cannot be used
   */
  public static Reading readJdbc(
      String url, Properties properties, String query, ReadOptions options) {
    long started = System.nanoTime();
    String source = "query of " + url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    Layout layout = Layout.ofFeatures("JDBC query", options);
    BadRows badRows = new BadRows(options.skipBadRows());
    InteractionReader reader = new InteractionReader(options, badRows);
    List<FileReport> files = new ArrayList<>();
    List<FeatureTable> itemTables = new ArrayList<>();
    List<FeatureTable> userTables = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      connection.setAutoCommit(false); // else PostgreSQL's driver holds the whole result in memory
      SqlRows.Result result = SqlRows.read(connection, query, source, reader, options);
      addFeatures(connection, options.itemsQuery(), options.itemFeatures(), true, itemTables);
      addFeatures(connection, options.usersQuery(), options.userFeatures(), false, userTables);
      connection.rollback();
      files.add(
          report(
              query,
              "query",
              result.roles(),
              ColumnSample.NONE,
              result.found(),
              reader.said(),
              options));
    } catch (SQLException e) {
      throw new KindredException(source + " failed: " + DuckDb.firstLine(e), e);
    }
    String said = options.name();
    return assembled(
        said == null ? "query" : said,
        source,
        layout,
        reader,
        itemTables,
        userTables,
        badRows,
        files,
        options,
        started);
  }

  private static void addFeatures(
      Connection connection,
      @Nullable String query,
      @Nullable Path file,
      boolean ofItems,
      List<FeatureTable> tables)
      throws SQLException {
    if (query == null) {
      return;
    }
    String what = ofItems ? "items" : "users";
    if (file != null) {
      throw new KindredException(
          "features of " + what + " come from a file (" + file + ") or a query, not from both");
    }
    tables.add(SqlFeatures.read(connection, query, "query of " + what, ofItems));
  }

  /** Refuses a file whose columns are others than those of the file before. */
  private static void checkAlike(List<FileReport> before, FileReport file) {
    if (before.isEmpty()) {
      return;
    }
    FileReport last = before.get(before.size() - 1);
    List<String> own = named(file);
    if (!own.equals(named(last))) {
      throw new KindredException(
          file.source()
              + " has other columns than "
              + last.source()
              + " before it: "
              + own
              + " instead of "
              + named(last)
              + "; files of one folder are one table only if all have the same");
    }
  }

  private static List<String> named(FileReport file) {
    return file.columns().stream()
        .filter(column -> !column.role().isEmpty())
        .map(column -> column.role() + " '" + column.name() + "'")
        .toList();
  }

  /**
   * Joins all that was read.
   *
   * @param itemTables what queries gave of items; the tables of the layout are added
   * @param userTables what queries gave of users, alike
   */
  private static Reading assembled(
      String name,
      String source,
      Layout layout,
      InteractionReader reader,
      List<FeatureTable> itemTables,
      List<FeatureTable> userTables,
      BadRows badRows,
      List<FileReport> files,
      ReadOptions options,
      long started) {
    layout.items().forEach(table -> itemTables.add(table.load(options.encoding(), badRows)));
    layout.users().forEach(table -> userTables.add(table.load(options.encoding(), badRows)));
    reader.index();
    Join join = new Join(badRows, files);
    join.match(itemTables, reader.items(), "items");
    join.match(userTables, reader.users(), "users");
    join.dropped.addAll(reader.said().dropped());
    Boolean catalogue = options.catalogue();
    if (catalogue == null ? !layout.isSequences() && !join.unlike : catalogue) {
      join.addCatalogue(itemTables, reader.items());
    }
    Vocabulary users = reader.users().build();
    Vocabulary items = reader.items().build();
    Features userFeatures = join.features(userTables, users, "users");
    Features itemFeatures = join.features(itemTables, items, "items");
    List<String> notes = new ArrayList<>(layout.notes());
    notes.addAll(reader.said().notes());
    if (options.images() != null) {
      ItemImages images = ItemImages.of(options.images(), options.imageNames());
      itemFeatures = images.addTo(itemFeatures, items);
      notes.add(images.note(items.size()));
    } else if (options.imageNames() != null) {
      throw new KindredException(
          "names of pictures are given (" + options.imageNames() + "), but no folder of pictures");
    }
    Dataset whole =
        Dataset.of(name, users, items, reader.build()).withFeatures(userFeatures, itemFeatures);
    List<String> warnings = new ArrayList<>(reader.said().warnings());
    warnings.addAll(join.warnings);
    Dataset dataset = filtered(whole, options.filter(), join.dropped);
    return new Reading(
        dataset,
        new ReadReport(
            source,
            layout.display(),
            files,
            badRows.count(),
            badRows.examples(),
            join.dropped,
            notes,
            warnings,
            (System.nanoTime() - started) / 1e9));
  }

  private static Dataset filtered(Dataset whole, DatasetFilter filter, List<Dropped> dropped) {
    DatasetFilter.Result result;
    try {
      result = filter.apply(whole);
    } catch (IllegalArgumentException e) {
      throw new KindredException(whole.name() + ": " + e.getMessage(), e);
    }
    dropped.addAll(result.dropped());
    if (result.dataset().interactions().size() == 0) {
      throw new KindredException(
          whole.name()
              + ": the filters leave nothing: "
              + String.join("; ", result.dropped().stream().map(Dropped::toString).toList()));
    }
    return result.dataset();
  }

  /** The name of a file without its extension, or of a folder; of a generated world, saying so. */
  private static String nameOf(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    if (Files.isRegularFile(path.resolve("world.json")) && !name.contains("generated")) {
      return "generated " + name;
    }
    return name.replaceFirst(
        "(?i)(\\.(csv|tsv|txt|dat|parquet|jsonl|ndjson|json|inter))?(\\.gz)?$", "");
  }

  private static FileReport readPart(
      InteractionReader reader, Layout.Part part, ReadOptions options) {
    String file = part.path().toString();
    switch (part.format()) {
      case SEQUENCES, LIGHTGCN -> {
        InteractionReader.Found found =
            reader.readSequences(TextFile.of(part.path(), options.encoding()));
        return new FileReport(
            file, "interactions", "one line a user: user, then items in their order", found.rows());
      }
      case PARQUET -> {
        if (!Files.isRegularFile(part.path())) {
          throw new KindredException(file + " is not a file");
        }
        try (DuckDb db = new DuckDb(options.threads())) {
          DuckDb.Result result = db.interactions(part.path(), reader, options);
          return report(
              file,
              "parquet",
              result.roles(),
              result.sample(),
              result.found(),
              reader.said(),
              options);
        }
      }
      case JSON_LINES -> {
        JsonRows.Result result =
            JsonRows.read(TextFile.of(part.path(), StandardCharsets.UTF_8), reader, options);
        return report(
            file, "jsonl", result.roles(), result.sample(), result.found(), reader.said(), options);
      }
      default -> {
        TextFile text = TextFile.of(part.path(), options.encoding());
        TableShape shape = TableShape.of(text, part.format(), options);
        InteractionReader.Found found = reader.readTable(text, shape);
        return report(
            file,
            part.format().label() + ", " + shape.form(),
            shape.roles(),
            shape.sample(),
            found,
            reader.said(),
            options);
      }
    }
  }

  private static FileReport report(
      String source,
      String how,
      ColumnRoles roles,
      ColumnSample sample,
      InteractionReader.Found found,
      ReadingNotes said,
      ReadOptions options) {
    Ranges ranges = found.ranges();
    List<ColumnReport> used = new ArrayList<>();
    List<ColumnReport> unused = new ArrayList<>();
    for (int column = 0; column < roles.width(); column++) {
      String role = roles.role(column);
      boolean value = role.equals("value") && found.rows() > 0;
      boolean time = role.equals("time") && found.rows() > 0;
      (role.isEmpty() ? unused : used)
          .add(
              new ColumnReport(
                  roles.names().get(column),
                  role,
                  value
                      ? ReadingNotes.text(ranges.minValue())
                      : time ? Instant.ofEpochMilli(ranges.minMillis()).toString() : null,
                  value
                      ? ReadingNotes.text(ranges.maxValue())
                      : time ? Instant.ofEpochMilli(ranges.maxMillis()).toString() : null,
                  sample.example(column)));
    }
    used.sort(Comparator.comparing(column -> ROLES.indexOf(column.role())));
    used.addAll(unused);
    String numbers = roles.unusedNumbers(sample, options);
    if (numbers != null) {
      said.warn(source + ": " + numbers);
    }
    return new FileReport(
        source,
        "interactions",
        how + (found.timeForm().isEmpty() ? "" : ", times as " + found.timeForm()),
        found.rows(),
        used);
  }

  /** Joins features with ids and keeps account of what is left out. */
  private static final class Join {
    private static final int EXAMPLES = 3;

    private final BadRows badRows;
    private final List<FileReport> files;
    private final List<Dropped> dropped = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean
        unlike; // whether the ids of items are written otherwise than in the interactions

    Join(BadRows badRows, List<FileReport> files) {
      this.badRows = badRows;
      this.files = files;
    }

    /**
     * Warns of a first table that has rows of less than half of the ids. Below a tenth its ids are
     * taken for others than those of the interactions.
     */
    void match(List<FeatureTable> tables, Vocabulary.Builder builder, String what) {
      if (tables.isEmpty()) {
        return;
      }
      FeatureTable table = tables.get(0);
      Vocabulary ids = builder.build();
      BitSet matched = new BitSet(ids.size());
      Set<String> others = new LinkedHashSet<>();
      for (FeatureTable.Row row : table.rows()) {
        String id = table.idOf(row);
        int index = ids.index(id);
        if (index >= 0) {
          matched.set(index);
        } else if (others.size() < EXAMPLES) {
          others.add(id);
        }
      }
      int known = matched.cardinality();
      if (others.isEmpty() || 2L * known >= ids.size()) {
        return;
      }
      unlike |= what.equals("items") && 10L * known < ids.size();
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s has rows of %,d of the %,d %s of the interactions. It has others, such as %s,"
                  + " where the interactions have %s: are the ids written alike?",
              table.source(),
              known,
              ids.size(),
              what,
              quoted(others),
              quoted(missing(ids, matched))));
    }

    private static List<String> missing(Vocabulary ids, BitSet matched) {
      List<String> missing = new ArrayList<>();
      for (int i = matched.nextClearBit(0);
          i < ids.size() && missing.size() < EXAMPLES;
          i = matched.nextClearBit(i + 1)) {
        missing.add(ids.id(i));
      }
      return missing;
    }

    private static String quoted(Collection<String> ids) {
      return String.join(", ", ids.stream().map(Failures::quoted).toList());
    }

    /** Items that only the first table of item features names become part of the catalogue. */
    void addCatalogue(List<FeatureTable> tables, Vocabulary.Builder items) {
      if (!tables.isEmpty()) {
        FeatureTable table = tables.get(0);
        for (FeatureTable.Row row : table.rows()) {
          items.add(table.idOf(row));
        }
      }
    }

    Features features(List<FeatureTable> tables, Vocabulary ids, String what) {
      FeatureAssembler assembler = new FeatureAssembler(ids, what, dropped, badRows);
      for (FeatureTable table : tables) {
        int used = assembler.add(table);
        files.add(new FileReport(table.source(), what, "", used));
      }
      Features features = assembler.features();
      if (!tables.isEmpty()) {
        FileReport last = files.remove(files.size() - 1);
        files.add(
            new FileReport(last.source(), what, FeatureAssembler.display(features), last.rows()));
      }
      return features;
    }
  }
}
