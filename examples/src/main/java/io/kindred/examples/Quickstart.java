package io.kindred.examples;

import io.kindred.Query;
import io.kindred.TrainingContext;
import io.kindred.explain.ExplanationText;
import io.kindred.ingest.Ingest;
import io.kindred.knn.ItemKnn;
import io.kindred.recommend.ModelRecommender;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.nio.file.Path;

/**
 * Reads a folder or file of interactions, trains, recommends to a user with reasons, and saves the
 * model.
 */
public final class Quickstart {
  private Quickstart() {}

  /** Arguments: the data, a user, and where the model goes. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    // README: begin
    var data = Ingest.read(Path.of(args[0])).dataset();
    var model = ItemKnn.defaults().train(data, TrainingContext.defaults());
    var text = ExplanationText.of(data);
    for (var item : ModelRecommender.of(model).recommend(Query.ofUser(args[1]), 3).items()) {
      System.out.printf("%.3f  %s%n", item.score(), item.item());
      item.explanation().ifPresent(why -> System.out.println("       " + text.sentence(why)));
    }
    ModelStore.of(Algorithms.all()).save(model, Path.of(args[2]));
    // README: end
  }
}
