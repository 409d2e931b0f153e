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
 * @param boosts factors on the scores of single items, by id, from 1 / {@link #LARGEST_BOOST} to
 *     {@link #LARGEST_BOOST}; scores below 0 are divided by it
 * @param n how many items at the most, at least 0
 */
public record Query(
    @Nullable String user,
    @Nullable List<Event> history,
    Filter filter,
    Map<String, Double> boosts,
    int n) {
  /** The largest factor of a boost. */
  public static final double LARGEST_BOOST = 1e6;

  /** Checks and copies. */
  public Query {
    if (n < 0) {
      throw new IllegalArgumentException("n must be at least 0, got " + n);
    }
    boosts.forEach(
        (item, boost) -> {
          if (!isBoost(boost)) {
            throw new IllegalArgumentException(
                "the boost of '"
                    + item
                    + "' must be a number from 0.000001 to 1,000,000, got "
                    + boost);
          }
        });
    history = history == null ? null : List.copyOf(history);
    boosts = Map.copyOf(boosts);
  }

  /** Whether a number can be the factor of a boost. */
  public static boolean isBoost(double factor) {
    return factor >= 1 / LARGEST_BOOST && factor <= LARGEST_BOOST;
  }

  /** Ten items for a user, nothing already seen. */
  public static Query ofUser(String user) {
    return new Query(user, null, Filter.UNSEEN, Map.of(), 10);
  }

  /** Ten items for somebody anonymous who liked the given items, oldest first. */
  public static Query ofItems(List<String> items) {
    return new Query(null, items.stream().map(Event::liked).toList(), Filter.UNSEEN, Map.of(), 10);
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
   * @param value rating or strength, from -{@link #LARGEST} to {@link #LARGEST}; {@code null} where
   *     it is not said: "liked", which is the value that {@link io.kindred.data.RatingScale#liked}
   *     has for the data of the model
   * @param time epoch seconds UTC, 0 where unknown
   */
  public record Event(String item, @Nullable Float value, long time) {
    /** The largest value: a sum of products of two of them stays within the range of floats. */
    public static final float LARGEST = (float) 1e15;

    /**
     * Checks the value.
     *
     * @throws KindredException if it is none, naming item and value
     */
    public Event {
      if (value != null && !isValue(value)) {
        throw new KindredException(
            "the value of '" + item + "' must be a number from -1e15 to 1e15, got " + value);
      }
    }

    /** An event with a value. */
    public Event(String item, float value, long time) {
      this(item, Float.valueOf(value), time);
    }

    /** The person liked an item, at no known time and without saying how much. */
    public static Event liked(String item) {
      return new Event(item, null, 0L);
    }

    /** Whether a number can be the value of an event. */
    public static boolean isValue(float value) {
      return Math.abs(value) <= LARGEST;
    }
  }

  /**
   * Which items may be recommended: all conditions together.
   *
   * @param excludeSeen leave out the items of the history
   * @param exclude ids to leave out
   * @param only ids to choose from; empty: nothing may be recommended; {@code null}: the whole
   *     catalog
   * @param features required feature values by column name, each a text as {@link
   *     io.kindred.feature.FeatureCondition} reads it: a category, a tag that must be there, a
   *     number, or a comparison such as {@code >=5} or {@code 10..20}
   */
  public record Filter(
      boolean excludeSeen,
      Set<String> exclude,
      @Nullable Set<String> only,
      Map<String, String> features) {
    /** All but what was seen. */
    public static final Filter UNSEEN = new Filter(true, Set.of(), null, Map.of());

    /** Everything. */
    public static final Filter ALL = new Filter(false, Set.of(), null, Map.of());

    /** Copies. */
    public Filter {
      exclude = Set.copyOf(exclude);
      only = only == null ? null : Set.copyOf(only);
      features = Map.copyOf(features);
    }
  }

  /** The user's id, if one was given. */
  public Optional<String> userId() {
    return Optional.ofNullable(user);
  }
}
