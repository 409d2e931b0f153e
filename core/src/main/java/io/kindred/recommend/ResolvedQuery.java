package io.kindred.recommend;

import io.kindred.KindredException;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RecommendationList.ServedBy;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.History;
import io.kindred.feature.FeatureCondition;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A query in dense ints.
 *
 * @param profile who asks
 * @param servedBy how that person is served
 * @param leftOut the items that may not be recommended
 * @param boosts factors on scores by item index
 * @param unknown the ids of the query that the data does not have: those of the history in its
 *     order, then those of filter and boosts
 */
record ResolvedQuery(
    Profile profile,
    ServedBy servedBy,
    BitSet leftOut,
    Map<Integer, Double> boosts,
    Set<String> unknown) {

  /**
   * Resolves a query.
   *
   * @param liked the value of an event that says none; asked only where there is one
   */
  static ResolvedQuery of(Query query, Dataset data, Supplier<Float> liked) {
    Resolver resolver = new Resolver(data, liked);
    int user = query.userId().map(data.users()::index).orElse(-1);
    List<Query.Event> events = query.history();
    Profile profile;
    ServedBy servedBy;
    if (events != null) {
      profile = Profile.of(user, resolver.history(events), data.interactions());
      servedBy = profile.history().isEmpty() ? ServedBy.POPULARITY : ServedBy.HISTORY;
    } else if (user >= 0) {
      profile = new Profile(user, data.interactions().history(user));
      servedBy = ServedBy.KNOWN_USER;
    } else {
      profile = Profile.unseen(History.empty());
      servedBy = ServedBy.POPULARITY;
    }
    BitSet leftOut = resolver.leftOut(query.filter());
    if (query.filter().excludeSeen()) {
      for (int item : profile.history().items()) {
        leftOut.set(item);
      }
    }
    return new ResolvedQuery(
        profile, servedBy, leftOut, resolver.boosts(query.boosts()), resolver.unknown);
  }

  /** Looks ids up and collects those that are not there. */
  private record Resolver(Dataset data, Supplier<Float> liked, Set<String> unknown) {
    Resolver(Dataset data, Supplier<Float> liked) {
      this(data, liked, new LinkedHashSet<>());
    }

    /** The index of an item, or -1. */
    int index(String item) {
      int index = data.items().index(item);
      if (index < 0) {
        unknown.add(item);
      }
      return index;
    }

    History history(List<Query.Event> events) {
      int[] items = new int[events.size()];
      float[] values = new float[items.length];
      long[] times = new long[items.length];
      int known = 0;
      for (Query.Event event : events) {
        int item = index(event.item());
        if (item >= 0) {
          items[known] = item;
          Float value = event.value();
          values[known] = value == null ? liked.get() : value;
          times[known++] = event.time();
        }
      }
      return new History(
          Arrays.copyOf(items, known), Arrays.copyOf(values, known), Arrays.copyOf(times, known));
    }

    Map<Integer, Double> boosts(Map<String, Double> byId) {
      Map<Integer, Double> boosts = new TreeMap<>();
      new TreeMap<>(byId)
          .forEach(
              (item, factor) -> {
                int index = index(item);
                if (index >= 0) {
                  boosts.put(index, factor);
                }
              });
      return boosts;
    }

    BitSet leftOut(Query.Filter filter) {
      BitSet leftOut = new BitSet();
      Set<String> only = filter.only();
      if (only != null) {
        leftOut.set(0, data.items().size());
        leftOut.andNot(indexes(only));
      }
      leftOut.or(indexes(filter.exclude()));
      filter.features().forEach((column, value) -> leaveOutUnlike(column, value, leftOut));
      return leftOut;
    }

    private BitSet indexes(Collection<String> items) {
      BitSet indexes = new BitSet();
      for (String item : new TreeSet<>(items)) {
        int index = index(item);
        if (index >= 0) {
          indexes.set(index);
        }
      }
      return indexes;
    }

    private void leaveOutUnlike(String columnName, String value, BitSet leftOut) {
      FeatureColumn column =
          data.itemFeatures()
              .column(columnName)
              .orElseThrow(
                  () ->
                      new KindredException(
                          "no item feature '"
                              + columnName
                              + "' to filter by; there are "
                              + data.itemFeatures().columns().stream()
                                  .map(FeatureColumn::name)
                                  .toList()));
      FeatureCondition condition = FeatureCondition.of(column, value);
      for (int item = 0; item < data.items().size(); item++) {
        if (!condition.holds(item)) {
          leftOut.set(item);
        }
      }
    }
  }
}
