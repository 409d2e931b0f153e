package io.kindred.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitterTest {
  @Test
  void leaveOneOut_lastTwoItems_areValidationAndTest() {
    Split split =
        new LeaveOneOut().split(data("u a 1", "u b 2", "u c 3", "u d 4", "v a 1", "v b 1"));

    assertThat(pairs(split.train().interactions(), split))
        .containsExactly("u a", "u b", "v a", "v b");
    HeldOut validation = split.part(Split.Part.VALIDATION);
    assertThat(pairs(validation.targets(), split)).containsExactly("u c");
    assertThat(pairs(validation.history(), split)).containsExactly("u a", "u b");
    assertThat(pairs(split.test().targets(), split)).containsExactly("u d");
    assertThat(pairs(split.test().history(), split)).containsExactly("u a", "u b", "u c");
    assertThat(split.counts()).isEqualTo(new SplitCounts(1, 0));
    assertThat(split.test().users()).isEqualTo(1);
  }

  @Test
  void refit_leaveOneOut_trainsOnAllButTheTest() {
    Split split = new LeaveOneOut().split(data("u a 1", "u b 2", "u c 3", "u d 4", "v a 1"));

    Split refit = split.refit();

    assertThat(pairs(refit.train().interactions(), split))
        .containsExactly("u a", "u b", "u c", "v a");
    assertThat(refit.test()).isEqualTo(split.test());
    assertThat(refit.validation()).isEmpty();
    assertThatThrownBy(refit::refit)
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'leave-one-out, validation in train' has no validation part");
  }

  /** Without times, an interaction that is joined twice could not be told from a repeat. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "leave-one-out",
        "ratio(0.8,0.1,0.1)",
        "user-holdout(0.2,0.8,0.1)",
        "cold-items(0.2,0.1)"
      })
  void refit_withoutTimes_trainsOnceOnEachInteraction(String how) {
    Dataset data = distinct(random(3, 50, 40, 900));
    Interactions.Builder rows = Interactions.builder();
    for (int user = 0; user < 50; user++) {
      for (int item : data.interactions().history(user).items()) {
        rows.add(user, item, 1f);
      }
    }
    Split split =
        Splitter.parse(how)
            .splits(data.withInteractions(rows.build(50, data.items().size())), 5)
            .get(0);

    List<String> train = pairs(split.refit().train().interactions(), split);

    assertThat(train).doesNotHaveDuplicates();
    assertThat(train).containsAll(pairs(split.train().interactions(), split));
    HeldOut validation = split.part(Split.Part.VALIDATION);
    assertThat(train).containsAll(pairs(validation.targets(), split));
    assertThat(train).containsAll(pairs(validation.history(), split));
  }

  @Test
  void refit_userHoldout_trainsOnAllThatPeopleOfTheValidationDid() {
    Dataset data = distinct(random(3, 50, 40, 900));
    Split split = Splitter.parse("user-holdout(0.2, 0.8, 0.1)").splits(data, 5).get(0);

    Interactions train = split.refit().train().interactions();

    for (int user = 0; user < 50; user++) {
      boolean tested = split.test().targets().userSize(user) > 0;
      assertThat(train.userSize(user)).isEqualTo(tested ? 0 : data.interactions().userSize(user));
    }
  }

  /** u: test and validation in one second; v: validation and train; w: no ties; x: both. */
  @Test
  void ties_atTheBorderOfAPart_areCountedAndWarnedOf() {
    Dataset data =
        data(
            "u a 1", "u b 2", "u c 3", "u d 3", "v a 1", "v b 5", "v c 5", "v d 9", "w a 1",
            "w b 2", "w c 3", "x a 4", "x b 4", "x c 4");
    Split last = new LeaveOneOut().split(data);
    assertThat(last.counts()).isEqualTo(new SplitCounts(0, 0, 2, 2));
    assertThat(last.ties(Split.Part.TEST)).isEqualTo(0.5);
    assertThat(last.tieWarning(Split.Part.TEST).orElseThrow())
        .contains("50 %", "first test interaction", "order of the file");
    assertThat(last.tieWarning(Split.Part.VALIDATION).orElseThrow()).contains("validation");
    assertThat(last.refit().ties(Split.Part.TEST)).isEqualTo(0.5);

    Split newest = Splitter.parse("ratio(0.5,0.25,0.25,time)").splits(data, 1).get(0);
    assertThat(newest.ties(Split.Part.TEST)).isEqualTo(0.5);
    for (String other : List.of("ratio(0.5,0.25,0.25,random)", "k-fold(2)", "temporal(0.5)")) {
      assertThat(Splitter.parse(other).splits(data, 1).get(0).tieWarning(Split.Part.TEST))
          .as(other)
          .isEmpty();
    }
  }

  /** Of 20 people one has a tie: 5 % is not yet worth a warning; without times there are none. */
  @Test
  void ties_fewOrWithoutTimes_areNotWarnedOf() {
    Interactions.Builder timed = Interactions.builder();
    Interactions.Builder untimed = Interactions.builder();
    for (int user = 0; user < 20; user++) {
      for (int item = 0; item < 4; item++) {
        timed.add(user, item, 1f, 1000L * (user == 0 ? 7 : item));
        untimed.add(user, item, 1f);
      }
    }
    Dataset data = random(1, 20, 4, 30);
    Split few = new LeaveOneOut().split(data.withInteractions(timed.build(20, 4)));
    assertThat(few.ties(Split.Part.TEST)).isEqualTo(0.05);
    assertThat(few.tieWarning(Split.Part.TEST)).isEmpty();
    Split none = new LeaveOneOut().split(data.withInteractions(untimed.build(20, 4)));
    assertThat(none.ties(Split.Part.TEST)).isZero();
  }

  @Test
  void leaveOneOut_equalTimes_keepTheOrderOfTheFile() {
    Split split = new LeaveOneOut().split(data("u c 7", "u b 7", "u a 7", "u z 1"));

    assertThat(pairs(split.test().targets(), split)).containsExactly("u a");
    assertThat(pairs(split.part(Split.Part.VALIDATION).targets(), split)).containsExactly("u b");
  }

  @Test
  void leaveOneOut_repeats_holdsOutWhatWasNewAndDropsWhatCameAfter() {
    Split split =
        new LeaveOneOut()
            .split(data("u a 1", "u a 2", "u b 3", "u c 4", "u b 5", "u d 6", "u a 7"));

    assertThat(pairs(split.train().interactions(), split)).containsExactly("u a", "u a", "u b");
    assertThat(pairs(split.part(Split.Part.VALIDATION).targets(), split)).containsExactly("u c");
    assertThat(pairs(split.test().targets(), split)).containsExactly("u d");
    assertThat(split.counts().droppedInteractions()).isEqualTo(2);
  }

  @Test
  void temporal_share_cutsAtThatTimeForEverybody() {
    Split split =
        TemporalSplit.at(0.5).split(data("u a 1", "u b 9", "v a 2", "v c 3", "v d 3", "w e 8"));

    // Half of six interactions are at or before 3, and the other one at 3 is not torn away.
    assertThat(pairs(split.train().interactions(), split))
        .containsExactly("u a", "v a", "v c", "v d");
    assertThat(pairs(split.test().targets(), split)).containsExactly("u b", "w e");
    assertThat(pairs(split.test().history(), split)).containsExactly("u a");
    assertThat(split.validation()).isEmpty();
    assertThat(split.counts().trainOnlyUsers()).isEqualTo(1);
  }

  @Test
  void temporal_twoCuts_haveValidationBetween() {
    Split split =
        Splitter.parse("temporal(1970-01-01T00:00:03Z, 5)")
            .splits(data("u a 1", "u b 3", "u c 4", "u d 5", "u e 6", "u a 7"), 0)
            .get(0);

    assertThat(pairs(split.train().interactions(), split)).containsExactly("u a", "u b");
    assertThat(pairs(split.part(Split.Part.VALIDATION).targets(), split))
        .containsExactly("u c", "u d");
    assertThat(pairs(split.test().targets(), split)).containsExactly("u e");
    assertThat(split.counts().droppedInteractions()).isEqualTo(1);
  }

  @Test
  void temporal_withoutTimes_saysWhatWouldDo() {
    Dataset untimed =
        Dataset.of("plain", List.of(new Interaction("u", "a", 1), new Interaction("u", "b", 1)));
    assertThatThrownBy(() -> TemporalSplit.at(0.5).split(untimed))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("needs times")
        .hasMessageContaining("plain")
        .hasMessageContaining("leave-one-out");
  }

  @Test
  void temporal_cutAfterEverything_isRefused() {
    assertThatThrownBy(
            () -> Splitter.parse("temporal(2030-01-01)").splits(data("u a 1", "u b 2"), 0))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("nothing for test");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, 10, 11, 19, 20, 100})
  void ratio_userOfAnySize_getsTheWholePartAndAtLeastOne(int n) {
    List<String> lines = new ArrayList<>(List.of("filler a 1", "filler b 2", "filler c 3"));
    for (int i = 0; i < n; i++) {
      lines.add("u i" + i + " " + i);
    }
    Split split =
        Splitter.parse("ratio(0.8,0.1,0.1,time)")
            .splits(data(lines.toArray(String[]::new)), 3)
            .get(0);
    int user = split.train().users().index("u");
    int tested = split.test().targets().userSize(user);
    int validated = split.part(Split.Part.VALIDATION).targets().userSize(user);
    int trained = split.train().interactions().userSize(user);

    assertThat(trained + tested + validated).isEqualTo(n);
    assertThat(tested).isEqualTo(n == 1 ? 0 : Math.max(1, n / 10));
    assertThat(validated).isEqualTo(n <= 2 ? 0 : Math.max(1, n / 10));
    if (tested > 0) {
      assertThat(split.test().targets().time(split.test().targets().starts()[user]))
          .isEqualTo(n - tested);
    }
  }

  @Test
  void ratio_random_followsTheSeed() {
    Dataset data = random(5, 30, 20, 400);
    Splitter splitter = Splitter.parse("ratio(0.8,0.2)");

    assertThat(splitter.splits(data, 1).get(0).train().fingerprint())
        .isEqualTo(splitter.splits(data, 1).get(0).train().fingerprint())
        .isNotEqualTo(splitter.splits(data, 2).get(0).train().fingerprint());
    assertThat(splitter.splits(data, 1).get(0).validation()).isEmpty();
  }

  @Test
  void kFold_everyInteraction_isTestOnce() {
    Dataset data = distinct(random(7, 20, 30, 200));
    List<Split> folds = new KFold(4).splits(data, 11);

    List<String> tested = new ArrayList<>();
    for (Split fold : folds) {
      assertThat(fold.train().interactions().size() + fold.test().targets().size())
          .isEqualTo(data.interactions().size());
      assertThat(fold.test().targets().size())
          .isBetween(data.interactions().size() / 4, data.interactions().size() / 4 + 1);
      tested.addAll(pairs(fold.test().targets(), fold));
    }
    assertThat(tested).hasSize(data.interactions().size()).doesNotHaveDuplicates();
    assertThat(folds).extracting(Split::name).contains("k-fold(4) seed 11 fold 3");
  }

  @Test
  void userHoldout_heldOutPeople_areNotInTrain() {
    Dataset data = distinct(random(3, 50, 40, 900));
    Split split = Splitter.parse("user-holdout(0.2, 0.8, 0.1)").splits(data, 5).get(0);
    HeldOut validation = split.part(Split.Part.VALIDATION);

    assertThat(split.test().users()).isEqualTo(10);
    assertThat(validation.users()).isEqualTo(5);
    for (HeldOut part : List.of(split.test(), validation)) {
      for (int user = 0; user < 50; user++) {
        int asked = part.targets().userSize(user);
        if (asked > 0) {
          int n = data.interactions().userSize(user);
          assertThat(split.train().interactions().userSize(user)).isZero();
          assertThat(asked).isEqualTo(Math.max(1, (int) Math.floor(0.2 * n + 1e-9)));
          assertThat(part.history().userSize(user)).isEqualTo(n - asked);
        }
      }
    }
  }

  @Test
  void coldItems_heldOutItems_areNotInTrain() {
    Dataset data = random(9, 40, 30, 600);
    Split split = new ColdItems(0.2).split(data, 1);

    Set<Integer> cold = new HashSet<>();
    for (int item : split.test().targets().items()) {
      cold.add(item);
    }
    assertThat(cold).hasSize(6);
    assertThat(Arrays.stream(split.train().interactions().items()).boxed())
        .doesNotContainAnyElementsOf(cold);
  }

  @Test
  void coldItems_withValidation_holdsOutOtherItemsWholeInEachPart() {
    Dataset data = random(9, 40, 30, 600);
    Split split = new ColdItems(0.2, 0.1, 0).split(data, 1);

    Set<Integer> tested = itemsOf(split.test().targets());
    Set<Integer> validated = itemsOf(split.validation().orElseThrow().targets());
    Set<Integer> trained = itemsOf(split.train().interactions());
    assertThat(tested).hasSize(6);
    assertThat(validated).hasSize(3).doesNotContainAnyElementsOf(tested);
    assertThat(trained)
        .hasSize(21)
        .doesNotContainAnyElementsOf(tested)
        .doesNotContainAnyElementsOf(validated);
    assertThat(split.name()).isEqualTo("cold-items(0.2,0.1) seed 1");
  }

  @Test
  void coldItems_withWarmShare_holdsOutSomeInteractionsOfTheOthersToo() {
    Dataset data = random(9, 200, 400, 6000);
    Split split = new ColdItems(0.2, 0.1, 0.1).split(data, 1);

    Set<Integer> trained = itemsOf(split.train().interactions());
    for (Interactions targets :
        List.of(split.test().targets(), split.validation().orElseThrow().targets())) {
      long warm = Arrays.stream(targets.items()).filter(trained::contains).count();
      int ofTrained = split.train().interactions().size();
      assertThat(warm / (ofTrained / 0.8)).isBetween(0.06, 0.12); // repeats were dropped
      assertThat(itemsOf(targets)).anyMatch(item -> !trained.contains(item));
    }
  }

  @Test
  void coldItems_nearlyAllOfFewItems_isRefused() {
    assertThatThrownBy(() -> new ColdItems(0.5, 0.4, 0).split(random(9, 5, 2, 30), 1))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("2 items with interactions are too few");
  }

  @Test
  void newItems_twoCuts_holdOutItemsFirstSeenAfterEach() {
    Dataset data =
        data(
            "a old 10",
            "b old 20",
            "a mid 30",
            "c old 35",
            "b mid 50",
            "a new 55",
            "c new 60",
            "b older 15");
    Split split =
        new NewItems(new TemporalSplit.Cut.At(25), Optional.of(new TemporalSplit.Cut.At(40)))
            .split(data);

    assertThat(pairs(split.train().interactions(), split))
        .containsExactlyInAnyOrder("a old", "b old", "b older");
    assertThat(pairs(split.validation().orElseThrow().targets(), split))
        .containsExactlyInAnyOrder("a mid");
    assertThat(pairs(split.test().targets(), split)).containsExactlyInAnyOrder("a new", "c new");
    assertThat(split.counts().droppedInteractions()).isEqualTo(2); // c old, b mid
  }

  @Test
  void newItems_noNewItemOrNoTimes_saySo() {
    Dataset known = data("a x 10", "b x 20", "a y 11", "b y 21");
    assertThatThrownBy(() -> Splitter.parse("new-items(0.5)").splits(known, 1))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no item was first seen after 1970-01-01T00:00:11Z");
    Dataset timeless = Dataset.of("t", List.of(new Interaction("a", "x", 1)));
    assertThatThrownBy(() -> Splitter.parse("new-items(0.5)").splits(timeless, 1))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("needs times");
  }

  private static Set<Integer> itemsOf(Interactions interactions) {
    return Arrays.stream(interactions.items()).boxed().collect(Collectors.toSet());
  }

  @Test
  void given_filesOfTheirOwn_getCommonVocabularies() {
    Dataset train = data("u a 1", "u b 2", "v b 3");
    Dataset test = data("v c 9", "w a 9", "u d 9");
    Split split = Split.given("given (files)", train, Optional.empty(), test);

    assertThat(split.train().users().ids()).containsExactly("u", "v", "w");
    assertThat(split.train().items().ids()).containsExactly("a", "b", "c", "d");
    assertThat(pairs(split.test().targets(), split)).containsExactlyInAnyOrder("v c", "w a", "u d");
    assertThat(pairs(split.test().history(), split)).containsExactly("u a", "u b", "v b");
    assertThat(split.train().itemFeatures().size()).isEqualTo(4);
  }

  @Test
  void given_features_comeFromThePartThatKnowsTheItem() {
    Dataset train =
        data("u a 1", "u b 2")
            .withFeatures(
                Features.none(1),
                new Features(
                    2,
                    List.of(
                        new FeatureColumn.Text("title", List.of("A", "B")),
                        new FeatureColumn.Numeric("year", new float[] {1990, 1991}),
                        new FeatureColumn.Category(
                            "kind", new int[] {0, -1}, Vocabulary.of(List.of("film"))))));
    Dataset test =
        data("u c 9", "u d 9")
            .withFeatures(
                Features.none(1),
                new Features(
                    2,
                    List.of(
                        new FeatureColumn.Text("title", List.of("C", "D")),
                        new FeatureColumn.Category(
                            "kind", new int[] {0, 1}, Vocabulary.of(List.of("series", "film"))),
                        new FeatureColumn.Tags(
                            "tags",
                            new int[] {0, 2, 2},
                            new int[] {1, 0},
                            Vocabulary.of(List.of("x", "y"))))));
    Features features = Split.given("given", train, Optional.empty(), test).train().itemFeatures();

    assertThat(features.columns())
        .extracting(FeatureColumn::name)
        .containsExactly("title", "year", "kind", "tags");
    assertThat(displayed(features, 0)).containsExactly("A", "1990", "film", null);
    assertThat(displayed(features, 1)).containsExactly("B", "1991", null, null);
    assertThat(displayed(features, 2)).containsExactly("C", null, "series", "y, x");
    assertThat(displayed(features, 3)).containsExactly("D", null, "film", null);
  }

  private static List<String> displayed(Features features, int index) {
    List<String> shown = new ArrayList<>();
    features.columns().forEach(column -> shown.add(column.display(index)));
    return shown;
  }

  @Test
  void given_pairOnBothSides_isALeak() {
    assertThatThrownBy(
            () -> Split.given("x", data("u a 1", "u b 2"), Optional.empty(), data("u b 3")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("leaks")
        .hasMessageContaining("'u'")
        .hasMessageContaining("'b'");
  }

  @Test
  void given_pairInValidationAndTest_isALeak() {
    assertThatThrownBy(
            () ->
                Split.given("x", data("u a 1", "u b 2"), Optional.of(data("u c 3")), data("u c 4")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("leaks");
  }

  @Test
  void constructor_targetInTrain_isALeak() {
    Dataset train = data("u a 1", "u b 2");
    HeldOut leaking = new HeldOut(Interactions.empty(1, 2), train.interactions());
    assertThatThrownBy(
            () -> new Split("hand-made", train, Optional.empty(), leaking, new SplitCounts(0, 0)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'hand-made' leaks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "leave-one-out",
        "temporal(0.8)",
        "temporal(0.8,0.9)",
        "temporal(2018-01-01T00:00:00Z)",
        "ratio(0.8,0.1,0.1,random)",
        "ratio(0.5,0.25,0.25,time)",
        "k-fold(5)",
        "user-holdout(0.1,0.8)",
        "user-holdout(0.1,0.8,0.1)",
        "cold-items(0.25)",
        "cold-items(0.2,0.1)",
        "cold-items(0.2,0,0.1)",
        "cold-items(0.2,0.1,0.1)",
        "new-items(0.8)",
        "new-items(0.8,0.9)",
        "new-items(2018-01-01T00:00:00Z)"
      })
  void parse_ownSpec_comesBack(String spec) {
    assertThat(Splitter.parse(spec).spec()).isEqualTo(spec);
    assertThat(Splitter.parse(" " + spec.replace("-o", "_o") + " ").spec()).isEqualTo(spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "leave-two-out",
        "leave-one-out(3)",
        "temporal",
        "temporal(soon)",
        "temporal(0)",
        "temporal(0.8,0.9,1.0)",
        "temporal(2018-13-01)",
        "ratio(0.8)",
        "ratio(0.8,0.1,0.2,random)",
        "ratio(0.8,0.1,0.1,sideways)",
        "ratio(1,0)",
        "k-fold(1)",
        "k-fold(2.5)",
        "k-fold(five)",
        "user-holdout(0.1)",
        "user-holdout(0.6,0.8,0.5)",
        "user-holdout(0.1,1)",
        "cold-items(1)",
        "cold-items(0)",
        "cold-items(0.6,0.4)",
        "cold-items(0.2,-0.1)",
        "cold-items(0.2,0.1,0.5)",
        "cold-items(0.2,0.1,0.1,0.1)",
        "new-items",
        "new-items(0)",
        "new-items(0.8,0.9,1)",
        "ratio(0.8,0.1,0.1"
      })
  void parse_wrongSpec_isRefusedForAPerson(String spec) {
    assertThatThrownBy(() -> Splitter.parse(spec)).isInstanceOf(KindredException.class);
  }

  @Property(tries = 150)
  void splits_anyData_neverLeakNorInvent(@ForAll long seed) {
    Dataset data = random(seed, 12, 40, 150);
    Set<String> all = new HashSet<>(pairs(data.interactions(), data));
    for (String spec :
        List.of(
            "leave-one-out",
            "temporal(0.7,0.85)",
            "ratio(0.6,0.2,0.2,random)",
            "ratio(0.6,0.2,0.2,time)",
            "k-fold(3)",
            "user-holdout(0.2,0.7,0.2)",
            "cold-items(0.3)",
            "cold-items(0.3,0.2)",
            "cold-items(0.3,0.2,0.1)")) {
      for (Split split : Splitter.parse(spec).splits(data, seed)) {
        Set<String> train = new HashSet<>(pairs(split.train().interactions(), split));
        Set<String> test = new HashSet<>(pairs(split.test().targets(), split));
        Set<String> validation =
            new HashSet<>(
                split.validation().map(part -> pairs(part.targets(), split)).orElse(List.of()));
        assertThat(test).hasSize(split.test().targets().size()).doesNotContainAnyElementsOf(train);
        assertThat(validation).doesNotContainAnyElementsOf(train).doesNotContainAnyElementsOf(test);
        assertThat(all).containsAll(train).containsAll(test).containsAll(validation);
        assertThat(pairs(split.test().history(), split)).doesNotContainAnyElementsOf(test);
        assertThat(split.train().users()).isSameAs(data.users());
        assertThat(split.train().items()).isSameAs(data.items());
        if (spec.startsWith("temporal")) {
          assertThat(latest(split.train().interactions()))
              .isLessThan(earliest(split.test().targets()));
        }
        if (spec.equals("leave-one-out") || spec.endsWith("time)")) {
          for (int user = 0; user < 12; user++) {
            if (split.test().targets().userSize(user) > 0
                && split.train().interactions().userSize(user) > 0) {
              Interactions trained = split.train().interactions();
              assertThat(trained.time(trained.starts()[user + 1] - 1))
                  .isLessThanOrEqualTo(
                      split.test().targets().time(split.test().targets().starts()[user]));
            }
          }
        }
      }
    }
  }

  private static long latest(Interactions interactions) {
    long latest = Long.MIN_VALUE;
    for (int p = 0; p < interactions.size(); p++) {
      latest = Math.max(latest, interactions.time(p));
    }
    return latest;
  }

  private static long earliest(Interactions interactions) {
    long earliest = Long.MAX_VALUE;
    for (int p = 0; p < interactions.size(); p++) {
      earliest = Math.min(earliest, interactions.time(p));
    }
    return earliest;
  }

  private static Dataset data(String... lines) {
    return Dataset.of(
        "small",
        Arrays.stream(lines)
            .map(line -> line.split(" "))
            .map(
                w ->
                    new Interaction(
                        w[0], w[1], 1f, Instant.ofEpochSecond(Long.parseLong(w[2])), null))
            .toList());
  }

  /** Interactions with repeats and equal times. */
  private static Dataset random(long seed, int users, int items, int size) {
    Random random = new Random(seed);
    Vocabulary.Builder userIds = Vocabulary.builder();
    Vocabulary.Builder itemIds = Vocabulary.builder();
    for (int u = 0; u < users; u++) {
      userIds.add("u" + u);
    }
    for (int i = 0; i < items; i++) {
      itemIds.add("i" + i);
    }
    Interactions.Builder builder = Interactions.builder();
    for (int p = 0; p < size; p++) {
      builder.add(
          random.nextInt(users),
          random.nextInt(items),
          1 + random.nextInt(5),
          1000L * random.nextInt(60));
    }
    return Dataset.of("random", userIds.build(), itemIds.build(), builder.build(users, items));
  }

  private static Dataset distinct(Dataset data) {
    Interactions.Builder builder = Interactions.builder();
    for (int user = 0; user < data.users().size(); user++) {
      for (int item : data.interactions().history(user).distinct().items()) {
        builder.add(user, item, 1f);
      }
    }
    return data.withInteractions(builder.build(data.users().size(), data.items().size()));
  }

  private static List<String> pairs(Interactions interactions, Split split) {
    return pairs(interactions, split.train());
  }

  private static List<String> pairs(Interactions interactions, Dataset names) {
    List<String> pairs = new ArrayList<>();
    for (int user = 0; user < interactions.userCount(); user++) {
      for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
        pairs.add(names.users().id(user) + " " + names.items().id(interactions.items()[p]));
      }
    }
    return pairs;
  }
}
