package io.kindred;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Hyperparameters by name, as text, on their way between a trainer's record and a recipe, a command
 * line or a bundle. Immutable.
 *
 * <p>Reading is strict: a {@link Reader} converts each value with its type and range, and refuses
 * names that nobody asked for, so that a wrong word is never swallowed.
 */
public final class Parameters {
  /** What stands for a number that training finds from the data. */
  public static final String AUTO = "auto";

  private static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, String> values;

  private Parameters(Map<String, String> values) {
    this.values = values;
  }

  /** No hyperparameters: all defaults. */
  public static Parameters none() {
    return NONE;
  }

  /** Hyperparameters from a map of names to texts, in its order. */
  public static Parameters of(Map<String, String> values) {
    return new Parameters(new LinkedHashMap<>(values));
  }

  /**
   * The same with one more value: numbers and enums are written so that reading gives them back
   * exactly.
   */
  public Parameters with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    String text = value instanceof Enum<?> constant ? nameOf(constant) : String.valueOf(value);
    more.put(name, text);
    return new Parameters(more);
  }

  /** The same with one more number, or with {@link #AUTO} where it is NaN. */
  public Parameters withAuto(String name, double value) {
    return with(name, Double.isNaN(value) ? AUTO : value);
  }

  /** All names and texts, in their order. */
  public Map<String, String> asMap() {
    return java.util.Collections.unmodifiableMap(values);
  }

  /** A reader of these hyperparameters for an algorithm, which stands in its error messages. */
  public Reader reader(String algorithm) {
    return new Reader(algorithm);
  }

  /**
   * Makes a trainer from these hyperparameters: names that it does not ask for, and what its record
   * refuses, are errors of the user's.
   *
   * @throws KindredException naming the algorithm
   */
  public <T> T read(String algorithm, Function<Reader, T> make) {
    Reader in = reader(algorithm);
    T trainer;
    try {
      trainer = make.apply(in);
    } catch (IllegalArgumentException e) {
      throw new KindredException(algorithm + ": " + e.getMessage(), e);
    }
    in.finish();
    return trainer;
  }

  /** The name of an enum constant in recipes: {@code PEARSON_BASELINE} is "pearson-baseline". */
  public static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }

  /**
   * Reads typed values once each, and at the end refuses names that were never asked for. Not
   * thread-safe.
   */
  public final class Reader {
    private final String algorithm;
    private final TreeSet<String> asked = new TreeSet<>();

    private Reader(String algorithm) {
      this.algorithm = algorithm;
    }

    private Optional<String> text(String name) {
      asked.add(name);
      return Optional.ofNullable(values.get(name));
    }

    private KindredException wrong(String name, String expected) {
      return new KindredException(
          algorithm
              + ": hyperparameter '"
              + name
              + "' must be "
              + expected
              + ", got '"
              + values.get(name)
              + "'");
    }

    /** A whole number. */
    public int integer(String name, int defaultValue) {
      return text(name)
          .map(
              text -> {
                try {
                  return Integer.parseInt(text.strip());
                } catch (NumberFormatException e) {
                  throw wrong(name, "a whole number");
                }
              })
          .orElse(defaultValue);
    }

    /** A finite number. */
    public double number(String name, double defaultValue) {
      return text(name)
          .map(text -> finite(text).orElseThrow(() -> wrong(name, "a finite number")))
          .orElse(defaultValue);
    }

    private static Optional<Double> finite(String text) {
      try {
        return Optional.of(Double.parseDouble(text.strip())).filter(Double::isFinite);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    /** A finite number; NaN for {@link Parameters#AUTO}. */
    public double numberOrAuto(String name, double defaultValue) {
      return text(name)
          .map(
              text -> {
                if (text.strip().equalsIgnoreCase(AUTO)) {
                  return Double.NaN;
                }
                return finite(text)
                    .orElseThrow(() -> wrong(name, "a finite number or '" + AUTO + "'"));
              })
          .orElse(defaultValue);
    }

    /** "true" or "false". */
    public boolean flag(String name, boolean defaultValue) {
      return text(name)
          .map(
              text ->
                  switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(name, "true or false");
                  })
          .orElse(defaultValue);
    }

    /** Any text. */
    public String string(String name, String defaultValue) {
      return text(name).orElse(defaultValue);
    }

    /**
     * One of the constants of an enum, by {@link Parameters#nameOf}, upper or lower case, with '-'
     * or '_'.
     */
    public <E extends Enum<E>> E choice(String name, E defaultValue) {
      return text(name)
          .map(
              text -> {
                String wanted = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
                E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
                for (E constant : constants) {
                  if (constant.name().equals(wanted)) {
                    return constant;
                  }
                }
                throw wrong(
                    name, "one of " + Arrays.stream(constants).map(Parameters::nameOf).toList());
              })
          .orElse(defaultValue);
    }

    /**
     * Refuses what was never asked for.
     *
     * @throws KindredException naming the unknown name and all known ones
     */
    public void finish() {
      for (String name : values.keySet()) {
        if (!asked.contains(name)) {
          throw new KindredException(
              algorithm
                  + ": unknown hyperparameter '"
                  + name
                  + "'; known are "
                  + String.join(", ", asked));
        }
      }
    }
  }
}
