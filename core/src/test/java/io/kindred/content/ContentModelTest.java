package io.kindred.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.NewItems;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.feature.FeatureOptions;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentModelTest {
  private static final FeatureOptions FEATURES = FeatureOptions.DEFAULTS.withMinItems(1);
  private static final ContentKnn KNN = new ContentKnn(0, ContentKnn.Value.VALUE, FEATURES);

  @Test
  void score_history_isTheSumOfValueTimesCosine() {
    ContentModel model = train(KNN);
    History history = new History(new int[] {0, 1}, new float[] {5, 2}, new long[2]);
    float[] scores = scores(model, history);

    for (int item : new int[] {1, 2, 5}) {
      double expected = 5 * model.rows().cosine(0, item) + 2 * model.rows().cosine(1, item);
      assertThat(scores[item]).isEqualTo((float) expected, within(1e-5f));
      assertThat(expected).isPositive();
    }
    assertThat(scores[3]).isNaN(); // shares nothing
    assertThat(scores[4]).isNaN(); // nothing is known of it
    assertThat(scores(model, History.empty())).containsOnly(Float.NaN);
    assertThat(scores(model, History.of(4))).containsOnly(Float.NaN);
  }

  @Test
  void score_neighbors_keepsTheMostAlikeOfTheHistory() {
    ContentModel one = train(new ContentKnn(1, ContentKnn.Value.VALUE, FEATURES));
    ContentModel all = train(new ContentKnn(9, ContentKnn.Value.VALUE, FEATURES));
    History history = new History(new int[] {0, 1}, new float[] {5, 2}, new long[2]);

    assertThat(all.rows().cosine(0, 2)).isGreaterThan(all.rows().cosine(1, 2));
    assertThat(scores(one, history)[2])
        .isEqualTo((float) (5 * all.rows().cosine(0, 2)), within(1e-5f));
    float[] whole = scores(train(KNN), history);
    float[] nine = scores(all, history);
    for (int item = 0; item < whole.length; item++) {
      if (Float.isNaN(whole[item])) {
        assertThat(nine[item]).isNaN();
      } else {
        assertThat(nine[item]).isEqualTo(whole[item], within(1e-5f));
      }
    }
  }

  @Test
  void explain_sharedFeatures_addUpToTheScoreAndNameWhatIsShared() {
    for (int neighbors : new int[] {0, 1}) {
      ContentModel model = train(new ContentKnn(neighbors, ContentKnn.Value.VALUE, FEATURES));
      Profile profile =
          Profile.unseen(new History(new int[] {0, 1}, new float[] {5, 2}, new long[2]));
      float score = scores(model, profile.history())[2];
      Explanation.SharedFeatures why =
          (Explanation.SharedFeatures) model.explain(profile, 2, 10).orElseThrow();

      assertThat(why.score()).isEqualTo(score, within(1e-5));
      assertThat(why.rest()).isEqualTo(0, within(1e-9));
      assertThat(why.features().stream().mapToDouble(f -> f.contribution()).sum())
          .isEqualTo(score, within(1e-5));
      assertThat(why.features())
          .extracting(f -> f.column() + " " + f.value())
          .contains("title space", "genres sf", "kind film");
      Explanation.SharedFeatures first =
          (Explanation.SharedFeatures) model.explain(profile, 2, 1).orElseThrow();
      assertThat(first.features()).hasSize(1);
      assertThat(first.features().get(0).contribution() + first.rest())
          .isEqualTo(score, within(1e-5));

      Explanation.BecauseOfItems items = model.becauseOfItems(profile, 2, 5).orElseThrow();
      assertThat(items.score()).isEqualTo(score, within(1e-5));
      assertThat(items.reasons().get(0).item()).isEqualTo("a");
      assertThat(model.explain(profile, 3, 3)).isEmpty();
      assertThat(model.becauseOfItems(profile, 3, 3)).isEmpty();
    }
  }

  @Test
  void rocchio_dislikedItems_speakAgainst() {
    ContentModel model = train(new Rocchio(0.5, Double.NaN, 0, FEATURES));
    History history = new History(new int[] {0, 3}, new float[] {5, 1}, new long[2]);
    float[] scores = scores(model, history);
    assertThat(scores[2]).isEqualTo((float) model.rows().cosine(0, 2), within(1e-6f));
    assertThat(scores[3]).isEqualTo(-0.5f, within(1e-6f));
    // All values equal: all are liked, in equal parts.
    float[] equal = scores(model, History.of(0, 3));
    assertThat(equal[3]).isEqualTo(0.5f, within(1e-6f));
    // A threshold of 6: nothing is liked.
    float[] none = scores(train(new Rocchio(1, 6, 0, FEATURES)), history);
    assertThat(none[3]).isEqualTo(-0.5f, within(1e-6f));
  }

  @Test
  void rocchio_halfLife_letsOldItemsFade() {
    ContentModel model = train(new Rocchio(0, Double.NaN, 10, FEATURES));
    History history =
        new History(new int[] {0, 3}, new float[] {1, 1}, new long[] {0, 20 * 86_400});
    // 3 is new, 0 two half-lives old: weights 1/4 and 1 of 5/4.
    float[] scores = scores(model, history);
    assertThat(scores[3]).isEqualTo(0.8f, within(1e-6f));
    assertThat(scores[0]).isEqualTo(0.2f, within(1e-6f));
  }

  @Test
  void parameters_ofBoth_comeBackFromText() {
    for (Parameters parameters :
        List.of(
            new ContentKnn(7, ContentKnn.Value.CENTERED, FEATURES.withColumns("title:2,kind"))
                .parameters(),
            new Rocchio(0.5, 3.5, 30, FEATURES).parameters(),
            Rocchio.DEFAULTS.parameters())) {
      String name = parameters.asMap().containsKey("disliked") ? "rocchio" : "content-knn";
      assertThat(Algorithms.all().trainer(name, parameters).parameters()).isEqualTo(parameters);
    }
  }

  @Test
  void similarItems_mostAlike_comeFirst() {
    List<Neighbor> similar = train(KNN).similarItems(0, 5);
    assertThat(similar).extracting(Neighbor::id).startsWith("c").doesNotContain("a", "d", "e");
  }

  @Test
  void withItems_newItem_isScoredWithoutTrainingAndSavedWithTheRest(@TempDir Path folder) {
    ContentModel model = train(KNN);
    Features fresh =
        new Features(
            2,
            List.of(
                new FeatureColumn.Text("title", Arrays.asList("A new space war", null)),
                new FeatureColumn.Category(
                    "kind", new int[] {0, -1}, Vocabulary.of(List.of("film")))));
    Model more = ((NewItems) model).withItems(Vocabulary.of(List.of("new", "blank")), fresh);

    History history = History.of(0);
    float[] before = scores(model, history);
    float[] after = scores(more, history);
    assertThat(after).hasSize(8);
    assertThat(Arrays.copyOf(after, 6)).isEqualTo(before);
    assertThat(after[6]).isPositive();
    assertThat(after[7]).isNaN();
    assertThat(more.data().items().index("new")).isEqualTo(6);
    assertThat(more.data().itemFeatures().title(6)).contains("A new space war");
    assertThat(more.data().itemFeatures().column("genres").orElseThrow().display(6)).isNull();

    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(more, folder.resolve("bundle"));
    Model loaded = store.load(folder.resolve("bundle"));
    assertThat(scores(loaded, history)).isEqualTo(after);
    Model twice =
        ((NewItems) loaded)
            .withItems(
                Vocabulary.of(List.of("later")),
                new Features(1, fresh.select(new int[1]).columns()));
    assertThat(scores(twice, history)[8]).isEqualTo(after[6]);
    assertThatThrownBy(
            () -> ((NewItems) loaded).withItems(Vocabulary.of(List.of("new")), Features.none(1)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'new' is in the catalogue");
  }

  @Test
  void train_dataWithoutFeatures_scoresNothing() {
    Dataset bare = data().withFeatures(Features.none(1), Features.none(6));
    Model model = KNN.train(bare, TrainingContext.defaults());
    assertThat(scores(model, History.of(0))).containsOnly(Float.NaN);
  }

  private static float[] scores(Model model, History history) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(Profile.unseen(history), scores);
    return scores;
  }

  private static ContentModel train(io.kindred.Trainer<ContentModel> trainer) {
    return trainer.train(data(), TrainingContext.defaults());
  }

  /** a, c: space films; b: half like them; d: a cookery book; e: nothing known; f: a war film. */
  private static Dataset data() {
    Vocabulary items = Vocabulary.of(List.of("a", "b", "c", "d", "e", "f"));
    Features features =
        new Features(
            6,
            List.of(
                new FeatureColumn.Text(
                    "title",
                    Arrays.asList("Space War", "War Peace", "Space Travel", "Soup", null, "War")),
                new FeatureColumn.Category(
                    "kind", new int[] {0, 0, 0, 1, -1, 0}, Vocabulary.of(List.of("film", "book"))),
                new FeatureColumn.Tags(
                    "genres",
                    new int[] {0, 1, 2, 3, 4, 4, 4},
                    new int[] {0, 1, 0, 2},
                    Vocabulary.of(List.of("sf", "drama", "cookery")))));
    Interactions.Builder columns = Interactions.builder();
    columns.add(0, 0, 1f);
    return Dataset.of("small", Vocabulary.of(List.of("u")), items, columns.build(1, 6))
        .withFeatures(Features.none(1), features);
  }
}
