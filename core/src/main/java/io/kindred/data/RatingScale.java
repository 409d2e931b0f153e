package io.kindred.data;

import java.util.Arrays;

/**
 * What the values of a data set mean: whether they are ratings, on which scale, and which value
 * stands for "liked" where an event says none. The one answer for command line, server, page and
 * explanations.
 *
 * <p>Values are <b>ratings</b> where they differ and are not crowded at the bottom: at least half
 * of them lie a quarter of the way from the lowest to the highest, or above. Two values of which
 * the lower is 0 or below (1 and 0, 1 and -1) are a yes and a no, and ratings however often each is
 * there. Everything else is a <b>strength</b>: counts, seconds, weights of event types, and values
 * that are all the same.
 *
 * <p>Why this rule: a scale of ratings ends at both sides, and people use it up to its top; a
 * strength has no top, so that few values are large and most are near the lowest. Neither the step
 * nor the place of the scale says which it is: there are stars in quarters, 0 to 100, -10 to 10 in
 * fractions, and there are counts from 1 to 5. Nor do single large values change the answer but in
 * the right direction. Where the rule is wrong, little depends on it: in what it calls ratings, the
 * highest value is at most four times as far from the lowest as the middle one.
 *
 * <p><b>Liked</b> is the highest rating; of strengths, the middle one (the median of those above
 * 0): what a person who did it typically has. So a history without values looks to a model like the
 * histories that it learned from. It is 1 where no value is above 0.
 *
 * @param ratings whether the values are ratings
 * @param lowest the smallest value; 0 without any
 * @param highest the largest value; 0 without any
 * @param step the smallest difference between two values where all lie on a grid of at most {@value
 *     #MOST_LEVELS} places, such as 0.5; 0 where they do not, or are all the same
 * @param mean the mean of all values; 0 without any
 * @param liked the value that stands for "liked"
 */
public record RatingScale(
    boolean ratings, float lowest, float highest, float step, float mean, float liked) {
  /** Places of the finest grid of which the step is known: 0 to 1000 in whole numbers. */
  public static final int MOST_LEVELS = 1001;

  private static final double ON_GRID = 1e-3; // steps that a value may lie beside its place

  /**
   * The scale of some interactions. Values that are no finite numbers do not count. Costs
   * O(interactions log {@value #MOST_LEVELS}), and sorting them where there are more different
   * strengths than that.
   */
  public static RatingScale of(Interactions interactions) {
    float[] values = interactions.values();
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    double sum = 0;
    int n = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
        sum += value;
        n++;
      }
    }
    if (n == 0) {
      return new RatingScale(false, 0f, 0f, 0f, 0f, 1f);
    }
    float mean = (float) (sum / n);
    if (lowest == highest) {
      return new RatingScale(false, lowest, highest, 0f, mean, lowest > 0 ? lowest : 1f);
    }
    double quarter = lowest + ((double) highest - lowest) / 4;
    Levels levels = new Levels();
    int low = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        levels.add(value);
        low += value < quarter ? 1 : 0;
      }
    }
    boolean yesOrNo = levels.size == 2 && lowest <= 0;
    boolean ratings = yesOrNo || 2L * low <= n;
    float liked = ratings ? highest : levels.known() ? levels.median() : median(values);
    return new RatingScale(ratings, lowest, highest, levels.step(), mean, liked);
  }

  /** The scale of the interactions of a data set. */
  public static RatingScale of(Dataset data) {
    return of(data.interactions());
  }

  /**
   * Whether a value says that something was liked: the values are ratings, and it is at least their
   * mean.
   */
  public boolean isLiking(double value) {
    return ratings && value >= mean;
  }

  /** The nearest number between the lowest and the highest value; NaN stays NaN. */
  public float clip(float value) {
    return Math.max(lowest, Math.min(highest, value));
  }

  private static float median(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted); // NaN last
    int from = 0;
    int to = sorted.length;
    while (from < to && !(sorted[from] > 0)) {
      from++;
    }
    while (to > from && !Float.isFinite(sorted[to - 1])) {
      to--;
    }
    return from == to ? 1f : sorted[from + (to - from - 1) / 2];
  }

  /** The different values, ascending, and how often each is there; given up where they are many. */
  private static final class Levels {
    private final float[] values = new float[MOST_LEVELS];
    private final int[] counts = new int[MOST_LEVELS];
    private int size; // MOST_LEVELS + 1: too many

    boolean known() {
      return size <= MOST_LEVELS;
    }

    void add(float value) {
      if (!known()) {
        return;
      }
      float unsigned = value + 0f; // -0 is 0
      int at = Arrays.binarySearch(values, 0, size, unsigned);
      if (at >= 0) {
        counts[at]++;
      } else if (size == MOST_LEVELS) {
        size++;
      } else {
        int place = -at - 1;
        System.arraycopy(values, place, values, place + 1, size - place);
        System.arraycopy(counts, place, counts, place + 1, size - place);
        values[place] = unsigned;
        counts[place] = 1;
        size++;
      }
    }

    float median() {
      int first = 0;
      while (first < size && !(values[first] > 0)) {
        first++;
      }
      long positive = 0;
      for (int at = first; at < size; at++) {
        positive += counts[at];
      }
      if (positive == 0) {
        return 1f;
      }
      long rest = (positive - 1) / 2;
      int at = first;
      while (rest >= counts[at]) {
        rest -= counts[at++];
      }
      return values[at];
    }

    float step() {
      if (!known()) {
        return 0f;
      }
      double step = Double.POSITIVE_INFINITY;
      for (int at = 1; at < size; at++) {
        step = Math.min(step, (double) values[at] - values[at - 1]);
      }
      for (int at = 1; at < size; at++) {
        double places = ((double) values[at] - values[0]) / step;
        if (places > MOST_LEVELS - 1 + ON_GRID || Math.abs(places - Math.rint(places)) > ON_GRID) {
          return 0f;
        }
      }
      return (float) step;
    }
  }
}
