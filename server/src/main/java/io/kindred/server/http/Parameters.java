package io.kindred.server.http;

import io.kindred.server.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the query parameters of one request and collects everything that is wrong with them. Not
 * thread-safe.
 */
final class Parameters {
  private final Map<String, List<String>> given;
  private final List<FieldError> errors = new ArrayList<>();

  /** The parameters that were given, and the names of those that the route knows. */
  Parameters(Map<String, List<String>> given, Set<String> known) {
    this.given = given;
    given.forEach(
        (name, values) -> {
          if (!known.contains(name)) {
            String expected =
                known.isEmpty()
                    ? "nothing: this address takes no parameters"
                    : "one of the parameters " + known.stream().sorted().toList();
            errors.add(new FieldError(null, Shorten.text(name), Shorten.text(name), expected));
          } else if (values.size() > 1) {
            errors.add(new FieldError(null, name, values.size() + " values", "one value"));
          }
        });
  }

  @Nullable String text(String name) {
    List<String> values = given.get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  /** The same, of at most so many characters. */
  @Nullable String text(String name, int longest) {
    String value = text(name);
    if (value != null && value.length() > longest) {
      errors.add(
          new FieldError(
              null, name, Shorten.text(value), "a text of at most " + longest + " characters"));
    }
    return value;
  }

  String required(String name, String expected) {
    String value = text(name);
    if (value == null) {
      errors.add(new FieldError(null, name, null, expected));
      return "";
    }
    return value;
  }

  int integer(String name, int standard, int least, int most) {
    String text = text(name);
    if (text == null) {
      return standard;
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    errors.add(
        new FieldError(
            null, name, Shorten.text(text), "a whole number from " + least + " to " + most));
    return standard;
  }

  /** Throws what was found wrong. */
  void finish() {
    if (!errors.isEmpty()) {
      FieldError first = errors.get(0);
      String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
      throw new Problem.Thrown(
          Problem.invalid(
              "parameter '" + first.parameter() + "' must be " + first.expected() + more, errors));
    }
  }
}
