package io.kindred.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.AlgorithmRegistry;
import io.kindred.DatasetUpdate;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.IncrementalModel;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.ValueRange;
import io.kindred.recommend.ModelRecommender;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * What every trainer and its models keep to, as tests. Capabilities ({@link RatingPredictor},
 * {@link Explainer}, {@link SimilarItems}, {@link SimilarUsers}, {@link IncrementalModel}) are
 * tested where the model has them. For an algorithm of one's own:
 *
 * <pre>
 * &#64;TestFactory
 * Stream&lt;DynamicTest&gt; contract() {
 *   return new TrainerContract(Algorithms.all(), new MyTrainer(...)).tests();
 * }
 * </pre>
 *
 * @param registry has a line for the trainer
 * @param trainer what is tested; any hyperparameters
 * @param tolerance how far the scores of a person may depend on who else is in the batch, relative
 *     to the largest score: 0, but for models whose matrix products round by their shape
 * @param readsOrder whether the model reads histories as sequences, repeats included
 * @param foldsInExactly whether a history gives a person in the data the scores that training gave
 *     them for the same history. Models of gradient descent keep for such a person what descent
 *     found and solve for anybody else: their scores differ, but must order items alike
 */
public record TrainerContract(
    AlgorithmRegistry registry,
    Trainer<?> trainer,
    double tolerance,
    boolean readsOrder,
    boolean foldsInExactly) {
  /** What a trainer of ratings says of values that are all the same. */
  private static final String ALL_THE_SAME = "nothing can be learned from them";

  private static final TrainingContext ONE_THREAD =
      new TrainingContext(7, 1, ProgressListener.NONE);

  /** The contract of a model that scores each person exactly alone, by distinct items. */
  public TrainerContract(AlgorithmRegistry registry, Trainer<?> trainer) {
    this(registry, trainer, 0, false, true);
  }

  /** The same with a tolerance. */
  public TrainerContract withTolerance(double newTolerance) {
    return new TrainerContract(registry, trainer, newTolerance, readsOrder, foldsInExactly);
  }

  /** The same for a model that reads histories as sequences. */
  public TrainerContract readingOrder() {
    return new TrainerContract(registry, trainer, tolerance, true, foldsInExactly);
  }

  /** The same for a model that learns people by gradient descent. */
  public TrainerContract foldingInNearly() {
    return new TrainerContract(registry, trainer, tolerance, readsOrder, false);
  }

  /** All tests. */
  public Stream<DynamicTest> tests() {
    HistoryContract histories = new HistoryContract(this);
    return Stream.of(
        test(
            "parameters_throughTheRegistry_makeAnEqualTrainer", this::parametersMakeAnEqualTrainer),
        test("parameters_unknownName_isRefused", this::unknownParameterIsRefused),
        test("train_sameSeed_sameScores", this::sameSeedSameScores),
        test("train_moreThreads_sameScores", this::moreThreadsSameScores),
        test("train_data_isNotChanged", this::dataIsNotChanged),
        test("train_info_saysWhereTheModelComesFrom", this::infoIsComplete),
        test("train_tinyData_servesOrSaysWhyNot", this::tinyDataServes),
        test("score_batch_equalsSingle", this::batchEqualsSingle),
        test("score_again_sameScores", this::scorerKeepsNothing),
        test("score_fromManyThreads_sameScores", this::scorersAreIndependent),
        test("score_anybody_isFiniteOrNaN", this::scoresAreFiniteOrNaN),
        test("score_largestValues_isFiniteOrNaN", this::largestValuesAreFiniteOrNaN),
        test("train_largestValues_servesOrSaysWhyNot", this::largestValuesServe),
        test("score_repeatsInHistory_lastValueCounts", this::repeatsCountOnce),
        test("store_roundTrip_everythingIsTheSame", this::roundTripIsTheSame),
        test("store_sameSeed_sameBytes", this::sameSeedSameBytes),
        test("store_arrayWithoutNumbers_isRefused", this::damagedArraysAreRefused),
        test("recommend_seenItems_areLeftOut", this::seenItemsAreLeftOut),
        test("recommend_order_isByScoreThenIndex", this::orderIsByScoreThenIndex),
        test("recommend_unseenUser_isServedFromHistory", this::unseenUserIsServed),
        test("recommend_emptyHistory_isServed", this::emptyHistoryIsServed),
        test("recommend_unknownItem_isNamed", this::unknownItemIsNamed),
        test("recommend_storedHistoryGiven_sameList", histories::storedHistoryGivenIsTheSame),
        test("score_storedHistoryFoldedIn_sameScores", histories::foldInFindsTheSame),
        test("evaluate_validationInTheHistory_isSeen", histories::validationIsSeen),
        test("explain_parts_sumToTheScore", this::explanationsSumToTheScore),
        test("predict_anybody_isFiniteAndOnTheScale", this::predictionsAreOnTheScale),
        test("similarItems_anyItem_areOrderedOthers", this::similarItemsAreOrdered),
        test("similarUsers_anybody_areOrderedOthers", this::similarUsersAreOrdered),
        test("update_delta_isServedAndTheModelIsAsItWas", this::updatesAreServed));
  }

  private static DynamicTest test(String name, Executable body) {
    return DynamicTest.dynamicTest(name, body);
  }

  Model train(Dataset data) {
    return trainer.train(data, ONE_THREAD);
  }

  /** A model of ratings and one of implicit data. */
  List<Model> models() {
    List<Model> models = new ArrayList<>(List.of(train(SmallData.ratings())));
    try {
      models.add(train(SmallData.implicit()));
    } catch (KindredException e) {
      assertThat(e).hasMessageContaining(ALL_THE_SAME);
    }
    return models;
  }

  /** Ratings and implicit data; ratings alone for a trainer that refuses values that are all 1. */
  private List<Dataset> data() {
    return models().size() == 1
        ? List.of(SmallData.ratings())
        : List.of(SmallData.ratings(), SmallData.implicit());
  }

  private void parametersMakeAnEqualTrainer() {
    assertThat(registry.trainer(trainer.algorithm(), trainer.parameters())).isEqualTo(trainer);
    assertThat(registry.algorithm(trainer.algorithm()).name()).isEqualTo(trainer.algorithm());
  }

  private void unknownParameterIsRefused() {
    assertThatThrownBy(
            () ->
                registry.trainer(trainer.algorithm(), trainer.parameters().with("noSuchThing", 1)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(trainer.algorithm())
        .hasMessageContaining("noSuchThing");
  }

  private void sameSeedSameScores() {
    for (Dataset data : data()) {
      assertThat(scores(train(data))).isEqualTo(scores(train(data)));
    }
  }

  private void moreThreadsSameScores() {
    for (Dataset data : data()) {
      assertThat(scores(trainer.train(data, ONE_THREAD.withThreads(2))))
          .isEqualTo(scores(train(data)));
    }
  }

  private void dataIsNotChanged() {
    Dataset data = SmallData.ratings();
    Model model = train(data);
    scores(model);
    assertThat(data.withInteractions(data.interactions()).fingerprint())
        .isEqualTo(SmallData.ratings().fingerprint());
    assertThat(model.data()).isSameAs(data);
  }

  private void infoIsComplete() {
    Dataset data = SmallData.ratings();
    Model model = train(data);
    assertThat(model.info().algorithm()).isEqualTo(trainer.algorithm());
    assertThat(model.info().parameters()).isEqualTo(trainer.resolved(data).parameters());
    assertThat(model.info().parameters().asMap().values()).doesNotContain(Parameters.AUTO);
    trainer
        .parameters()
        .asMap()
        .forEach(
            (name, value) -> {
              if (!value.equals(Parameters.AUTO)) {
                assertThat(model.info().parameters().asMap()).containsEntry(name, value);
              }
            });
    assertThat(model.info().seed()).isEqualTo(ONE_THREAD.seed());
    assertThat(model.info().dataset()).isEqualTo(data.name());
    assertThat(model.info().fingerprint()).isEqualTo(data.fingerprint());
    assertThat(model.info().trainingSeconds()).isNotNegative();
  }

  private void tinyDataServes() {
    List<Dataset> tiny =
        List.of(
            SmallData.of("u i 4"),
            SmallData.of("u i 4", "u j 2"),
            SmallData.of("u i 3", "v i 5"),
            SmallData.of("u i 3", "u j 3", "v i 3", "v j 3", "w i 3"),
            SmallData.of("u i 1", "u i 5", "u i 1", "v i 2", "v i 2"),
            SmallData.of("u i 0", "u j 0", "v i 0"),
            SmallData.of("u i -2", "u j -1", "v i -3"),
            Dataset.of(
                "idle users and items",
                SmallData.ids("u", 3),
                SmallData.ids("i", 4),
                oneInteraction()),
            Dataset.of(
                "nothing done",
                SmallData.ids("u", 2),
                SmallData.ids("i", 2),
                Interactions.empty(2, 2)),
            Dataset.of("nothing at all", List.of()));
    for (Dataset data : tiny) {
      Model model;
      try {
        model = train(data);
      } catch (KindredException e) {
        String message = String.valueOf(e.getMessage());
        assertThat(
                data.interactions().size() == 0
                    || message.contains("times")
                    || message.contains(ALL_THE_SAME)
                    || message.contains("pictures"))
            .as(
                "only data without interactions, times, pictures or ratings may be refused: %s",
                message)
            .isTrue();
        continue;
      }
      for (float score : scores(model)) {
        assertThat(Float.isInfinite(score)).isFalse();
      }
      ModelRecommender recommender = ModelRecommender.of(model);
      for (String user : data.users().ids()) {
        recommender.recommend(Query.ofUser(user), 3);
      }
      assertThat(recommender.recommend(Query.ofUser("a stranger")).items())
          .hasSize(data.items().size());
    }
  }

  private static Interactions oneInteraction() {
    Interactions.Builder one = Interactions.builder();
    one.add(1, 2, 3f);
    return one.build(3, 4);
  }

  private void batchEqualsSingle() {
    for (Model model : models()) {
      float[] single = new float[model.data().items().size()];
      float[] batch = scores(model);
      List<Profile> profiles = profiles(model);
      for (int row = 0; row < profiles.size(); row++) {
        model.scorer().score(profiles.get(row), single);
        assertSame(
            "profile " + row,
            single,
            Arrays.copyOfRange(batch, row * single.length, (row + 1) * single.length));
      }
    }
  }

  private void assertSame(String what, float[] actual, float[] expected) {
    if (tolerance == 0) {
      assertThat(actual).as(what).isEqualTo(expected);
      return;
    }
    assertNear(what, actual, expected, tolerance);
  }

  static void assertNear(String what, float[] actual, float[] expected, double tolerance) {
    double largest = 1;
    for (float score : expected) {
      largest = Float.isNaN(score) ? largest : Math.max(largest, Math.abs(score));
    }
    for (int i = 0; i < expected.length; i++) {
      if (Float.isNaN(expected[i])) {
        assertThat(actual[i]).as("%s, item %d", what, i).isNaN();
      } else {
        assertThat((double) actual[i])
            .as("%s, item %d", what, i)
            .isCloseTo(expected[i], within(tolerance * largest));
      }
    }
  }

  private void scorerKeepsNothing() {
    for (Model model : models()) {
      Scorer scorer = model.scorer();
      List<Profile> profiles = profiles(model);
      float[] first = new float[model.data().items().size()];
      float[] later = new float[first.length];
      scorer.score(profiles.get(0), first);
      for (Profile profile : profiles) {
        scorer.score(profile, later);
      }
      scorer.score(profiles.get(0), later);
      assertThat(later).isEqualTo(first);
    }
  }

  private void scorersAreIndependent() throws Exception {
    Model model = train(SmallData.ratings());
    float[] expected = scores(model);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> found =
          IntStream.range(0, 8).mapToObj(turn -> pool.submit(() -> scores(model))).toList();
      for (Future<float[]> one : found) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private void scoresAreFiniteOrNaN() {
    for (Model model : models()) {
      for (float score : scores(model)) {
        assertThat(Float.isInfinite(score)).isFalse();
      }
    }
  }

  /** Values up to the largest float, of which a sum of two is infinite. */
  private void largestValuesAreFiniteOrNaN() {
    for (Model model : models()) {
      int items = model.data().items().size();
      int[] some = IntStream.range(0, items / 2).toArray();
      for (float value :
          new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Query.Event.LARGEST, Float.MIN_VALUE}) {
        float[] values = new float[some.length];
        Arrays.fill(values, value);
        Profile profile = Profile.unseen(new History(some, values, new long[some.length]));
        float[] scores = new float[items];
        model.scorer().score(profile, scores);
        assertFiniteOrNaN(scores, "values of " + value);
        if (model instanceof RatingPredictor predictor) {
          for (float rating : predictor.predict(profile, some)) {
            assertThat(rating).as("a prediction from values of %s", value).isFinite();
          }
        }
        if (Query.Event.isValue(value)) {
          List<Query.Event> events =
              Arrays.stream(some)
                  .mapToObj(item -> new Query.Event(model.data().items().id(item), value, 0))
                  .toList();
          String last = model.data().items().id(items - 1);
          Query query =
              Query.ofItems(List.of())
                  .withHistory(events)
                  .withBoosts(Map.of(last, Query.LARGEST_BOOST))
                  .withN(items);
          assertThat(ModelRecommender.of(model).recommend(query, 3).items())
              .hasSize(items - some.length)
              .allMatch(item -> Double.isFinite(item.score()));
        }
      }
    }
  }

  private static void assertFiniteOrNaN(float[] scores, String of) {
    for (float score : scores) {
      assertThat(Float.isInfinite(score)).as("a score of %s by %s", score, of).isFalse();
    }
  }

  private void largestValuesServe() throws IOException {
    Dataset data =
        SmallData.of("u i 3e38", "u j 3e38", "v i 3e38", "v k 3e38", "w j -3e38", "w k 1");
    Model model;
    try {
      model = train(data);
    } catch (KindredException e) {
      return; // said
    }
    assertFiniteOrNaN(scores(model), "a training on 3e38");
    assertThat(ModelRecommender.of(model).recommend(Query.ofUser("u")).items())
        .allMatch(item -> Double.isFinite(item.score()));
    Path folder = Files.createTempDirectory("kindred-contract");
    try {
      ModelStore store = ModelStore.of(registry);
      try {
        store.save(model, folder.resolve("bundle"));
      } catch (KindredException e) {
        assertThat(e).hasMessageContaining("array");
        return;
      }
      assertThat(scores(store.load(folder.resolve("bundle")))).isEqualTo(scores(model));
    } finally {
      deleteTree(folder);
    }
  }

  private void repeatsCountOnce() {
    Model model = train(SmallData.ratings());
    if (readsOrder || model.info().algorithm().equals("random")) {
      return; // random looks at no history
    }
    float[] once = new float[model.data().items().size()];
    float[] repeated = new float[once.length];
    Scorer scorer = model.scorer();
    scorer.score(
        Profile.unseen(new History(new int[] {3, 5}, new float[] {2f, 4f}, new long[2])), once);
    scorer.score(
        Profile.unseen(new History(new int[] {5, 3, 5}, new float[] {1f, 2f, 4f}, new long[3])),
        repeated);
    assertThat(repeated).isEqualTo(once);
  }

  private void roundTripIsTheSame() throws IOException {
    ModelStore store = ModelStore.of(registry);
    Path folder = Files.createTempDirectory("kindred-contract");
    Path bundle = folder.resolve("bundle");
    try {
      for (Model model : models()) {
        store.save(model, bundle);
        Model loaded = store.load(bundle);
        assertThat(loaded.info()).isEqualTo(model.info());
        assertThat(scores(loaded)).isEqualTo(scores(model));
        assertThat(loaded.getClass()).isEqualTo(model.getClass());
        int[] items = IntStream.range(0, model.data().items().size()).toArray();
        for (Profile profile : profiles(model)) {
          if (model instanceof RatingPredictor predictor) {
            assertThat(((RatingPredictor) loaded).predict(profile, items))
                .isEqualTo(predictor.predict(profile, items));
          }
          if (model instanceof Explainer explainer) {
            assertThat(((Explainer) loaded).explain(profile, 1, 3))
                .isEqualTo(explainer.explain(profile, 1, 3));
          }
          if (model instanceof SimilarUsers comparing) {
            assertThat(((SimilarUsers) loaded).similarUsers(profile, 5))
                .isEqualTo(comparing.similarUsers(profile, 5));
          }
        }
        if (model instanceof SimilarItems comparing) {
          assertThat(((SimilarItems) loaded).similarItems(2, 5))
              .isEqualTo(comparing.similarItems(2, 5));
        }
      }
    } finally {
      deleteTree(folder);
    }
  }

  private void sameSeedSameBytes() throws IOException {
    ModelStore store = ModelStore.of(registry);
    Path folder = Files.createTempDirectory("kindred-contract");
    try {
      for (Dataset data : data()) {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        store.save(train(data), one);
        store.save(train(data), other);
        try (Stream<Path> files = Files.list(one)) {
          for (Path file : files.filter(path -> !path.toString().contains("model.json")).toList()) {
            assertThat(file).hasSameBinaryContentAs(other.resolve(file.getFileName()));
          }
        }
      }
    } finally {
      deleteTree(folder);
    }
  }

  /** A hostile bundle, or one of a broken disk, whose checksums are right or not looked at. */
  private void damagedArraysAreRefused() throws IOException {
    Path folder = Files.createTempDirectory("kindred-contract");
    Path bundle = folder.resolve("bundle");
    try {
      ModelStore.of(registry).save(train(SmallData.ratings()), bundle);
      ModelStore store = ModelStore.of(registry).withoutChecksums();
      FloatArrays arrays = FloatArrays.of(bundle.resolve("weights.safetensors"));
      for (FloatArrays.Array array : arrays.all()) {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
          arrays.write(array, value);
          assertThatThrownBy(() -> store.load(bundle))
              .as("%s with %s", array, value)
              .isInstanceOf(KindredException.class)
              .hasMessageContaining("'" + array.name() + "'");
        }
      }
      arrays.restore();
      store.load(bundle);
    } finally {
      deleteTree(folder);
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void seenItemsAreLeftOut() {
    for (Model model : models()) {
      ModelRecommender recommender = ModelRecommender.of(model);
      Dataset data = model.data();
      for (int user = 0; user < data.users().size(); user++) {
        List<String> list =
            ids(recommender.recommend(Query.ofUser(data.users().id(user)).withN(1000)));
        List<String> seen = new ArrayList<>();
        for (int item : data.interactions().history(user).items()) {
          seen.add(data.items().id(item));
        }
        assertThat(list)
            .doesNotContainAnyElementsOf(seen)
            .doesNotHaveDuplicates()
            .hasSize(data.items().size() - seen.size());
      }
    }
  }

  private static List<String> ids(RecommendationList list) {
    return list.items().stream().map(RecommendationList.Item::item).toList();
  }

  private void orderIsByScoreThenIndex() {
    for (Model model : models()) {
      ModelRecommender recommender = ModelRecommender.of(model).withoutFilling();
      for (String user : model.data().users().ids()) {
        List<RecommendationList.Item> items =
            recommender.recommend(Query.ofUser(user).withN(1000)).items();
        for (int rank = 1; rank < items.size(); rank++) {
          RecommendationList.Item before = items.get(rank - 1);
          RecommendationList.Item after = items.get(rank);
          boolean ordered =
              before.score() > after.score()
                  || (before.score() == after.score()
                      && model.data().items().index(before.item())
                          < model.data().items().index(after.item()));
          assertThat(ordered).as("%s before %s", before, after).isTrue();
        }
      }
    }
  }

  private void unseenUserIsServed() {
    for (Model model : models()) {
      List<Query.Event> events =
          HistoryContract.events(model, model.data().interactions().history(3));
      Query query = new Query(null, events, Query.Filter.UNSEEN, Map.of(), 5);
      RecommendationList list = ModelRecommender.of(model).recommend(query, 3);
      assertThat(list.servedBy()).isEqualTo(RecommendationList.ServedBy.HISTORY);
      assertThat(list.items()).hasSize(5);
      assertThat(list.unknownItems()).isEmpty();
    }
  }

  private void emptyHistoryIsServed() {
    for (Model model : models()) {
      RecommendationList list =
          ModelRecommender.of(model).recommend(Query.ofItems(List.of()).withN(5), 3);
      assertThat(list.servedBy()).isEqualTo(RecommendationList.ServedBy.POPULARITY);
      assertThat(list.items()).hasSize(5);
    }
  }

  private void unknownItemIsNamed() {
    for (Model model : models()) {
      String known = model.data().items().id(0);
      RecommendationList with =
          ModelRecommender.of(model).recommend(Query.ofItems(List.of("never seen", known)));
      RecommendationList without =
          ModelRecommender.of(model).recommend(Query.ofItems(List.of(known)));
      assertThat(with.unknownItems()).containsExactly("never seen");
      assertThat(with.items()).isEqualTo(without.items());
    }
  }

  private void explanationsSumToTheScore() {
    int explained = 0;
    boolean explains = false;
    for (Model model : models()) {
      if (!(model instanceof Explainer explainer)) {
        continue;
      }
      float[] scores = new float[model.data().items().size()];
      explains = true;
      int[] items = IntStream.range(0, scores.length).toArray();
      for (Profile profile : profiles(model)) {
        model.scorer().score(profile, scores);
        for (int limit : new int[] {0, 1, 3, 1000}) {
          List<Optional<Explanation>> together = explainer.explain(profile, items, limit);
          for (int item = 0; item < scores.length; item++) {
            Optional<Explanation> why = together.get(item);
            if (item % 7 == limit % 7) { // some alone: they cost as much as all at once
              assertThat(explainer.explain(profile, item, limit)).isEqualTo(why);
            }
            if (why.isPresent() && !Float.isNaN(scores[item])) {
              double tolerance = 1e-4 * Math.max(1, Math.abs(scores[item]));
              assertThat(sum(why.get(), limit))
                  .as("item %d, limit %d: %s", item, limit, why)
                  .isCloseTo(scores[item], within(tolerance));
              explained++;
            }
          }
        }
      }
    }
    assertThat(explained > 0).as("whether anything was explained").isEqualTo(explains);
  }

  /**
   * The sum of all parts, which must be the score that the explanation states; of those for the
   * item and of those against it at most {@code limit}, the strongest first.
   */
  private static double sum(Explanation explanation, int limit) {
    double base = 0;
    double rest;
    double score;
    List<? extends Explanation.Reason> reasons;
    List<? extends Explanation.Reason> against;
    if (explanation instanceof Explanation.BecauseOfItems items) {
      reasons = items.reasons();
      against = items.against();
      base = items.base();
      rest = items.rest();
      score = items.score();
    } else if (explanation instanceof Explanation.BecauseOfUsers users) {
      reasons = users.reasons();
      against = users.against();
      base = users.base();
      rest = users.rest();
      score = users.score();
    } else if (explanation instanceof Explanation.SharedFeatures features) {
      reasons = features.features();
      against = features.against();
      rest = features.rest();
      score = features.score();
    } else if (explanation instanceof Explanation.Popular popular) {
      return popular.score();
    } else {
      throw new AssertionError("an explanation of a new form: " + explanation);
    }
    assertThat(reasons).hasSizeLessThanOrEqualTo(limit).allMatch(one -> one.contribution() > 0);
    assertThat(against).hasSizeLessThanOrEqualTo(limit).allMatch(one -> one.contribution() < 0);
    Comparator<Explanation.Reason> strongest =
        Comparator.comparingDouble(reason -> -Math.abs(reason.contribution()));
    assertThat(List.<Explanation.Reason>copyOf(reasons)).isSortedAccordingTo(strongest);
    assertThat(List.<Explanation.Reason>copyOf(against)).isSortedAccordingTo(strongest);
    double sum = base + reasons.stream().mapToDouble(Explanation.Reason::contribution).sum() + rest;
    assertThat(sum).isCloseTo(score, within(1e-6 * Math.max(1, Math.abs(score))));
    return sum;
  }

  private void predictionsAreOnTheScale() {
    for (Model model : models()) {
      if (!(model instanceof RatingPredictor predictor)) {
        continue;
      }
      ValueRange scale = ValueRange.of(model.data().interactions());
      int[] items = IntStream.range(0, model.data().items().size()).toArray();
      for (Profile profile : profiles(model)) {
        float[] ratings = predictor.predict(profile, items);
        assertThat(ratings).hasSize(items.length);
        for (float rating : ratings) {
          assertThat(rating).isBetween(scale.min(), scale.max());
        }
        assertThat(predictor.predict(profile, new int[0])).isEmpty();
        assertThat(predictor.predict(profile, new int[] {2, 2}))
            .containsExactly(ratings[2], ratings[2]);
      }
    }
  }

  private void similarItemsAreOrdered() {
    for (Model model : models()) {
      if (!(model instanceof SimilarItems comparing)) {
        continue;
      }
      for (int item = 0; item < model.data().items().size(); item++) {
        checkNeighbors(comparing.similarItems(item, 5), model.data().items().id(item), 5);
        assertThat(comparing.similarItems(item, 0)).isEmpty();
      }
    }
  }

  private void similarUsersAreOrdered() {
    for (Model model : models()) {
      if (!(model instanceof SimilarUsers comparing)) {
        continue;
      }
      for (Profile profile : profiles(model)) {
        String self = profile.user() < 0 ? "nobody" : model.data().users().id(profile.user());
        checkNeighbors(comparing.similarUsers(profile, 5), self, 5);
        assertThat(comparing.similarUsers(profile, 0)).isEmpty();
      }
    }
  }

  private void updatesAreServed() throws IOException {
    for (Model model : models()) {
      if (!(model instanceof IncrementalModel incremental)) {
        continue;
      }
      float[] before = scores(model);
      DatasetUpdate update = DatasetUpdate.of(model.data(), SmallData.delta(model.data()));
      IncrementalModel updated = incremental.update(update, ONE_THREAD);
      IncrementalModel byTwo = incremental.update(update, ONE_THREAD.withThreads(2));

      assertThat(scores(model)).as("the old model").isEqualTo(before);
      assertThat(scores(byTwo)).as("with two threads").isEqualTo(scores(updated));
      assertThat(updated.data()).isSameAs(update.after());
      assertThat(updated.info().updates()).isEqualTo(model.info().updates() + 1);
      assertThat(updated.info().fingerprint()).isEqualTo(update.after().fingerprint());
      Model anew = train(update.after());
      int item = update.after().items().index("new item");
      for (int user : update.users()) {
        float[] scores = new float[update.after().items().size()];
        updated
            .scorer()
            .score(new Profile(user, update.after().interactions().history(user)), scores);
        float[] scoresAnew = new float[scores.length];
        anew.scorer()
            .score(new Profile(user, update.after().interactions().history(user)), scoresAnew);
        if (Float.isFinite(scoresAnew[item])) {
          assertThat(scores[item]).as("the new item, which training anew scores").isFinite();
        }
        String id = update.after().users().id(user);
        History history = update.after().interactions().history(user);
        assertThat(ids(ModelRecommender.of(updated).recommend(Query.ofUser(id).withN(1000))))
            .hasSize((int) (scores.length - Arrays.stream(history.items()).distinct().count()))
            .doesNotContain("new item");
      }
      Path folder = Files.createTempDirectory("kindred-contract");
      try {
        ModelStore store = ModelStore.of(registry);
        store.save(updated, folder.resolve("bundle"));
        Model loaded = store.load(folder.resolve("bundle"));
        assertThat(loaded.info()).isEqualTo(updated.info());
        assertThat(scores(loaded)).isEqualTo(scores(updated));
        Profile first = new Profile(0, update.after().interactions().history(0));
        if (loaded instanceof Explainer explainer && updated instanceof Explainer same) {
          assertThat(explainer.explain(first, item, 3)).isEqualTo(same.explain(first, item, 3));
        }
        DatasetUpdate again = DatasetUpdate.of(loaded.data(), SmallData.ratings());
        assertThat(((IncrementalModel) loaded).update(again, ONE_THREAD).info().updates())
            .isEqualTo(model.info().updates() + 2);
      } finally {
        deleteTree(folder);
      }
    }
  }

  private static void checkNeighbors(List<Neighbor> neighbors, String self, int n) {
    assertThat(neighbors).hasSizeLessThanOrEqualTo(n);
    assertThat(neighbors).extracting(Neighbor::id).doesNotContain(self).doesNotHaveDuplicates();
    assertThat(neighbors)
        .isSortedAccordingTo(Comparator.comparingDouble(neighbor -> -neighbor.similarity()));
    assertThat(neighbors).allMatch(neighbor -> Double.isFinite(neighbor.similarity()));
  }

  /**
   * All users, the same as strangers, one whose history went on, and strangers with little or
   * nothing.
   */
  private static List<Profile> profiles(Model model) {
    List<Profile> profiles = new ArrayList<>();
    Interactions interactions = model.data().interactions();
    for (int user = 0; user < interactions.userCount(); user++) {
      profiles.add(new Profile(user, interactions.history(user)));
    }
    for (int user = 0; user < Math.min(5, interactions.userCount()); user++) {
      profiles.add(Profile.unseen(interactions.history(user)));
      profiles.add(Profile.live(user, interactions.history(interactions.userCount() - 1)));
    }
    profiles.add(Profile.unseen(History.empty()));
    if (interactions.itemCount() > 0) {
      profiles.add(Profile.unseen(History.of(0)));
      profiles.add(
          Profile.unseen(History.of(IntStream.range(0, interactions.itemCount()).toArray())));
    }
    return profiles;
  }

  private static float[] scores(Model model) {
    List<Profile> profiles = profiles(model);
    float[] scores = new float[profiles.size() * model.data().items().size()];
    model.scorer().score(profiles, scores);
    return scores;
  }
}
