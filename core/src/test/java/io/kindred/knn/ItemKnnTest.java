package io.kindred.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Neighbor;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.knn.ItemKnn.Neighborhood;
import io.kindred.similarity.Measure;
import io.kindred.similarity.Neighbors;
import io.kindred.similarity.SimilarityOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ItemKnnTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, (s, d, t, n) -> {});

  @Test
  void score_smallExample_isSumOfCosines() {
    // bread and butter go together for two of three, bread and jam for one
    Dataset data =
        Dataset.of(
            "breakfast",
            List.of(
                new Interaction("u", "bread", 1),
                new Interaction("u", "butter", 1),
                new Interaction("v", "bread", 1),
                new Interaction("v", "butter", 1),
                new Interaction("w", "bread", 1),
                new Interaction("w", "jam", 1)));
    ItemKnnModel model =
        new ItemKnn(100, SimilarityOptions.of(Measure.COSINE)).train(data, CONTEXT);

    float[] scores = scores(model, History.of(data.items().index("bread")));

    assertThat(scores[data.items().index("butter")])
        .isCloseTo(2 / (float) Math.sqrt(6), within(1e-6f));
    assertThat(scores[data.items().index("jam")])
        .isCloseTo(1 / (float) Math.sqrt(3), within(1e-6f));
    assertThat(scores[data.items().index("bread")])
        .isNaN(); // nothing of the history but itself leads to it
  }

  @Test
  void score_historyWithRepeats_countsTheLastValueOnce() {
    Dataset data = ratings(30, 20);
    ItemKnnModel model = ItemKnn.defaults().train(data, CONTEXT);
    History repeated = new History(new int[] {3, 5, 3}, new float[] {1, 4, 2}, new long[3]);
    History once = new History(new int[] {5, 3}, new float[] {4, 2}, new long[2]);
    assertThat(scores(model, repeated)).containsExactly(scores(model, once));
  }

  /** The formulas of the Javadoc, with lists that are cut and similarities of two directions. */
  @ParameterizedTest
  @EnumSource(Neighborhood.class)
  void score_listsThatAreCut_areThoseOfTheNeighborhood(Neighborhood neighborhood) {
    Dataset data = ratings(60, 30);
    SimilarityOptions similarity = SimilarityOptions.of(Measure.ASYMMETRIC_COSINE).withAlpha(0.2);
    ItemKnnModel model = new ItemKnn(4, neighborhood, similarity).train(data, CONTEXT);
    Neighbors lists = model.neighbors();
    int different = 0;
    for (int user = 0; user < 60; user++) {
      History history = data.interactions().history(user).distinct();
      float[] scores = scores(model, history);
      for (int item = 0; item < 30; item++) {
        double byCandidate = 0;
        double byHistory = 0;
        for (int h = 0; h < history.size(); h++) {
          int seen = history.items()[h];
          byCandidate += history.values()[h] * listed(lists, item, seen);
          byHistory += history.values()[h] * listed(lists, seen, item);
        }
        double sum = neighborhood == Neighborhood.CANDIDATE ? byCandidate : byHistory;
        different += Math.abs(byCandidate - byHistory) > 1e-3 ? 1 : 0;
        assertThat(Float.isNaN(scores[item]) ? 0 : scores[item])
            .isCloseTo((float) sum, within(1e-4f));
      }
    }
    assertThat(different).isGreaterThan(500);
  }

  private static double listed(Neighbors lists, int item, int other) {
    for (int p = lists.starts()[item]; p < lists.starts()[item + 1]; p++) {
      if (lists.indexes()[p] == other) {
        return lists.similarities()[p];
      }
    }
    return 0;
  }

  @Test
  void similarItems_bothNeighborhoods_areTheNearest() {
    Dataset data = ratings(60, 30);
    SimilarityOptions cosine = SimilarityOptions.of(Measure.COSINE);
    ItemKnnModel candidate = new ItemKnn(4, Neighborhood.CANDIDATE, cosine).train(data, CONTEXT);
    ItemKnnModel history = new ItemKnn(4, Neighborhood.HISTORY, cosine).train(data, CONTEXT);
    assertThat(candidate.similarItems(7, 10)).isEqualTo(history.similarItems(7, 10)).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(Neighborhood.class)
  void explain_anyItem_contributionsSumToTheScoreAndFallWithTheHistory(Neighborhood neighborhood) {
    Dataset data = ratings(60, 30);
    ItemKnnModel model =
        new ItemKnn(8, neighborhood, SimilarityOptions.of(Measure.COSINE)).train(data, CONTEXT);
    int explained = 0;
    for (int user = 0; user < 60; user++) {
      History history = data.interactions().history(user);
      float[] scores = scores(model, history);
      for (int item = 0; item < 30; item++) {
        var explanation = model.explain(new Profile(user, history), item, 3);
        assertThat(explanation.isEmpty()).isEqualTo(Float.isNaN(scores[item]));
        if (explanation.isPresent()) {
          explained++;
          var because = (Explanation.BecauseOfItems) explanation.get();
          double listed =
              because.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
          assertThat(because.score()).isCloseTo(scores[item], within(1e-4));
          assertThat(because.base() + listed + because.rest())
              .isCloseTo(because.score(), within(1e-9));

          float[] without = scores(model, without(data, history, because.reasons()));
          float left = Float.isNaN(without[item]) ? 0 : without[item];
          assertThat((double) left).isCloseTo(because.score() - listed, within(1e-4));
        }
      }
    }
    assertThat(explained).isGreaterThan(500);
  }

  @Test
  void similarItems_checkerboard_findsTheSameColor() {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 8; u++) {
      for (int i = u % 2; i < 8; i += 2) {
        board.add(new Interaction("u" + u, "i" + i, 1));
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    ItemKnnModel model =
        new ItemKnn(100, SimilarityOptions.of(Measure.COSINE)).train(data, CONTEXT);
    List<Neighbor> similar = model.similarItems(data.items().index("i3"), 10);
    assertThat(similar).extracting(Neighbor::id).containsExactlyInAnyOrder("i1", "i5", "i7");
    assertThat(similar)
        .allMatch(
            neighbor -> Math.abs(neighbor.similarity() - 1) < 1e-6 && neighbor.overlap() == 4);
    assertThat(model.similarItems(0, 0)).isEmpty();
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> ItemKnn.of(Parameters.of(Map.of("neighbours", "5"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("unknown hyperparameter 'neighbours'")
        .hasMessageContaining("neighbors");
    assertThatThrownBy(() -> ItemKnn.of(Parameters.of(Map.of("neighbors", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("item-knn: neighbors must be at least 1, got 0");
    assertThatThrownBy(() -> ItemKnn.of(Parameters.of(Map.of("similarity", "cosinus"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("adjusted-cosine");
  }

  static float[] scores(ItemKnnModel model, History history) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(Profile.unseen(history), scores);
    return scores;
  }

  private static History without(
      Dataset data, History history, List<Explanation.ItemReason> cited) {
    int[] left =
        Arrays.stream(history.items())
            .filter(
                item ->
                    cited.stream().noneMatch(reason -> data.items().index(reason.item()) == item))
            .toArray();
    float[] values = new float[left.length];
    for (int h = 0; h < left.length; h++) {
      for (int g = 0; g < history.size(); g++) {
        if (history.items()[g] == left[h]) {
          values[h] = history.values()[g];
        }
      }
    }
    return new History(left, values, new long[left.length]);
  }

  static Dataset ratings(int users, int items) {
    Random random = new Random(11);
    List<Interaction> all = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      all.add(new Interaction("u0", "i" + i, 1 + random.nextInt(5)));
    }
    for (int u = 1; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if (random.nextDouble() < 0.3) {
          all.add(new Interaction("u" + u, "i" + i, 1 + (u * i + random.nextInt(3)) % 5));
        }
      }
    }
    return Dataset.of("random ratings", all);
  }
}
