package io.kindred;

import io.kindred.data.Features;
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
}
