package io.kindred.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PopularityTest {
  private static final Instant END = Instant.parse("2020-06-01T00:00:00Z");

  /** Item a: 3 users, one of them twice; b: 2 users, c: 1 user; days before the end. */
  private static final Dataset DATA =
      Dataset.of(
          "five",
          List.of(
              did("u1", "a", 100),
              did("u2", "a", 60),
              did("u2", "a", 0),
              did("u3", "a", 30),
              did("u1", "b", 10),
              did("u3", "b", 20),
              did("u3", "c", 31)));

  private static Interaction did(String user, String item, int daysAgo) {
    return new Interaction(user, item, 1f, END.minus(Duration.ofDays(daysAgo)), null);
  }

  private static float[] scores(Model model) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(Profile.unseen(History.empty()), scores);
    return scores;
  }

  private static Popularity.Fitted train(Popularity popularity) {
    return popularity.train(DATA, TrainingContext.defaults());
  }

  @Test
  void train_allTime_countsUsersOnce() {
    assertThat(scores(train(Popularity.ALL_TIME))).containsExactly(3f, 2f, 1f);
  }

  @Test
  void train_recent_countsLastTimesInsideTheWindow() {
    Popularity recent = new Popularity(Popularity.Mode.RECENT, 30, 1);
    assertThat(scores(train(recent))).containsExactly(2f, 2f, 0f);
  }

  @Test
  void train_decayed_halvesByAge() {
    Popularity decayed = new Popularity(Popularity.Mode.DECAYED, 1, 10);
    assertThat(scores(train(decayed)))
        .containsExactly(
            (float) (Math.pow(2, -10) + 1 + Math.pow(2, -3)),
            0.5f + 0.25f,
            (float) Math.pow(2, -3.1));
  }

  @Test
  void train_recentWithoutTimes_isRefused() {
    Dataset timeless = Dataset.of("timeless", List.of(new Interaction("u", "i", 1f)));
    assertThatThrownBy(
            () ->
                new Popularity(Popularity.Mode.RECENT, 30, 30)
                    .train(timeless, TrainingContext.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "popularity: mode 'recent' needs the times of the interactions, but 'timeless' has none; use mode"
                + " 'all-time'");
  }

  @Test
  void explain_item_saysCountAndRank() {
    Popularity.Fitted model = train(Popularity.ALL_TIME);
    assertThat(model.explain(Profile.unseen(History.empty()), 1, 3))
        .contains(new Explanation.Popular(2, 2, 2));
  }

  @Test
  void of_words_areTheRecord() {
    assertThat(Popularity.of(Parameters.of(Map.of("mode", "decayed", "halfLifeDays", "7"))))
        .isEqualTo(new Popularity(Popularity.Mode.DECAYED, 30, 7));
    assertThat(Popularity.of(Parameters.none())).isEqualTo(Popularity.ALL_TIME);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Popularity.of(Parameters.of(Map.of("windowDays", "0"))))
        .withMessage("windowDays must be above 0, got 0.0");
    assertThatThrownBy(() -> Popularity.of(Parameters.of(Map.of("window", "3"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("unknown hyperparameter 'window'");
  }
}
