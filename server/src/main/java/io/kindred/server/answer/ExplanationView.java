package io.kindred.server.answer;

import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.BecauseOfUsers;
import io.kindred.Explanation.FeatureReason;
import io.kindred.Explanation.ItemReason;
import io.kindred.Explanation.Popular;
import io.kindred.Explanation.SharedFeatures;
import io.kindred.Explanation.UserReason;
import io.kindred.explain.ExplanationText;
import io.kindred.server.answer.Answers.Item;
import io.kindred.server.answer.Answers.Reason;
import io.kindred.server.answer.Answers.Reasons;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Explanations as the server answers them. Thread-safe. */
final class ExplanationView {
  private final ExplanationText text;
  private final boolean showUsers;
  private final Function<String, Item> items;

  /**
   * A view.
   *
   * @param text says the sentences
   * @param showUsers whether similar people are named by their ids
   * @param items what is shown of an item, by id
   */
  ExplanationView(ExplanationText text, boolean showUsers, Function<String, Item> items) {
    this.text = text;
    this.showUsers = showUsers;
    this.items = items;
  }

  /**
   * An explanation as it is written in JSON.
   *
   * @param shown items by id, each of which is made once however often it is a reason
   */
  Reasons of(Explanation explanation, Map<String, Item> shown) {
    String sentence = text.sentence(explanation) + '.';
    if (explanation instanceof BecauseOfItems because) {
      double score = because.score();
      return reasons(
          "items",
          sentence,
          score,
          because.base(),
          because.reasons().stream().map(reason -> reason(reason, score, shown)).toList(),
          because.against().stream().map(reason -> reason(reason, score, shown)).toList(),
          because.rest());
    }
    if (explanation instanceof BecauseOfUsers because) {
      int reasons = because.reasons().size();
      return reasons(
          "users",
          sentence,
          because.score(),
          because.base(),
          people(because.reasons(), because.score(), 1, shown),
          people(because.against(), because.score(), 1 + reasons, shown),
          because.rest());
    }
    if (explanation instanceof SharedFeatures shared) {
      double score = shared.score();
      return reasons(
          "features",
          sentence,
          score,
          0,
          shared.features().stream().map(reason -> reason(reason, score)).toList(),
          shared.against().stream().map(reason -> reason(reason, score)).toList(),
          shared.rest());
    }
    Popular popular = (Popular) explanation;
    return new Reasons(
        "popular",
        sentence,
        popular.score(),
        null,
        null,
        List.of(),
        List.of(),
        null,
        null,
        popular.users(),
        popular.rank(),
        null);
  }

  private static Reasons reasons(
      String kind,
      String sentence,
      double score,
      double base,
      List<Reason> reasons,
      List<Reason> against,
      double rest) {
    return new Reasons(
        kind,
        sentence,
        score,
        base,
        share(base, score),
        reasons,
        against,
        rest,
        share(rest, score),
        null,
        null,
        null);
  }

  private List<Reason> people(
      List<UserReason> reasons, double score, int first, Map<String, Item> shown) {
    List<Reason> people = new ArrayList<>();
    for (UserReason reason : reasons) {
      people.add(reason(reason, score, "Person " + (first + people.size()), shown));
    }
    return people;
  }

  private Reason reason(ItemReason reason, double score, Map<String, Item> shown) {
    Item item = shown.computeIfAbsent(reason.item(), items);
    return new Reason(
        item.item(),
        item.title(),
        item.image(),
        null,
        null,
        null,
        null,
        reason.value(),
        reason.similarity(),
        reason.contribution(),
        share(reason.contribution(), score),
        null);
  }

  private Reason reason(UserReason reason, double score, String label, Map<String, Item> shown) {
    return new Reason(
        null,
        null,
        null,
        label,
        showUsers ? reason.user() : null,
        null,
        null,
        reason.value(),
        reason.similarity(),
        reason.contribution(),
        share(reason.contribution(), score),
        reason.shared().stream().map(id -> shown.computeIfAbsent(id, items)).toList());
  }

  private static Reason reason(FeatureReason reason, double score) {
    return new Reason(
        null,
        null,
        null,
        null,
        null,
        reason.column(),
        reason.value(),
        null,
        null,
        reason.contribution(),
        share(reason.contribution(), score),
        null);
  }

  private static @Nullable Double share(double part, double score) {
    return score == 0 ? null : part / score;
  }
}
