package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.data.DatasetFilter;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is left out of the data: what the options and a recipe say.
 *
 * @param threshold the least value that is kept, of repeats what stands for them; kept values count
 *     as 1
 * @param kCore the fewest interactions of a user and of an item
 * @param duplicates keep, last, strongest, sum or count
 * @param since the first day that is kept, as in 2018-01-31 (UTC)
 * @param until the first day that is not
 * @param eventWeights the weight of each event type; others are left out
 */
record FilterSpec(
    @Nullable Float threshold,
    @Nullable Integer kCore,
    @Nullable String duplicates,
    @Nullable String since,
    @Nullable String until,
    @Nullable Map<String, Float> eventWeights) {

  /** Nothing is left out. */
  static final FilterSpec NONE = new FilterSpec(null, null, null, null, null, null);

  /** What this says, and for the rest what another one says. */
  FilterSpec over(@Nullable FilterSpec other) {
    return other == null
        ? this
        : new FilterSpec(
            or(threshold, other.threshold),
            or(kCore, other.kCore),
            or(duplicates, other.duplicates),
            or(since, other.since),
            or(until, other.until),
            or(eventWeights, other.eventWeights));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  /**
   * The filter.
   *
   * @throws KindredException if a value is out of its range
   */
  DatasetFilter filter() {
    try {
      DatasetFilter filter = DatasetFilter.none().withMinValue(threshold);
      filter = kCore == null ? filter : filter.withCore(kCore);
      filter = duplicates == null ? filter : filter.withDuplicates(duplicates(duplicates));
      filter = eventWeights == null ? filter : filter.withTypeWeights(eventWeights);
      filter = since == null ? filter : filter.withFrom(second("since", since));
      return until == null ? filter : filter.withUntil(second("until", until));
    } catch (IllegalArgumentException e) {
      throw new KindredException("filter: " + e.getMessage(), e);
    }
  }

  private static DatasetFilter.Duplicates duplicates(String name) {
    for (DatasetFilter.Duplicates one : DatasetFilter.Duplicates.values()) {
      if (one.label().equals(name.toLowerCase(Locale.ROOT))) {
        return one;
      }
    }
    throw new KindredException(
        "duplicates must be one of keep, last, strongest, sum and count, got '" + name + "'");
  }

  private static long second(String name, String day) {
    try {
      return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    } catch (DateTimeException e) {
      throw new KindredException(name + " must be a day such as 2018-01-31, got '" + day + "'", e);
    }
  }
}
