package io.kindred.server;

import io.kindred.Model;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.UserKnn;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Models of the sample films, and servers of them on any free port. */
public final class RunningServer {
  static final Dataset FILMS = SampleData.films();
  static final Model ITEM_KNN =
      kept(
          ItemKnn.defaults(),
          Map.of("ndcg@10", 0.412, "ndcg@10.low", 0.38, "ndcg@10.high", 0.44, "coverage@10", 0.9));
  static final Model USER_KNN =
      kept(
          UserKnn.defaults(),
          Map.of("ndcg@10", 0.437, "ndcg@10.low", 0.41, "ndcg@10.high", 0.46, "recall@10", 0.61));

  private RunningServer() {}

  /** A model as it comes back from its bundle, with what was measured. */
  private static Model kept(Trainer<?> trainer, Map<String, Double> metrics) {
    try {
      Model model = trainer.train(FILMS, TrainingContext.defaults().withThreads(1));
      Path bundle = Files.createTempDirectory("kindred-server-test").resolve("bundle");
      ModelStore store = ModelStore.of(Algorithms.all());
      store.save(model, model.info().withMetrics(metrics), bundle);
      return store.load(bundle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Both models, on a free port. */
  public static ServerOptions options() {
    return ServerOptions.of(ITEM_KNN).withModel("user-knn", USER_KNN).withPort(0);
  }
}
