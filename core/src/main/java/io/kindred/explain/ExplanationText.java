package io.kindred.explain;

import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.BecauseOfUsers;
import io.kindred.Explanation.FeatureReason;
import io.kindred.Explanation.ItemReason;
import io.kindred.Explanation.Popular;
import io.kindred.Explanation.Reason;
import io.kindred.Explanation.SharedFeatures;
import io.kindred.Explanation.UserReason;
import io.kindred.data.Dataset;
import io.kindred.data.RatingScale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Says an {@link Explanation} in English: one sentence, and the numbers under it.
 *
 * <p>Items appear by title where the data has titles. Whether the values are ratings, so that one
 * may speak of liking, and which of them are likings, the {@link RatingScale} of the data says;
 * anything else counts as signs of interest. Other people stay anonymous unless {@link
 * #withUserIds} is asked for.
 *
 * <p>How strongly it speaks is one rule for all forms: what is named as a cause adds at least a
 * tenth of the score together, and each of it a twentieth. Anything smaller is said to add a
 * little, and where nothing speaks for the item, the sentence says that. Immutable, thread-safe.
 */
public final class ExplanationText {
  private static final int NAMED = 2;
  private static final int NAMED_FEATURES = 3;
  private static final double CAUSE = 0.1; // of the score, all that is named together
  private static final double NAMED_CAUSE = CAUSE / 2; // each of it

  private final Dataset data;
  private final RatingScale scale;
  private final boolean ratings;
  private final boolean userIds;
  private final boolean predictions;

  private ExplanationText(Dataset data, RatingScale scale, boolean userIds, boolean predictions) {
    this.data = data;
    this.scale = scale;
    this.ratings = scale.ratings();
    this.userIds = userIds;
    this.predictions = predictions;
  }

  /** For explanations of a model that was trained on this data. Cost O(interactions). */
  public static ExplanationText of(Dataset data) {
    return of(data, RatingScale.of(data));
  }

  /** The same where the scale is known. */
  public static ExplanationText of(Dataset data, RatingScale scale) {
    return new ExplanationText(data, scale, false, false);
  }

  /** The same, naming neighbors by their ids. */
  public ExplanationText withUserIds() {
    return new ExplanationText(data, scale, true, predictions);
  }

  /**
   * The same for a model whose scores are predicted ratings: where their parts sum to more or less
   * than the scale has, a line says by how much.
   */
  public ExplanationText withPredictions() {
    return new ExplanationText(data, scale, userIds, true);
  }

  /**
   * The gist in one sentence without a full stop, such as "Because you liked Toy Story and
   * Aladdin"; "Mostly your history as a whole; Aladdin adds a little" where no reason adds a tenth
   * of the score.
   */
  public String sentence(Explanation explanation) {
    if (explanation instanceof BecauseOfItems items) {
      return sentence(items);
    } else if (explanation instanceof BecauseOfUsers users) {
      return sentence(users);
    } else if (explanation instanceof SharedFeatures features) {
      return sentence(features);
    } else if (explanation instanceof Popular popular) {
      return sentence(popular);
    }
    throw new IllegalStateException("an explanation of a new form: " + explanation);
  }

  /**
   * The numbers, one line a reason, the strongest first, one for all that is not listed, and those
   * against the item under a line of their own. Where nothing that is listed speaks against it and
   * there is no base, each line begins with its share of the score in percent; else with what it
   * adds to or takes from the score.
   */
  public List<String> details(Explanation explanation) {
    if (explanation instanceof BecauseOfItems items) {
      return lines(items.score(), items.base(), items.against().isEmpty())
          .add(items.reasons(), this::line)
          .rest(items.rest(), items.against(), "everything else")
          .against(items.against(), this::line);
    } else if (explanation instanceof BecauseOfUsers users) {
      return lines(users.score(), users.base(), users.against().isEmpty())
          .add(users.reasons(), this::line)
          .rest(users.rest(), users.against(), "other people with your taste")
          .against(users.against(), this::line);
    } else if (explanation instanceof SharedFeatures shared) {
      return lines(shared.score(), 0, shared.against().isEmpty())
          .add(shared.features(), ExplanationText::line)
          .rest(shared.rest(), shared.against(), "other features")
          .against(shared.against(), ExplanationText::line);
    } else if (explanation instanceof Popular popular) {
      return List.of(
          "place "
              + count(popular.rank())
              + " of "
              + count(data.items().size())
              + " by the number of people who "
              + (ratings ? "rated" : "chose")
              + " it");
    }
    throw new IllegalStateException("an explanation of a new form: " + explanation);
  }

  /** Whether a part of a score may be called a cause of it. */
  private static boolean isCause(double part, double score) {
    return part >= CAUSE * Math.abs(score);
  }

  /** The strongest reasons that may be called causes, none or {@code limit} at the most. */
  private static <R extends Reason> List<R> causes(List<R> reasons, double score, int limit) {
    List<R> named =
        reasons.stream()
            .filter(reason -> reason.contribution() >= NAMED_CAUSE * Math.abs(score))
            .limit(limit)
            .toList();
    double sum = named.stream().mapToDouble(Reason::contribution).sum();
    return isCause(sum, score) ? named : List.of();
  }

  private String sentence(BecauseOfItems because) {
    List<String> all = because.reasons().stream().map(ItemReason::item).toList();
    if (because.score() <= because.base()) {
      if (because.base() > 0) {
        return "On its own merit: your history does not speak for it";
      }
      return all.isEmpty()
          ? "Your history does not speak for it"
          : items(all)
              + (all.size() == 1 ? " speaks" : " speak")
              + " for it, the rest of the score does not";
    }
    if (all.isEmpty()) {
      return "Your history as a whole speaks for it, no single item does";
    }
    List<ItemReason> liked =
        because.reasons().stream().filter(reason -> scale.isLiking(reason.value())).toList();
    List<String> likedCauses = causes(liked, because.score());
    if (!likedCauses.isEmpty()) {
      return "Because you liked " + list(likedCauses);
    }
    List<String> causes = causes(because.reasons(), because.score());
    if (!causes.isEmpty()) {
      return (ratings ? "Because of how you rated " : "Because of your interest in ")
          + list(causes);
    }
    return (2 * because.base() > because.score()
            ? "Mostly on its own merit; "
            : "Mostly your history as a whole; ")
        + items(all)
        + (all.size() == 1 ? " adds a little" : " add a little");
  }

  private List<String> causes(List<ItemReason> reasons, double score) {
    return causes(reasons, score, NAMED).stream().map(reason -> title(reason.item())).toList();
  }

  private String sentence(BecauseOfUsers because) {
    List<UserReason> speaking = because.reasons();
    if (because.score() <= because.base()) {
      return because.base() > 0
          ? "On its own merit: people with your taste do not speak for it"
          : "People with your taste do not speak for it";
    }
    if (speaking.isEmpty()) {
      return "People with your taste as a whole speak for it, no single one does";
    }
    if (!isCause(because.score() - because.base(), because.score())) {
      return "Mostly on its own merit; people with your taste add a little";
    }
    long liking = speaking.stream().filter(reason -> scale.isLiking(reason.value())).count();
    String did =
        !ratings ? "chose it too" : 2 * liking >= speaking.size() ? "liked it too" : "rated it too";
    Map<String, Integer> shared = new LinkedHashMap<>();
    speaking.forEach(
        reason -> reason.shared().forEach(item -> shared.merge(item, 1, Integer::sum)));
    List<String> mostShared =
        shared.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    return "People "
        + (mostShared.isEmpty()
            ? "with your taste "
            : "who share your taste in " + items(mostShared) + " ")
        + did;
  }

  private static String sentence(SharedFeatures because) {
    List<String> all = features(because.features());
    if (all.isEmpty()) {
      return because.against().isEmpty()
          ? "Nothing that you know is like it"
          : "What it shares with what you know speaks against it";
    }
    if (because.score() <= 0) {
      return list(all)
          + (all.size() == 1 ? " speaks" : " speak")
          + " for it, the rest of the score does not";
    }
    List<String> causes = features(causes(because.features(), because.score(), NAMED_FEATURES));
    return causes.isEmpty()
        ? "It shares many small things with what you know, such as " + list(all)
        : "Because it shares " + list(causes) + " with what you know";
  }

  private static List<String> features(List<FeatureReason> reasons) {
    return reasons.stream().map(FeatureReason::value).distinct().limit(NAMED_FEATURES).toList();
  }

  private String sentence(Popular popular) {
    String people = popular.users() == 1 ? "1 person" : count(popular.users()) + " people";
    boolean amongTheFirst = popular.rank() <= Math.max(10, data.items().size() / 5);
    return (amongTheFirst ? "Popular: " : "") + people + (ratings ? " rated it" : " chose it");
  }

  /** The lines of one explanation, with what of its score lies beyond the scale. */
  private Lines lines(double score, double base, boolean nothingAgainst) {
    double clipped = predictions ? scale.clip((float) score) : score;
    double beyond = Math.abs(clipped - score) < 0.005 ? 0 : clipped - score;
    String text =
        "beyond the scale, which goes from "
            + number(scale.lowest())
            + " to "
            + number(scale.highest());
    return new Lines(score, base, nothingAgainst, beyond, text);
  }

  private String line(ItemReason reason) {
    return title(reason.item())
        + " ("
        + (ratings ? "you gave it " + number(reason.value()) + ", " : "")
        + "similarity "
        + decimal(reason.similarity())
        + ")";
  }

  private String line(UserReason reason) {
    String who = userIds ? "user " + reason.user() : "somebody";
    String shared =
        reason.shared().isEmpty() ? "" : " who shares " + items(reason.shared()) + " with you";
    return who
        + shared
        + " ("
        + (ratings ? "gave it " + number(reason.value()) + ", " : "")
        + "similarity "
        + decimal(reason.similarity())
        + ")";
  }

  private static String line(FeatureReason reason) {
    return reason.column() + ": " + reason.value();
  }

  private String items(List<String> ids) {
    return list(ids.stream().limit(NAMED).map(this::title).toList());
  }

  private String title(String id) {
    int index = data.items().index(id);
    return index < 0 ? id : data.itemFeatures().title(index).orElse(id);
  }

  /** "a", "a and b", "a, b and c". */
  private static String list(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }

  /** A rating: 4 or 3.5. */
  private static String number(double rating) {
    return rating == Math.rint(rating)
        ? String.format(Locale.ROOT, "%.0f", rating)
        : String.valueOf((float) rating);
  }

  /** Lines of one explanation, as shares where that has a meaning. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final double score;
    private final boolean shares;
    private final double beyond;
    private final String textOfBeyond;

    Lines(double score, double base, boolean nothingAgainst, double beyond, String textOfBeyond) {
      this.score = score;
      this.beyond = beyond;
      this.textOfBeyond = textOfBeyond;
      shares = base == 0 && score > 0 && nothingAgainst && beyond == 0;
      if (base != 0) {
        lines.add(decimal(base) + "  from how you and others rate in general");
      }
    }

    private void add(double contribution, String text) {
      String part =
          shares
              ? percent(100 * contribution / score)
              : String.format(Locale.ROOT, "%+.2f", contribution);
      lines.add(part + "  " + text);
    }

    private static String percent(double share) {
      return String.format(Locale.ROOT, share < 9.95 ? "%.1f %%" : "%.0f %%", share);
    }

    <R extends Reason> Lines add(List<R> reasons, Function<R, String> text) {
      reasons.forEach(reason -> add(reason.contribution(), text.apply(reason)));
      return this;
    }

    /** What is listed neither for nor against. */
    Lines rest(double rest, List<? extends Reason> against, String text) {
      double other = rest;
      for (Reason reason : against) {
        other -= reason.contribution();
      }
      if (Math.abs(other) > 0.0005 * Math.abs(score)) {
        add(other, text);
      }
      if (beyond != 0) {
        add(beyond, textOfBeyond);
      }
      return this;
    }

    <R extends Reason> List<String> against(List<R> against, Function<R, String> text) {
      if (!against.isEmpty()) {
        lines.add("Against it:");
        add(against, text);
      }
      return lines;
    }
  }
}
