package io.kindred.feature;

import io.kindred.KindredException;
import io.kindred.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How properties of items become numbers: hyperparameters that content models share.
 *
 * @param columns names of the columns that count, with commas between them, each with a weight
 *     above 0 after a colon if wanted: "title:2,genres"; empty: all that are usable, with weight 1
 * @param language the analyzer of texts, see {@link Analyzers}
 * @param weighting how much a word, category or tag weighs in its item
 * @param k1 how soon repeats of a word stop to count in BM25, at least 0
 * @param b how much BM25 corrects for the length of a text, from 0 to 1
 * @param minItems words, categories and tags of fewer items are left out, at least 1
 */
public record FeatureOptions(
    String columns, String language, Weighting weighting, double k1, double b, int minItems) {
  /** How much a word, category or tag weighs in its item. */
  public enum Weighting {
    /** {@code (1 + ln(count)) * (1 + ln((1 + items) / (1 + items with it)))}. */
    TF_IDF,
    /**
     * {@code count (k1 + 1) / (count + k1 (1 - b + b length / mean length)) * ln(1 + (items - n +
     * 0.5) / (n + 0.5))} with n the items with it (Robertson and Zaragoza, "The Probabilistic
     * Relevance Framework: BM25 and Beyond", 2009). Categories and tags have no length: b is 0.
     */
    BM25,
    /** 1. */
    BINARY
  }

  /** All usable columns, plain words, TF-IDF, of at least two items. */
  public static final FeatureOptions DEFAULTS =
      new FeatureOptions("", Analyzers.PLAIN, Weighting.TF_IDF, 1.2, 0.75, 2);

  /** Checks the ranges; whether there are such columns is seen when an encoder is made. */
  public FeatureOptions {
    if (!(k1 >= 0) || Double.isInfinite(k1)) {
      throw new IllegalArgumentException("k1 must be at least 0, got " + k1);
    }
    if (!(b >= 0 && b <= 1)) {
      throw new IllegalArgumentException("b must be within [0, 1], got " + b);
    }
    if (minItems < 1) {
      throw new IllegalArgumentException("minItems must be at least 1, got " + minItems);
    }
    weights(columns);
  }

  /**
   * Reads {@code columns}, {@code language}, {@code weighting}, {@code k1}, {@code b} and {@code
   * minItems}.
   */
  public static FeatureOptions of(Parameters.Reader in, FeatureOptions defaults) {
    return new FeatureOptions(
        in.string("columns", defaults.columns),
        in.string("language", defaults.language),
        in.choice("weighting", defaults.weighting),
        in.number("k1", defaults.k1),
        in.number("b", defaults.b),
        in.integer("minItems", defaults.minItems));
  }

  /** Adds what {@link #of} reads. */
  public Parameters addTo(Parameters parameters) {
    return parameters
        .with("columns", columns)
        .with("language", language)
        .with("weighting", weighting)
        .with("k1", k1)
        .with("b", b)
        .with("minItems", minItems);
  }

  /** The same with other columns. */
  public FeatureOptions withColumns(String newColumns) {
    return new FeatureOptions(newColumns, language, weighting, k1, b, minItems);
  }

  /** The same with another language. */
  public FeatureOptions withLanguage(String newLanguage) {
    return new FeatureOptions(columns, newLanguage, weighting, k1, b, minItems);
  }

  /** The same with another weighting. */
  public FeatureOptions withWeighting(Weighting newWeighting) {
    return new FeatureOptions(columns, language, newWeighting, k1, b, minItems);
  }

  /** The same with another least number of items. */
  public FeatureOptions withMinItems(int newMinItems) {
    return new FeatureOptions(columns, language, weighting, k1, b, newMinItems);
  }

  /** The weight of each named column, in their order. */
  static Map<String, Double> weights(String columns) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String part : Arrays.stream(columns.split(",")).map(String::strip).toList()) {
      if (part.isEmpty()) {
        continue;
      }
      int colon = part.lastIndexOf(':');
      double weight = colon < 0 ? 1 : weight(part, part.substring(colon + 1));
      if (weights.put(colon < 0 ? part : part.substring(0, colon).strip(), weight) != null) {
        throw new KindredException("columns names '" + part + "' twice");
      }
    }
    return weights;
  }

  private static double weight(String part, String text) {
    try {
      double weight = Double.parseDouble(text.strip());
      if (weight > 0 && Double.isFinite(weight)) {
        return weight;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new KindredException(
        "columns: '" + part + "' must be a name, or a name, a colon and a weight above 0");
  }
}
