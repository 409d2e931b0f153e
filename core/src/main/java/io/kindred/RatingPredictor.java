package io.kindred;

/** Predicts ratings on the scale of the data. Implemented by models. Thread-safe. */
public interface RatingPredictor {
  /**
   * Predicts what a person would give to each of some items. Predictions are clipped to the scale
   * of the training data; where the model knows nothing better (unknown person without history,
   * item without ratings), the prediction falls back to its baseline.
   *
   * @param profile who is asked for
   * @param items item indexes
   * @return expected ratings, shape {@code float[items.length]}, all finite
   */
  float[] predict(Profile profile, int[] items);
}
