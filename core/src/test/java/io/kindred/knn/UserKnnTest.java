package io.kindred.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Neighbor;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.baseline.Bias;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.similarity.Measure;
import io.kindred.similarity.SimilarityOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserKnnTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, (s, d, t, n) -> {});

  @Test
  void score_smallExample_isWeightedSumOfTheNeighbors() {
    Dataset data =
        Dataset.of(
            "films",
            List.of(
                new Interaction("ann", "alien", 5),
                new Interaction("ann", "brazil", 4),
                new Interaction("ben", "alien", 4),
                new Interaction("ben", "casablanca", 5),
                new Interaction("cleo", "brazil", 2),
                new Interaction("cleo", "dune", 3)));
    UserKnnModel model = UserKnn.defaults().train(data, CONTEXT);
    float[] scores =
        scores(model, new Profile(data.users().index("ann"), data.interactions().history(0)));
    double withBen = 5 * 4 / Math.sqrt((25 + 16) * (16 + 25));
    double withCleo = 4 * 2 / Math.sqrt((25 + 16) * (4 + 9));
    assertThat((double) scores[data.items().index("casablanca")])
        .isCloseTo(5 * withBen, within(1e-5));
    assertThat((double) scores[data.items().index("dune")]).isCloseTo(3 * withCleo, within(1e-5));
  }

  @Test
  void score_knownUserFromTheQuery_isServedAsFromTheStore() {
    Dataset data = ItemKnnTest.ratings(50, 25);
    UserKnnModel model =
        new UserKnn(10, SimilarityOptions.of(Measure.PEARSON)).train(data, CONTEXT);
    History history = data.interactions().history(7);
    assertThat(scores(model, Profile.live(7, history)))
        .containsExactly(scores(model, new Profile(7, history)));
  }

  @Test
  void similarUsers_knownUser_leavesTheUserOut() {
    Dataset data = ItemKnnTest.ratings(50, 25);
    UserKnnModel model = UserKnn.defaults().train(data, CONTEXT);
    List<Neighbor> similar =
        model.similarUsers(new Profile(3, data.interactions().history(3)), 100);
    assertThat(similar).extracting(Neighbor::id).doesNotContain("u3").hasSizeGreaterThan(40);
    List<Neighbor> asUnseen = model.similarUsers(Profile.unseen(data.interactions().history(3)), 1);
    assertThat(asUnseen.get(0).id()).isEqualTo("u3");
    assertThat(asUnseen.get(0).similarity()).isCloseTo(1, within(1e-6));
    assertThat(asUnseen.get(0).overlap()).isEqualTo(data.interactions().userSize(3));
  }

  @Test
  void explain_anyItem_contributionsSumToTheScore() {
    Dataset data = ItemKnnTest.ratings(60, 30);
    UserKnnModel model = new UserKnn(8, SimilarityOptions.of(Measure.COSINE)).train(data, CONTEXT);
    for (int user = 0; user < 60; user++) {
      Profile profile = new Profile(user, data.interactions().history(user));
      float[] scores = scores(model, profile);
      for (int item = 0; item < 30; item++) {
        var explanation = model.explain(profile, item, 2);
        assertThat(explanation.isEmpty()).isEqualTo(Float.isNaN(scores[item]));
        if (explanation.isPresent()) {
          var because = (Explanation.BecauseOfUsers) explanation.get();
          double listed =
              because.reasons().stream().mapToDouble(Explanation.UserReason::contribution).sum();
          assertThat(because.score()).isCloseTo(scores[item], within(1e-4));
          assertThat(because.base() + listed + because.rest())
              .isCloseTo(because.score(), within(1e-9));
          assertThat(because.reasons()).allMatch(reason -> !reason.shared().isEmpty());
        }
      }
    }
  }

  @Test
  void predict_bothRatingModels_sumOfReasonsIsThePrediction() {
    Dataset data = ItemKnnTest.ratings(60, 30);
    for (Normalization normalization : Normalization.values()) {
      SimilarityOptions msd = SimilarityOptions.of(Measure.MSD);
      UserKnnRatingModel byUsers =
          new UserKnnRating(10, 2, normalization, msd).train(data, CONTEXT);
      ItemKnnRatingModel byItems =
          new ItemKnnRating(10, 2, 50, normalization, msd).train(data, CONTEXT);
      for (int user = 1; user < 60; user++) {
        Profile profile = new Profile(user, data.interactions().history(user));
        for (int item = 0; item < 30; item++) {
          var users = byUsers.explain(profile, item, 4);
          if (users.isPresent()) {
            double score = ((Explanation.BecauseOfUsers) users.get()).score();
            double clipped = Math.max(1, Math.min(5, score));
            assertThat((double) byUsers.predict(profile, new int[] {item})[0])
                .isCloseTo(clipped, within(1e-4));
          }
          var items = byItems.explain(profile, item, 4);
          if (items.isPresent()) {
            double score = ((Explanation.BecauseOfItems) items.get()).score();
            double clipped = Math.max(1, Math.min(5, score));
            assertThat((double) byItems.predict(profile, new int[] {item})[0])
                .isCloseTo(clipped, within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void predict_nothingKnown_fallsBackToTheBaseline() {
    Dataset data = ItemKnnTest.ratings(60, 30);
    Profile nobody = Profile.unseen(History.empty());
    float mean = mean(data);
    float[] byUsers =
        UserKnnRating.defaults().train(data, CONTEXT).predict(nobody, new int[] {0, 1, 2});
    float[] byItems =
        ItemKnnRating.defaults().train(data, CONTEXT).predict(nobody, new int[] {0, 1, 2});
    assertThat(byUsers).containsExactly(byItems);
    assertThat(byUsers[0]).isCloseTo(mean, within(1f));
  }

  @Test
  void train_allRatingsEqual_isRefused() {
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < 10; u++) {
      for (int i = u % 3; i < 10; i += 2) {
        all.add(new Interaction("u" + u, "i" + i, 3));
      }
    }
    Dataset data = Dataset.of("flat", all);
    SimilarityOptions options = SimilarityOptions.of(Measure.COSINE);
    Normalization normalization = Normalization.values()[0];
    for (Trainer<?> trainer :
        List.of(
            new UserKnnRating(5, 1, normalization, options),
            new ItemKnnRating(5, 1, 5, normalization, options),
            Bias.of(Parameters.none()))) {
      assertThatThrownBy(() -> trainer.train(data, CONTEXT))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("values of 'flat' are 3.0");
    }
  }

  private static float mean(Dataset data) {
    float sum = 0;
    for (float value : data.interactions().values()) {
      sum += value;
    }
    return sum / data.interactions().size();
  }

  private static float[] scores(UserKnnModel model, Profile profile) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(profile, scores);
    return scores;
  }
}
