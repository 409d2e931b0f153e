package io.kindred;

import io.kindred.data.Dataset;

/**
 * An algorithm with its hyperparameters: a record, checked once in its constructor, that makes
 * models. Thread-safe.
 *
 * @param <M> the kind of model it makes
 */
public interface Trainer<M extends Model> {
  /** The name of the algorithm in recipes, on the command line and in bundles ("item-knn"). */
  String algorithm();

  /**
   * All hyperparameters by name, in the order of the record: {@code
   * AlgorithmRegistry.trainer(algorithm(), parameters())} equals this.
   */
  Parameters parameters();

  /**
   * The same trainer with a number for each hyperparameter that is left to the data ({@link
   * Parameters#AUTO}): what {@link #train} works with and the {@link ModelInfo} of its models says.
   * A trainer without such hyperparameters is its own answer.
   *
   * @throws KindredException if the data cannot train this algorithm
   */
  default Trainer<M> resolved(Dataset data) {
    return this;
  }

  /**
   * Trains a model. Neither the data nor this trainer changes.
   *
   * @throws KindredException if the data cannot train this algorithm, saying why and what would be
   *     right
   */
  M train(Dataset data, TrainingContext context);
}
