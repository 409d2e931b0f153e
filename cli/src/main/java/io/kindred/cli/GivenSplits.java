package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.split.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Splits that files bring: {@code given} (one pair of train and test, and perhaps validation),
 * {@code given(NAME)} (one of several pairs), {@code given-folds} (all numbered pairs).
 *
 * <p>Pairs are, in the folder of the data: {@code NAME.base} and {@code NAME.test} (MovieLens
 * 100K), {@code NAME.train.EXT}, {@code NAME.valid.EXT} and {@code NAME.test.EXT} (atomic files),
 * {@code train.EXT}, {@code validation.EXT} and {@code test.EXT} in the folder itself or in folders
 * below it (as {@code kindred split} writes them).
 */
final class GivenSplits {
  private static final Pattern SPEC = Pattern.compile("given(-folds|\\(([^()]+)\\))?");
  private static final Pattern PART =
      Pattern.compile("(?:(.*)\\.)?(base|train|valid|validation|val|test)(?:\\.([^.]+(\\.gz)?))?");

  private GivenSplits() {}

  /** The files of one split. */
  private static final class Files3 {
    private @Nullable Path train;
    private @Nullable Path validation;
    private @Nullable Path test;

    private boolean isWhole() {
      return train != null && test != null;
    }
  }

  /** Whether a split is one that files bring. */
  static boolean isGiven(String spec) {
    return SPEC.matcher(spec.strip()).matches();
  }

  /**
   * Reads the splits.
   *
   * @throws KindredException if there are none such, naming those that there are
   */
  static List<Split> read(DataSpec data, String spec, ReadOptions options) {
    Path folder = data.path();
    if (!Files.isDirectory(folder)) {
      throw new KindredException(
          "split '" + spec + "' needs a folder, but " + folder + " is a file");
    }
    Map<String, Files3> found = find(folder);
    if (found.isEmpty()) {
      throw new KindredException(
          "split '"
              + spec
              + "': "
              + folder
              + " has no pair of files such as u1.base and u1.test, train.csv and test.csv, or"
              + " NAME.train.inter and NAME.test.inter");
    }
    List<Split> splits = new ArrayList<>();
    for (String name : chosen(spec.strip(), found, folder)) {
      splits.add(read(folder, name, found.get(name), options));
    }
    return splits;
  }

  private static List<String> chosen(String spec, Map<String, Files3> found, Path folder) {
    Matcher form = SPEC.matcher(spec);
    if (!form.matches()) {
      throw new IllegalArgumentException(spec);
    }
    String named = form.group(2);
    if (named != null) {
      if (!found.containsKey(named.strip())) {
        throw new KindredException(
            "no split '" + named + "' in " + folder + "; there are " + found.keySet());
      }
      return List.of(named.strip());
    }
    if (form.group(1) == null) {
      if (found.size() > 1) {
        throw new KindredException(
            folder
                + " has several splits: "
                + found.keySet()
                + "; choose one, as in 'given("
                + found.keySet().iterator().next()
                + ")', or 'given-folds' for all that are numbered");
      }
      return List.copyOf(found.keySet());
    }
    List<String> folds = found.keySet().stream().filter(name -> name.matches(".*\\d")).toList();
    if (folds.size() < 2) {
      throw new KindredException(
          folder + " has no numbered splits, such as u1 to u5; there are " + found.keySet());
    }
    return folds;
  }

  private static Split read(Path folder, String name, @Nullable Files3 files, ReadOptions options) {
    if (files == null || files.train == null || files.test == null) {
      throw new IllegalArgumentException(name);
    }
    ReadOptions plain =
        options.withName(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    Dataset train = Ingest.read(files.train, plain).dataset();
    Path validation = files.validation;
    Optional<Dataset> between =
        validation == null
            ? Optional.empty()
            : Optional.of(Ingest.read(validation, plain).dataset());
    Dataset test = Ingest.read(files.test, plain).dataset();
    return Split.given(name.isEmpty() ? "given" : "given (" + name + ")", train, between, test);
  }

  /** All whole pairs by name; the name of a pair in the folder itself may be empty. */
  private static Map<String, Files3> find(Path folder) {
    Map<String, Files3> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        Matcher form = PART.matcher(String.valueOf(file.getFileName()));
        if (!Files.isRegularFile(file) || !form.matches()) {
          continue;
        }
        Path parent = file.getParent();
        String own = form.group(1) == null ? "" : form.group(1);
        String name = parent == null || folder.equals(parent) ? own : parent.getFileName() + own;
        Files3 split = found.computeIfAbsent(name, any -> new Files3());
        switch (form.group(2)) {
          case "base", "train" -> split.train = file;
          case "test" -> split.test = file;
          default -> split.validation = file;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.values().removeIf(split -> !split.isWhole());
    return found;
  }
}
