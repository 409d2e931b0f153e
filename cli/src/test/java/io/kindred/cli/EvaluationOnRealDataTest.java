package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.data.Dataset;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.eval.Experiment;
import io.kindred.eval.Experiment.Entrant;
import io.kindred.eval.Protocol;
import io.kindred.ingest.Ingest;
import io.kindred.metric.Metric;
import io.kindred.registry.Algorithms;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import io.kindred.testkit.RealData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole way from files to figures on real data, where it is there. */
class EvaluationOnRealDataTest {
  /**
   * Bands around figures that others publish for these folds: bias .944/.748, neighborhoods with
   * baselines .931/.733 (Surprise).
   */
  @Test
  void givenFoldsOfMl100k_ratingModels_reachPublishedFigures() {
    Path folder = RealData.require("ml-100k");
    List<Split> folds = new ArrayList<>();
    for (int fold = 1; fold <= 5; fold++) {
      Dataset train = Ingest.read(folder.resolve("u" + fold + ".base")).dataset();
      Dataset test = Ingest.read(folder.resolve("u" + fold + ".test")).dataset();
      folds.add(Split.given("given (u" + fold + ")", train, Optional.empty(), test));
    }
    EvaluationReport report =
        Experiment.of(
                List.of(
                    new Entrant("bias", trainer("bias")),
                    new Entrant("item-knn-rating", trainer("item-knn-rating"))),
                folds,
                Protocol.of(Metric.ofRatings()))
            .run(ProgressListener.NONE);

    ModelResult bias = report.models().get(0);
    assertThat(bias.figure("rmse").value()).isBetween(0.935, 0.950);
    assertThat(bias.figure("mae").value()).isBetween(0.742, 0.755);
    assertThat(bias.counts().targets()).isEqualTo(100_000);
    ModelResult neighbors = report.models().get(1);
    assertThat(neighbors.figure("rmse").value()).isBetween(0.90, 0.931);
    assertThat(neighbors.figure("mae").value()).isBetween(0.70, 0.733);
    assertThat(report.comparison("rmse", "item-knn-rating", "bias").orElseThrow().significant())
        .isTrue();
  }

  @Test
  void ml100k_neighborhoods_beatPopularityWhichBeatsChance() {
    Dataset data = Ingest.read(RealData.require("ml-100k")).dataset();
    List<Split> splits = Splitter.parse("ratio(0.8,0.1,0.1,random)").splits(data, 42);
    EvaluationReport report =
        Experiment.of(
                List.of(
                    new Entrant("item-knn", trainer("item-knn")),
                    new Entrant("popularity", trainer("popularity")),
                    new Entrant("random", trainer("random"))),
                splits,
                Protocol.of(Metric.ofLists(10)))
            .run(ProgressListener.NONE);

    assertThat(report.comparison("ndcg@10", "item-knn", "popularity").orElseThrow().low())
        .isPositive();
    assertThat(report.comparison("ndcg@10", "popularity", "random").orElseThrow().low())
        .isPositive();
    ModelResult popularity = report.models().get(1);
    ModelResult random = report.models().get(2);
    assertThat(popularity.figure("popularity@10").value())
        .isGreaterThan(report.models().get(0).figure("popularity@10").value());
    assertThat(random.figure("coverage@10").value()).isGreaterThan(0.95);
    // Of a list by chance: mean number of held-out items / unseen items, about 10.2 / 1,590
    assertThat(random.figure("precision@10").value()).isBetween(0.003, 0.011);
  }

  private static Trainer<?> trainer(String algorithm) {
    return Algorithms.all().trainer(algorithm, Parameters.none());
  }
}
