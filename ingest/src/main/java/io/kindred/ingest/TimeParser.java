package io.kindred.ingest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads times: numbers since 1970 whose size tells the unit, dates as digits (YYYYMMDD, with hhmm
 * or hhmmss, or MMDD where a whole column has that form), or ISO-8601. Keeps where each form was
 * first seen, so that a file which mixes them is noticed. Not thread-safe.
 */
final class TimeParser {
  /** What {@link #parse} gives for a value that is no time. */
  static final long BAD = Long.MIN_VALUE;

  static final String EXPECTED =
      "a time from 1970 to 2099: epoch seconds, milliseconds or microseconds (told apart by their"
          + " size, or by --time-unit), a date such as 20240531, or ISO-8601 such as"
          + " 2024-05-31T18:30:00Z";

  static final String EXPECTED_MONTH_DAY =
      "month and day as four digits such as 0531, as the first rows have it (else name the unit:"
          + " --time-unit)";

  /** 2100-01-01: later times are bad rows. */
  private static final long END = 4_102_444_800_000L;

  /** The year of months and days without one; it has a 29 February. */
  private static final int NO_YEAR = 1972;

  /** The places of the forms in {@link #firstLines}, after the units. */
  private static final int ISO = TimeUnit.values().length;

  private static final int DATE = ISO + 1;
  private static final int DATE_TIME = ISO + 2;
  private static final int MONTH_DAY = ISO + 3;

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
  private final long[] firstLines = new long[MONTH_DAY + 1];
  private final String[] firstValues = new String[MONTH_DAY + 1];

  TimeParser(@Nullable TimeUnit fixed) {
    this.fixed = fixed;
  }

  /**
   * Epoch milliseconds, or {@link #BAD}.
   *
   * @param monthDay whether the column has months and days without a year
   */
  long parse(byte[] bytes, int from, int to, long line, boolean monthDay) {
    int start = from;
    int stop = to;
    while (start < stop && bytes[start] == ' ') {
      start++;
    }
    while (start < stop && bytes[stop - 1] == ' ') {
      stop--;
    }
    int digits = stop - start;
    if (digits > 0 && digits <= 18) {
      long number = 0;
      int p = start;
      while (p < stop && bytes[p] >= '0' && bytes[p] <= '9') {
        number = number * 10 + (bytes[p++] - '0');
      }
      if (p == stop) {
        if (monthDay && fixed == null) {
          long millis = digits == 4 ? date(NO_YEAR * 10_000L + number) : BAD;
          if (millis != BAD) {
            seen(MONTH_DAY, line, bytes, start, stop);
          }
          return millis;
        }
        long calendar = fixed == null ? calendar(number, digits) : BAD;
        if (calendar != BAD) {
          seen(digits == 8 ? DATE : DATE_TIME, line, bytes, start, stop);
          return calendar;
        }
        TimeUnit unit = fixed != null ? fixed : TimeUnit.of((double) number);
        if (number != 0) {
          seen(unit.place(), line, bytes, start, stop);
        }
        return unit == TimeUnit.SECONDS && number > 100_000_000_000_000L
            ? BAD
            : inRange(unit.toMillis(number));
      }
    }
    return parseText(new String(bytes, start, stop - start, StandardCharsets.UTF_8), line);
  }

  /** The time, or {@link #BAD} outside 1970 to 2099. */
  static long inRange(long millis) {
    return millis < 0 || millis >= END ? BAD : millis;
  }

  private long parseText(String text, long line) {
    double number = Numbers.parse(text);
    if (!Double.isNaN(number)) {
      if (number < 0 || Double.isInfinite(number)) {
        return BAD;
      }
      if (fixed == null && number == Math.rint(number) && number < 1e9) {
        long calendar = calendar((long) number, Long.toString((long) number).length());
        if (calendar != BAD) {
          seen(DATE, line, text);
          return calendar;
        }
      }
      TimeUnit unit = fixed != null ? fixed : TimeUnit.of(number);
      double millis = unit == TimeUnit.SECONDS ? number * 1000 : number;
      if (millis > 9e18) {
        return BAD;
      }
      if (number != 0) {
        seen(unit.place(), line, text);
      }
      return inRange(unit.toMillis(number));
    }
    if (text.length() < 10 || text.length() > 40) {
      return BAD;
    }
    long millis = inRange(iso(text));
    if (millis != BAD) {
      seen(ISO, line, text);
    }
    return millis;
  }

  /** The time of digits that read as YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss, or {@link #BAD}. */
  private static long calendar(long number, int digits) {
    return switch (digits) {
      case 8 -> inRange(date(number));
      case 12 -> dateTime(number / 10_000, number % 10_000 * 100);
      case 14 -> dateTime(number / 1_000_000, number % 1_000_000);
      default -> BAD;
    };
  }

  private static long dateTime(long date, long time) {
    long day = inRange(date(date));
    long hour = time / 10_000;
    long minute = time / 100 % 100;
    long second = time % 100;
    return day == BAD || hour > 23 || minute > 59 || second > 59
        ? BAD
        : day + ((hour * 60 + minute) * 60 + second) * 1000;
  }

  /** Midnight of YYYYMMDD, or {@link #BAD} where there is no such day. */
  private static long date(long number) {
    int year = (int) (number / 10_000);
    int month = (int) (number / 100 % 100);
    int day = (int) (number % 100);
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      return BAD;
    }
    try {
      return LocalDate.of(year, month, day).toEpochDay() * 86_400_000L;
    } catch (DateTimeException e) {
      return BAD;
    }
  }

  /** Whether a text is a date or date and time, as ISO-8601 or as digits. */
  static boolean isDate(String text) {
    return text.matches("[0-9]{8}|[0-9]{12}|[0-9]{14}")
        ? calendar(Long.parseLong(text), text.length()) != BAD
        : text.length() >= 10 && text.length() <= 40 && inRange(iso(text)) != BAD;
  }

  /** Whether a text is month and day as four digits. */
  static boolean isMonthDay(String text) {
    return text.matches("[0-9]{4}") && date(NO_YEAR * 10_000L + Long.parseLong(text)) != BAD;
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

  /** Forgets what was seen. */
  void clear() {
    Arrays.fill(firstLines, 0);
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

  private static String form(int form) {
    return form < ISO
        ? UNITS[form].toString()
        : form == ISO
            ? "ISO-8601"
            : form == DATE
                ? "dates YYYYMMDD"
                : form == DATE_TIME
                    ? "dates and times as digits"
                    : "month and day, MMDD, of any year (" + NO_YEAR + " stands for it)";
  }

  /** The form of the times, for a person. */
  String display() {
    StringBuilder display = new StringBuilder();
    for (int form = 0; form < firstLines.length; form++) {
      if (firstLines[form] > 0) {
        display.append(display.isEmpty() ? "" : " and ").append(form(form));
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
            .append(form(form))
            .append(')');
      }
    }
    return display.toString();
  }
}
