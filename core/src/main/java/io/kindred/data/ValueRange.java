package io.kindred.data;

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

  /** The nearest number inside the range; NaN stays NaN. */
  public float clip(float value) {
    return Math.max(min, Math.min(max, value));
  }
}
