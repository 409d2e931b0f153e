package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.split.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Splits that files bring: pairs of train and test, perhaps with validation.
 *
 * <p>Pairs are {@code NAME.base} and {@code NAME.test} (MovieLens 100K: u1 to u5), {@code
 * NAME.train.EXT}, {@code NAME.valid.EXT} and {@code NAME.test.EXT} (atomic files), {@code
 * train.EXT}, {@code validation.EXT} and {@code test.EXT}, in the folder itself or in a folder
 * below it. Text files of which one has one line a user (LightGCN's {@code train.txt} and {@code
 * test.txt}) all have. The parts of a split get common vocabularies (see {@link Split#given}).
 * Immutable, thread-safe.
 */
public final class GivenSplits {
  private static final Pattern PART =
      Pattern.compile("(?:(.*)\\.)?(base|train|valid|validation|val|test)(?:\\.([^.]+(\\.gz)?))?");

  private final Path folder;
  private final Map<String, Parts> found;

  private GivenSplits(Path folder, Map<String, Parts> found) {
    this.folder = folder;
    this.found = found;
  }

  /** The files of one split. */
  private static final class Parts {
    private @Nullable Path train;
    private @Nullable Path validation;
    private @Nullable Path test;
  }

  /**
   * Looks for the splits of a folder, without reading them.
   *
   * @throws KindredException if it is not a folder or has no pair of files
   */
  public static GivenSplits in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new KindredException(
          folder
              + (Files.exists(folder) ? " is a file" : " is not there")
              + "; files that are split already are looked for in a folder");
    }
    Map<String, Parts> found = find(folder);
    if (found.isEmpty()) {
      throw new KindredException(
          folder
              + " has no pair of files such as u1.base and u1.test, train.csv and test.csv, or"
              + " NAME.train.inter and NAME.test.inter");
    }
    return new GivenSplits(folder, found);
  }

  /** The names of the splits, sorted; that of a plain train and test is empty. */
  public List<String> names() {
    return List.copyOf(found.keySet());
  }

  /**
   * Reads one split.
   *
   * @param name one of {@link #names}
   * @throws KindredException if there is none of that name, a part cannot be read, or a pair of
   *     user and item is in two parts
   */
  public Split read(String name, ReadOptions options) {
    return read(name, options, report -> {});
  }

  /**
   * The same.
   *
   * @param heard hears how each part was read
   */
  public Split read(String name, ReadOptions options, Consumer<ReadReport> heard) {
    Parts parts = found.get(name);
    if (parts == null || parts.train == null || parts.test == null) {
      throw new KindredException(
          "no split '" + name + "' in " + folder + "; there are " + found.keySet());
    }
    ReadOptions named =
        options
            .withName(String.valueOf(folder.toAbsolutePath().normalize().getFileName()))
            .withFormat(format(parts, options));
    Dataset train = read(parts.train, named, heard);
    Optional<Dataset> validation =
        Optional.ofNullable(parts.validation).map(part -> read(part, named, heard));
    Dataset test = read(parts.test, named, heard);
    return Split.given(name.isEmpty() ? "given" : "given (" + name + ")", train, validation, test);
  }

  /**
   * The format of all parts, where one part alone would not tell: files of one line a user look
   * like a table when everybody has as many items, as the test items of LightGCN's form often are
   * one each. {@code null} where each part tells.
   */
  private static @Nullable Format format(Parts parts, ReadOptions options) {
    if (options.format() != null) {
      return options.format();
    }
    List<Path> files =
        Stream.of(parts.train, parts.validation, parts.test).filter(Objects::nonNull).toList();
    boolean sequences =
        files.stream().allMatch(GivenSplits::isPlainText)
            && files.stream().anyMatch(file -> Sniffer.format(file, options) == Format.SEQUENCES);
    return sequences ? Format.SEQUENCES : null;
  }

  private static boolean isPlainText(Path file) {
    return String.valueOf(file.getFileName()).matches(".*\\.txt(\\.gz)?");
  }

  private static Dataset read(Path part, ReadOptions options, Consumer<ReadReport> heard) {
    Reading reading = Ingest.read(part, options);
    heard.accept(reading.report());
    return reading.dataset();
  }

  /** All whole pairs by name. */
  private static Map<String, Parts> find(Path folder) {
    Map<String, Parts> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        Matcher form = PART.matcher(String.valueOf(file.getFileName()));
        if (!Files.isRegularFile(file) || !form.matches()) {
          continue;
        }
        Path parent = file.getParent();
        String own = form.group(1) == null ? "" : form.group(1);
        String name = parent == null || folder.equals(parent) ? own : parent.getFileName() + own;
        Parts parts = found.computeIfAbsent(name, any -> new Parts());
        switch (form.group(2)) {
          case "base", "train" -> parts.train = file;
          case "test" -> parts.test = file;
          default -> parts.validation = file;
        }
      }
    } catch (IOException e) {
      throw Failures.reading(folder.toString(), e);
    }
    found.values().removeIf(parts -> parts.train == null || parts.test == null);
    return found;
  }
}
