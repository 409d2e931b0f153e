package io.kindred;

import io.kindred.data.Dataset;

/**
 * What training made: immutable and thread-safe. It carries the data that serving needs: ids,
 * histories, item features.
 *
 * <p>What else a model can do are interfaces beside this one: {@link RatingPredictor}, {@link
 * Explainer}, {@link SimilarItems}, {@link SimilarUsers}.
 */
public interface Model {
  /** Where the model comes from. */
  ModelInfo info();

  /** The data it was trained on: vocabularies, histories and features. */
  Dataset data();

  /** A scorer of its own for the calling thread. Cost O(items) memory at the most. */
  Scorer scorer();
}
