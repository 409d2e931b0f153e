package io.kindred.factor;

/** How much an observation counts, from its value. */
public enum Weighting {
  /** As much as its value, without the sign: a rating, a count, the weight of an event. */
  VALUE,
  /** ln(1 + value), without the sign: for counts, of which few are very large. */
  LOG,
  /** 1, whatever the value; 0 where the value is 0. */
  BINARY;

  float of(float value) {
    return switch (this) {
      case VALUE -> Math.abs(value);
      case LOG -> (float) Math.log(1 + Math.abs((double) value));
      case BINARY -> value == 0 ? 0f : 1f;
    };
  }
}
