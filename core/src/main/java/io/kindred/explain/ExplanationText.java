package io.kindred.explain;

import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.BecauseOfUsers;
import io.kindred.Explanation.FeatureReason;
import io.kindred.Explanation.ItemReason;
import io.kindred.Explanation.Popular;
import io.kindred.Explanation.SharedFeatures;
import io.kindred.Explanation.UserReason;
import io.kindred.data.Dataset;
import io.kindred.data.ValueRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Says an {@link Explanation} in English: one sentence, and the numbers under it.
 *
 * <p>Items appear by title where the data has titles. Whether the values are ratings, so that one
 * may speak of liking, is told from the data: ratings differ, are multiples of a half, and lie
 * within 10 of 0; anything else counts as signs of interest. A rating is a liking where it is at
 * least the mean of all ratings. Other people stay anonymous unless {@link #withUserIds} is asked
 * for. Immutable, thread-safe.
 */
public final class ExplanationText {
  private static final int NAMED = 2;

  private final Dataset data;
  private final boolean ratings;
  private final double mean;
  private final boolean userIds;

  private ExplanationText(Dataset data, boolean ratings, double mean, boolean userIds) {
    this.data = data;
    this.ratings = ratings;
    this.mean = mean;
    this.userIds = userIds;
  }

  /** For explanations of a model that was trained on this data. Cost O(interactions). */
  public static ExplanationText of(Dataset data) {
    ValueRange range = ValueRange.of(data.interactions());
    boolean ratings = range.min() < range.max() && range.min() >= -10 && range.max() <= 10;
    double sum = 0;
    for (float value : data.interactions().values()) {
      ratings &= 2 * value == Math.rint(2 * value);
      sum += value;
    }
    return new ExplanationText(data, ratings, sum / Math.max(1, data.interactions().size()), false);
  }

  /** The same, naming neighbors by their ids. */
  public ExplanationText withUserIds() {
    return new ExplanationText(data, ratings, mean, true);
  }

  /**
   * The gist in one sentence without a full stop, such as "Because you liked Toy Story and
   * Aladdin".
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
   * The numbers, one line a reason, the strongest first, and one for all that is not listed. Where
   * all of the score comes from reasons that speak for the item, each line begins with its share of
   * the score in percent; else with what it adds to or takes from the score.
   */
  public List<String> details(Explanation explanation) {
    if (explanation instanceof BecauseOfItems items) {
      Lines lines =
          new Lines(
              items.score(),
              items.base(),
              items.reasons().stream().allMatch(r -> r.contribution() >= 0));
      items.reasons().forEach(reason -> lines.add(reason.contribution(), line(reason)));
      return lines.with(items.rest(), "the rest of your history");
    } else if (explanation instanceof BecauseOfUsers users) {
      Lines lines =
          new Lines(
              users.score(),
              users.base(),
              users.reasons().stream().allMatch(r -> r.contribution() >= 0));
      users.reasons().forEach(reason -> lines.add(reason.contribution(), line(reason)));
      return lines.with(users.rest(), "other people with your taste");
    } else if (explanation instanceof SharedFeatures features) {
      Lines lines =
          new Lines(
              features.score(),
              0,
              features.features().stream().allMatch(f -> f.contribution() >= 0));
      features
          .features()
          .forEach(
              shared -> lines.add(shared.contribution(), shared.column() + ": " + shared.value()));
      return lines.with(features.rest(), "other features");
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

  private String sentence(BecauseOfItems because) {
    List<ItemReason> speaking =
        because.reasons().stream().filter(reason -> reason.contribution() > 0).toList();
    if (because.score() <= because.base()) {
      return because.base() > 0
          ? "On its own merit: your history does not speak for it"
          : "Your history does not speak for it";
    }
    if (speaking.isEmpty()) {
      return "Because of your history as a whole";
    }
    if (!ratings) {
      return "Because of your interest in "
          + items(speaking.stream().map(ItemReason::item).toList());
    }
    List<String> liked =
        speaking.stream().filter(reason -> isLiked(reason.value())).map(ItemReason::item).toList();
    return liked.isEmpty()
        ? "Because of how you rated " + items(speaking.stream().map(ItemReason::item).toList())
        : "Because you liked " + items(liked);
  }

  private String sentence(BecauseOfUsers because) {
    List<UserReason> speaking =
        because.reasons().stream().filter(reason -> reason.contribution() > 0).toList();
    if (because.score() <= because.base()) {
      return because.base() > 0
          ? "On its own merit: people with your taste do not speak for it"
          : "People with your taste do not speak for it";
    }
    if (speaking.isEmpty()) {
      return "Because of people with your taste as a whole";
    }
    long liking = speaking.stream().filter(reason -> isLiked(reason.value())).count();
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
    List<String> speaking =
        because.features().stream()
            .filter(shared -> shared.contribution() > 0)
            .map(FeatureReason::value)
            .distinct()
            .limit(3)
            .toList();
    return speaking.isEmpty()
        ? "Nothing that you know is like it"
        : "Because it shares " + list(speaking) + " with what you know";
  }

  private String sentence(Popular popular) {
    String people = popular.users() == 1 ? "1 person" : count(popular.users()) + " people";
    boolean amongTheFirst = popular.rank() <= Math.max(10, data.items().size() / 5);
    return (amongTheFirst ? "Popular: " : "") + people + (ratings ? " rated it" : " chose it");
  }

  private boolean isLiked(double value) {
    return ratings && value >= mean;
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

    Lines(double score, double base, boolean allSpeakFor) {
      this.score = score;
      shares = base == 0 && score > 0 && allSpeakFor;
      if (base != 0) {
        lines.add(decimal(base) + "  from how you and others rate in general");
      }
    }

    void add(double contribution, String text) {
      String part =
          shares
              ? percent(100 * contribution / score)
              : String.format(Locale.ROOT, "%+.2f", contribution);
      lines.add(part + "  " + text);
    }

    private static String percent(double share) {
      return String.format(Locale.ROOT, share < 9.95 ? "%.1f %%" : "%.0f %%", share);
    }

    List<String> with(double rest, String text) {
      if (Math.abs(rest) > 0.0005 * Math.abs(score)) {
        add(rest, text);
      }
      return lines;
    }
  }
}
