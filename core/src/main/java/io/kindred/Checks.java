package io.kindred;

import io.kindred.data.Dataset;
import io.kindred.data.ValueRange;
import java.util.Locale;

/**
 * Checks of the ranges of hyperparameters, for the constructors of trainers. What is out of its
 * range is an {@link IllegalArgumentException} that names hyperparameter, range and value; {@link
 * Parameters#read} makes it an error of the user's. NaN is in no range. Stateless, thread-safe.
 */
public final class Checks {
  private Checks() {}

  /** A whole number that is at least another. */
  public static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }

  /** A number in {@code [least, most]}. */
  public static void between(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " must be in [" + text(least) + ", " + text(most) + "], got " + text(value));
    }
  }

  /** A finite number above 0. */
  public static void positive(String name, double value) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be above 0 and finite, got " + value);
    }
  }

  /** A finite number that is at least 0. */
  public static void notNegative(String name, double value) {
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " must be at least 0 and finite, got " + value);
    }
  }

  /** A finite number above 0, or NaN where it is left to the data. */
  public static void positiveOrAuto(String name, double value) {
    if (!Double.isNaN(value)) {
      positive(name, value);
    }
  }

  /** A finite number that is at least 0, or NaN where it is left to the data. */
  public static void notNegativeOrAuto(String name, double value) {
    if (!Double.isNaN(value)) {
      notNegative(name, value);
    }
  }

  /** A rate or a factor that makes smaller: in (0, 1]. */
  public static void rate(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in (0, 1], got " + value);
    }
  }

  /** A probability with which something is dropped: in [0, 1). */
  public static void dropout(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
    }
  }

  /** Whole numbers without a fraction. */
  private static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.format(Locale.ROOT, "%.0f", number)
        : Double.toString(number);
  }

  /**
   * Refuses data of which all values are the same, two interactions at least: a model of ratings
   * would predict that value for everything. Cost O(interactions).
   *
   * @param algorithm what was to be trained, for the message
   * @throws KindredException if they are
   */
  public static void requireRatings(String algorithm, Dataset data) {
    ValueRange range = ValueRange.of(data.interactions());
    if (data.interactions().size() > 1 && range.min() == range.max()) {
      throw new KindredException(
          algorithm
              + " learns from ratings, but all "
              + data.interactions().size()
              + " values of '"
              + data.name()
              + "' are "
              + range.min()
              + ": nothing can be learned from them. Ratings must differ (is their column named?"
              + " kindred describe shows what was read). Without ratings, an algorithm for rankings"
              + " such as als or item-knn is right");
    }
  }
}
