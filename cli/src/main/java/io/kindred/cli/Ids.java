package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Query;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads ids from the command line, where commas separate ids and an equals sign stands before a
 * value, and both may be part of an id.
 *
 * <p>A text that is the id of something, or such an id with a value behind it, means that. Any
 * other text is a list: commas separate, and double quotes hold together what belongs together
 * ({@code "Elder Scrolls, The",Portal}; a double quote in quotes is written twice). Of several
 * equals signs the last one stands before the value.
 */
final class Ids {
  private Ids() {}

  /**
   * An id, and the number behind it.
   *
   * @param value {@code null} where there is none
   */
  record Valued(String id, @Nullable Double value) {}

  /**
   * The ids that some texts name, in their order.
   *
   * @throws IllegalArgumentException if a quote is not closed, or something stands behind it
   */
  static List<String> list(Collection<String> texts, Vocabulary known) {
    List<String> ids = new ArrayList<>();
    for (String text : texts) {
      if (known.contains(text)) {
        ids.add(text);
        continue;
      }
      for (String part : parts(text)) {
        int end = closing(part);
        if (end >= 0 && end < part.length()) {
          throw new IllegalArgumentException(
              "behind a quoted id must come a comma or nothing, got '" + part + "'");
        }
        ids.add(end < 0 ? part : unquoted(part, end));
      }
    }
    return ids;
  }

  /**
   * The events that some texts name, in their order; one without a value is "liked".
   *
   * @throws IllegalArgumentException if a quote is not closed, or something else than a number
   *     stands behind it
   */
  static List<Query.Event> events(Collection<String> texts, Vocabulary known) {
    List<Query.Event> events = new ArrayList<>();
    for (String text : texts) {
      Valued whole = valued(text, known);
      if (known.contains(whole.id())) {
        events.add(event(whole));
      } else {
        parts(text).forEach(part -> events.add(event(valued(part, known))));
      }
    }
    return events;
  }

  private static Query.Event event(Valued valued) {
    Double value = valued.value();
    if (value == null) {
      return Query.Event.liked(valued.id());
    }
    if (!Query.Event.isValue(value.floatValue())) {
      throw new KindredException(
          "the value of '" + valued.id() + "' must be a number from -1e15 to 1e15, got " + value);
    }
    return new Query.Event(valued.id(), value.floatValue(), 0L);
  }

  /**
   * The numbers that some texts give to ids, each as NAME=NUMBER.
   *
   * @param option the option that they stand behind, for messages
   * @throws IllegalArgumentException if a text is of another form, or names an id for the second
   *     time
   */
  static Map<String, Double> numbers(String option, Collection<String> texts) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String text : texts) {
      Valued valued = valued(text, Vocabulary.of(List.of()));
      Double number = valued.value();
      if (number == null) {
        throw new IllegalArgumentException(option + " must be NAME=NUMBER, got '" + text + "'");
      }
      if (numbers.put(valued.id(), number) != null) {
        throw new IllegalArgumentException(option + " names '" + valued.id() + "' twice");
      }
    }
    return numbers;
  }

  /**
   * The values that some texts demand of columns, each as COLUMN=VALUE, or as COLUMN&lt;VALUE and
   * the like.
   *
   * @param columns the columns there are: the longest name that fits is meant
   * @throws IllegalArgumentException if a text is of another form, or names a column for the second
   *     time
   */
  static Map<String, String> conditions(
      String option, Collection<String> texts, Collection<String> columns) {
    Map<String, String> conditions = new LinkedHashMap<>();
    for (String text : texts) {
      String column = "";
      for (String name : columns) {
        String rest = text.startsWith(name) ? text.substring(name.length()) : "";
        if (rest.matches("(?s)[=<>].*") && name.length() > column.length()) {
          column = name;
        }
      }
      if (column.isEmpty()) {
        column = text.substring(0, Math.max(0, text.indexOf('=')));
      }
      if (column.isEmpty()) {
        throw new IllegalArgumentException(option + " must be COLUMN=VALUE, got '" + text + "'");
      }
      String rest = text.substring(column.length());
      if (conditions.put(column, rest.startsWith("=") ? rest.substring(1) : rest) != null) {
        throw new IllegalArgumentException(
            option + " names the column '" + column + "' twice; one condition a column");
      }
    }
    return conditions;
  }

  /** An id with a number behind its last equals sign, or an id alone. */
  private static Valued valued(String text, Vocabulary known) {
    if (known.contains(text)) {
      return new Valued(text, null);
    }
    int end = text.startsWith("\"") && parts(text).size() == 1 ? closing(text) : -1;
    if (end == text.length()) {
      return new Valued(unquoted(text, end), null);
    }
    int equals = end < 0 ? text.lastIndexOf('=') : end;
    Double number =
        equals > 0 && text.charAt(equals) == '=' ? number(text.substring(equals + 1)) : null;
    if (number != null) {
      return new Valued(end < 0 ? text.substring(0, equals) : unquoted(text, end), number);
    }
    if (end >= 0) {
      throw new IllegalArgumentException(
          "behind a quoted id must come = and a number, a comma or nothing, got '" + text + "'");
    }
    return new Valued(text, null);
  }

  private static @Nullable Double number(String text) {
    try {
      double number = Double.parseDouble(text.strip());
      return Double.isFinite(number) ? (Double) number : null; // its range is the query's to check
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What stands between commas outside of quotes, without spaces around it; nothing empty. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int start = from;
      while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      int search = start;
      if (start < text.length() && text.charAt(start) == '"') {
        search = start + closing(text.substring(start));
      }
      int comma = text.indexOf(',', search);
      int end = comma < 0 ? text.length() : comma;
      String part = text.substring(start, Math.max(start, end)).strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      from = end + 1;
    }
    return parts;
  }

  /** Behind the quote that closes the one at the beginning; -1 where there is none there. */
  private static int closing(String text) {
    if (!text.startsWith("\"")) {
      return -1;
    }
    for (int at = 1; at < text.length(); at++) {
      if (text.charAt(at) == '"') {
        if (at + 1 == text.length() || text.charAt(at + 1) != '"') {
          return at + 1;
        }
        at++;
      }
    }
    throw new IllegalArgumentException("a quote is not closed in '" + text + "'");
  }

  private static String unquoted(String text, int end) {
    return text.substring(1, end - 1).replace("\"\"", "\"");
  }
}
