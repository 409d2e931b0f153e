package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.ingest.GivenSplits;
import io.kindred.ingest.ReadOptions;
import io.kindred.ingest.ReadReport;
import io.kindred.split.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the splits that files bring are meant: {@code given} (the only one), {@code given(NAME)}
 * (one of several), {@code given-folds} (all that are numbered).
 */
final class GivenSpec {
  private static final Pattern SPEC = Pattern.compile("given(-folds|\\(([^()]+)\\))?");

  private GivenSpec() {}

  /** Whether a split is one that files bring. */
  static boolean isGiven(String spec) {
    return SPEC.matcher(spec.strip()).matches();
  }

  /**
   * Reads the splits.
   *
   * @throws KindredException if there are none such, naming those that there are
   */
  static List<Split> read(
      Path folder, String spec, ReadOptions options, Consumer<ReadReport> heard) {
    GivenSplits given = GivenSplits.in(folder);
    List<Split> splits = new ArrayList<>();
    for (String name : chosen(spec.strip(), given.names(), folder)) {
      splits.add(given.read(name, options, heard));
    }
    return splits;
  }

  private static List<String> chosen(String spec, List<String> names, Path folder) {
    Matcher form = SPEC.matcher(spec);
    if (!form.matches()) {
      throw new IllegalArgumentException(spec);
    }
    String named = form.group(2);
    if (named != null) {
      return List.of(named.strip());
    }
    if (form.group(1) == null) {
      if (names.size() > 1) {
        throw new KindredException(
            folder
                + " has several splits: "
                + names
                + "; choose one, as in 'given("
                + names.get(0)
                + ")', or 'given-folds' for all that are numbered");
      }
      return names;
    }
    List<String> folds = names.stream().filter(name -> name.matches(".*\\d")).toList();
    if (folds.size() < 2) {
      throw new KindredException(
          folder + " has no numbered splits, such as u1 to u5; there are " + names);
    }
    return folds;
  }
}
