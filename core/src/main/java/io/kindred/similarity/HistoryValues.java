package io.kindred.similarity;

/**
 * What an interaction weighs for models of weights between items. A value of 0 or less is a dislike
 * or nothing, and weighs nothing.
 */
public enum HistoryValues {
  /** 1 for each item with a value above 0. */
  BINARY,
  /** The value, where it is above 0. */
  VALUE;

  /** The weight of a value, at least 0; 0 for NaN. */
  public float of(float value) {
    if (!(value > 0)) {
      return 0f;
    }
    return this == BINARY ? 1f : value;
  }
}
