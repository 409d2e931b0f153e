package io.kindred.server;

import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.content.ContentKnn;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.ItemKnnRating;
import io.kindred.knn.UserKnn;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

  /** A model of ratings, whose reasons speak for films and against them. */
  static final Model RATINGS = kept(ItemKnnRating.defaults(), Map.of());

  /** A model that goes by what films are, and knows four that nobody has seen. */
  static final Model CONTENT =
      ContentKnn.of(Parameters.none().with("columns", "genres,title"))
          .train(FILMS, TrainingContext.defaults().withThreads(1))
          .withItems(
              Vocabulary.of(List.of("new-sea", "new-stars", "new-drama", "new-nothing")),
              new Features(
                  4,
                  List.of(
                      new FeatureColumn.Text(
                          "title",
                          Arrays.asList("Ebb (2026)", "Nebula (2026)", "Tears (2026)", null)),
                      new FeatureColumn.Tags(
                          "genres",
                          new int[] {0, 1, 2, 3, 3},
                          new int[] {0, 1, 2},
                          Vocabulary.of(List.of("Sea", "Stars", "Drama"))))));

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

  /** An item-based model and one that knows new items. */
  static ServerOptions withNewItems() {
    return ServerOptions.of(ITEM_KNN).withModel("content-knn", CONTENT).withPort(0);
  }

  /** Both models, on a free port. */
  public static ServerOptions options() {
    return ServerOptions.of(ITEM_KNN).withModel("user-knn", USER_KNN).withPort(0);
  }
}
