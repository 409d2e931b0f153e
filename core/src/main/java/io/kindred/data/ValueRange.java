package io.kindred.data;

import io.kindred.KindredException;

/**
 * The smallest and the largest value of some interactions: the scale on which ratings are
 * predicted.
 *
 * @param min the smallest value
 * @param max the largest value, at least {@code min}
 */
public record ValueRange(float min, float max) {
  /** Checks the order. */
  public ValueRange {
    if (!(min <= max)) {
      throw new IllegalArgumentException("min must be at most max, got " + min + " and " + max);
    }
  }

  /** The range of all values; 0 to 0 without any. Cost O(interactions). */
  public static ValueRange of(Interactions interactions) {
    float[] values = interactions.values();
    if (values.length == 0) {
      return new ValueRange(0f, 0f);
    }
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new ValueRange(min, max);
  }

  /**
   * Refuses data of which all values are the same, two interactions at least: a model of ratings
   * would predict that value for everything. Cost O(interactions).
   *
   * @param algorithm what was to be trained, for the message
   * @throws KindredException if they are
   */
  public static void requireRatings(String algorithm, Dataset data) {
    ValueRange range = of(data.interactions());
    if (data.interactions().size() > 1 && range.min == range.max) {
      throw new KindredException(
          algorithm
              + " learns from ratings, but all "
              + data.interactions().size()
              + " values of '"
              + data.name()
              + "' are "
              + range.min
              + ": nothing can be learned from them. Ratings must differ (is their column named?"
              + " kindred describe shows what was read). Without ratings, an algorithm for rankings"
              + " such as als or item-knn is right");
    }
  }

  /** The nearest number inside the range; NaN stays NaN. */
  public float clip(float value) {
    return Math.max(min, Math.min(max, value));
  }
}
