package io.kindred.data;

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
