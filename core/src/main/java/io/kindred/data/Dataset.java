package io.kindred.data;

import java.util.stream.IntStream;

/**
 * What people did and what is known of them and of the items. Thread-safe.
 *
 * @param name what a person calls the data ("ml-latest-small"); generated data says so here
 * @param users the ids of the users
 * @param items the ids of the items, the whole catalogue, items without interactions included
 * @param interactions what was done, in dense indexes of both
 * @param userFeatures properties of the users
 * @param itemFeatures properties of the items
 * @param fingerprint a digest of the ids and interactions: equal data, equal fingerprint
 */
public record Dataset(
    String name,
    Vocabulary users,
    Vocabulary items,
    Interactions interactions,
    Features userFeatures,
    Features itemFeatures,
    String fingerprint) {
  /** Checks that all sizes agree. */
  public Dataset {
    if (interactions.userCount() != users.size() || userFeatures.size() != users.size()) {
      throw new IllegalArgumentException(
          users.size()
              + " users, but interactions of "
              + interactions.userCount()
              + " and features of "
              + userFeatures.size());
    }
    if (interactions.itemCount() != items.size() || itemFeatures.size() != items.size()) {
      throw new IllegalArgumentException(
          items.size()
              + " items, but interactions with "
              + interactions.itemCount()
              + " and features of "
              + itemFeatures.size());
    }
  }

  /** A data set without features; the fingerprint is computed. */
  public static Dataset of(
      String name, Vocabulary users, Vocabulary items, Interactions interactions) {
    return new Dataset(
        name,
        users,
        items,
        interactions,
        Features.none(users.size()),
        Features.none(items.size()),
        Fingerprint.of(users, items, interactions));
  }

  /** A data set from single interactions, in their order: small data and tests. */
  public static Dataset of(String name, Iterable<Interaction> interactions) {
    Vocabulary.Builder users = Vocabulary.builder();
    Vocabulary.Builder items = Vocabulary.builder();
    Interactions.Builder columns = Interactions.builder();
    for (Interaction one : interactions) {
      if (!Float.isFinite(one.value())) {
        throw new IllegalArgumentException("value must be a finite number: " + one);
      }
      int user = users.add(one.user());
      int item = items.add(one.item());
      if (one.time() != null && one.type() != null) {
        columns.add(user, item, one.value(), one.time().toEpochMilli(), one.type());
      } else if (one.time() != null) {
        columns.add(user, item, one.value(), one.time().toEpochMilli());
      } else if (one.type() != null) {
        columns.add(user, item, one.value(), one.type());
      } else {
        columns.add(user, item, one.value());
      }
    }
    return of(name, users.build(), items.build(), columns.build(users.size(), items.size()));
  }

  /**
   * The same users, items and features with other interactions (of the same index spaces); the
   * fingerprint is computed anew.
   */
  public Dataset withInteractions(Interactions others) {
    return new Dataset(
        name,
        users,
        items,
        others,
        userFeatures,
        itemFeatures,
        Fingerprint.of(users, items, others));
  }

  /**
   * These data and then others that came later. The indexes of users and items stay, those of new
   * ones go on behind them, in the order of {@code later}. Histories are in time order; what is in
   * these data already, with the same time, value and type, is not added again. Features of {@code
   * later} are taken for new users and items; names and features of known ones stay. Where these
   * data have no times or no types, those of the later ones are dropped. Cost O(all interactions).
   *
   * @throws IllegalArgumentException if these data have times or event types and the later ones
   *     have none, or vectors have another number of dimensions
   */
  public Dataset followedBy(Dataset later) {
    Vocabulary allUsers = users.followedBy(later.users);
    Vocabulary allItems = items.followedBy(later.items);
    Interactions all =
        InteractionJoin.join(
            interactions,
            later.interactions,
            indexes(later.users, allUsers),
            indexes(later.items, allItems),
            allUsers.size(),
            allItems.size());
    return new Dataset(
        name,
        allUsers,
        allItems,
        all,
        userFeatures.followedBy(later.userFeatures.select(newOnes(users, later.users))),
        itemFeatures.followedBy(later.itemFeatures.select(newOnes(items, later.items))),
        Fingerprint.of(allUsers, allItems, all));
  }

  private static int[] indexes(Vocabulary of, Vocabulary in) {
    return of.ids().stream().mapToInt(in::index).toArray();
  }

  private static int[] newOnes(Vocabulary known, Vocabulary later) {
    return IntStream.range(0, later.size())
        .filter(index -> !known.contains(later.id(index)))
        .toArray();
  }

  /** The same data with other features. */
  public Dataset withFeatures(Features ofUsers, Features ofItems) {
    return new Dataset(name, users, items, interactions, ofUsers, ofItems, fingerprint);
  }

  /** The same data under another name. */
  public Dataset withName(String newName) {
    return new Dataset(
        newName, users, items, interactions, userFeatures, itemFeatures, fingerprint);
  }
}
