package io.kindred.server.answer;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kindred.RecommendationList.ServedBy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers of the server, as they are written in JSON: {@code null} is left out. */
public final class Answers {
  private Answers() {}

  /**
   * An item as a person sees it.
   *
   * @param item its id
   * @param title its title, where the data has titles
   * @param image the address of its picture on this server, where there is one
   * @param features its properties by column: text, number or a list of tags; without title and
   *     picture
   * @param interactions how many interactions it has in the training data
   */
  public record Item(
      String item,
      @Nullable String title,
      @Nullable String image,
      Map<String, Object> features,
      @Nullable Integer interactions) {}

  /** Items found. */
  public record Items(String model, int total, List<Item> items) {}

  /**
   * A recommended item.
   *
   * @param score the model's score after boosts, on the model's own scale; {@code null} where
   *     popularity filled the place
   * @param rating what the person would give, on the scale of the data and clipped to it, where the
   *     model predicts ratings and scored the item
   * @param filled whether popularity filled this place because the model could say no more
   * @param explanation why, where that was asked for and can be said
   */
  public record Recommended(
      @JsonUnwrapped Item item,
      @Nullable Double score,
      @Nullable Double rating,
      boolean filled,
      @Nullable Reasons explanation) {}

  /**
   * What is recommended.
   *
   * @param servedBy {@code known-user}, {@code history} or {@code popularity}
   * @param unknownItems ids of the question that the model never saw
   * @param notes what a person should know of this answer, in sentences
   */
  public record Recommendations(
      String model,
      @Nullable String user,
      String servedBy,
      List<Recommended> items,
      List<String> unknownItems,
      List<String> notes) {}

  /**
   * Why an item is recommended: {@code base + contributions of reasons + rest = score}, and their
   * shares sum to 1. What is in {@code against} is a part of the rest.
   *
   * @param kind {@code items}, {@code users}, {@code features} or {@code popular}
   * @param sentence for a person
   * @param score the score that is explained
   * @param base what stands without the history
   * @param baseShare base / score; {@code null} where the score is 0
   * @param reasons what speaks for it, the strongest first
   * @param against what speaks against it, the strongest first
   * @param rest all else of the score, what speaks against it included
   * @param restShare rest / score; {@code null} where the score is 0
   * @param users of a popular item: how many people did it
   * @param rank of a popular item: its place by that count, 1 = first
   * @param looksLike what of the history looks most like the item, where the model looks at
   *     pictures and both have one
   */
  public record Reasons(
      String kind,
      String sentence,
      double score,
      @Nullable Double base,
      @Nullable Double baseShare,
      List<Reason> reasons,
      List<Reason> against,
      @Nullable Double rest,
      @Nullable Double restShare,
      @Nullable Integer users,
      @Nullable Integer rank,
      @Nullable Lookalike looksLike) {
    /** The same with what looks like the item. */
    Reasons looking(@Nullable Lookalike like) {
      return new Reasons(
          kind, sentence, score, base, baseShare, reasons, against, rest, restShare, users, rank,
          like);
    }
  }

  /**
   * An item of the history that looks like the recommended one.
   *
   * @param likeness how much, from 0 to 1
   */
  public record Lookalike(
      String item, @Nullable String title, @Nullable String image, double likeness) {}

  /**
   * Which pixels of an item's picture speak for it.
   *
   * @param width of the picture as the model sees it
   * @param height of the picture as the model sees it
   * @param score of the whole picture
   * @param values row by row; above 0 where the pixels speak for the item, below where against it
   */
  public record Saliency(
      String model,
      @Nullable String user,
      String item,
      int width,
      int height,
      double score,
      float[] values) {}

  /**
   * One reason.
   *
   * @param item of an item of the history: its id, with its title and picture
   * @param label of a similar person: "Person 1" by the place in the list
   * @param user of a similar person: the id, only where the server shows users
   * @param column of a shared feature: its column
   * @param feature of a shared feature: what is shared
   * @param value the value that the person gave (to the item of the history), or that the similar
   *     person gave (to the recommended item)
   * @param similarity how similar the item or person is
   * @param contribution what it adds to the score; below 0 where it speaks against the item
   * @param share contribution / score; {@code null} where the score is 0
   * @param shared of a similar person: items that both did
   */
  public record Reason(
      @Nullable String item,
      @Nullable String title,
      @Nullable String image,
      @Nullable String label,
      @Nullable String user,
      @Nullable String column,
      @Nullable String feature,
      @Nullable Double value,
      @Nullable Double similarity,
      double contribution,
      @Nullable Double share,
      @Nullable List<Item> shared) {}

  /**
   * Why one item would be recommended.
   *
   * @param rating what the person would give, where the model predicts ratings
   * @param explanation {@code null} where nothing in the history has to do with it
   */
  public record Explained(
      String model,
      @Nullable String user,
      Item item,
      @Nullable Double rating,
      @Nullable Reasons explanation,
      List<String> unknownItems,
      List<String> notes) {}

  /**
   * A similar item.
   *
   * @param similarity how similar, in the range of the model's similarity
   * @param overlap how many people did both; {@code null} where that was not counted
   */
  public record SimilarItem(
      @JsonUnwrapped Item item, double similarity, @Nullable Integer overlap) {}

  /** Items like an item. */
  public record SimilarItemList(String model, Item item, List<SimilarItem> similar) {}

  /**
   * A similar person.
   *
   * @param label "Person 1" by the place in the list
   * @param user the id, only where the server shows users
   * @param overlap how many items both did; {@code null} where that was not counted
   */
  public record SimilarUser(
      String label, @Nullable String user, double similarity, @Nullable Integer overlap) {}

  /** People like a person. */
  public record SimilarUserList(
      String model, String user, boolean anonymous, List<SimilarUser> similar) {}

  /** A user, with the number of interactions. */
  public record User(String user, @Nullable String title, int interactions) {}

  /** Users found; {@code total} is the number of users of the data. */
  public record Users(String model, int total, List<User> users) {}

  /**
   * One thing that a user did.
   *
   * @param value the rating or strength
   * @param time ISO 8601, where the data has times
   */
  public record Event(@JsonUnwrapped Item item, double value, @Nullable String time) {}

  /** A user with the newest part of the history, the newest last. */
  public record UserHistory(String model, String user, int interactions, List<Event> history) {}

  /**
   * A model in the list of models.
   *
   * @param description of the algorithm, one line
   * @param can what it can do beside recommending
   */
  public record ModelLine(
      String name,
      String algorithm,
      @Nullable String description,
      String dataset,
      boolean generated,
      List<String> can) {}

  /** The models of the server. */
  public record Models(String standard, List<ModelLine> models) {}

  /**
   * All that is known of a model.
   *
   * @param parameters the hyperparameters
   * @param metrics what was measured when it was trained
   * @param can what it can do: {@code explain}, {@code similar-items}, {@code similar-users},
   *     {@code ratings}
   */
  public record ModelCard(
      String name,
      String algorithm,
      @Nullable String description,
      Map<String, String> parameters,
      long seed,
      double trainingSeconds,
      String fingerprint,
      Map<String, Double> metrics,
      List<String> can,
      DataView data) {}

  static String nameOf(ServedBy servedBy) {
    return servedBy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
