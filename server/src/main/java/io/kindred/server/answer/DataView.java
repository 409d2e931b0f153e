package io.kindred.server.answer;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.RatingScale;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the data behind a model.
 *
 * @param name what a person calls the data
 * @param generated whether it was made by the generator and not by people
 * @param users number of users
 * @param items number of items of the catalogue
 * @param interactions number of interactions
 * @param density interactions / (users * items)
 * @param from time of the first interaction, ISO 8601, where the data has times
 * @param to time of the last one
 * @param ratings the scale, where the values are ratings; {@code null} where they are not
 * @param liked the value that stands for "liked" where an event says none
 * @param values how often each value is there, ascending; empty where there are more than 50
 *     different ones
 * @param historyLengths how long the histories are
 * @param popularity how the interactions lie on the items
 * @param categoryColumn the first column of tags or categories; {@code null} where there is none
 * @param categories its categories or tags with most interactions
 * @param columns the features of the items
 */
public record DataView(
    String name,
    boolean generated,
    int users,
    int items,
    int interactions,
    double density,
    @Nullable String from,
    @Nullable String to,
    @Nullable Scale ratings,
    double liked,
    List<ValueCount> values,
    HistoryLengths historyLengths,
    Popularity popularity,
    @Nullable String categoryColumn,
    List<CategoryCount> categories,
    List<Column> columns) {

  /** The scale of ratings and the step between two of its values, 0 where there is none. */
  public record Scale(double min, double max, double step) {
    static @Nullable Scale of(RatingScale scale) {
      return scale.ratings() ? new Scale(scale.lowest(), scale.highest(), scale.step()) : null;
    }
  }

  /** How often a value is there. */
  public record ValueCount(double value, int count) {}

  /**
   * Lengths of the histories of users that have one.
   *
   * @param quantiles smallest, 10 %, 25 %, 50 %, 75 %, 90 %, 99 %, largest
   * @param bins users by length, the bounds growing by doubling
   */
  public record HistoryLengths(double mean, List<Integer> quantiles, List<Bin> bins) {}

  /** Users whose history has between {@code from} and {@code to} interactions, both included. */
  public record Bin(int from, int to, int users) {}

  /**
   * The curve of popularity.
   *
   * @param neverSeen items without an interaction
   * @param curve the share of all interactions that the most popular items take
   */
  public record Popularity(int neverSeen, List<CurvePoint> curve) {}

  /** The {@code items} share of the catalogue takes this share of the interactions. */
  public record CurvePoint(double items, double interactions) {}

  /** A category or tag, and how many interactions and items have it. */
  public record CategoryCount(String name, int interactions, int items) {}

  /** A feature column of the items, and for how many of them it is known. */
  public record Column(String name, String kind, int known) {}

  private static final int MOST_VALUES = 50;
  private static final int MOST_CATEGORIES = 12;
  private static final double[] QUANTILES = {0, 0.10, 0.25, 0.50, 0.75, 0.90, 0.99, 1};

  /** Counts it all. Cost O(interactions + items log items). */
  static DataView of(Dataset data, RatingScale scale) {
    Interactions interactions = data.interactions();
    String[] range = timeRange(interactions);
    return of(
        data,
        range.length == 0 ? null : range[0],
        range.length == 0 ? null : range[1],
        Scale.of(scale),
        scale.liked(),
        values(interactions),
        historyLengths(interactions));
  }

  /**
   * The same of data with more items and the same interactions, of which nothing is counted again
   * but the items.
   */
  DataView withItems(Dataset larger) {
    return of(larger, from, to, ratings, liked, values, historyLengths);
  }

  private static DataView of(
      Dataset data,
      @Nullable String from,
      @Nullable String to,
      @Nullable Scale ratings,
      double liked,
      List<ValueCount> values,
      HistoryLengths historyLengths) {
    Interactions interactions = data.interactions();
    int size = interactions.size();
    double cells = (double) data.users().size() * data.items().size();
    int[] counts = interactions.itemCounts();
    FeatureColumn categoryColumn = categoryColumn(data.itemFeatures());
    return new DataView(
        data.name(),
        isGenerated(data),
        data.users().size(),
        data.items().size(),
        size,
        cells == 0 ? 0 : size / cells,
        from,
        to,
        ratings,
        liked,
        values,
        historyLengths,
        popularity(counts, size),
        categoryColumn == null ? null : categoryColumn.name(),
        categoryColumn == null ? List.of() : categories(categoryColumn, counts),
        columns(data.itemFeatures()));
  }

  /** Generated data says so in its name. */
  static boolean isGenerated(Dataset data) {
    return data.name().toLowerCase(Locale.ROOT).contains("generated");
  }

  private static String[] timeRange(Interactions interactions) {
    if (!interactions.hasTimes() || interactions.size() == 0) {
      return new String[0];
    }
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (int p = 0; p < interactions.size(); p++) {
      from = Math.min(from, interactions.time(p));
      to = Math.max(to, interactions.time(p));
    }
    return new String[] {
      Instant.ofEpochSecond(from).toString(), Instant.ofEpochSecond(to).toString()
    };
  }

  private static List<ValueCount> values(Interactions interactions) {
    TreeMap<Float, int[]> counts = new TreeMap<>();
    float[] values = interactions.values();
    for (int p = 0; p < interactions.size(); p++) {
      counts.computeIfAbsent(values[p], value -> new int[1])[0]++;
      if (counts.size() > MOST_VALUES) {
        return List.of();
      }
    }
    List<ValueCount> list = new ArrayList<>();
    counts.forEach((value, count) -> list.add(new ValueCount(value, count[0])));
    return list;
  }

  private static HistoryLengths historyLengths(Interactions interactions) {
    int users = interactions.userCount();
    int[] lengths = new int[users];
    int n = 0;
    for (int u = 0; u < users; u++) {
      int length = interactions.userSize(u);
      if (length > 0) {
        lengths[n++] = length;
      }
    }
    lengths = Arrays.copyOf(lengths, n);
    Arrays.sort(lengths);
    List<Integer> quantiles = new ArrayList<>();
    List<Bin> bins = new ArrayList<>();
    if (n > 0) {
      for (double q : QUANTILES) {
        quantiles.add(lengths[(int) Math.round(q * (n - 1))]);
      }
      int at = 0;
      for (long from = 1; at < n; from *= 2) {
        long to = from * 2 - 1;
        int start = at;
        while (at < n && lengths[at] <= to) {
          at++;
        }
        if (at > start || !bins.isEmpty()) {
          bins.add(new Bin((int) from, (int) Math.min(to, Integer.MAX_VALUE), at - start));
        }
      }
    }
    return new HistoryLengths(n == 0 ? 0 : (double) interactions.size() / n, quantiles, bins);
  }

  private static Popularity popularity(int[] counts, int size) {
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    int items = sorted.length;
    int never = 0;
    while (never < items && sorted[never] == 0) {
      never++;
    }
    List<CurvePoint> curve = new ArrayList<>();
    curve.add(new CurvePoint(0, 0));
    int points = Math.min(items, 50);
    long sum = 0;
    int taken = 0;
    for (int point = 1; point <= points && size > 0; point++) {
      double share = (double) point / points;
      int until = (int) Math.round(share * share * items); // more points where the curve is steep
      until = Math.max(until, Math.min(items, taken + 1));
      while (taken < until) {
        taken++;
        sum += sorted[items - taken];
      }
      curve.add(new CurvePoint((double) taken / items, (double) sum / size));
      if (taken == items) {
        break;
      }
    }
    return new Popularity(never, curve);
  }

  private static @Nullable FeatureColumn categoryColumn(Features features) {
    for (FeatureColumn column : features.columns()) {
      if (column instanceof FeatureColumn.Tags || column instanceof FeatureColumn.Category) {
        return column;
      }
    }
    return null;
  }

  private static List<CategoryCount> categories(FeatureColumn column, int[] counts) {
    if (column instanceof FeatureColumn.Tags tags) {
      int[] interactions = new int[tags.tags().size()];
      int[] items = new int[tags.tags().size()];
      for (int item = 0; item < counts.length; item++) {
        for (int p = tags.starts()[item]; p < tags.starts()[item + 1]; p++) {
          interactions[tags.codes()[p]] += counts[item];
          items[tags.codes()[p]]++;
        }
      }
      return largest(tags.tags()::id, interactions, items);
    }
    if (column instanceof FeatureColumn.Category category) {
      int[] interactions = new int[category.categories().size()];
      int[] items = new int[category.categories().size()];
      for (int item = 0; item < counts.length; item++) {
        int code = category.codes()[item];
        if (code >= 0) {
          interactions[code] += counts[item];
          items[code]++;
        }
      }
      return largest(category.categories()::id, interactions, items);
    }
    return List.of();
  }

  private static List<CategoryCount> largest(
      IntFunction<String> name, int[] interactions, int[] items) {
    int[] order =
        IntStream.range(0, interactions.length)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -interactions[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<CategoryCount> list = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST_CATEGORIES, order.length); i++) {
      list.add(new CategoryCount(name.apply(order[i]), interactions[order[i]], items[order[i]]));
    }
    return list;
  }

  private static List<Column> columns(Features features) {
    List<Column> columns = new ArrayList<>();
    for (FeatureColumn column : features.columns()) {
      int known = 0;
      for (int item = 0; item < column.size(); item++) {
        known += column.display(item) == null ? 0 : 1;
      }
      columns.add(new Column(column.name(), kind(column), known));
    }
    return columns;
  }

  private static String kind(FeatureColumn column) {
    if (column instanceof FeatureColumn.Text) {
      return "text";
    }
    if (column instanceof FeatureColumn.Category) {
      return "category";
    }
    if (column instanceof FeatureColumn.Tags) {
      return "tags";
    }
    if (column instanceof FeatureColumn.Vectors) {
      return "vector";
    }
    return column instanceof FeatureColumn.Numeric ? "number" : "image";
  }
}
