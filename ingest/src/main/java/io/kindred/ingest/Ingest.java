package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.Dropped;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Reads files and folders into a {@link Dataset}.
 *
 * <p>Formats and folder layouts are recognized and can be said; see {@link Format} and the guide.
 * Ids are kept as they stand. The order inside a user is by time, and of the source where times are
 * equal or unknown. Stateless, thread-safe.
 */
public final class Ingest {
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
    for (Layout.Part part : layout.interactions()) {
      files.add(readPart(reader, part, options));
    }
    String said = options.name();
    String name = said == null ? nameOf(path) : said;
    return assembled(name, path.toString(), layout, reader, badRows, files, options, started);
  }

  /**
   * Reads the rows of a query from a database. The columns of the result are recognized by their
   * names like those of a file; a query gives them fitting ones ({@code SELECT customer AS user_id,
   * ...}). Times are of a timestamp or date type (UTC where the type has no zone), or numbers or
   * texts as in a file. Rows of equal time keep the order of the query. Features come from files
   * that the options name.
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
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      connection.setAutoCommit(false); // else PostgreSQL's driver holds the whole result in memory
      SqlRows.Result result = SqlRows.read(connection, query, source, reader, options);
      connection.rollback();
      files.add(
          new FileReport(query, "interactions", result.roles().display(), result.found().rows()));
    } catch (SQLException e) {
      throw new KindredException(source + " failed: " + DuckDb.firstLine(e), e);
    }
    String said = options.name();
    return assembled(
        said == null ? "query" : said, source, layout, reader, badRows, files, options, started);
  }

  private static Reading assembled(
      String name,
      String source,
      Layout layout,
      InteractionReader reader,
      BadRows badRows,
      List<FileReport> files,
      ReadOptions options,
      long started) {
    reader.index();
    List<FeatureTable> itemTables =
        layout.items().stream().map(table -> table.load(badRows)).toList();
    List<FeatureTable> userTables =
        layout.users().stream().map(table -> table.load(badRows)).toList();
    Join join = new Join(badRows, files);
    Boolean catalogue = options.catalogue();
    if (catalogue == null ? !layout.isSequences() : catalogue) {
      join.addCatalogue(itemTables, reader.items());
    }
    Vocabulary users = reader.users().build();
    Vocabulary items = reader.items().build();
    Features userFeatures = join.features(userTables, users, "users");
    Features itemFeatures = join.features(itemTables, items, "items");
    List<String> notes = new ArrayList<>(layout.notes());
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
        InteractionReader.Found found = reader.readSequences(TextFile.of(part.path()));
        return new FileReport(
            file, "interactions", "one line a user: user, then items in their order", found.rows());
      }
      case PARQUET, JSON_LINES -> {
        if (!Files.isRegularFile(part.path())) {
          throw new KindredException(file + " is not a file");
        }
        try (DuckDb db = new DuckDb(options.threads())) {
          SqlRows.Result result = db.interactions(part.path(), part.format(), reader, options);
          return new FileReport(
              file, "interactions", result.roles().display(), result.found().rows());
        }
      }
      default -> {
        TextFile text = TextFile.of(part.path());
        TableShape shape = TableShape.of(text, part.format(), options);
        InteractionReader.Found found =
            reader.readTable(text, shape.dialect(), shape.roles(), shape.header());
        return new FileReport(
            file,
            "interactions",
            shape.display() + (found.timed() ? " in " + found.timeForm() : ""),
            found.rows());
      }
    }
  }

  /** Joins features with ids and keeps account of what is left out. */
  private static final class Join {
    private final BadRows badRows;
    private final List<FileReport> files;
    private final List<Dropped> dropped = new ArrayList<>();

    Join(BadRows badRows, List<FileReport> files) {
      this.badRows = badRows;
      this.files = files;
    }

    /** Items that only the first table of item features names become part of the catalogue. */
    void addCatalogue(List<FeatureTable> tables, Vocabulary.Builder items) {
      if (!tables.isEmpty()) {
        FeatureTable table = tables.get(0);
        for (FeatureTable.Row row : table.rows()) {
          items.add(String.valueOf(row.cells()[table.id()]));
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
