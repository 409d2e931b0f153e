package io.kindred.similarity;

import io.kindred.Parameters;

/**
 * A similarity with its settings.
 *
 * @param measure the formula
 * @param weighting how entries are weighted first; only with measures that {@link
 *     Measure#takesWeights}
 * @param shrinkage at least 0: similarities are multiplied by n / (n + shrinkage), n co-rated
 *     columns, so that few of them count less (Bell and Koren 2007); {@link
 *     Measure#PEARSON_BASELINE} takes n - 1 for n
 * @param significance at least 0: similarities are multiplied by min(n, significance) /
 *     significance (significance weighting, Herlocker et al. 1999, there 50); 0 = off
 * @param minOverlap at least 1: pairs with fewer co-rated columns are no neighbors
 * @param threshold only pairs with a similarity above it are neighbors
 * @param alpha in [0, 1]: the exponent of {@link Measure#ASYMMETRIC_COSINE}, without meaning for
 *     others
 */
public record SimilarityOptions(
    Measure measure,
    Weighting weighting,
    double shrinkage,
    int significance,
    int minOverlap,
    double threshold,
    double alpha) {
  /** Checks the ranges. */
  public SimilarityOptions {
    if (weighting != Weighting.NONE && !measure.takesWeights()) {
      throw new IllegalArgumentException(
          "weighting "
              + Parameters.nameOf(weighting)
              + " does not go with similarity "
              + Parameters.nameOf(measure)
              + ", which does not look at values as they are");
    }
    if (!(shrinkage >= 0) || Double.isInfinite(shrinkage)) {
      throw new IllegalArgumentException(
          "shrinkage must be a number of at least 0, got " + shrinkage);
    }
    if (significance < 0) {
      throw new IllegalArgumentException("significance must be at least 0, got " + significance);
    }
    if (minOverlap < 1) {
      throw new IllegalArgumentException("minOverlap must be at least 1, got " + minOverlap);
    }
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException("threshold must be a finite number, got " + threshold);
    }
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha must be in [0, 1], got " + alpha);
    }
  }

  /**
   * A measure without weighting, shrinkage and limits; {@link Measure#PEARSON_BASELINE} with its
   * usual shrinkage of 100.
   */
  public static SimilarityOptions of(Measure measure) {
    return new SimilarityOptions(
        measure, Weighting.NONE, measure == Measure.PEARSON_BASELINE ? 100 : 0, 0, 1, 0, 0.5);
  }

  /**
   * Reads {@code similarity}, {@code weighting}, {@code shrinkage}, {@code significance}, {@code
   * minOverlap}, {@code threshold}, {@code alpha}.
   */
  public static SimilarityOptions of(Parameters.Reader in, SimilarityOptions defaults) {
    Measure measure = in.choice("similarity", defaults.measure);
    double shrinkage = measure == defaults.measure ? defaults.shrinkage : of(measure).shrinkage;
    return new SimilarityOptions(
        measure,
        in.choice("weighting", defaults.weighting),
        in.number("shrinkage", shrinkage),
        in.integer("significance", defaults.significance),
        in.integer("minOverlap", defaults.minOverlap),
        in.number("threshold", defaults.threshold),
        in.number("alpha", defaults.alpha));
  }

  /** Adds what {@link #of(Parameters.Reader, SimilarityOptions)} reads. */
  public Parameters addTo(Parameters parameters) {
    return parameters
        .with("similarity", measure)
        .with("weighting", weighting)
        .with("shrinkage", shrinkage)
        .with("significance", significance)
        .with("minOverlap", minOverlap)
        .with("threshold", threshold)
        .with("alpha", alpha);
  }

  /** The same with another weighting. */
  public SimilarityOptions withWeighting(Weighting newWeighting) {
    return new SimilarityOptions(
        measure, newWeighting, shrinkage, significance, minOverlap, threshold, alpha);
  }

  /** The same with another shrinkage. */
  public SimilarityOptions withShrinkage(double newShrinkage) {
    return new SimilarityOptions(
        measure, weighting, newShrinkage, significance, minOverlap, threshold, alpha);
  }

  /** The same with another significance weighting. */
  public SimilarityOptions withSignificance(int newSignificance) {
    return new SimilarityOptions(
        measure, weighting, shrinkage, newSignificance, minOverlap, threshold, alpha);
  }

  /** The same with another least overlap. */
  public SimilarityOptions withMinOverlap(int newMinOverlap) {
    return new SimilarityOptions(
        measure, weighting, shrinkage, significance, newMinOverlap, threshold, alpha);
  }

  /** The same with another threshold. */
  public SimilarityOptions withThreshold(double newThreshold) {
    return new SimilarityOptions(
        measure, weighting, shrinkage, significance, minOverlap, newThreshold, alpha);
  }

  /** The same with another exponent. */
  public SimilarityOptions withAlpha(double newAlpha) {
    return new SimilarityOptions(
        measure, weighting, shrinkage, significance, minOverlap, threshold, newAlpha);
  }

  /** The factor by which the number of co-rated columns damps a similarity. */
  double damping(double overlap) {
    double factor = 1;
    if (shrinkage > 0) {
      double n = measure == Measure.PEARSON_BASELINE ? overlap - 1 : overlap;
      factor = n / (n + shrinkage);
    }
    return significance > 0 ? factor * Math.min(overlap, significance) / significance : factor;
  }

  /**
   * Whether the pass must count co-rated columns even where the measure itself does not ask for it.
   */
  boolean needsOverlap() {
    return shrinkage > 0 || significance > 0 || minOverlap > 1 || threshold < 0;
  }
}
