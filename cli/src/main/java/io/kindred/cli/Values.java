package io.kindred.cli;

import io.kindred.data.Dataset;
import io.kindred.data.ValueRange;

/** What the values of a data set mean. */
final class Values {
  private Values() {}

  /**
   * Whether the values are ratings: they differ, are multiples of a half, and lie within 10 of 0.
   */
  static boolean areRatings(Dataset data) {
    ValueRange range = ValueRange.of(data.interactions());
    if (!(range.min() < range.max()) || range.min() < -10 || range.max() > 10) {
      return false;
    }
    for (float value : data.interactions().values()) {
      if (2 * value != Math.rint(2 * value)) {
        return false;
      }
    }
    return true;
  }

  /** How many interactions there are of what people do: ratings, or interactions of any kind. */
  static String counted(Dataset data) {
    return BaseCommand.format(
        "%,d %s", data.interactions().size(), areRatings(data) ? "ratings" : "interactions");
  }

  /** The value of something liked: the highest rating, or 1 where there are no ratings. */
  static float liked(Dataset data) {
    return areRatings(data) ? ValueRange.of(data.interactions()).max() : 1f;
  }
}
