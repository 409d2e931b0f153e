package io.kindred.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.RecommendationList.ServedBy;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.baseline.Bias;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import io.kindred.data.Vocabulary;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.ItemKnnRating;
import io.kindred.knn.UserKnn;
import io.kindred.knn.UserKnnRating;
import io.kindred.rating.SvdPlusPlus;
import io.kindred.similarity.Baselines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ModelRecommenderTest {
  /** Two tastes: a, b, c and x, y; users 1 to 3 and 4 to 5; z is only there by user 6. */
  private static final Dataset DATA =
      data("1 a b", "2 a b c", "3 b c", "4 x y", "5 x", "6 z")
          .withFeatures(
              Features.none(6),
              new Features(
                  6,
                  List.of(
                      new FeatureColumn.Text(
                          "title", List.of("Ape", "Bee", "Cat", "Xerus", "Yak", "Zebra")),
                      new FeatureColumn.Category(
                          "class",
                          new int[] {0, 1, 0, 0, 0, -1},
                          Vocabulary.of(List.of("mammal", "insect"))),
                      new FeatureColumn.Tags(
                          "color",
                          new int[] {0, 1, 3, 3, 4, 5, 7},
                          new int[] {0, 1, 0, 2, 2, 0, 3},
                          Vocabulary.of(List.of("black", "yellow", "brown", "white"))),
                      new FeatureColumn.Numeric("legs", new float[] {2, 6, 4, 4, 4, Float.NaN}))));

  private static final ModelRecommender ITEM_KNN =
      ModelRecommender.of(ItemKnn.defaults().train(DATA, TrainingContext.defaults()));
  private static final ModelRecommender POPULAR =
      ModelRecommender.of(Popularity.ALL_TIME.train(DATA, TrainingContext.defaults()));

  private static Dataset data(String... histories) {
    List<Interaction> all = new ArrayList<>();
    for (String history : histories) {
      String[] words = history.split(" ");
      for (int w = 1; w < words.length; w++) {
        all.add(new Interaction(words[0], words[w], 1f));
      }
    }
    return Dataset.of("animals", all);
  }

  private static List<String> ids(RecommendationList list) {
    return list.items().stream().map(RecommendationList.Item::item).toList();
  }

  @Test
  void recommend_knownUser_unseenItemsOfTheModelThenPopularOnes() {
    RecommendationList list = ITEM_KNN.recommend(Query.ofUser("1"));
    assertThat(list.servedBy()).isEqualTo(ServedBy.KNOWN_USER);
    assertThat(list.unknownItems()).isEmpty();
    assertThat(ids(list)).containsExactly("c", "x", "y", "z");
    assertThat(list.items())
        .extracting(RecommendationList.Item::filled)
        .containsExactly(false, true, true, true);
    double best = list.items().get(0).score();
    assertThat(list.items())
        .extracting(RecommendationList.Item::score)
        .containsExactly(best, best - 1, best - 2, best - 3);
  }

  @Test
  void recommend_withoutFilling_endsWithTheModel() {
    assertThat(ids(ITEM_KNN.withoutFilling().recommend(Query.ofUser("1")))).containsExactly("c");
  }

  @Test
  void recommend_nobodyKnown_isPopularity() {
    for (Query query :
        List.of(
            Query.ofUser("stranger"),
            Query.ofItems(List.of()),
            Query.ofItems(List.of("nonsense")))) {
      RecommendationList list = ITEM_KNN.recommend(query, 3);
      assertThat(list.servedBy()).isEqualTo(ServedBy.POPULARITY);
      assertThat(ids(list)).containsExactly("b", "a", "c", "x", "y", "z");
      assertThat(list.items().get(0).score()).isEqualTo(3);
      assertThat(list.items().get(0).filled()).isTrue();
      assertThat(list.items().get(0).explanation()).contains(new Explanation.Popular(3, 3, 1));
    }
    assertThat(ITEM_KNN.recommend(Query.ofItems(List.of("nonsense"))).unknownItems())
        .containsExactly("nonsense");
    assertThat(ITEM_KNN.withoutFilling().recommend(Query.ofUser("stranger")).items()).isEmpty();
  }

  @Test
  void recommend_history_standsForTheStoredOne() {
    Query query = Query.ofUser("1").withHistory(List.of(new Query.Event("x", 1f, 0)));
    RecommendationList list = ITEM_KNN.recommend(query);
    assertThat(list.servedBy()).isEqualTo(ServedBy.HISTORY);
    assertThat(ids(list)).startsWith("y").contains("a", "b").doesNotContain("x");
  }

  @Test
  void recommend_unknownIds_areNamedOnceAndPassedOver() {
    Query query =
        Query.ofItems(List.of("new2", "a", "new1", "a", "new2"))
            .withFilter(new Query.Filter(true, Set.of("q", "b"), null, Map.of()))
            .withBoosts(Map.of("p", 2.0));
    RecommendationList list = ITEM_KNN.recommend(query);
    assertThat(list.unknownItems()).containsExactly("new2", "new1", "q", "p");
    assertThat(ids(list)).startsWith("c").doesNotContain("a", "b");
  }

  @Test
  void recommend_repeatsInHistory_countOnce() {
    assertThat(ITEM_KNN.recommend(Query.ofItems(List.of("a", "a", "a"))))
        .isEqualTo(ITEM_KNN.recommend(Query.ofItems(List.of("a"))));
  }

  @Test
  void recommend_numbersOfItems_areKept() {
    assertThat(ITEM_KNN.recommend(Query.ofUser("1").withN(0)).items()).isEmpty();
    assertThat(ITEM_KNN.recommend(Query.ofUser("1").withN(0)).servedBy())
        .isEqualTo(ServedBy.KNOWN_USER);
    assertThat(ITEM_KNN.recommend(Query.ofUser("1").withN(2)).items()).hasSize(2);
    assertThat(ITEM_KNN.recommend(Query.ofUser("1").withN(Integer.MAX_VALUE)).items()).hasSize(4);
  }

  @Test
  void recommend_everythingSeen_isEmpty() {
    List<String> all = DATA.items().ids();
    assertThat(ITEM_KNN.recommend(Query.ofItems(all)).items()).isEmpty();
    assertThat(ITEM_KNN.recommend(Query.ofItems(all).withFilter(Query.Filter.ALL)).items())
        .hasSize(6);
  }

  @Test
  void recommend_filterByFeatures_keepsWhatHasThemAll() {
    assertThat(ids(POPULAR.recommend(filtered(Map.of("class", "mammal")))))
        .containsExactly("a", "c", "x", "y");
    assertThat(ids(POPULAR.recommend(filtered(Map.of("color", "black")))))
        .containsExactly("b", "a", "z");
    assertThat(ids(POPULAR.recommend(filtered(Map.of("legs", "4", "color", "brown")))))
        .containsExactly("x", "y");
    assertThat(ids(POPULAR.recommend(filtered(Map.of("color", "green"))))).isEmpty();
    assertThatThrownBy(() -> POPULAR.recommend(filtered(Map.of("size", "big"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("no item feature 'size' to filter by; there are [title, class, color, legs]");
  }

  @Test
  void recommend_filterByNumbers_compares() {
    assertThat(ids(POPULAR.recommend(filtered(Map.of("legs", "<4"))))).containsExactly("a");
    assertThat(ids(POPULAR.recommend(filtered(Map.of("legs", ">=4")))))
        .containsExactly("b", "c", "x", "y");
    assertThat(ids(POPULAR.recommend(filtered(Map.of("legs", "4.0..6", "color", "black")))))
        .containsExactly("b");
    assertThatThrownBy(() -> POPULAR.recommend(filtered(Map.of("legs", "<many"))))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "item feature 'legs' must be a number, a comparison such as <20 or >=5, or a range"
                + " such as 10..20 (the column holds numbers), got '<many'");
  }

  @Test
  void recommend_eventsWithoutValue_countAsLiked() {
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 20; user++) {
      for (int item = 0; item < 12; item++) {
        if ((user * 7 + item * 5) % 3 != 0) {
          boolean alike = user % 2 == item % 2;
          all.add(new Interaction("u" + user, "i" + item, alike ? 85 + item % 3 : 20 + user % 5));
        }
      }
    }
    Dataset hundred = Dataset.of("0 to 100", all);
    for (Trainer<? extends Model> trainer :
        List.<Trainer<? extends Model>>of(
            UserKnnRating.defaults(), ItemKnnRating.defaults(), SvdPlusPlus.defaults())) {
      ModelRecommender recommender =
          ModelRecommender.of(trainer.train(hundred, TrainingContext.defaults().withThreads(1)));
      float highest = recommender.scale().highest();
      RecommendationList liked = recommender.recommend(Query.ofItems(List.of("i2", "i5")));
      assertThat(highest).isEqualTo(87);
      assertThat(liked)
          .isEqualTo(recommender.recommend(said(highest)))
          .isNotEqualTo(recommender.recommend(said(1f)));
    }
  }

  private static Query said(float value) {
    return Query.ofItems(List.of())
        .withHistory(List.of(new Query.Event("i2", value, 0), new Query.Event("i5", value, 0)));
  }

  @Test
  void predict_beyondTheScale_isClippedAndScoresAreNot() {
    Dataset stars =
        Dataset.of(
            "stars",
            List.of(
                new Interaction("a", "x", 5f),
                new Interaction("a", "y", 5f),
                new Interaction("b", "x", 5f),
                new Interaction("b", "z", 1f),
                new Interaction("c", "y", 4f),
                new Interaction("c", "z", 2f)));
    ModelRecommender bias =
        ModelRecommender.of(
            new Bias(new Baselines.Options(Baselines.Method.ALS, 50, 0.01, 0.01, 0.005))
                .train(stars, TrainingContext.defaults()));
    Query query = Query.ofUser("a").withFilter(Query.Filter.ALL);
    RecommendationList list = bias.recommend(query);
    float[] ratings = bias.predict(query, ids(list)).orElseThrow();
    assertThat(list.items().get(0).score()).isGreaterThan(5);
    assertThat(ratings).hasSize(3);
    assertThat(ratings[0]).isEqualTo(5f);
    assertThat(ITEM_KNN.predict(Query.ofUser("1"), List.of("a"))).isEmpty();
    assertThatThrownBy(() -> bias.predict(query, List.of("none")))
        .isInstanceOf(KindredException.class);
  }

  private static Query filtered(Map<String, String> features) {
    return Query.ofItems(List.of()).withFilter(new Query.Filter(true, Set.of(), null, features));
  }

  @Test
  void recommend_onlyAndExclude_together() {
    Query query =
        Query.ofUser("1")
            .withFilter(
                new Query.Filter(false, Set.of("b"), Set.of("a", "b", "z", "none"), Map.of()));
    RecommendationList list = ITEM_KNN.recommend(query);
    assertThat(ids(list)).containsExactly("a", "z");
    assertThat(list.unknownItems()).containsExactly("none");
    for (Set<String> only : List.of(Set.of("none"), Set.<String>of())) {
      Query nothing =
          Query.ofUser("1").withFilter(new Query.Filter(false, Set.of(), only, Map.of()));
      assertThat(ITEM_KNN.recommend(nothing).items()).isEmpty();
      assertThat(POPULAR.recommend(nothing).items()).isEmpty();
    }
  }

  @Test
  void recommend_boosts_multiplyPositiveAndDivideNegativeScores() {
    assertThat(ids(POPULAR.recommend(Query.ofUser("nobody").withBoosts(Map.of("x", 10.0)))))
        .startsWith("x", "b", "a");
    Dataset negative =
        Dataset.of(
            "negative", List.of(new Interaction("u", "i", -1f), new Interaction("u", "j", -2f)));
    ModelRecommender bias =
        ModelRecommender.of(
            new Bias(Baselines.Options.ALS).train(negative, TrainingContext.defaults()));
    Query query = Query.ofItems(List.of());
    double before = score(bias.recommend(query), "j");
    assertThat(before).isNegative();
    assertThat(score(bias.recommend(query.withBoosts(Map.of("j", 2.0))), "j"))
        .isCloseTo(before / 2, within(1e-6));
  }

  private static double score(RecommendationList list, String id) {
    return list.items().stream()
        .filter(item -> item.item().equals(id))
        .findFirst()
        .orElseThrow()
        .score();
  }

  @Test
  void recommend_ties_goByIndex() {
    assertThat(ids(POPULAR.recommend(Query.ofItems(List.of("b")))))
        .containsExactly("a", "c", "x", "y", "z");
  }

  @Test
  void recommend_reasons_sumToTheScore() {
    RecommendationList list = ITEM_KNN.recommend(Query.ofUser("1"), 1);
    RecommendationList.Item first = list.items().get(0);
    Explanation.BecauseOfItems why = (Explanation.BecauseOfItems) first.explanation().orElseThrow();
    assertThat(why.reasons()).hasSize(1);
    assertThat(why.base() + why.reasons().get(0).contribution() + why.rest())
        .isCloseTo(first.score(), within(1e-6));
    assertThat(list.items().get(1).explanation()).contains(new Explanation.Popular(2, 2, 3 + 1));
    assertThat(ITEM_KNN.recommend(Query.ofUser("1")).items())
        .allMatch(item -> item.explanation().isEmpty());
  }

  @Test
  void recommend_emptyCatalogue_isEmpty() {
    Dataset nothing = Dataset.of("nothing", List.of());
    assertThat(
            ModelRecommender.of(Popularity.ALL_TIME.train(nothing, TrainingContext.defaults()))
                .recommend(Query.ofUser("u"))
                .items())
        .isEmpty();
  }

  @Test
  void recommend_manyThreads_sameAsOne() throws Exception {
    List<Query> queries = new ArrayList<>();
    for (int q = 0; q < 400; q++) {
      queries.add(Query.ofUser(String.valueOf(1 + q % 7)).withN(q % 5));
    }
    List<RecommendationList> expected = queries.stream().map(ITEM_KNN::recommend).toList();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<RecommendationList>> found = new ArrayList<>();
      queries.forEach(query -> found.add(pool.submit(() -> ITEM_KNN.recommend(query))));
      for (int q = 0; q < queries.size(); q++) {
        assertThat(found.get(q).get()).isEqualTo(expected.get(q));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void explain_item_modelThenPopularity() {
    assertThat(ITEM_KNN.explain(Query.ofUser("1"), "c", 5))
        .get()
        .isInstanceOf(Explanation.BecauseOfItems.class);
    assertThat(ITEM_KNN.explain(Query.ofUser("1"), "z", 5))
        .contains(new Explanation.Popular(1, 1, 6));
    assertThat(ITEM_KNN.withoutFilling().explain(Query.ofUser("1"), "z", 5)).isEmpty();
  }

  @Test
  void explain_unknownItem_namesCloseOnes() {
    assertThatThrownBy(() -> ITEM_KNN.explain(Query.ofUser("1"), "xeru", 5))
        .isInstanceOf(KindredException.class)
        .hasMessage("no item 'xeru' among the 6 of the model; is it 'x' (Xerus)?");
    assertThatThrownBy(() -> ITEM_KNN.similarItems("Quetzal", 5))
        .hasMessage("no item 'Quetzal' among the 6 of the model");
  }

  @Test
  void similarItems_byId_areTheModels() {
    assertThat(ITEM_KNN.similarItems("x", 5))
        .extracting(neighbor -> neighbor.id())
        .containsExactly("y");
    assertThatThrownBy(() -> POPULAR.similarItems("x", 5))
        .isInstanceOf(KindredException.class)
        .hasMessage("a model of 'popularity' does not compare items");
  }

  @Test
  void similarUsers_knownOrHistory_areTheModels() {
    ModelRecommender users =
        ModelRecommender.of(UserKnn.defaults().train(DATA, TrainingContext.defaults()));
    assertThat(users.similarUsers(Query.ofUser("4"), 5))
        .extracting(neighbor -> neighbor.id())
        .containsExactly("5");
    assertThat(users.similarUsers(Query.ofItems(List.of("x")), 5))
        .extracting(n -> n.id())
        .containsExactly("5", "4");
    assertThatThrownBy(() -> users.similarUsers(Query.ofUser("99"), 5))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "user '99' is not among the 6 of the model, and there is no history of known items to go by");
    assertThatThrownBy(() -> ITEM_KNN.similarUsers(Query.ofUser("4"), 5))
        .hasMessageContaining("does not compare users");
  }
}
