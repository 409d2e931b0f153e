package io.kindred;

/**
 * A model that takes in interactions which came after its training, without being trained again.
 * Implemented by models. Thread-safe.
 *
 * <p>The vector of an item is found from the people who did it as that of a person is found from a
 * history (fold-in): the same least squares with the sides exchanged. An update goes in this order:
 *
 * <ol>
 *   <li>the people of the delta are solved for, the items held still;
 *   <li>new items, and those with many new interactions, are solved for, the people held still;
 *   <li>the people of the delta are solved for again, now that the new items have vectors, and with
 *       them those whose vectors hang on an item that has moved.
 * </ol>
 *
 * <p>Models of weights between items have nothing of people, and go the second step alone. All else
 * stays as training left it. The cost is that of the rows that are solved for, and for some models
 * one pass over all vectors. What a model learns of the whole, as the taste of a factor, does not
 * move: after many updates, training anew is better.
 *
 * @see NewItems new items from their properties alone
 */
public interface IncrementalModel extends Model {
  /**
   * The model with the larger data; this one does not change. Indexes of users and items stay.
   *
   * @param update from {@link #data}, see {@link DatasetUpdate#of}
   * @throws IllegalArgumentException if the update is one of other data
   * @throws KindredException if a value of the new interactions cannot be learned from, naming user
   *     and item
   */
  IncrementalModel update(DatasetUpdate update, TrainingContext context);
}
