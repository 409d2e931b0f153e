package io.kindred.neural.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.data.Dataset;
import io.kindred.eval.Comparison;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.Experiment;
import io.kindred.eval.Experiment.Entrant;
import io.kindred.eval.Protocol;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.metric.Metric;
import io.kindred.registry.Algorithms;
import io.kindred.split.Splitter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In the generated world items follow one another; who reads the order must do better. */
class GeneratedWorldTest {
  private static Trainer<?> trainer(String algorithm) {
    Parameters parameters = Parameters.none();
    if (!algorithm.equals("item-knn")) {
      parameters =
          parameters
              .with("dimensions", 32)
              .with("epochs", algorithm.equals("nextitnet") ? 25 : 10)
              .with("patience", 0)
              .with("batchSize", 64)
              .with("learningRate", 0.003);
    }
    return Algorithms.all().trainer(algorithm, parameters);
  }

  @Test
  void sequenceModels_inAWorldWithSequences_beatItemKnn() {
    Dataset data =
        new World(WorldConfig.ofInteractions(40_000).withUsers(1500).withItems(600)).toDataset();
    List<String> sequential = List.of("sasrec", "gru4rec", "caser", "nextitnet");
    List<Entrant> entrants = new ArrayList<>();
    entrants.add(new Entrant("item-knn", trainer("item-knn")));
    sequential.forEach(name -> entrants.add(new Entrant(name, trainer(name))));
    EvaluationReport report =
        Experiment.of(
                entrants,
                Splitter.parse("leave-one-out").splits(data, 42),
                Protocol.of(Metric.ofLists(10)))
            .run(ProgressListener.NONE);
    for (String name : sequential) {
      Comparison comparison = report.comparison("ndcg@10", name, "item-knn").orElseThrow();
      assertThat(comparison.difference()).as(name).isPositive();
      assertThat(comparison.significant()).as(name).isTrue();
    }
  }
}
