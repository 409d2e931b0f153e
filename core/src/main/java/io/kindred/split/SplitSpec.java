package io.kindred.split;

import io.kindred.KindredException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads splitters from text, and what they share. */
final class SplitSpec {
  private static final Pattern FORM =
      Pattern.compile("\\s*([a-zA-Z_-]+)\\s*(?:\\(([^()]*)\\))?\\s*");

  private final String spec;
  private final List<String> arguments;

  private SplitSpec(String spec, List<String> arguments) {
    this.spec = spec;
    this.arguments = arguments;
  }

  static Splitter parse(String spec) {
    Matcher form = FORM.matcher(spec);
    if (!form.matches()) {
      throw unknown(spec);
    }
    String inside = form.group(2);
    List<String> arguments =
        inside == null || inside.isBlank()
            ? List.of()
            : Arrays.stream(inside.split(",", -1)).map(String::strip).toList();
    SplitSpec read = new SplitSpec(spec.strip(), arguments);
    return switch (form.group(1).toLowerCase(Locale.ROOT).replace('_', '-')) {
      case "leave-one-out" -> {
        read.expect(0, 0, "leave-one-out");
        yield new LeaveOneOut();
      }
      case "temporal" -> {
        read.expect(1, 2, "temporal(0.8), temporal(0.8,0.9) or temporal(2018-01-01)");
        yield new TemporalSplit(
            read.cut(0), arguments.size() > 1 ? Optional.of(read.cut(1)) : Optional.empty());
      }
      case "ratio" -> read.ratio();
      case "k-fold" -> {
        read.expect(1, 1, "k-fold(5)");
        yield new KFold(read.whole(0));
      }
      case "user-holdout" -> {
        read.expect(2, 3, "user-holdout(0.1,0.8) or user-holdout(0.1,0.8,0.1)");
        yield new UserHoldout(
            read.decimal(0), read.decimal(1), arguments.size() > 2 ? read.decimal(2) : 0);
      }
      case "cold-items" -> {
        read.expect(1, 3, "cold-items(0.2), cold-items(0.2,0.1) or cold-items(0.2,0.1,0.1)");
        yield new ColdItems(
            read.decimal(0),
            arguments.size() > 1 ? read.decimal(1) : 0,
            arguments.size() > 2 ? read.decimal(2) : 0);
      }
      case "new-items" -> {
        read.expect(1, 2, "new-items(0.8), new-items(0.8,0.9) or new-items(2018-01-01)");
        yield new NewItems(
            read.cut(0), arguments.size() > 1 ? Optional.of(read.cut(1)) : Optional.empty());
      }
      default -> throw unknown(spec);
    };
  }

  private Splitter ratio() {
    String last =
        arguments.isEmpty() ? "" : arguments.get(arguments.size() - 1).toLowerCase(Locale.ROOT);
    boolean named = last.equals("random") || last.equals("time");
    int shares = arguments.size() - (named ? 1 : 0);
    if (shares < 2 || shares > 3) {
      throw wrong("ratio(0.8,0.1,0.1,random), ratio(0.8,0.1,0.1,time) or ratio(0.8,0.2)");
    }
    RatioSplit.Order order = last.equals("time") ? RatioSplit.Order.TIME : RatioSplit.Order.RANDOM;
    return shares == 2
        ? new RatioSplit(decimal(0), 0, decimal(1), order)
        : new RatioSplit(decimal(0), decimal(1), decimal(2), order);
  }

  private void expect(int least, int most, String right) {
    if (arguments.size() < least || arguments.size() > most) {
      throw wrong(right);
    }
  }

  private KindredException wrong(String right) {
    return new KindredException(
        "split '" + spec + "' has wrong arguments; right would be " + right);
  }

  private double decimal(int at) {
    try {
      return Double.parseDouble(arguments.get(at));
    } catch (NumberFormatException e) {
      throw new KindredException(
          "split '" + spec + "': '" + arguments.get(at) + "' must be a number", e);
    }
  }

  private int whole(int at) {
    try {
      return Integer.parseInt(arguments.get(at));
    } catch (NumberFormatException e) {
      throw new KindredException(
          "split '" + spec + "': '" + arguments.get(at) + "' must be a whole number", e);
    }
  }

  private TemporalSplit.Cut cut(int at) {
    String text = arguments.get(at);
    try {
      double number = Double.parseDouble(text);
      return number >= 1
          ? new TemporalSplit.Cut.At((long) number)
          : new TemporalSplit.Cut.Share(number);
    } catch (NumberFormatException e) {
      try {
        Instant instant =
            text.contains("T") || text.contains("t")
                ? Instant.parse(text)
                : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        return new TemporalSplit.Cut.At(instant.getEpochSecond());
      } catch (DateTimeException notTime) {
        throw new KindredException(
            "split '"
                + spec
                + "': '"
                + text
                + "' must be a share (0.8), epoch seconds (1514764800), a date (2018-01-01) or a time (2018-01-01T12:00:00Z)",
            notTime);
      }
    }
  }

  private static KindredException unknown(String spec) {
    return new KindredException(
        "unknown split '"
            + spec
            + "'; known are leave-one-out, temporal(0.8), ratio(0.8,0.1,0.1,random), k-fold(5), user-holdout(0.1,0.8),"
            + " cold-items(0.2,0.1), new-items(0.8)");
  }

  /** A number as short as it can be written. */
  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** A random order of {@code [from, to)}. */
  static void shuffle(byte[] array, int from, int to, SplittableRandom random) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      byte moved = array[i];
      array[i] = array[j];
      array[j] = moved;
    }
  }
}
