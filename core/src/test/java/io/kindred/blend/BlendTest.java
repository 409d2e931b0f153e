package io.kindred.blend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.NewItems;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.registry.Algorithms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlendTest {
  private static final TrainingContext CONTEXT = new TrainingContext(3, 1, ProgressListener.NONE);
  private static final History HISTORY = History.of(0, 1);
  private static final int ITEMS = 8;

  /** Twelve people; nobody has done item 6 yet, and of item 7 there is neither kind nor person. */
  private static Dataset data() {
    Interactions.Builder rows = Interactions.builder();
    List<String> users = new ArrayList<>();
    for (int user = 0; user < 12; user++) {
      users.add("u" + user);
      for (int item = 0; item < 6; item++) {
        if ((user * user + user * item + 2 * item * item) % 5 < 3) {
          rows.add(user, item, 1f);
        }
      }
    }
    Features features =
        new Features(
            ITEMS,
            List.of(
                new FeatureColumn.Category(
                    "kind",
                    new int[] {0, 1, 0, 1, 0, 1, 0, -1},
                    Vocabulary.of(List.of("film", "book"))),
                new FeatureColumn.Numeric(
                    "year", new float[] {1990, 1991, 1992, 1993, 1994, 1995, 1996, Float.NaN})));
    return Dataset.of(
            "small",
            Vocabulary.of(users),
            Vocabulary.of(List.of("a", "b", "c", "d", "e", "f", "g", "h")),
            rows.build(users.size(), ITEMS))
        .withFeatures(Features.none(users.size()), features);
  }

  private static Blend blend(String parameters) {
    Parameters all = Parameters.none();
    for (String parameter : parameters.strip().split(" +", -1)) {
      String[] words = parameter.split("=", 2);
      all = all.with(words[0], words[1]);
    }
    return (Blend) Algorithms.all().trainer("blend", all);
  }

  private static BlendModel train(String parameters) {
    return blend(parameters).train(data(), CONTEXT);
  }

  private static float[] scores(Model model) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(Profile.unseen(HISTORY), scores);
    return scores;
  }

  @Test
  void score_zScores_areTheWeightedSumOfTheMembersNormalized() {
    BlendModel model = train("1=item-knn 1.weight=2 2=popularity 2.mode=all-time");
    double[] knn = normalized(scores(model.members().get(0)));
    double[] popularity = normalized(scores(model.members().get(1)));
    float[] blended = scores(model);
    for (int item = 0; item < 6; item++) {
      assertThat(blended[item])
          .isEqualTo((float) (2 * knn[item] + popularity[item]), within(1e-5f));
    }
  }

  /** By the definition; what cannot be scored is as the lowest. */
  private static double[] normalized(float[] scores) {
    double lowest = scored(scores).min().orElseThrow();
    double mean = scored(scores).average().orElseThrow();
    double deviation = deviation(scores);
    return IntStream.range(0, scores.length)
        .mapToDouble(item -> Float.isNaN(scores[item]) ? lowest : scores[item])
        .map(score -> (score - mean) / deviation)
        .toArray();
  }

  private static DoubleStream scored(float[] scores) {
    return IntStream.range(0, scores.length)
        .mapToDouble(item -> scores[item])
        .filter(score -> !Double.isNaN(score));
  }

  private static double deviation(float[] scores) {
    double mean = scored(scores).average().orElseThrow();
    return Math.sqrt(
        scored(scores).map(score -> score * score).average().orElseThrow() - mean * mean);
  }

  @Test
  void score_oneMemberWithoutNormalization_isThatModel() {
    BlendModel model = train("normalization=none 1=item-knn");
    Model alone = Algorithms.all().trainer("item-knn", Parameters.none()).train(data(), CONTEXT);
    assertThat(scores(model)).isEqualTo(scores(alone));
  }

  @Test
  void score_itemThatOneMemberCannotScore_countsAsMissingSays() {
    String members = " 1=item-knn 2=content-knn 2.columns=year,kind 2.minItems=1";
    BlendModel lowest = train("missing=lowest" + members);
    BlendModel mean = train("missing=mean" + members);
    float[] byItems = scores(lowest.members().get(0));
    assertThat(byItems[6]).isNaN(); // nobody did it
    assertThat(scores(lowest.members().get(1))[6]).isFinite();
    double[] content = normalized(scores(lowest.members().get(1)));

    assertThat(scores(mean)[6]).isEqualTo((float) content[6], within(1e-5f));
    double last = normalized(byItems)[6];
    assertThat(last).isNegative();
    assertThat(scores(lowest)[6]).isEqualTo((float) (content[6] + last), within(1e-5f));
    assertThat(scores(lowest)[7]).as("nothing is known of it").isNaN();
    assertThat(scores(mean)[7]).isNaN();
  }

  @Test
  void score_memberThatScoresAllAlike_saysNothing() {
    Dataset equal = data();
    Interactions.Builder rows = Interactions.builder();
    for (int user = 0; user < ITEMS; user++) {
      rows.add(user, user % ITEMS, 1f);
      rows.add(user, (user + 4) % ITEMS, 1f);
    }
    equal = equal.withInteractions(rows.build(12, ITEMS));
    Model alone = blend("1=popularity").train(equal, CONTEXT);
    assertThat(scores(alone)).containsOnly(0f);
  }

  @Test
  void train_runs_beginDifferentlyAndTheirMeanCounts() {
    BlendModel model = train("normalization=none 1=bpr 1.runs=3 1.factors=4 1.epochs=3");
    List<Model> runs = model.members();
    assertThat(runs).hasSize(3);
    assertThat(runs.stream().map(run -> run.info().seed()).distinct()).hasSize(3);
    assertThat(runs.get(0).info().seed()).isEqualTo(CONTEXT.seed());
    float[] blended = scores(model);
    for (int item = 0; item < 6; item++) {
      double mean = 0;
      for (Model run : runs) {
        mean += scores(run)[item] / 3.0;
      }
      assertThat(blended[item]).isEqualTo((float) mean, within(1e-5f));
    }
    assertThat(scores(runs.get(0))).isNotEqualTo(scores(runs.get(1)));
  }

  @Test
  void explain_itemsOfTwoMembers_areAddedUp() {
    BlendModel model = train("1=item-knn 2=slim 2.l1=0 2.l2=1");
    float[] scores = scores(model);
    Profile profile = Profile.unseen(HISTORY);
    Explanation.BecauseOfItems why =
        (Explanation.BecauseOfItems) model.explain(profile, 2, 5).orElseThrow();
    double sum = why.base() + why.rest();
    for (Explanation.ItemReason reason : why.reasons()) {
      sum += reason.contribution();
    }
    assertThat(sum).isCloseTo(scores[2], within(1e-5));
    assertThat(why.reasons()).extracting(Explanation.ItemReason::item).containsOnly("a", "b");
    double one = contribution(model, profile, 0, "a", 2);
    double other = contribution(model, profile, 1, "a", 2);
    assertThat(
            why.reasons().stream()
                .filter(reason -> reason.item().equals("a"))
                .mapToDouble(Explanation.ItemReason::contribution)
                .sum())
        .isCloseTo(one + other, within(1e-5));
  }

  /** What a member says in the blend: its own contribution by the deviation of its scores. */
  private static double contribution(
      BlendModel model, Profile profile, int member, String of, int item) {
    Model one = model.members().get(member);
    float[] scores = scores(one);
    double factor = 1 / deviation(scores);
    Optional<Explanation> why = ((Explainer) one).explain(profile, item, 9);
    return ((Explanation.BecauseOfItems) why.orElseThrow())
        .reasons().stream()
            .filter(reason -> reason.item().equals(of))
            .mapToDouble(reason -> factor * reason.contribution())
            .sum();
  }

  @Test
  void explain_newItem_speaksOfWhatItShares() {
    BlendModel model =
        train("missing=mean 1=item-knn 2=content-knn 2.columns=year,kind 2.minItems=1");
    Explanation.SharedFeatures why =
        (Explanation.SharedFeatures) model.explain(Profile.unseen(HISTORY), 6, 5).orElseThrow();
    assertThat(why.features()).extracting(Explanation.FeatureReason::column).contains("kind");
    double sum = why.rest();
    for (Explanation.FeatureReason reason : why.features()) {
      sum += reason.contribution();
    }
    assertThat(sum).isCloseTo(scores(model)[6], within(1e-5));
  }

  @Test
  void withItems_allMembersCan_scoresTheNewOne() {
    Features features =
        new Features(
            1,
            List.of(
                new FeatureColumn.Category("kind", new int[] {0}, Vocabulary.of(List.of("film"))),
                new FeatureColumn.Numeric("year", new float[] {1997})));
    BlendModel model =
        train(
            "1=content-knn 1.columns=kind 1.minItems=1 2=rocchio 2.columns=kind,year 2.minItems=1");
    assertThat(model).isInstanceOf(NewItems.class);
    Model larger = ((NewItems) model).withItems(Vocabulary.of(List.of("new")), features);
    float[] scores = scores(larger);
    assertThat(scores).hasSize(ITEMS + 1);
    assertThat(scores[ITEMS]).isFinite();
    assertThat(larger.data().items().id(ITEMS)).isEqualTo("new");
    assertThat(((NewItems) larger).withItems(Vocabulary.of(List.of("newer")), features).data())
        .satisfies(data -> assertThat(data.items().size()).isEqualTo(ITEMS + 2));

    assertThat(train("1=content-knn 1.minItems=1 2=item-knn")).isNotInstanceOf(NewItems.class);
  }

  @Test
  void parameters_ofMembers_areThereWithTheirNumbers() {
    Blend blend = blend("missing=mean 1=item-knn 1.neighbors=7 2=popularity 2.weight=0.5");
    assertThat(blend.parameters().asMap())
        .containsEntry("1", "item-knn")
        .containsEntry("1.neighbors", "7")
        .containsEntry("1.weight", "1.0")
        .containsEntry("2.weight", "0.5")
        .containsEntry("2.runs", "1")
        .containsEntry("missing", "mean");
    assertThat(Algorithms.all().trainer("blend", blend.parameters())).isEqualTo(blend);
  }

  /** What a member leaves to the data is found once, and kept with the blend. */
  @Test
  void parameters_leftToTheData_areNumbersInTheModel() {
    Blend blend = blend("1=als 1.factors=3 1.epochs=2 1.regularization=0.3");
    assertThat(blend.parameters().asMap()).containsEntry("1.unobservedWeight", "auto");
    Parameters kept = blend.train(data(), CONTEXT).info().parameters();
    assertThat(kept.asMap().values()).doesNotContain("auto");
    assertThat(kept.asMap()).containsEntry("1.regularization", "0.3");
    assertThat(Double.parseDouble(kept.asMap().get("1.unobservedWeight"))).isPositive();
    assertThat(kept).isEqualTo(blend.resolved(data()).parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1=als 3=item-knn | there is a 3, but no 2",
        "2=als | there is a 2, but no 1",
        "1=als 2.factors=3 | 2.factors needs 2=ALGORITHM",
        "1=als 1.neighbors=3 | member 1: als: unknown hyperparameter 'neighbors'",
        "1=als 1.factors=0 | member 1: als: factors must be at least 1, got 0",
        "1=als 1.factors=many | member 1: als: hyperparameter 'factors' must be a whole number",
        "1=nothing | member 1: unknown algorithm 'nothing'",
        "1=blend | member 1: unknown algorithm 'blend'",
        "1=als 1.weight=0 | member 1: weight must be",
        "1=als 1.runs=0 | member 1: runs must be at least 1, got 0",
        "als=1 | blend: unknown hyperparameter 'als'",
        "normalization=rank 1=als | one of [z-score, none]",
      })
  void parameters_wrong_sayWhatAndWhere(String parameters, String message) {
    assertThatThrownBy(() -> blend(parameters))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(message);
  }

  @Test
  void member_ofAnotherAlgorithm_isRefused() {
    assertThatThrownBy(() -> new Blend(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("members must be at least 1");
    Blend blend =
        new Blend(List.of(Blend.Member.of(Popularity.ALGORITHM, Popularity.of(Parameters.none()))));
    assertThat(blend.parameters().asMap()).containsEntry("1", "popularity");
    assertThatThrownBy(() -> Blend.Member.of(Blend.algorithm(Algorithms.all()), blend))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be a blend");
  }
}
