package io.kindred;

import io.kindred.data.Dataset;

/**
 * Writes what a model learned as named arrays, and makes the model from them again. Ids, histories,
 * features and {@link ModelInfo} are kept by the store itself; a codec sees only what is the
 * model's own. Stateless.
 *
 * @param <M> the kind of model
 */
public interface ModelCodec<M extends Model> {
  /** Writes the model's own arrays. */
  void write(M model, ArrayWriter out);

  /**
   * Makes the model again; it scores bit by bit as the written one did.
   *
   * @throws KindredException if an array is missing or does not fit, naming it
   */
  M read(ModelInfo info, Dataset data, ArrayReader in);

  /**
   * The hyperparameters of a bundle, with those that did not exist yet when it was written, as they
   * were then in effect: a default that has changed since must not change what an old bundle says.
   * The store asks for them before {@link #read}.
   *
   * @param stored the hyperparameters that the bundle names
   * @return the same, where nothing has changed since
   */
  default Parameters completed(Parameters stored) {
    return stored;
  }
}
