package io.kindred;

/**
 * A model whose score is the inner product of a vector of the query and a vector of the item, so
 * that an index of nearest vectors can answer it. Implemented by models. Thread-safe.
 */
public interface VectorModel {
  /** The length of the vectors. */
  int dimensions();

  /**
   * The vector of a person.
   *
   * @return shape {@code float[dimensions]}; all NaN where nothing is known of the person
   */
  float[] queryVector(Profile profile);

  /**
   * The vectors of all items, shape {@code float[items x dimensions]}, row-major; a copy. Items
   * that cannot be scored have zeros.
   */
  float[] itemVectors();
}
