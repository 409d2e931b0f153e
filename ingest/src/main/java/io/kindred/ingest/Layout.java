package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a folder, or which single file, hold what.
 *
 * @param display what was recognized, for a person
 * @param interactions the files of interactions, in the order in which they are read
 * @param items tables of item features
 * @param users tables of user features
 * @param notes what a person should know
 */
record Layout(
    String display,
    List<Part> interactions,
    List<Table> items,
    List<Table> users,
    List<String> notes) {
  /** A file of interactions. */
  record Part(Path path, Format format) {}

  /** A table of features that can be read. */
  record Table(Path path, Loader loader) {
    FeatureTable load(Charset encoding, BadRows badRows) {
      return loader.load(path, encoding, badRows);
    }
  }

  /** Reads a table of features. */
  @FunctionalInterface
  interface Loader {
    FeatureTable load(Path path, Charset encoding, BadRows badRows);
  }

  private static final Loader ITEMS =
      (path, encoding, bad) -> FeatureTable.read(TextFile.of(path, encoding), true, bad);
  private static final Loader USERS =
      (path, encoding, bad) -> FeatureTable.read(TextFile.of(path, encoding), false, bad);

  /** Whether the interactions are one line a user. */
  boolean isSequences() {
    return !interactions.isEmpty()
        && interactions.stream()
            .allMatch(
                part -> part.format() == Format.SEQUENCES || part.format() == Format.LIGHTGCN);
  }

  /**
   * Recognizes a file or folder.
   *
   * @throws KindredException if it is not there or not recognized, saying what is looked for
   */
  static Layout of(Path path, ReadOptions options) {
    if (!Files.exists(path)) {
      throw new KindredException("there is no file or folder " + path);
    }
    return (Files.isDirectory(path) ? ofFolder(path, options) : ofFile(path, options))
        .withFeatures(options);
  }

  /** No files of interactions, only the features that the options name. */
  static Layout ofFeatures(String display, ReadOptions options) {
    return new Layout(display, List.of(), List.of(), List.of(), List.of()).withFeatures(options);
  }

  private Layout withFeatures(ReadOptions options) {
    Path newItems = options.itemFeatures();
    Path newUsers = options.userFeatures();
    return new Layout(
        display,
        interactions,
        newItems == null ? items : List.of(tableOf(newItems, true)),
        newUsers == null ? users : List.of(tableOf(newUsers, false)),
        notes);
  }

  /** A file of features by its look. */
  static Table tableOf(Path path, boolean ofItems) {
    if (!Files.exists(path)) {
      throw new KindredException("there is no file " + path);
    }
    String name = String.valueOf(path.getFileName());
    if (name.equals("u.item") && ofItems) {
      return new Table(path, MovieLens::items100k);
    }
    if (name.equals("u.user") && !ofItems) {
      return new Table(path, MovieLens::users100k);
    }
    if (name.equals("movies.dat") && ofItems) {
      return new Table(path, MovieLens::moviesDat);
    }
    if (name.equals("users.dat") && !ofItems) {
      return new Table(path, MovieLens::usersDat);
    }
    if (DuckDb.isParquet(path)) {
      return new Table(path, (file, encoding, badRows) -> DuckDb.features(file, ofItems));
    }
    if (name.endsWith("_item2attributes.json")) {
      return new Table(path, ItemAttributes::load);
    }
    if (JsonFeatures.isJson(path)) {
      return new Table(
          path,
          (file, encoding, badRows) ->
              JsonFeatures.read(TextFile.of(file, encoding), ofItems, badRows));
    }
    return new Table(path, ofItems ? ITEMS : USERS);
  }

  private static Layout ofFile(Path path, ReadOptions options) {
    Format said = options.format();
    Format format = said != null ? said : Sniffer.format(path, options);
    List<Table> items = format == Format.SEQUENCES ? attributesBeside(path) : List.of();
    return new Layout(
        said != null ? "file, format " + format.label() : "file, recognized as " + format.label(),
        List.of(new Part(path, format)),
        items,
        List.of(),
        items.stream().map(table -> "item attributes are read from " + table.path()).toList());
  }

  /**
   * NAME_item2attributes.json beside NAME.txt or NAME.sequences.tsv, as the S3-Rec sets have it.
   */
  private static List<Table> attributesBeside(Path path) {
    String name =
        String.valueOf(path.getFileName()).replaceFirst("(\\.sequences)?\\.\\w+(\\.gz)?$", "");
    Path beside = path.resolveSibling(name + "_item2attributes.json");
    return Files.isRegularFile(beside)
        ? List.of(new Table(beside, ItemAttributes::load))
        : List.of();
  }

  private static Layout ofFolder(Path folder, ReadOptions options) {
    Folder in = new Folder(folder);
    Format said = options.format();
    if (in.has("interactions.csv")) {
      return new Layout(
          "folder of interactions.csv" + (in.has("world.json") ? " (generated world)" : ""),
          List.of(in.part("interactions.csv", said, Format.CSV)),
          in.tables(ITEMS, "items.csv"),
          in.tables(USERS, "users.csv"),
          List.of());
    }
    if (in.has("ratings.csv") && in.has("movies.csv")) {
      List<Table> items = new ArrayList<>(in.tables(MovieLens::moviesCsv, "movies.csv"));
      items.addAll(in.tables(MovieLens::tagsCsv, "tags.csv"));
      return new Layout(
          "MovieLens folder (ratings.csv, movies.csv)",
          List.of(in.part("ratings.csv", said, Format.CSV)),
          items,
          List.of(),
          List.of());
    }
    if (in.has("u.data")) {
      return new Layout(
          "MovieLens 100K folder (u.data, u.item, u.user)",
          List.of(in.part("u.data", said, Format.ML_100K)),
          in.tables(MovieLens::items100k, "u.item"),
          in.tables(MovieLens::users100k, "u.user"),
          List.of());
    }
    if (in.has("ratings.dat")) {
      List<Table> items = new ArrayList<>(in.tables(MovieLens::moviesDat, "movies.dat"));
      items.addAll(in.tables(MovieLens::tagsDat, "tags.dat"));
      return new Layout(
          "MovieLens folder (ratings.dat, movies.dat)",
          List.of(in.part("ratings.dat", said, Format.DOUBLE_COLON)),
          items,
          in.tables(MovieLens::usersDat, "users.dat"),
          List.of());
    }
    Optional<Path> atomic = in.only(".inter");
    if (atomic.isPresent()) {
      return new Layout(
          "RecBole atomic files (" + atomic.get().getFileName() + ")",
          List.of(new Part(atomic.get(), said == null ? Format.ATOMIC : said)),
          in.only(".item").map(path -> List.of(new Table(path, ITEMS))).orElse(List.of()),
          in.only(".user").map(path -> List.of(new Table(path, USERS))).orElse(List.of()),
          List.of());
    }
    List<Path> parts = PartFiles.of(folder);
    if (!parts.isEmpty()) {
      Format format = said != null ? said : Sniffer.format(parts.get(0), options);
      return new Layout(
          "folder of " + parts.size() + " part files, recognized as " + format.label(),
          parts.stream().map(part -> new Part(part, format)).toList(),
          in.tables(ITEMS, "items.csv"),
          in.tables(USERS, "users.csv"),
          PartFiles.notes(folder, parts));
    }
    if (in.has("train.txt") && in.has("test.txt")) {
      return new Layout(
          "LightGCN folder (train.txt, test.txt)",
          List.of(
              in.part("train.txt", said, Format.LIGHTGCN),
              in.part("test.txt", said, Format.LIGHTGCN)),
          List.of(),
          List.of(),
          List.of("train.txt and test.txt are one data set here; a given split keeps them apart"));
    }
    Optional<Path> sequences =
        in.only(".sequences.tsv")
            .or(() -> in.only(".sequences.txt"))
            .or(
                () ->
                    in.only(".txt")
                        .filter(
                            path -> Sniffer.isSequences(TextFile.of(path, options.encoding()))));
    if (sequences.isPresent()) {
      List<Table> items = new ArrayList<>(in.tables(MovieLens::moviesDat, "movies.dat"));
      in.only(".item").ifPresent(path -> items.add(new Table(path, ITEMS)));
      in.only("_item2attributes.json")
          .ifPresent(path -> items.add(new Table(path, ItemAttributes::load)));
      return new Layout(
          "folder of sequences (" + sequences.get().getFileName() + ")",
          List.of(new Part(sequences.get(), said == null ? Format.SEQUENCES : said)),
          items,
          in.tables(MovieLens::usersDat, "users.dat"),
          List.of());
    }
    return ofSingleTable(in, options);
  }

  /** A folder with one file in which users and items are recognized. */
  private static Layout ofSingleTable(Folder in, ReadOptions options) {
    List<Part> parts = new ArrayList<>();
    for (Path path : in.files) {
      Format format = Sniffer.interactions(path, options);
      if (format != null) {
        parts.add(new Part(path, format));
      }
    }
    if (parts.size() == 1) {
      Part part = parts.get(0);
      return new Layout(
          "folder with " + part.path().getFileName() + ", recognized as " + part.format().label(),
          parts,
          in.tables(ITEMS, "items.csv"),
          in.tables(USERS, "users.csv"),
          in.notRead(part.path()));
    }
    throw new KindredException(
        in.folder
            + (parts.isEmpty()
                ? " has no files that are recognized as interactions"
                : " has several files that may hold the interactions: "
                    + parts.stream()
                        .map(part -> String.valueOf(part.path().getFileName()))
                        .toList())
            + "; name the file itself. Recognized folders: ratings.csv with movies.csv, u.data,"
            + " ratings.dat, *.inter, train.txt with test.txt, *.sequences.tsv, interactions.csv,"
            + " part-* of Spark. The files are "
            + in.files.stream().map(path -> String.valueOf(path.getFileName())).limit(12).toList());
  }

  /** The files of a folder. */
  private static final class Folder {
    private final Path folder;
    private final List<Path> files;

    Folder(Path folder) {
      this.folder = folder;
      try (Stream<Path> list = Files.list(folder)) {
        files = list.filter(Files::isRegularFile).sorted().toList();
      } catch (IOException e) {
        throw Failures.reading(folder.toString(), e);
      }
    }

    private @Nullable Path find(String name) {
      Path plain = folder.resolve(name);
      Path gzip = folder.resolve(name + ".gz");
      return Files.isRegularFile(plain) ? plain : Files.isRegularFile(gzip) ? gzip : null;
    }

    boolean has(String name) {
      return find(name) != null;
    }

    Part part(String name, @Nullable Format said, Format usual) {
      Path path = find(name);
      return new Part(path == null ? folder.resolve(name) : path, said == null ? usual : said);
    }

    List<Table> tables(Loader loader, String name) {
      Path path = find(name);
      return path == null ? List.of() : List.of(new Table(path, loader));
    }

    /** Says which tables beside the interactions are not read. */
    List<String> notRead(Path interactions) {
      List<String> left =
          files.stream()
              .filter(path -> !path.equals(interactions))
              .map(path -> String.valueOf(path.getFileName()))
              .filter(
                  name -> name.matches("(?i).*\\.(csv|tsv|parquet|pq|jsonl|ndjson|json)(\\.gz)?"))
              .filter(name -> !name.matches("(items|users)\\.csv(\\.gz)?"))
              .toList();
      return left.isEmpty()
          ? List.of()
          : List.of(
              "not read: "
                  + String.join(", ", left.stream().limit(5).toList())
                  + (left.size() > 5 ? " and " + (left.size() - 5) + " more" : "")
                  + "; files of features can be named: --items-file, --users-file");
    }

    /** The one file whose name ends so. */
    Optional<Path> only(String ending) {
      List<Path> found =
          files.stream()
              .filter(
                  path -> {
                    String name = String.valueOf(path.getFileName());
                    return name.endsWith(ending) || name.endsWith(ending + ".gz");
                  })
              .toList();
      return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
  }
}
