package io.kindred.eval;

import io.kindred.KindredException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Among which items a model has to find the held-out ones. */
public sealed interface Candidates {
  /** The whole catalogue, less what the person has seen: the one to use. */
  Candidates ALL = new All();

  /** Items that nobody has in train, less what the person has seen. */
  Candidates COLD = new Cold();

  /** Items that somebody has in train, less what the person has seen. */
  Candidates WARM = new Warm();

  /** The form that {@link #parse} reads and that reports show: "all", "sampled(99,uniform)". */
  String spec();

  /** The whole catalogue, less what the person has seen. */
  record All() implements Candidates {
    @Override
    public String spec() {
      return "all";
    }
  }

  /**
   * Items that nobody has in train, less what the person has seen: how well new items find their
   * people. Only held-out items of that kind count, and people who have one.
   */
  record Cold() implements Candidates {
    @Override
    public String spec() {
      return "cold";
    }
  }

  /**
   * Items that somebody has in train, less what the person has seen. Only held-out items of that
   * kind count, and people who have one.
   */
  record Warm() implements Candidates {
    @Override
    public String spec() {
      return "warm";
    }
  }

  /**
   * The held-out items of the person and a sample of items that the person has not seen; all there
   * are if there are fewer. The sample of a person depends on the seed and the person only, so all
   * models see the same one.
   *
   * <p>Only for comparing with papers that did so: such figures do not rank models as the whole
   * catalogue does (Krichene and Rendle, "On Sampled Metrics for Item Recommendation", 2020).
   *
   * @param negatives the number of items, at least 1
   * @param by how they are drawn
   */
  record Sampled(int negatives, Draw by) implements Candidates {
    /** Checks the number. */
    public Sampled {
      if (negatives < 1) {
        throw new KindredException("sampled candidates must be at least 1, got " + negatives);
      }
    }

    @Override
    public String spec() {
      return "sampled(" + negatives + "," + by.name().toLowerCase(Locale.ROOT) + ")";
    }
  }

  /** How items are drawn. */
  enum Draw {
    /** Each with the same chance. */
    UNIFORM,
    /** In proportion to train interactions; where those run out, each with the same chance. */
    POPULARITY
  }

  /**
   * Reads candidates from their form in recipes and on the command line: {@code all}, {@code cold},
   * {@code warm}, {@code sampled(99)}, {@code sampled(99,popularity)}.
   *
   * @throws KindredException if it is none of these
   */
  static Candidates parse(String spec) {
    String text = spec.strip().toLowerCase(Locale.ROOT);
    for (Candidates named : List.of(ALL, COLD, WARM)) {
      if (text.equals(named.spec())) {
        return named;
      }
    }
    Matcher form =
        Pattern.compile("sampled\\s*\\(\\s*(\\d{1,9})\\s*(?:,\\s*(uniform|popularity)\\s*)?\\)")
            .matcher(text);
    if (!form.matches()) {
      throw new KindredException(
          "unknown candidates '"
              + spec
              + "'; known are all, cold, warm, sampled(99,uniform) and sampled(99,popularity)");
    }
    return new Sampled(
        Integer.parseInt(form.group(1)),
        "popularity".equals(form.group(2)) ? Draw.POPULARITY : Draw.UNIFORM);
  }

  /**
   * Reads several candidates, with commas between them: {@code all,cold,warm}.
   *
   * @throws KindredException if one is not known, or is there twice
   */
  static List<Candidates> parseAll(String specs) {
    List<Candidates> all =
        Arrays.stream(specs.split(",(?![^(]*\\))", -1)).map(Candidates::parse).toList();
    if (all.stream().distinct().count() < all.size()) {
      throw new KindredException("candidates '" + specs + "' name one kind twice");
    }
    return all;
  }
}
