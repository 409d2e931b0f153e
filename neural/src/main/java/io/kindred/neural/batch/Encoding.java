package io.kindred.neural.batch;

import io.kindred.Parameters;
import java.util.Objects;

/**
 * What an item of a history weighs in a row over the catalogue. Items that are not in the history
 * weigh 0.
 *
 * <pre>
 * binary        1
 * count         how often it is in the history
 * value         the value of its last interaction
 * tf-idf        (1 + ln count) ln(1 + N / n)     n of the N people of the training did it
 * time-decayed  2^(-(newest - t) / halfLife)     t: its last time, newest: of this history
 * </pre>
 *
 * <p>Only count and tf-idf read how often an item was done; for the others repeats are as if only
 * the last one was there. An item that nobody did in the training has n = 1. Where a time is
 * unknown (0), an item weighs 1.
 *
 * @param kind the formula
 * @param halfLifeDays of time-decayed: the days after which an item weighs half, above 0
 */
public record Encoding(Kind kind, double halfLifeDays) {
  /** The formulas. */
  public enum Kind {
    /** Done or not. */
    BINARY,
    /** How often. */
    COUNT,
    /** The last value. */
    VALUE,
    /** Rare items weigh more (Sparck Jones, Journal of Documentation 28(1), 1972). */
    TF_IDF,
    /** Old items weigh less. */
    TIME_DECAYED
  }

  /** 1 for each item. */
  public static final Encoding BINARY = new Encoding(Kind.BINARY, 30);

  /** Checks the ranges. */
  public Encoding {
    Objects.requireNonNull(kind);
    if (!(halfLifeDays > 0) || Double.isInfinite(halfLifeDays)) {
      throw new IllegalArgumentException(
          "halfLifeDays must be a number above 0, got " + halfLifeDays);
    }
  }

  /** An encoding by name; what is missing is as in the defaults. */
  public static Encoding of(Parameters.Reader in, Encoding defaults) {
    return new Encoding(
        in.choice("encoding", defaults.kind), in.number("halfLifeDays", defaults.halfLifeDays));
  }

  /** Adds encoding and half-life by name. */
  public Parameters addTo(Parameters parameters) {
    return parameters.with("encoding", kind).with("halfLifeDays", halfLifeDays);
  }
}
