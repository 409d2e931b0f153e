package io.kindred;

import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;

/**
 * A model that can recommend items which came after its training, from their properties alone.
 * Implemented by models. Thread-safe.
 */
public interface NewItems {
  /**
   * The same model with more items in its catalogue. What was learned stays as it is; this model
   * does not change. The indexes of the new items go on behind those of the known ones, in their
   * order; nobody has an interaction with them.
   *
   * @param items ids of the new items
   * @param features their properties, in columns named as those of the training data; what is
   *     missing is not known
   * @throws KindredException if an item is in the catalogue already, naming it, or vectors have
   *     another number of dimensions than those of the training data
   */
  Model withItems(Vocabulary items, Features features);

  /**
   * Data with more items, of which nobody has done anything; their indexes go on behind those of
   * the known ones. For implementors. Cost O(ids + interactions).
   *
   * @param items ids of the new items
   * @param features their properties
   * @throws KindredException if an item is there already, naming it
   */
  static Dataset enlarged(Dataset data, Vocabulary items, Features features) {
    if (items.size() != features.size()) {
      throw new IllegalArgumentException(
          items.size() + " new items, but features of " + features.size());
    }
    for (String id : items.ids()) {
      if (data.items().contains(id)) {
        throw new KindredException("item '" + id + "' is in the catalogue of the model already");
      }
    }
    Interactions known = data.interactions();
    Vocabulary all = data.items().followedBy(items);
    Interactions wider =
        Interactions.ofColumns(
            all.size(),
            known.starts(),
            known.items(),
            known.values(),
            known.seconds(),
            known.timeBase(),
            known.types(),
            known.typeNames());
    return Dataset.of(data.name(), data.users(), all, wider)
        .withFeatures(data.userFeatures(), data.itemFeatures().followedBy(features));
  }
}
