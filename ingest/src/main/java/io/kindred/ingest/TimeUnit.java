package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.Locale;

/** The unit of times that stand as numbers. */
public enum TimeUnit {
  /** Epoch seconds. */
  SECONDS(0, "epoch seconds"),
  /** Epoch milliseconds. */
  MILLISECONDS(1, "epoch milliseconds"),
  /** Epoch microseconds. */
  MICROSECONDS(2, "epoch microseconds"),
  /** Epoch nanoseconds. */
  NANOSECONDS(3, "epoch nanoseconds");

  private final int place;
  private final String display;

  TimeUnit(int place, String display) {
    this.place = place;
    this.display = display;
  }

  /**
   * The unit that a number of this size has: 10<sup>11</sup> seconds are in the year 5138, as
   * milliseconds in 1973.
   */
  static TimeUnit of(double time) {
    if (time < 1e11) {
      return SECONDS;
    }
    if (time < 1e14) {
      return MILLISECONDS;
    }
    return time < 1e17 ? MICROSECONDS : NANOSECONDS;
  }

  /**
   * The unit of a name: seconds, milliseconds, microseconds or nanoseconds.
   *
   * @throws KindredException if there is none
   */
  public static TimeUnit of(String name) {
    for (TimeUnit unit : values()) {
      if (unit.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
        return unit;
      }
    }
    throw new KindredException(
        "unknown unit of time '"
            + name
            + "'; known are seconds, milliseconds, microseconds, nanoseconds");
  }

  /** The place in an array that has one entry a unit. */
  int place() {
    return place;
  }

  long toMillis(long time) {
    return switch (this) {
      case SECONDS -> Math.multiplyExact(time, 1000L);
      case MILLISECONDS -> time;
      case MICROSECONDS -> time / 1000;
      case NANOSECONDS -> time / 1_000_000;
    };
  }

  long toMillis(double time) {
    return switch (this) {
      case SECONDS -> (long) (time * 1000);
      case MILLISECONDS -> (long) time;
      case MICROSECONDS -> (long) (time / 1000);
      case NANOSECONDS -> (long) (time / 1_000_000);
    };
  }

  @Override
  public String toString() {
    return display;
  }
}
