package io.kindred.neural.train;

/** Checks of hyperparameters, with messages that name argument, range and value. */
public final class Checks {
  private Checks() {}

  /** At least a whole number. */
  public static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }

  /** In {@code [from, to]}. */
  public static void between(String name, double value, double from, double to) {
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          name + " must be in [" + from + ", " + to + "], got " + value);
    }
  }

  /** A finite number above 0. */
  public static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be a number above 0, got " + value);
    }
  }

  /** A probability with which something is dropped: in [0, 1). */
  public static void dropout(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
    }
  }
}
