package io.kindred.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to keep of a data set. The steps are taken in this order: event types with their weights,
 * time window, repeats of a pair, value threshold, longest history, then k-core and shortest
 * history over and over until nothing falls out any more. So the threshold looks at what stands for
 * a pair: with {@link Duplicates#LAST}, five stars and later one are no like, and with {@link
 * Duplicates#SUM} it is the sum that must reach it. Users and items get new indexes in their old
 * order. Immutable.
 *
 * @param typeWeights event types to keep, each with what its values are multiplied by; empty: all
 *     types as they are
 * @param from the first time that is kept, epoch seconds UTC, inclusive; or {@code null}
 * @param until the first time that is no longer kept, epoch seconds UTC; or {@code null}
 * @param minValue the least value that is kept; the kept values become 1 (ratings to implicit
 *     data); or {@code null}
 * @param duplicates what becomes of a pair of user and item that is there more than once; {@code
 *     null}: see {@link #repeats}
 * @param maxHistory the most interactions of a user that are kept, the newest; 0: all
 * @param minHistory the fewest interactions of a user that is kept; 0 or 1: any
 * @param minItem the fewest interactions of an item that is kept; 0: any
 * @param dropUnusedItems whether items without interactions leave the catalogue too
 */
public record DatasetFilter(
    Map<String, Float> typeWeights,
    @Nullable Long from,
    @Nullable Long until,
    @Nullable Float minValue,
    @Nullable Duplicates duplicates,
    int maxHistory,
    int minHistory,
    int minItem,
    boolean dropUnusedItems) {

  /** What becomes of a pair of user and item that is there more than once. */
  public enum Duplicates {
    /** All are kept. */
    KEEP,
    /** The last in time is kept. */
    LAST,
    /**
     * One is kept at the last time, its value the one farthest from 0 (of equals, the last): a view
     * after a purchase is still a purchase.
     */
    STRONGEST,
    /** One is kept at the last time, its value the sum of all. */
    SUM,
    /** One is kept at the last time, its value how many there were. */
    COUNT;

    /** The name on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A filtered data set.
   *
   * @param dataset what is kept
   * @param dropped what fell out, and why
   */
  public record Result(Dataset dataset, List<Dropped> dropped) {
    /** Keeps its own copy. */
    public Result {
      dropped = List.copyOf(dropped);
    }
  }

  private static final DatasetFilter NONE =
      new DatasetFilter(Map.of(), null, null, null, null, 0, 0, 0, false);

  /** Checks all values. */
  public DatasetFilter {
    typeWeights = Map.copyOf(typeWeights);
    typeWeights.forEach(
        (type, weight) -> {
          if (!Float.isFinite(weight)) {
            throw new IllegalArgumentException(
                "weight of event type '" + type + "' must be a finite number, got " + weight);
          }
        });
    if (minValue != null && !Float.isFinite(minValue)) {
      throw new IllegalArgumentException("minValue must be a finite number, got " + minValue);
    }
    if (from != null && until != null && from >= until) {
      throw new IllegalArgumentException(
          "from must be before until, got " + from + " and " + until);
    }
    if (maxHistory < 0 || minHistory < 0 || minItem < 0) {
      throw new IllegalArgumentException(
          "maxHistory, minHistory and minItem must be at least 0, got "
              + maxHistory
              + ", "
              + minHistory
              + " and "
              + minItem);
    }
    if (maxHistory > 0 && minHistory > maxHistory) {
      throw new IllegalArgumentException(
          "minHistory must be at most maxHistory, got " + minHistory + " and " + maxHistory);
    }
  }

  /** Keeps everything. */
  public static DatasetFilter none() {
    return NONE;
  }

  /** The same keeping some event types, their values multiplied by weights. */
  public DatasetFilter withTypeWeights(Map<String, Float> newTypeWeights) {
    return new DatasetFilter(
        newTypeWeights,
        from,
        until,
        minValue,
        duplicates,
        maxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping nothing before a time, epoch seconds UTC. */
  public DatasetFilter withFrom(@Nullable Long newFrom) {
    return new DatasetFilter(
        typeWeights,
        newFrom,
        until,
        minValue,
        duplicates,
        maxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping nothing from a time on, epoch seconds UTC. */
  public DatasetFilter withUntil(@Nullable Long newUntil) {
    return new DatasetFilter(
        typeWeights,
        from,
        newUntil,
        minValue,
        duplicates,
        maxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping values of at least a threshold, as 1. */
  public DatasetFilter withMinValue(@Nullable Float newMinValue) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        newMinValue,
        duplicates,
        maxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same with another treatment of repeated pairs; {@code null}: see {@link #repeats}. */
  public DatasetFilter withDuplicates(@Nullable Duplicates newDuplicates) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        minValue,
        newDuplicates,
        maxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping the newest so many interactions of a user. */
  public DatasetFilter withMaxHistory(int newMaxHistory) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        minValue,
        duplicates,
        newMaxHistory,
        minHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping users with at least so many interactions. */
  public DatasetFilter withMinHistory(int newMinHistory) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        minValue,
        duplicates,
        maxHistory,
        newMinHistory,
        minItem,
        dropUnusedItems);
  }

  /** The same keeping items with at least so many interactions. */
  public DatasetFilter withMinItem(int newMinItem) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        minValue,
        duplicates,
        maxHistory,
        minHistory,
        newMinItem,
        dropUnusedItems);
  }

  /** The same with or without items that have no interactions. */
  public DatasetFilter withDropUnusedItems(boolean newDropUnusedItems) {
    return new DatasetFilter(
        typeWeights,
        from,
        until,
        minValue,
        duplicates,
        maxHistory,
        minHistory,
        minItem,
        newDropUnusedItems);
  }

  /** The same keeping users and items with at least k interactions each (the k-core). */
  public DatasetFilter withCore(int k) {
    return withMinHistory(k).withMinItem(k);
  }

  /**
   * What becomes of a pair that is there more than once: what was said; where nothing was said, the
   * strongest stands if event types have weights, and else all are kept. (Models that have one
   * value of a pair take the last one of those that are kept.)
   */
  public Duplicates repeats() {
    if (duplicates != null) {
      return duplicates;
    }
    return typeWeights.isEmpty() ? Duplicates.KEEP : Duplicates.STRONGEST;
  }

  /**
   * Data that went through this filter, and what came later, as if all had gone through it
   * together: repeats are looked for in both, so that a later value below the threshold takes an
   * earlier one out ({@link Duplicates#LAST}), and a later view leaves a purchase what it is
   * ({@link Duplicates#STRONGEST}). Histories are cut and k-cores taken in the later data alone.
   * What is there already, with the same time, value and type, is not added again. The indexes of
   * users and items stay. Cost O(all interactions).
   *
   * @param before data that this filter has left
   * @param later data that it has not seen
   * @throws IllegalArgumentException if event types or times are asked for and the data has none;
   *     if sums or counts must reach a threshold, since those that did not are unknown; or as
   *     {@link Dataset#followedBy} has it
   */
  public Dataset follow(Dataset before, Dataset later) {
    Duplicates how = repeats();
    if (how == Duplicates.KEEP) {
      return before.followedBy(apply(later).dataset());
    }
    Float least = minValue;
    if (least != null && (how == Duplicates.SUM || how == Duplicates.COUNT)) {
      throw new IllegalArgumentException(
          "a "
              + how.label()
              + " with a threshold cannot go on: what was below "
              + least
              + " is not in the data any more. Filter all interactions together");
    }
    Dataset raw = withMinValue(null).apply(later).dataset();
    if (least != null) {
      Interactions all = raw.interactions();
      float[] kept = all.values().clone();
      for (int p = 0; p < kept.length; p++) {
        kept[p] = kept[p] >= least ? 1f : Float.NaN;
      }
      raw =
          raw.withInteractions(
              Interactions.ofColumns(
                  all.itemCount(),
                  all.starts(),
                  all.items(),
                  kept,
                  all.seconds(),
                  all.timeBase(),
                  all.types(),
                  all.typeNames()));
    }
    return Repeats.reduced(before.followedBy(raw), how);
  }

  /**
   * Takes what is to be kept. Cost O(size log(longest history)) and O(size) for each round of the
   * k-core. If nothing is kept, the result has no users and the report says what took them.
   *
   * @throws IllegalArgumentException if event types or times are asked for and the data has none
   */
  public Result apply(Dataset data) {
    if (!typeWeights.isEmpty() && data.interactions().types() == null) {
      throw new IllegalArgumentException(
          "event types " + typeWeights.keySet() + " are asked for, but the data has none");
    }
    if ((from != null || until != null) && !data.interactions().hasTimes()) {
      throw new IllegalArgumentException("a time window is asked for, but the data has no times");
    }
    if (equals(NONE)) {
      return new Result(data, List.of());
    }
    Filtering filtering = new Filtering(data);
    filtering.types();
    filtering.window();
    filtering.duplicates();
    filtering.threshold();
    filtering.longest();
    filtering.core();
    return filtering.result();
  }

  /** Marks entries as dropped, step by step. */
  private final class Filtering {
    private final Dataset data;
    private final Interactions all;
    private final boolean[] gone;
    private final float[] values;
    private final boolean[] userGone;
    private final boolean[] itemGone;
    private final List<Dropped> dropped = new ArrayList<>();

    Filtering(Dataset data) {
      this.data = data;
      this.all = data.interactions();
      this.gone = new boolean[all.size()];
      this.values = all.values().clone();
      this.userGone = new boolean[all.userCount()];
      this.itemGone = new boolean[all.itemCount()];
    }

    private void report(String what, long count, String reason) {
      if (count > 0) {
        dropped.add(new Dropped(what, count, reason));
      }
    }

    void types() {
      byte[] types = all.types();
      if (typeWeights.isEmpty() || types == null) {
        return;
      }
      List<String> names = all.typeNames();
      long[] counts = new long[names.size()];
      for (int p = 0; p < gone.length; p++) {
        Float weight = typeWeights.get(names.get(types[p] & 0xff));
        if (weight == null) {
          gone[p] = true;
          counts[types[p] & 0xff]++;
        } else {
          values[p] *= weight;
        }
      }
      for (int t = 0; t < counts.length; t++) {
        report("interactions", counts[t], "event type '" + names.get(t) + "' is not kept");
      }
    }

    void window() {
      if (from == null && until == null) {
        return;
      }
      long before = 0;
      long after = 0;
      for (int p = 0; p < gone.length; p++) {
        if (!gone[p]) {
          long time = all.time(p);
          if (from != null && time < from) {
            gone[p] = true;
            before++;
          } else if (until != null && time >= until) {
            gone[p] = true;
            after++;
          }
        }
      }
      report("interactions", before, "before the time window");
      report("interactions", after, "after the time window");
    }

    void threshold() {
      if (minValue == null) {
        return;
      }
      long below = 0;
      long later = 0;
      int[] liked = new int[all.itemCount()]; // user + 1 of the last one who has a kept entry
      for (int user = 0; user < all.userCount(); user++) {
        for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
          if (gone[p]) {
            continue;
          }
          int item = all.items()[p];
          if (values[p] >= minValue) {
            values[p] = 1;
            liked[item] = user + 1;
          } else {
            gone[p] = true;
            below++;
            later += liked[item] == user + 1 ? 1 : 0;
          }
        }
      }
      report("interactions", below - later, "value below " + minValue);
      report(
          "interactions",
          later,
          "value below "
              + minValue
              + ", after a higher one of the same user and item, which stays"
              + " (of repeats, 'last' would take it out)");
    }

    void duplicates() {
      Duplicates how = repeats();
      if (how != Duplicates.KEEP) {
        report(
            "interactions",
            Repeats.reduce(all, gone, values, how),
            "repeats of a pair of user and item (" + how.label() + ")");
      }
    }

    void longest() {
      if (maxHistory == 0) {
        return;
      }
      long older = 0;
      for (int user = 0; user < all.userCount(); user++) {
        int kept = 0;
        for (int p = all.starts()[user + 1] - 1; p >= all.starts()[user]; p--) {
          if (!gone[p] && ++kept > maxHistory) {
            gone[p] = true;
            older++;
          }
        }
      }
      report("interactions", older, "older than the newest " + maxHistory + " of their user");
    }

    void core() {
      int least = Math.max(1, minHistory);
      int[] userCounts = new int[all.userCount()];
      int[] itemCounts = new int[all.itemCount()];
      for (int user = 0; user < userCounts.length; user++) {
        for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
          if (!gone[p]) {
            userCounts[user]++;
            itemCounts[all.items()[p]]++;
          }
        }
      }
      boolean[] itemRare = new boolean[itemCounts.length];
      long lost = 0;
      boolean changed = true;
      while (changed) {
        changed = false;
        for (int item = 0; item < itemCounts.length; item++) {
          if (!itemRare[item] && itemCounts[item] < minItem) {
            itemRare[item] = true;
            changed |= itemCounts[item] > 0;
          }
        }
        for (int user = 0; user < userCounts.length; user++) {
          if (userGone[user]) {
            continue;
          }
          for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
            if (!gone[p] && itemRare[all.items()[p]]) {
              gone[p] = true;
              lost++;
              userCounts[user]--;
              itemCounts[all.items()[p]]--;
            }
          }
          if (userCounts[user] < least) {
            userGone[user] = true;
            changed |= userCounts[user] > 0;
            for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
              if (!gone[p]) {
                gone[p] = true;
                lost++;
                itemCounts[all.items()[p]]--;
              }
            }
          }
        }
      }
      long usersLost = 0;
      for (boolean lostUser : userGone) {
        usersLost += lostUser ? 1 : 0;
      }
      long itemsLost = 0;
      long unused = 0;
      for (int item = 0; item < itemCounts.length; item++) {
        if (minItem > 0 && itemRare[item]) {
          itemGone[item] = true;
          itemsLost++;
        } else if (dropUnusedItems && itemCounts[item] == 0) {
          itemGone[item] = true;
          unused++;
        }
      }
      report("interactions", lost, "of users or items with too few");
      report(
          "users",
          usersLost,
          least == 1 ? "without interactions" : "fewer than " + least + " interactions");
      report("items", itemsLost, "fewer than " + minItem + " interactions");
      report("items", unused, "without interactions");
    }

    Result result() {
      int[] users = kept(userGone);
      int[] items = kept(itemGone);
      int[] itemIndexes = new int[itemGone.length];
      for (int i = 0; i < items.length; i++) {
        itemIndexes[items[i]] = i;
      }
      Interactions kept = Repeats.select(all, gone, values, users, itemIndexes, items.length);
      Dataset filtered =
          Dataset.of(data.name(), subset(data.users(), users), subset(data.items(), items), kept)
              .withFeatures(data.userFeatures().select(users), data.itemFeatures().select(items));
      return new Result(filtered, dropped);
    }

    private int[] kept(boolean[] lost) {
      int[] kept = new int[lost.length];
      int size = 0;
      for (int i = 0; i < lost.length; i++) {
        if (!lost[i]) {
          kept[size++] = i;
        }
      }
      return Arrays.copyOf(kept, size);
    }

    private Vocabulary subset(Vocabulary ids, int[] kept) {
      if (kept.length == ids.size()) {
        return ids;
      }
      Vocabulary.Builder builder = Vocabulary.builder();
      for (int index : kept) {
        byte[] id = ids.utf8(index);
        builder.add(id, 0, id.length);
      }
      return builder.build();
    }
  }
}
