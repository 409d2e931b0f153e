package io.kindred;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a {@link Recommender}. Immutable.
 *
 * @param user a user's id, known or not; {@code null} for somebody anonymous
 * @param history what the person did, oldest first; {@code null}: the stored history of {@code
 *     user}. A given history stands for the stored one, so that live events count at once
 * @param filter which items may be recommended
 * @param boosts factors on the scores of single items, by id, above 0; scores below 0 are divided
 *     by it
 * @param n how many items at the most, at least 0
 */
public record Query(
    @Nullable String user,
    @Nullable List<Event> history,
    Filter filter,
    Map<String, Double> boosts,
    int n) {
  /** Checks and copies. */
  public Query {
    if (n < 0) {
      throw new IllegalArgumentException("n must be at least 0, got " + n);
    }
    boosts.forEach(
        (item, boost) -> {
          if (!(boost > 0) || boost.isInfinite()) {
            throw new IllegalArgumentException(
                "the boost of '" + item + "' must be a number above 0, got " + boost);
          }
        });
    history = history == null ? null : List.copyOf(history);
    boosts = Map.copyOf(boosts);
  }

  /** Ten items for a user, nothing already seen. */
  public static Query ofUser(String user) {
    return new Query(user, null, Filter.UNSEEN, Map.of(), 10);
  }

  /** Ten items for somebody anonymous who did something with the given items, oldest first. */
  public static Query ofItems(List<String> items) {
    return new Query(
        null,
        items.stream().map(item -> new Event(item, 1f, 0L)).toList(),
        Filter.UNSEEN,
        Map.of(),
        10);
  }

  /** The same with another number of items. */
  public Query withN(int newN) {
    return new Query(user, history, filter, boosts, newN);
  }

  /** The same with a history. */
  public Query withHistory(List<Event> newHistory) {
    return new Query(user, newHistory, filter, boosts, n);
  }

  /** The same with another filter. */
  public Query withFilter(Filter newFilter) {
    return new Query(user, history, newFilter, boosts, n);
  }

  /** The same with boosts. */
  public Query withBoosts(Map<String, Double> newBoosts) {
    return new Query(user, history, filter, newBoosts, n);
  }

  /**
   * One thing that the person did.
   *
   * @param item the item's id
   * @param value rating or strength, finite
   * @param time epoch seconds UTC, 0 where unknown
   */
  public record Event(String item, float value, long time) {
    /** Checks the value. */
    public Event {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "the value of '" + item + "' must be a finite number, got " + value);
      }
    }
  }

  /**
   * Which items may be recommended: all conditions together.
   *
   * @param excludeSeen leave out the items of the history
   * @param exclude ids to leave out
   * @param only ids to choose from; empty: the whole catalogue
   * @param features required feature values by column name: one of the category, a tag that must be
   *     there
   */
  public record Filter(
      boolean excludeSeen, Set<String> exclude, Set<String> only, Map<String, String> features) {
    /** All but what was seen. */
    public static final Filter UNSEEN = new Filter(true, Set.of(), Set.of(), Map.of());

    /** Everything. */
    public static final Filter ALL = new Filter(false, Set.of(), Set.of(), Map.of());

    /** Copies. */
    public Filter {
      exclude = Set.copyOf(exclude);
      only = Set.copyOf(only);
      features = Map.copyOf(features);
    }
  }

  /** The user's id, if one was given. */
  public Optional<String> userId() {
    return Optional.ofNullable(user);
  }
}
