package io.kindred.feature;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a feature of an item must be, read from a text: the one rule for filters from Java, the
 * command line and HTTP.
 *
 * <ul>
 *   <li>A column of numbers takes a number ({@code 20}), a comparison ({@code <20}, {@code <=20},
 *       {@code >5}, {@code >=5}) or a range with both ends in it ({@code 10..20}, {@code 10..},
 *       {@code ..20}).
 *   <li>A column of texts or categories takes the whole text, a column of tags one of its tags; a
 *       column of pictures the path.
 *   <li>Texts, categories and tags that are dates ({@code 1995-01-31} or {@code 31-Jan-1995}, with
 *       or without a time of day, which does not count) take comparisons and ranges of dates, too:
 *       {@code >=1995-01-01}, {@code 1990-01-01..1999-12-31}. Of tags, one must fit.
 * </ul>
 *
 * <p>An item of which the feature is not known never fits. A text that stands in a column of texts,
 * categories or tags as it is, such as the age group {@code <20}, means itself. Immutable,
 * thread-safe.
 */
public final class FeatureCondition {
  private static final Pattern COMPARISON = Pattern.compile("\\s*(<=|>=|<|>|=)\\s*(.*?)\\s*");
  private static final Pattern RANGE = Pattern.compile("\\s*(.*?)\\s*\\.\\.\\s*(.*?)\\s*");

  private final Test test;

  private FeatureCondition(Test test) {
    this.test = test;
  }

  /** Whether an item fits. */
  private interface Test {
    boolean holds(int item);
  }

  /** Reads what stands for a number. */
  private interface Scale {
    /** NaN where the text stands for none. */
    float read(String text);
  }

  /**
   * Reads a condition.
   *
   * @throws KindredException if the column cannot be compared with the text; the message names the
   *     column, its kind and what would be right
   */
  public static FeatureCondition of(FeatureColumn column, String text) {
    Optional<Test> test = read(column, text);
    return new FeatureCondition(
        test.orElseThrow(
            () ->
                new KindredException(
                    "item feature '"
                        + column.name()
                        + "' must be "
                        + expected(column)
                        + ", got '"
                        + text
                        + "'")));
  }

  /**
   * What a text must be for a column, with the kind of the column; empty where the text is right.
   */
  public static Optional<String> problem(FeatureColumn column, String text) {
    return read(column, text).isPresent() ? Optional.empty() : Optional.of(expected(column));
  }

  private static Optional<Test> read(FeatureColumn column, String text) {
    if (column instanceof FeatureColumn.Numeric numeric) {
      return interval(text, FeatureCondition::number)
          .map(interval -> item -> interval.holds(numeric.numbers()[item]));
    }
    if (column instanceof FeatureColumn.Vectors) {
      return Optional.empty();
    }
    Test equal = equal(column, text);
    if (!isComparison(text) || isThere(column, equal)) {
      return Optional.of(equal);
    }
    return isThere(column, dates(column, Interval.ALL))
        ? interval(text, Dates::days).map(interval -> dates(column, interval))
        : Optional.empty();
  }

  private static String expected(FeatureColumn column) {
    if (column instanceof FeatureColumn.Numeric) {
      return "a number, a comparison such as <20 or >=5, or a range such as 10..20"
          + " (the column holds numbers)";
    }
    if (column instanceof FeatureColumn.Vectors) {
      return "left out of the filter (the column holds vectors)";
    }
    String kind =
        column instanceof FeatureColumn.Category
            ? "categories"
            : column instanceof FeatureColumn.Tags
                ? "tags"
                : column instanceof FeatureColumn.Image ? "pictures" : "texts";
    return isThere(column, dates(column, Interval.ALL))
        ? "one of its values, or a comparison of dates such as >=1995-01-31 or"
            + " 1990-01-01..1999-12-31 (the column holds "
            + kind
            + ", dates among them)"
        : "one of its values (the column holds " + kind + "; only numbers and dates are compared)";
  }

  /** Whether the feature of an item is what it must be. */
  public boolean holds(int item) {
    return test.holds(item);
  }

  private static boolean isComparison(String text) {
    return COMPARISON.matcher(text).matches() || RANGE.matcher(text).matches();
  }

  private static Test equal(FeatureColumn column, String text) {
    if (column instanceof FeatureColumn.Tags tags) {
      int code = tags.tags().index(text);
      return item -> {
        for (int p = tags.starts()[item]; p < tags.starts()[item + 1]; p++) {
          if (tags.codes()[p] == code) {
            return true;
          }
        }
        return false;
      };
    }
    return item -> text.equals(column.display(item));
  }

  private static boolean isThere(FeatureColumn column, Test test) {
    for (int item = 0; item < column.size(); item++) {
      if (test.holds(item)) {
        return true;
      }
    }
    return false;
  }

  private static Test dates(FeatureColumn column, Interval interval) {
    if (column instanceof FeatureColumn.Tags tags) {
      return item -> {
        for (int p = tags.starts()[item]; p < tags.starts()[item + 1]; p++) {
          if (interval.holds(Dates.days(tags.tags().id(tags.codes()[p])))) {
            return true;
          }
        }
        return false;
      };
    }
    return item -> {
      @Nullable String text = column.display(item);
      return text != null && interval.holds(Dates.days(text));
    };
  }

  /** Numbers from low to high; NaN is never among them. */
  private record Interval(float low, boolean lowIn, float high, boolean highIn) {
    static final Interval ALL =
        new Interval(Float.NEGATIVE_INFINITY, true, Float.POSITIVE_INFINITY, true);

    boolean holds(float number) {
      return (lowIn ? number >= low : number > low) && (highIn ? number <= high : number < high);
    }
  }

  private static Optional<Interval> interval(String text, Scale scale) {
    float exact = scale.read(text.strip());
    if (!Float.isNaN(exact)) {
      return Optional.of(new Interval(exact, true, exact, true));
    }
    Matcher comparison = COMPARISON.matcher(text);
    if (comparison.matches()) {
      float bound = scale.read(Objects.requireNonNull(comparison.group(2)));
      if (Float.isNaN(bound)) {
        return Optional.empty();
      }
      return Optional.of(
          switch (Objects.requireNonNull(comparison.group(1))) {
            case "<" -> new Interval(Float.NEGATIVE_INFINITY, true, bound, false);
            case "<=" -> new Interval(Float.NEGATIVE_INFINITY, true, bound, true);
            case ">" -> new Interval(bound, false, Float.POSITIVE_INFINITY, true);
            case ">=" -> new Interval(bound, true, Float.POSITIVE_INFINITY, true);
            default -> new Interval(bound, true, bound, true);
          });
    }
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return Optional.empty();
    }
    String first = Objects.requireNonNull(range.group(1));
    String last = Objects.requireNonNull(range.group(2));
    float low = first.isEmpty() ? Float.NEGATIVE_INFINITY : scale.read(first);
    float high = last.isEmpty() ? Float.POSITIVE_INFINITY : scale.read(last);
    boolean says = !(first.isEmpty() && last.isEmpty()) && low <= high; // false for NaN
    return says ? Optional.of(new Interval(low, true, high, true)) : Optional.empty();
  }

  private static float number(String text) {
    if (text.isEmpty() || text.toLowerCase(Locale.ROOT).matches(".*[a-df-z].*")) {
      return Float.NaN; // "NaN", "Infinity", "5f" and "0x10" are no numbers of people
    }
    try {
      float number = Float.parseFloat(text);
      return Float.isFinite(number) ? number : Float.NaN;
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
