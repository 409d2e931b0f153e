package io.kindred.bench;

import io.kindred.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Where {@link DefaultsBench} draws hyperparameters from, the usual ranges of the pages of each
 * algorithm and somewhat more. What is not named here keeps its default.
 */
final class SearchSpaces {
  private static final Map<String, Map<String, Range>> ALL = new LinkedHashMap<>();

  static {
    space(
        "als",
        at("factors", oneOf(32, 64, 128)),
        at("epochs", oneOf(10, 15, 20)),
        at("unobservedWeight", log(0.001, 1)),
        at("regularization", log(0.001, 0.5)),
        at("frequencyExponent", oneOf(0.5, 1)),
        at("weighting", oneOf("value", "binary")));
    space(
        "bpr",
        at("factors", oneOf(32, 64, 128)),
        at("epochs", oneOf(30, 60, 100)),
        at("learningRate", log(0.01, 0.2)),
        at("regularization", log(0.001, 0.1)));
    space(
        "warp",
        at("factors", oneOf(32, 64, 128)),
        at("epochs", oneOf(20, 40, 60)),
        at("learningRate", log(0.0005, 0.02)),
        at("maxNorm", log(0.7, 4)),
        at("maxSampled", oneOf(20, 50, 100)));
    space(
        "logistic-mf",
        at("factors", oneOf(32, 64, 128)),
        at("epochs", oneOf(20, 30, 60)),
        at("learningRate", log(0.1, 1)),
        at("regularization", log(0.3, 20)),
        at("alpha", log(0.3, 5)),
        at("weighting", oneOf("value", "binary")),
        at("negatives", oneOf(3, 5, 10)));
    space("slim", at("l1", log(0.05, 10)), at("l2", log(1, 500)));
    space("slim-admm", at("l1", log(0.05, 10)), at("l2", log(1, 500)));
    space("ease", at("regularization", log(5, 2000)));
    space(
        "rp3-beta",
        at("alpha", between(0.3, 2)),
        at("beta", between(0, 1)),
        at("neighbors", oneOf(50, 200, 500)));
    space("p3-alpha", at("alpha", between(0.3, 2)), at("neighbors", oneOf(50, 200, 500)));
    space(
        "item-knn",
        at("neighbors", oneOf(20, 50, 100, 200, 500)),
        at("neighborhood", oneOf("candidate", "history")),
        at("similarity", oneOf("cosine", "jaccard", "asymmetric-cosine", "log-likelihood")),
        at("shrinkage", oneOf(0, 5, 20, 100)));
    space(
        "user-knn",
        at("neighbors", oneOf(20, 50, 100, 200, 500)),
        at("similarity", oneOf("cosine", "jaccard", "asymmetric-cosine", "log-likelihood")),
        at("shrinkage", oneOf(0, 5, 20, 100)));
  }

  private SearchSpaces() {}

  static boolean has(String algorithm) {
    return ALL.containsKey(algorithm);
  }

  /** Draws a setting: the same from the same state of the generator. */
  static Parameters draw(String algorithm, SplittableRandom random) {
    Parameters drawn = Parameters.none();
    for (Map.Entry<String, Range> range : ALL.getOrDefault(algorithm, Map.of()).entrySet()) {
      drawn = drawn.with(range.getKey(), range.getValue().draw(random));
    }
    return drawn;
  }

  /** Values to draw from. */
  private interface Range {
    String draw(SplittableRandom random);
  }

  @SafeVarargs
  private static void space(String algorithm, Map.Entry<String, Range>... ranges) {
    Map<String, Range> space = new LinkedHashMap<>();
    for (Map.Entry<String, Range> range : ranges) {
      space.put(range.getKey(), range.getValue());
    }
    ALL.put(algorithm, space);
  }

  private static Map.Entry<String, Range> at(String name, Range range) {
    return Map.entry(name, range);
  }

  private static Range oneOf(Object... values) {
    List<Object> all = List.of(values);
    return random -> String.valueOf(all.get(random.nextInt(all.size())));
  }

  private static Range between(double low, double high) {
    return random -> number(low + (high - low) * random.nextDouble());
  }

  /** Evenly by the logarithm. */
  private static Range log(double low, double high) {
    return random -> number(low * Math.pow(high / low, random.nextDouble()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
