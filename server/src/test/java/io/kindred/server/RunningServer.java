package io.kindred.server;

import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.UserKnn;

/** Models of the sample films, and servers of them on any free port. */
public final class RunningServer {
  static final Dataset FILMS = SampleData.films();
  static final Model ITEM_KNN =
      ItemKnn.defaults().train(FILMS, TrainingContext.defaults().withThreads(1));
  static final Model USER_KNN =
      UserKnn.defaults().train(FILMS, TrainingContext.defaults().withThreads(1));

  private RunningServer() {}

  /** Both models, on a free port. */
  public static ServerOptions options() {
    return ServerOptions.of(ITEM_KNN).withModel("user-knn", USER_KNN).withPort(0);
  }
}
