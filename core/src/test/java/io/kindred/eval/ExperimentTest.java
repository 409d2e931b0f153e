package io.kindred.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.baseline.Bias;
import io.kindred.baseline.Popularity;
import io.kindred.baseline.RandomItems;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.eval.Experiment.Entrant;
import io.kindred.knn.ItemKnn;
import io.kindred.metric.Metric;
import io.kindred.registry.Algorithms;
import io.kindred.split.LeaveOneOut;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  /**
   * 120 people in four groups, 80 items in four groups: nearly everything that a person does is in
   * the own group.
   */
  private static final Dataset GROUPS = groups();

  private static final Parameters NONE = Parameters.none();

  private static final List<Entrant> ENTRANTS =
      List.of(
          new Entrant("popular", Popularity.ALL_TIME),
          new Entrant("chance", new RandomItems()),
          new Entrant("neighbors", ItemKnn.defaults()));

  @Test
  void run_dataWithGroups_neighborsWinAndTheReportSaysSo() {
    Split split = new LeaveOneOut().split(GROUPS);
    EvaluationReport report =
        Experiment.of(ENTRANTS, List.of(split), Protocol.of(Metric.ofLists(10)))
            .withThreads(2)
            .run(ProgressListener.NONE);

    assertThat(report.best(Metric.parse("ndcg@10")).map(ModelResult::name)).contains("neighbors");
    for (String other : List.of("popular", "chance")) {
      Comparison comparison = report.comparison("ndcg@10", "neighbors", other).orElseThrow();
      assertThat(comparison.significant()).isTrue();
      assertThat(comparison.low()).isPositive();
      assertThat(comparison.difference())
          .isEqualTo(
              figure(report, "neighbors", "ndcg@10").value()
                  - figure(report, other, "ndcg@10").value(),
              within(1e-9));
    }
    for (ModelResult model : report.models()) {
      assertThat(model.counts().evaluated()).isEqualTo(120);
      model
          .figures()
          .forEach(
              (metric, figure) ->
                  assertThat(figure.value()).as(metric).isBetween(figure.low(), figure.high()));
      assertThat(model.groups())
          .extracting(EvaluationReport.Group::kind)
          .containsOnly("history length");
      assertThat(model.groups().stream().mapToInt(EvaluationReport.Group::users).sum())
          .isEqualTo(120);
      assertThat(model.spread()).isEmpty();
      assertThat(model.cost().peakHeapBytes()).isPositive();
    }
    assertThat(report.setup().part()).isEqualTo("test");
    assertThat(report.setup().splits()).containsExactly("leave-one-out");
  }

  @Test
  void run_anyNumberOfThreads_givesTheSameFigures() {
    List<Split> splits = Splitter.parse("user-holdout(0.3,0.7)").splits(GROUPS, 1);
    Experiment experiment = Experiment.of(ENTRANTS, splits, Protocol.of(Metric.ofLists(5)));
    EvaluationReport one = experiment.withThreads(1).run(ProgressListener.NONE);
    EvaluationReport two = experiment.withThreads(2).run(ProgressListener.NONE);

    for (int m = 0; m < ENTRANTS.size(); m++) {
      assertThat(two.models().get(m).figures()).isEqualTo(one.models().get(m).figures());
    }
    assertThat(two.comparisons()).isEqualTo(one.comparisons());
    assertThat(one.models().get(0).counts().unseen()).isEqualTo(36);
  }

  @Test
  void run_foldsAndSeeds_areAveraged() {
    List<Split> folds = Splitter.parse("k-fold(3)").splits(GROUPS, 4);
    Experiment experiment =
        Experiment.of(
                ENTRANTS.subList(0, 2), folds, Protocol.of(Metric.parseAll("ndcg@10 coverage@10")))
            .withSeeds(List.of(1L, 2L));
    List<String> heard = new ArrayList<>();
    List<Double> chance = new ArrayList<>();
    EvaluationReport report =
        experiment.run(
            ProgressListener.NONE,
            (entrant, split, model) -> {
              heard.add(entrant.name());
              if (entrant.name().equals("chance")) {
                chance.add(
                    new Evaluator(experiment.protocol(), 1)
                        .evaluate(model, split.train(), split.test(), ProgressListener.NONE)
                        .value(Metric.parse("ndcg@10")));
              }
            });

    assertThat(heard).hasSize(12);
    assertThat(report.setup().splits()).hasSize(6);
    double[] values = chance.stream().mapToDouble(value -> value).toArray();
    assertThat(figure(report, "chance", "ndcg@10").value())
        .isEqualTo(Arrays.stream(values).average().orElseThrow(), within(1e-9));
    assertThat(report.models().get(1).spread().get("ndcg@10"))
        .isEqualTo(Bootstrap.deviation(values), within(1e-9))
        .isPositive();
    assertThat(report.toText()).contains("3 splits", "6 runs");
  }

  @Test
  void run_coldItems_reportsAllColdAndWarmItemsApart() {
    Protocol protocol =
        Protocol.of(Metric.parseAll("ndcg@10 coverage@10"))
            .withViews(List.of(Candidates.COLD, Candidates.WARM));
    List<Split> splits = Splitter.parse("cold-items(0.2,0.1,0.1)").splits(GROUPS, 3);
    EvaluationReport report =
        Experiment.of(ENTRANTS, splits, protocol).withThreads(2).run(ProgressListener.NONE);

    EvaluationReport cold = report.among("cold").orElseThrow();
    EvaluationReport warm = report.among("warm").orElseThrow();
    assertThat(report.among("all")).containsSame(report);
    assertThat(report.views()).containsExactly(cold, warm);
    // Who goes by co-occurrence finds no new item, and leads among the others.
    assertThat(figure(cold, "neighbors", "ndcg@10").value()).isZero();
    assertThat(figure(cold, "neighbors", "coverage@10").value()).isZero();
    assertThat(figure(cold, "chance", "ndcg@10").value()).isPositive();
    assertThat(warm.best(Metric.parse("ndcg@10")).map(ModelResult::name)).contains("neighbors");
    assertThat(cold.comparison("ndcg@10", "chance", "neighbors").orElseThrow().significant())
        .isTrue();
    ModelResult chance = report.models().get(1);
    assertThat(chance.counts().targets())
        .isEqualTo(
            cold.models().get(1).counts().targets() + warm.models().get(1).counts().targets());
    assertThat(report.toText())
        .contains(
            "Among cold items, which nobody has in train: ",
            "Among warm items, which somebody has in train: ",
            "neighbors could not fill the list of ",
            " among cold items.");
    assertThat(report.toCsv()).contains(",all,", ",cold,", ",warm,");
    assertThat(report.toHtml()).contains("<h2>Among cold items, which nobody has in train: ");
    assertThat(EvaluationReport.fromJson(report.toJson())).isEqualTo(report);
  }

  @Test
  void run_nothingWarmHeldOut_hasNoReportOfIt() {
    Protocol protocol =
        Protocol.of(Metric.parseAll("ndcg@10"))
            .withViews(List.of(Candidates.COLD, Candidates.WARM));
    EvaluationReport report =
        Experiment.of(ENTRANTS, Splitter.parse("cold-items(0.2)").splits(GROUPS, 3), protocol)
            .run(ProgressListener.NONE);

    assertThat(report.among("cold")).isPresent();
    assertThat(report.among("warm")).isEmpty();
    assertThat(report.toText())
        .contains("All held-out interactions are with items that nobody has in train.");
  }

  @Test
  void run_peopleInAndOutOfTrain_areGroupsOfTheirOwn() {
    List<Split> splits = Splitter.parse("temporal(0.6)").splits(GROUPS, 0);
    ModelResult model =
        Experiment.of(ENTRANTS.subList(0, 1), splits, Protocol.of(Metric.parseAll("recall@10")))
            .run(ProgressListener.NONE)
            .models()
            .get(0);

    assertThat(model.groups())
        .extracting(EvaluationReport.Group::name)
        .contains("seen in train", "unseen");
    assertThat(
            model.groups().stream()
                .filter(group -> group.kind().equals("acquaintance"))
                .mapToInt(EvaluationReport.Group::users)
                .sum())
        .isEqualTo(model.counts().evaluated());
  }

  /** A model without chance says the same in each run: four runs are worth no more than one. */
  @Test
  void run_moreSeeds_narrowNoIntervalAndCountEachPersonOnce() {
    List<Split> splits = Splitter.parse("temporal(0.5,0.7)").splits(arriving(), 0);
    Experiment experiment =
        Experiment.of(
            List.of(ENTRANTS.get(0), ENTRANTS.get(2), new Entrant("bias", Bias.of(NONE))),
            splits,
            Protocol.of(Metric.parseAll("recall@10 ndcg@5 rmse coverage@10 gini@5")));
    EvaluationReport once = experiment.withSeeds(List.of(1L)).run(ProgressListener.NONE);
    EvaluationReport four =
        experiment.withSeeds(List.of(1L, 2L, 3L, 4L)).run(ProgressListener.NONE);

    for (int m = 0; m < once.models().size(); m++) {
      ModelResult one = once.models().get(m);
      ModelResult many = four.models().get(m);
      assertThat(many.counts().people()).isEqualTo(one.counts().people());
      assertThat(many.counts().evaluated()).isEqualTo(4 * one.counts().evaluated());
      one.figures().forEach((metric, figure) -> assertNear(metric, many.figure(metric), figure));
      assertThat(many.groups()).hasSameSizeAs(one.groups()).hasSizeGreaterThan(3);
      for (int g = 0; g < one.groups().size(); g++) {
        EvaluationReport.Group alone = one.groups().get(g);
        EvaluationReport.Group repeated = many.groups().get(g);
        assertThat(repeated.users()).as(alone.name()).isEqualTo(alone.users());
        alone
            .figures()
            .forEach((metric, figure) -> assertNear(metric, repeated.figure(metric), figure));
      }
    }
    for (int c = 0; c < once.comparisons().size(); c++) {
      Comparison one = once.comparisons().get(c);
      Comparison many = four.comparisons().get(c);
      assertThat(many.p()).isEqualTo(one.p(), within(1e-6));
      assertThat(many.low()).isEqualTo(one.low(), within(1e-6));
      assertThat(many.high()).isEqualTo(one.high(), within(1e-6));
    }
    int people = once.models().get(0).counts().people();
    assertThat(four.toText())
        .contains(people + " people were measured in 4 runs, " + 4 * people, "sums over the runs");
    assertThat(four.toCsv()).contains("popular,popularity,,," + people + ",recall@10,");
  }

  private static void assertNear(String what, Figure actual, Figure expected) {
    assertThat(actual.value()).as(what).isEqualTo(expected.value(), within(1e-6));
    assertThat(actual.low()).as(what).isEqualTo(expected.low(), within(1e-6));
    assertThat(actual.high()).as(what).isEqualTo(expected.high(), within(1e-6));
  }

  /** After the cut there are people who did something before it and people who did nothing. */
  @Test
  void run_peopleWithoutHistory_areToldApart() {
    EvaluationReport report =
        Experiment.of(
                ENTRANTS,
                Splitter.parse("temporal(0.5,0.7)").splits(arriving(), 0),
                Protocol.of(Metric.parseAll("recall@10")))
            .run(ProgressListener.NONE);
    ModelResult neighbors = report.models().get(2);
    List<EvaluationReport.Group> persons =
        neighbors.groups().stream().filter(group -> group.kind().equals("person")).toList();

    assertThat(persons)
        .extracting(EvaluationReport.Group::name)
        .containsExactly("known, with history", "new, with history", "without history");
    assertThat(persons.stream().mapToInt(EvaluationReport.Group::users).sum())
        .isEqualTo(neighbors.counts().people());
    assertThat(persons.get(2).users()).isEqualTo(neighbors.counts().withoutHistory()).isPositive();
    assertThat(persons.get(2).figure("recall@10").value()).isZero();
    assertThat(persons.get(0).figure("recall@10").value())
        .isGreaterThan(neighbors.figure("recall@10").value());
    assertThat(report.toText())
        .contains(
            "without history: " + persons.get(2).users() + " people",
            persons.get(2).users() + " of them have no history",
            persons.get(1).users()
                + " of them are not in train and were served from their history");
    assertThat(report.toHtml()).contains("recall@10 by what is known of people", "without history");
    assertThat(report.toCsv()).contains(",person,without history,");
    assertThat(EvaluationReport.fromJson(report.toJson())).isEqualTo(report);
  }

  /** As the product serves them, people without history get what is popular. */
  @Test
  void run_asServed_fillsListsByPopularity() {
    List<Split> splits = Splitter.parse("temporal(0.5,0.7)").splits(arriving(), 0);
    Protocol protocol = Protocol.of(Metric.parseAll("recall@10 auc coverage@10"));
    EvaluationReport plain = Experiment.of(ENTRANTS, splits, protocol).run(ProgressListener.NONE);
    EvaluationReport served =
        Experiment.of(ENTRANTS, splits, protocol.withAsServed(true)).run(ProgressListener.NONE);

    assertThat(served.models().get(0).figures()).isEqualTo(plain.models().get(0).figures());
    ModelResult alone = plain.models().get(2);
    ModelResult filled = served.models().get(2);
    assertThat(filled.counts().filledLists())
        .isEqualTo(alone.counts().shortLists())
        .isGreaterThanOrEqualTo(alone.counts().withoutHistory());
    assertThat(filled.counts().shortLists()).isZero();
    assertThat(group(filled, "without history"))
        .isEqualTo(group(served.models().get(0), "without history"))
        .isNotEqualTo(group(alone, "without history"));
    assertThat(filled.figure("auc")).isEqualTo(alone.figure("auc"));
    assertThat(served.toText()).contains("lists as served", "neighbors: popularity filled up");
    assertThat(served.setup().asServed()).isTrue();
    assertThatThrownBy(() -> protocol.withViews(List.of(Candidates.COLD)).withAsServed(true))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("cold");
  }

  private static Figure group(ModelResult model, String name) {
    return model.groups().stream()
        .filter(group -> group.name().equals(name))
        .findFirst()
        .orElseThrow()
        .figure("recall@10");
  }

  @Test
  void run_tiesAtTheBorder_areWarnedOfAndReported() {
    Interactions.Builder day = Interactions.builder();
    for (int user = 0; user < 120; user++) {
      for (int item : GROUPS.interactions().history(user).items()) {
        day.add(user, item, 1f, 86_400_000L * (user + 1));
      }
    }
    List<String> warnings = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void onProgress(String stage, long done, long total, String note) {}

          @Override
          public void onWarning(String text) {
            warnings.add(text);
          }
        };
    Split split = new LeaveOneOut().split(GROUPS.withInteractions(day.build(120, 80)));
    EvaluationReport report =
        Experiment.of(ENTRANTS, List.of(split), Protocol.of(Metric.parseAll("hr@10")))
            .run(listener);

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("100 %", "same second");
    assertThat(report.setup().ties()).isEqualTo(1);
    assertThat(report.toText()).contains("Of 100 % of the people");
    assertThat(report.toHtml()).contains("Of 100 % of the people");
  }

  @Test
  void constructor_twoUnderOneName_isRefused() {
    Split split = new LeaveOneOut().split(GROUPS);
    assertThatThrownBy(
            () ->
                Experiment.of(
                    List.of(ENTRANTS.get(0), ENTRANTS.get(0)),
                    List.of(split),
                    Protocol.of(Metric.ofLists(10))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("popular");
  }

  @Test
  void run_validationWhereThereIsNone_isRefusedBeforeTraining() {
    Experiment experiment =
        Experiment.of(
                ENTRANTS,
                Splitter.parse("ratio(0.8,0.2)").splits(GROUPS, 1),
                Protocol.of(Metric.ofLists(10)))
            .withPart(Split.Part.VALIDATION);
    List<String> trained = new ArrayList<>();
    assertThatThrownBy(
            () ->
                experiment.run(
                    ProgressListener.NONE, (entrant, split, model) -> trained.add(entrant.name())))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no validation part");
    assertThat(trained).isEmpty();
  }

  @Test
  void tuner_grid_findsTheBestOnValidation() {
    Split split = Splitter.parse("ratio(0.6,0.2,0.2)").splits(GROUPS, 1).get(0);
    Tuner tuner =
        new Tuner(
            Algorithms.all(),
            "item-knn",
            Parameters.none(),
            Map.of("neighbors", List.of("1", "5", "40")),
            10);
    Metric metric = Metric.parse("ndcg@10");
    TrainingContext context = TrainingContext.defaults();
    List<Tuner.Trial> trials = tuner.run(split, metric, context);

    assertThat(trials)
        .hasSize(3)
        .isSortedAccordingTo((a, b) -> Double.compare(b.value(), a.value()));
    Evaluation again =
        new Evaluator(Protocol.of(List.of(metric)), 2)
            .evaluate(
                trials.get(0).trainer().train(split.train(), context),
                split.train(),
                split.part(Split.Part.VALIDATION),
                ProgressListener.NONE);
    assertThat(trials.get(0).value()).isEqualTo(again.value(metric), within(1e-9));
  }

  @Test
  void tuner_moreCombinationsThanBudget_triesARandomChoice() {
    Split split = Splitter.parse("ratio(0.6,0.2,0.2)").splits(GROUPS, 1).get(0);
    List<String> values = IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList();
    Tuner tuner =
        new Tuner(Algorithms.all(), "item-knn", Parameters.none(), Map.of("neighbors", values), 4);
    List<Tuner.Trial> trials =
        tuner.run(split, Metric.parse("ndcg@10"), TrainingContext.defaults());

    assertThat(trials).extracting(Tuner.Trial::trainer).doesNotHaveDuplicates().hasSize(4);
    assertThat(tuner.run(split, Metric.parse("ndcg@10"), TrainingContext.defaults()))
        .isEqualTo(trials);
  }

  @Test
  void tuner_wrongValueOrMetric_isRefused() {
    Split split = Splitter.parse("ratio(0.6,0.2,0.2)").splits(GROUPS, 1).get(0);
    Tuner wrong =
        new Tuner(
            Algorithms.all(),
            "item-knn",
            Parameters.none(),
            Map.of("neighbors", List.of("5", "many")),
            10);
    assertThatThrownBy(() -> wrong.run(split, Metric.parse("ndcg@10"), TrainingContext.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("many");
    Tuner right =
        new Tuner(
            Algorithms.all(), "item-knn", Parameters.none(), Map.of("neighbors", List.of("5")), 10);
    assertThatThrownBy(
            () -> right.run(split, Metric.parse("coverage@10"), TrainingContext.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no better end");
  }

  private static Figure figure(EvaluationReport report, String model, String metric) {
    return report.models().stream()
        .filter(m -> m.name().equals(model))
        .findFirst()
        .orElseThrow()
        .figures()
        .get(metric);
  }

  /** The same people, one after the other: of 120 some begin only after any cut. */
  private static Dataset arriving() {
    Interactions.Builder builder = Interactions.builder();
    for (int user = 0; user < 120; user++) {
      long time = 1_600_000_000_000L + user * 600_000L;
      for (int item : GROUPS.interactions().history(user).items()) {
        builder.add(user, item, 1f + item % 5, time += 3_000_000L);
      }
    }
    return GROUPS.withInteractions(builder.build(120, 80));
  }

  static Dataset groups() {
    Random random = new Random(12);
    Interactions.Builder builder = Interactions.builder();
    for (int user = 0; user < 120; user++) {
      long time = 1_600_000_000_000L + random.nextInt(1_000_000) * 1000L;
      for (int n = 8 + random.nextInt(10); n > 0; n--) {
        int group = random.nextInt(20) == 0 ? random.nextInt(4) : user % 4;
        builder.add(user, 4 * random.nextInt(20) + group, 1f + random.nextInt(5), time += 60_000);
      }
    }
    return Dataset.of(
        "generated groups",
        Vocabulary.of(IntStream.range(0, 120).mapToObj(i -> "u" + i).toList()),
        Vocabulary.of(IntStream.range(0, 80).mapToObj(i -> "i" + i).toList()),
        builder.build(120, 80));
  }
}
