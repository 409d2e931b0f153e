package io.kindred.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.BecauseOfUsers;
import io.kindred.Explanation.FeatureReason;
import io.kindred.Explanation.ItemReason;
import io.kindred.Explanation.Popular;
import io.kindred.Explanation.SharedFeatures;
import io.kindred.Explanation.UserReason;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTextTest {
  private static final ExplanationText RATED = ExplanationText.of(titled(5f, 3f, 1f));
  private static final ExplanationText CHOSEN = ExplanationText.of(titled(1f, 1f, 1f));
  private static final ExplanationText PLAYED = ExplanationText.of(titled(1f, 40f, 7f));

  private static Dataset titled(float... values) {
    List<Interaction> all =
        List.of(
            new Interaction("u", "1", values[0]),
            new Interaction("u", "2", values[1]),
            new Interaction("v", "3", values[2]));
    return Dataset.of("three", all)
        .withFeatures(
            Features.none(2),
            new Features(
                3,
                List.of(new FeatureColumn.Text("title", List.of("Toy Story", "Aladdin", "Heat")))));
  }

  private static ItemReason item(String id, double value, double contribution) {
    return new ItemReason(id, value, 0.5, contribution);
  }

  /** Of any sign, in any order. */
  private static Explanation because(double score, double base, ItemReason... reasons) {
    return BecauseOfItems.of(score, base, List.of(reasons), 3);
  }

  @Test
  void sentence_likedItems_saysSo() {
    Explanation because = because(4, 0, item("1", 5, 2), item("2", 4, 1));
    assertThat(RATED.sentence(because)).isEqualTo("Because you liked Toy Story and Aladdin");
    assertThat(CHOSEN.sentence(because))
        .isEqualTo("Because of your interest in Toy Story and Aladdin");
    assertThat(PLAYED.sentence(because))
        .isEqualTo("Because of your interest in Toy Story and Aladdin");
  }

  @Test
  void sentence_lowRatedItem_isNotCalledLiked() {
    Explanation mixed = because(4, 0, item("1", 1, 2), item("2", 4, 1));
    assertThat(RATED.sentence(mixed)).isEqualTo("Because you liked Aladdin");
    Explanation low = because(2, 0, item("1", 1, 2));
    assertThat(RATED.sentence(low)).isEqualTo("Because of how you rated Toy Story");
  }

  @Test
  void sentence_nothingSpeaksForIt_saysSo() {
    Explanation against = because(3, 3.5, item("1", 5, -0.5));
    assertThat(RATED.sentence(against))
        .isEqualTo("On its own merit: your history does not speak for it");
    Explanation mixed = because(3.4, 3.5, item("1", 5, 0.5));
    assertThat(RATED.sentence(mixed))
        .isEqualTo("On its own merit: your history does not speak for it");
  }

  @Test
  void sentence_onlyTheRestSpeaksForIt_saysTheHistoryAsAWhole() {
    Explanation rest = because(3.6, 3.5, item("1", 1, -0.5));
    assertThat(RATED.sentence(rest))
        .isEqualTo("Your history as a whole speaks for it, no single item does");
  }

  @Test
  void sentence_moreSpeaksAgainst_saysSo() {
    Explanation mixed = because(-1, 0, item("1", 5, 2), item("2", 4, -3));
    assertThat(CHOSEN.sentence(mixed))
        .isEqualTo("Toy Story speaks for it, the rest of the score does not");
    Explanation all = because(-1, 0, item("1", 5, -1));
    assertThat(CHOSEN.sentence(all)).isEqualTo("Your history does not speak for it");
  }

  /** One rule for all forms: what adds less than a tenth of the score together is no cause. */
  @Test
  void sentence_lessThanATenthOfTheScore_isNotCalledACause() {
    Explanation tenth = because(10, 0, item("1", 5, 1), item("2", 5, 0.49));
    assertThat(RATED.sentence(tenth)).isEqualTo("Because you liked Toy Story");
    Explanation together = because(10, 0, item("1", 5, 0.51), item("2", 5, 0.5));
    assertThat(RATED.sentence(together)).isEqualTo("Because you liked Toy Story and Aladdin");
    Explanation disliked = because(10, 0, item("1", 5, 0.6), item("2", 1, 0.55));
    assertThat(RATED.sentence(disliked))
        .isEqualTo("Because of how you rated Toy Story and Aladdin");
    Explanation alone = because(10, 0, item("1", 5, 0.99), item("2", 5, 0.49));
    assertThat(RATED.sentence(alone))
        .isEqualTo("Mostly your history as a whole; Toy Story and Aladdin add a little");
    Explanation less = because(10, 0, item("1", 5, 0.04), item("2", 1, 0.03), item("3", 5, -1));
    for (ExplanationText text : List.of(RATED, CHOSEN)) {
      assertThat(text.sentence(less))
          .isEqualTo("Mostly your history as a whole; Toy Story and Aladdin add a little");
    }
    Explanation merit = because(3.8, 3.5, item("1", 5, 0.3));
    assertThat(RATED.sentence(merit)).isEqualTo("Mostly on its own merit; Toy Story adds a little");
    Explanation people =
        new BecauseOfUsers(
            3.8, 3.5, List.of(new UserReason("x", 0.5, 5, 0.3, List.of("1"))), List.of(), 0);
    assertThat(RATED.sentence(people))
        .isEqualTo("Mostly on its own merit; people with your taste add a little");
    Explanation features =
        new SharedFeatures(1, List.of(new FeatureReason("plot", "sea", 0.05)), List.of(), 0.95);
    assertThat(RATED.sentence(features))
        .isEqualTo("It shares many small things with what you know, such as sea");
  }

  @Test
  void of_anyReasons_areTwoListsWithTheStrongestFirst() {
    BecauseOfItems because =
        BecauseOfItems.of(
            0.5,
            List.of(
                item("a", 1, 1),
                item("b", 1, -2),
                item("c", 1, 0),
                item("d", 1, 3),
                item("e", 1, -4),
                item("f", 1, 2),
                item("g", 1, -1)),
            2);
    assertThat(because.reasons()).extracting(ItemReason::item).containsExactly("d", "f");
    assertThat(because.against()).extracting(ItemReason::item).containsExactly("e", "b");
    assertThat(because.score()).isEqualTo(-0.5);
    assertThat(because.base() + 3 + 2 + because.rest()).isEqualTo(because.score());
    assertThatThrownBy(() -> new BecauseOfItems(1, 0, List.of(item("a", 1, -1)), List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BecauseOfItems(1, 0, List.of(), List.of(item("a", 1, 1)), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void details_smallShares_haveADecimal() {
    Explanation because = because(100, 0, item("1", 5, 1.25));
    assertThat(CHOSEN.details(because))
        .containsExactly("1.3 %  Toy Story (similarity 0.50)", "99 %  everything else");
  }

  @Test
  void details_allSpeakForIt_areSharesThatSumToAHundred() {
    Explanation because = because(4, 0, item("1", 5, 2), item("2", 3.5, 1));
    assertThat(RATED.details(because))
        .containsExactly(
            "50 %  Toy Story (you gave it 5, similarity 0.50)",
            "25 %  Aladdin (you gave it 3.5, similarity 0.50)", "25 %  everything else");
    assertThat(CHOSEN.details(because)).first().isEqualTo("50 %  Toy Story (similarity 0.50)");
  }

  @Test
  void details_withBase_areDifferences() {
    Explanation because = because(3.9, 3.5, item("1", 5, 0.5), item("2", 1, -0.1));
    assertThat(RATED.details(because))
        .containsExactly(
            "3.50  from how you and others rate in general",
            "+0.50  Toy Story (you gave it 5, similarity 0.50)",
            "Against it:",
            "-0.10  Aladdin (you gave it 1, similarity 0.50)");
    Explanation more = because(2, 0, item("1", 5, 1.5), item("2", 1, -0.25));
    assertThat(CHOSEN.details(more))
        .containsExactly(
            "+1.50  Toy Story (similarity 0.50)",
            "+0.75  everything else",
            "Against it:",
            "-0.25  Aladdin (similarity 0.50)");
  }

  @Test
  void sentence_neighbors_stayAnonymous() {
    Explanation because =
        new BecauseOfUsers(
            2,
            0,
            List.of(
                new UserReason("mallory", 0.8, 5, 1, List.of("2", "1")),
                new UserReason("trent", 0.4, 4, 0.5, List.of("1"))),
            List.of(),
            0.5);
    assertThat(RATED.sentence(because))
        .isEqualTo("People who share your taste in Toy Story and Aladdin liked it too");
    assertThat(CHOSEN.sentence(because)).endsWith("chose it too");
    assertThat(RATED.details(because))
        .containsExactly(
            "50 %  somebody who shares Aladdin and Toy Story with you (gave it 5, similarity 0.80)",
            "25 %  somebody who shares Toy Story with you (gave it 4, similarity 0.40)",
            "25 %  other people with your taste");
    assertThat(RATED.withUserIds().details(because))
        .first()
        .asString()
        .startsWith("50 %  user mallory who");
  }

  @Test
  void sentence_neighborsWhoDislikedIt_areNotSaidToLikeIt() {
    Explanation because =
        new BecauseOfUsers(1, 0, List.of(new UserReason("x", 0.5, 1, 1, List.of())), List.of(), 0);
    assertThat(RATED.sentence(because)).isEqualTo("People with your taste rated it too");
  }

  @Test
  void sentence_features_namesThem() {
    Explanation because =
        new SharedFeatures(
            1,
            List.of(
                new FeatureReason("genres", "Comedy", 0.6),
                new FeatureReason("genres", "Drama", 0.4)),
            List.of(),
            0);
    assertThat(RATED.sentence(because))
        .isEqualTo("Because it shares Comedy and Drama with what you know");
    assertThat(RATED.details(because))
        .containsExactly("60 %  genres: Comedy", "40 %  genres: Drama");
  }

  @Test
  void sentence_popular_saysHowMany() {
    assertThat(RATED.sentence(new Popular(1, 2150, 1))).isEqualTo("Popular: 2,150 people rated it");
    assertThat(CHOSEN.sentence(new Popular(1, 1, 2))).isEqualTo("Popular: 1 person chose it");
    assertThat(RATED.sentence(new Popular(1, 3, 900))).isEqualTo("3 people rated it");
    assertThat(RATED.details(new Popular(1, 3, 2)))
        .containsExactly("place 2 of 3 by the number of people who rated it");
  }
}
