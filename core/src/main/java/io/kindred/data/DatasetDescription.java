package io.kindred.data;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a data set looks like, in numbers. A tree of records, lists and maps, so that it can be
 * written as JSON as it is. Immutable.
 *
 * @param name the name of the data
 * @param fingerprint the fingerprint of the data
 * @param users how many users
 * @param items how many items, the whole catalogue
 * @param interactions how many interactions
 * @param repeats how many of them are of a pair of user and item that was there before
 * @param usersWithoutInteractions users that did nothing
 * @param itemsWithoutInteractions items that nobody touched (cold)
 * @param density share of the user-item pairs with an interaction, in [0, 1]
 * @param from time of the first interaction, ISO-8601; {@code null} where times are unknown
 * @param until time of the last interaction, ISO-8601; {@code null} where times are unknown
 * @param historyLengths interactions of a user, over users with any
 * @param itemCounts interactions of an item, over items with any
 * @param values how the values are distributed
 * @param popularity how unevenly interactions fall on items
 * @param types interactions of each event type; empty where the data has none
 * @param userFeatures the columns of user features
 * @param itemFeatures the columns of item features
 * @param memoryBytes what ids and interactions take on the heap
 */
public record DatasetDescription(
    String name,
    String fingerprint,
    int users,
    int items,
    int interactions,
    int repeats,
    int usersWithoutInteractions,
    int itemsWithoutInteractions,
    double density,
    @Nullable String from,
    @Nullable String until,
    Quantiles historyLengths,
    Quantiles itemCounts,
    Values values,
    Popularity popularity,
    Map<String, Integer> types,
    List<Column> userFeatures,
    List<Column> itemFeatures,
    long memoryBytes) {

  /** Keeps its own copies. */
  public DatasetDescription {
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    userFeatures = List.copyOf(userFeatures);
    itemFeatures = List.copyOf(itemFeatures);
  }

  /**
   * Quantiles of counts: of the sorted counts {@code x[0..n-1]}, the quantile q is {@code x[floor(q
   * * (n - 1) + 0.5)]}; all 0 where there are none.
   */
  public record Quantiles(
      int min, int p10, int p25, int median, int p75, int p90, int p99, int max, double mean) {
    static Quantiles of(int[] sorted) {
      long sum = 0;
      for (int count : sorted) {
        sum += count;
      }
      return new Quantiles(
          at(sorted, 0),
          at(sorted, 0.10),
          at(sorted, 0.25),
          at(sorted, 0.50),
          at(sorted, 0.75),
          at(sorted, 0.90),
          at(sorted, 0.99),
          at(sorted, 1),
          sorted.length == 0 ? 0 : (double) sum / sorted.length);
    }

    private static int at(int[] sorted, double quantile) {
      return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1) + 0.5)];
    }
  }

  /**
   * The values.
   *
   * @param min the least, 0 where there are none
   * @param max the greatest
   * @param mean their mean
   * @param standardDeviation their standard deviation, over all of them
   * @param counts how often each value is there, ascending; empty where more than 50 are distinct
   */
  public record Values(
      double min, double max, double mean, double standardDeviation, Map<String, Integer> counts) {
    /** Keeps its own copy, in its order. */
    public Values {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
  }

  /**
   * How interactions fall on items, sorted by popularity.
   *
   * @param top1 share of the interactions with the 1 % most popular items of the catalogue (at
   *     least one item), in [0, 1]
   * @param top5 the same of 5 %
   * @param top10 the same of 10 %
   * @param top20 the same of 20 %
   * @param gini Gini coefficient of the counts over the whole catalogue: 0 = all alike, towards 1 =
   *     all on one item
   * @param curve cumulative share of interactions at 0 %, 5 %, .. 100 % of the catalogue, most
   *     popular first
   */
  public record Popularity(
      double top1, double top5, double top10, double top20, double gini, List<Double> curve) {
    /** Keeps its own copy. */
    public Popularity {
      curve = List.copyOf(curve);
    }
  }

  /**
   * A column of features.
   *
   * @param name its name
   * @param kind text, category, tags, numeric or image
   * @param known how many users or items have it
   * @param distinct how many categories or tags there are; 0 for other kinds
   */
  public record Column(String name, String kind, int known, int distinct) {
    static List<Column> of(Features features) {
      List<Column> columns = new ArrayList<>();
      for (FeatureColumn column : features.columns()) {
        int known = 0;
        for (int index = 0; index < column.size(); index++) {
          known += column.display(index) == null ? 0 : 1;
        }
        int distinct =
            column instanceof FeatureColumn.Category category
                ? category.categories().size()
                : column instanceof FeatureColumn.Tags tags ? tags.tags().size() : 0;
        columns.add(
            new Column(
                column.name(),
                column.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                known,
                distinct));
      }
      return columns;
    }
  }

  /** Describes a data set. Cost O(size log(longest history) + items log(items)). */
  public static DatasetDescription of(Dataset data) {
    Interactions all = data.interactions();
    int[] histories = new int[all.userCount()];
    for (int user = 0; user < histories.length; user++) {
      histories[user] = all.userSize(user);
    }
    int[] counts = all.itemCounts();
    int pairs = pairs(all);
    int[] sortedHistories = sortedWithoutZeros(histories);
    int[] sortedCounts = sortedWithoutZeros(counts);
    double cells = (double) data.users().size() * data.items().size();
    return new DatasetDescription(
        data.name(),
        data.fingerprint(),
        data.users().size(),
        data.items().size(),
        all.size(),
        all.size() - pairs,
        histories.length - sortedHistories.length,
        counts.length - sortedCounts.length,
        cells == 0 ? 0 : pairs / cells,
        all.hasTimes() && all.size() > 0 ? time(all, true) : null,
        all.hasTimes() && all.size() > 0 ? time(all, false) : null,
        Quantiles.of(sortedHistories),
        Quantiles.of(sortedCounts),
        values(all.values()),
        popularity(counts),
        types(all),
        Column.of(data.userFeatures()),
        Column.of(data.itemFeatures()),
        data.users().memoryBytes() + data.items().memoryBytes() + all.memoryBytes());
  }

  private static int[] sortedWithoutZeros(int[] counts) {
    int[] sorted = Arrays.stream(counts).filter(count -> count > 0).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Distinct pairs of user and item. */
  private static int pairs(Interactions all) {
    int pairs = 0;
    int[] lastUser = new int[all.itemCount()]; // user + 1
    for (int user = 0; user < all.userCount(); user++) {
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        int item = all.items()[p];
        pairs += lastUser[item] == user + 1 ? 0 : 1;
        lastUser[item] = user + 1;
      }
    }
    return pairs;
  }

  private static String time(Interactions all, boolean first) {
    long best = all.time(0);
    for (int p = 1; p < all.size(); p++) {
      best = first ? Math.min(best, all.time(p)) : Math.max(best, all.time(p));
    }
    return Instant.ofEpochSecond(best).toString();
  }

  private static Values values(float[] values) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    Map<Float, Integer> counts = new TreeMap<>();
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      if (counts.size() <= 50) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    double mean = values.length == 0 ? 0 : sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    Map<String, Integer> shown = new LinkedHashMap<>();
    if (counts.size() <= 50) {
      counts.forEach((value, count) -> shown.put(display(value), count));
    }
    return new Values(
        values.length == 0 ? 0 : min,
        values.length == 0 ? 0 : max,
        mean,
        values.length == 0 ? 0 : Math.sqrt(squares / values.length),
        shown);
  }

  private static String display(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString(value);
  }

  private static Popularity popularity(int[] counts) {
    int[] sorted = counts.clone();
    Arrays.sort(sorted); // ascending
    int n = sorted.length;
    double[] cumulative = new double[n + 1]; // most popular first
    double weighted = 0;
    for (int i = 0; i < n; i++) {
      cumulative[i + 1] = cumulative[i] + sorted[n - 1 - i];
      weighted += (2.0 * (i + 1) - n - 1) * sorted[i];
    }
    double total = cumulative[n];
    List<Double> curve = new ArrayList<>();
    for (int percent = 0; percent <= 100; percent += 5) {
      curve.add(total == 0 ? 0 : cumulative[(int) Math.round(n * (percent / 100.0))] / total);
    }
    return new Popularity(
        top(cumulative, 0.01),
        top(cumulative, 0.05),
        top(cumulative, 0.10),
        top(cumulative, 0.20),
        total == 0 ? 0 : weighted / (n * total),
        curve);
  }

  private static double top(double[] cumulative, double share) {
    int n = cumulative.length - 1;
    double total = cumulative[n];
    return total == 0 ? 0 : cumulative[Math.max(1, (int) Math.round(n * share))] / total;
  }

  private static Map<String, Integer> types(Interactions all) {
    byte[] types = all.types();
    Map<String, Integer> counts = new LinkedHashMap<>();
    if (types != null) {
      int[] byType = new int[all.typeNames().size()];
      for (byte type : types) {
        byType[type & 0xff]++;
      }
      for (int t = 0; t < byType.length; t++) {
        counts.put(all.typeNames().get(t), byType[t]);
      }
    }
    return counts;
  }
}
