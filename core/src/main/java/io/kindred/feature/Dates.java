package io.kindred.feature;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;

/** Dates in texts. */
final class Dates {
  private static final List<DateTimeFormatter> FORMS =
      List.of(
          DateTimeFormatter.ISO_LOCAL_DATE,
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern("d-MMM-uuuu")
              .toFormatter(Locale.ROOT));

  private Dates() {}

  /**
   * Days since 1970 of a date: "1995-01-31", the same with a time after it, or "31-Jan-1995".
   *
   * @return NaN where the text is none
   */
  static float days(String text) {
    if (text.length() < 9 || text.length() > 40 || !Character.isDigit(text.charAt(0))) {
      return Float.NaN;
    }
    boolean timed = text.length() > 10 && (text.charAt(10) == 'T' || text.charAt(10) == ' ');
    String date = timed ? text.substring(0, 10) : text;
    for (DateTimeFormatter form : FORMS) {
      try {
        return LocalDate.parse(date, form).toEpochDay();
      } catch (DateTimeException e) {
        // the next form
      }
    }
    return Float.NaN;
  }

  static String text(float days) {
    return LocalDate.ofEpochDay((long) days).toString();
  }
}
