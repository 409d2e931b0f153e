package io.kindred.ingest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Reads times: numbers since 1970 whose size tells the unit, or ISO-8601. Keeps where each form was
 * first seen, so that a file which mixes them is noticed. Not thread-safe.
 */
final class TimeParser {
  /** What {@link #parse} gives for a value that is no time. */
  static final long BAD = Long.MIN_VALUE;

  static final String EXPECTED =
      "a time of 1970 or later: epoch seconds, milliseconds or microseconds, or ISO-8601 such as 2024-05-31T18:30:00Z";

  /** The place of ISO-8601 in {@link #firstLines}, after the units. */
  static final int ISO = TimeUnit.values().length;

  private static final TimeUnit[] UNITS = TimeUnit.values();
  private static final DateTimeFormatter ISO_8601 =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalStart()
          .appendPattern("[' ']")
          .appendPattern("[XXX][XX][X]")
          .optionalEnd()
          .optionalEnd()
          .toFormatter(java.util.Locale.ROOT);

  private final @Nullable TimeUnit fixed;
  private final long[] firstLines = new long[UNITS.length + 1];
  private final String[] firstValues = new String[UNITS.length + 1];

  TimeParser(@Nullable TimeUnit fixed) {
    this.fixed = fixed;
  }

  /** Epoch milliseconds, or {@link #BAD}. */
  long parse(byte[] bytes, int from, int to, long line) {
    if (to - from <= 18 && from < to) {
      long number = 0;
      int p = from;
      while (p < to && bytes[p] >= '0' && bytes[p] <= '9') {
        number = number * 10 + (bytes[p++] - '0');
      }
      if (p == to) {
        TimeUnit unit = fixed != null ? fixed : TimeUnit.of((double) number);
        if (number != 0) {
          seen(unit.place(), line, bytes, from, to);
        }
        return unit == TimeUnit.SECONDS && number > 100_000_000_000_000L
            ? BAD
            : unit.toMillis(number);
      }
    }
    return parseText(new String(bytes, from, to - from, StandardCharsets.UTF_8).strip(), line);
  }

  private long parseText(String text, long line) {
    double number = Numbers.parse(text);
    if (!Double.isNaN(number)) {
      if (number < 0 || Double.isInfinite(number)) {
        return BAD;
      }
      TimeUnit unit = fixed != null ? fixed : TimeUnit.of(number);
      double millis = unit == TimeUnit.SECONDS ? number * 1000 : number;
      if (millis > 9e18) {
        return BAD;
      }
      if (number != 0) {
        seen(unit.place(), line, text);
      }
      return unit.toMillis(number);
    }
    if (text.length() < 10 || text.length() > 40) {
      return BAD;
    }
    long millis = iso(text);
    if (millis < 0) {
      return BAD;
    }
    seen(ISO, line, text);
    return millis;
  }

  private static long iso(String text) {
    try {
      TemporalAccessor parsed =
          ISO_8601.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from, java.time.LocalDate::from);
      if (parsed instanceof OffsetDateTime withZone) {
        return withZone.toInstant().toEpochMilli();
      }
      if (parsed instanceof LocalDateTime local) {
        return local.toInstant(ZoneOffset.UTC).toEpochMilli();
      }
      Instant midnight = java.time.LocalDate.from(parsed).atStartOfDay().toInstant(ZoneOffset.UTC);
      return midnight.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return BAD;
    }
  }

  private void seen(int form, long line, byte[] bytes, int from, int to) {
    if (firstLines[form] == 0) {
      seen(form, line, new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
  }

  private void seen(int form, long line, String text) {
    if (firstLines[form] == 0) {
      firstLines[form] = line;
      firstValues[form] = text;
    }
  }

  /** Whether times of two forms or units were read. */
  boolean isMixed() {
    return forms() > 1;
  }

  private int forms() {
    int forms = 0;
    for (long first : firstLines) {
      forms += first > 0 ? 1 : 0;
    }
    return forms;
  }

  /** Takes over what another parser has seen; returns itself. */
  TimeParser merge(TimeParser other) {
    for (int form = 0; form < firstLines.length; form++) {
      if (other.firstLines[form] > 0) {
        seen(form, other.firstLines[form], other.firstValues[form]);
      }
    }
    return this;
  }

  /** The form of the times, for a person. */
  String display() {
    StringBuilder display = new StringBuilder();
    for (int form = 0; form < firstLines.length; form++) {
      if (firstLines[form] > 0) {
        display
            .append(display.isEmpty() ? "" : " and ")
            .append(form == ISO ? "ISO-8601" : UNITS[form].toString());
      }
    }
    return display.isEmpty() ? "epoch seconds" : display.toString();
  }

  /** Where the forms of a mixed file were first seen. */
  String displayPlaces() {
    StringBuilder display = new StringBuilder();
    for (int form = 0; form < firstLines.length; form++) {
      if (firstLines[form] > 0) {
        display
            .append(display.isEmpty() ? "" : ", ")
            .append("line ")
            .append(firstLines[form])
            .append(" has ")
            .append(Failures.quoted(firstValues[form]))
            .append(" (")
            .append(form == ISO ? "ISO-8601" : UNITS[form].toString())
            .append(')');
      }
    }
    return display.toString();
  }
}
