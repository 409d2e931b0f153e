package io.kindred.ingest;

import io.kindred.data.Dropped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person should know of the interactions that were read. Not thread-safe. */
final class ReadingNotes {
  private static final float[] SENTINELS = {0, -1, -9, 99, -99, 999, -999, 9999, -9999};
  private static final long FIRST_YEAR_END = 31_536_000_000L;

  private final List<String> notes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<Dropped> dropped = new ArrayList<>();

  List<String> notes() {
    return notes;
  }

  List<String> warnings() {
    return warnings;
  }

  List<Dropped> dropped() {
    return dropped;
  }

  void warn(String warning) {
    if (!warnings.contains(warning)) {
      warnings.add(warning);
    }
  }

  private static String count(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }

  void note(String format, Object... values) {
    notes.add(String.format(Locale.ROOT, format, values));
  }

  /** Says what was mended or left out. */
  void noteOf(InteractionSink.Counts counts) {
    if (counts.trimmed > 0) {
      note("spaces around %s were left off", count(counts.trimmed, "id"));
    }
    if (counts.marks > 0) {
      note("byte order marks before %s were left off", count(counts.marks, "row"));
    }
    if (counts.comments > 0) {
      note("%s with '#' in front left out as comments", count(counts.comments, "line"));
    }
    if (counts.headers > 0) {
      dropped.add(new Dropped("rows", counts.headers, "the header again"));
    }
    counts.missing.forEach(
        (value, count) ->
            dropped.add(
                new Dropped(
                    "interactions", count, "no rating (value '" + value + "', --missing)")));
  }

  /** Says how many records go over several lines: a quote too many swallows rows. */
  void noteOfSpanning(String file, DelimitedReader reader) {
    if (reader.spanning() > 0) {
      note(
          "%s: over several lines in quotes %s %s, the first from line %,d (text without quoting:"
              + " --quote none)",
          file,
          reader.spanning() == 1 ? "goes" : "go",
          count(reader.spanning(), "row"),
          reader.firstSpanning());
    }
  }

  /** Warns of times that are hardly meant. */
  void warnOfTimes(String column, Ranges ranges) {
    if (ranges.maxMillis() < FIRST_YEAR_END && ranges.maxMillis() > 0) {
      warn(
          "all times of '"
              + column
              + "' are in 1970 ("
              + Instant.ofEpochMilli(ranges.minMillis())
              + " to "
              + Instant.ofEpochMilli(ranges.maxMillis())
              + "): if it has no times, --time-column ''; if they have another unit, --time-unit");
    } else if (ranges.maxMillis() > System.currentTimeMillis() + FIRST_YEAR_END) {
      warn(
          "times of '"
              + column
              + "' go to "
              + Instant.ofEpochMilli(ranges.maxMillis())
              + ", in the future: if it has no times, --time-column ''; if they have another unit,"
              + " --time-unit");
    }
  }

  /**
   * Warns of a value that is apart from all others as "no rating" is: -1 below values of at least
   * 0, 99 or 999 far outside, 0 as the most frequent one below whole numbers up to 5 or 10.
   */
  void warnOfSentinels(String column, List<InteractionSink.Block> blocks) {
    long[] counts = new long[SENTINELS.length];
    long rows = 0;
    long halves = 0;
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    long[] whole = new long[11];
    for (InteractionSink.Block block : blocks) {
      for (int row = 0; row < block.size(); row++) {
        float value = block.value(row);
        int sentinel = sentinel(value);
        if (sentinel >= 0) {
          counts[sentinel]++;
        } else {
          min = Math.min(min, value);
          max = Math.max(max, value);
          if (value > 0 && value <= 10 && value == (int) value) {
            whole[(int) value]++;
          } else {
            halves++;
          }
        }
        rows++;
      }
    }
    long most = 0;
    for (long count : whole) {
      most = Math.max(most, count);
    }
    float span = max - min;
    for (int s = 0; s < SENTINELS.length; s++) {
      float value = SENTINELS[s];
      boolean apart = value > max + 2 * span || value < min - 2 * span;
      if (value == 0) {
        apart = min >= 1 && halves == 0 && (max == 5 || max == 10) && counts[s] > most;
      } else if (value == -1 || value == -9) {
        apart = min >= 0 && max > 1;
      }
      if (counts[s] > 0 && apart && span > 0) {
        warn(
            String.format(
                Locale.ROOT,
                "%,d of %,d values of '%s' are %.0f, the others %s to %s: if it means \"no"
                    + " rating\", leave it out: --missing %.0f",
                counts[s],
                rows,
                column,
                value,
                text(min),
                text(max),
                value));
      }
    }
  }

  private static int sentinel(float value) {
    for (int s = 0; s < SENTINELS.length; s++) {
      if (SENTINELS[s] == value) {
        return s;
      }
    }
    return -1;
  }

  static String text(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Float.toString(value);
  }
}
