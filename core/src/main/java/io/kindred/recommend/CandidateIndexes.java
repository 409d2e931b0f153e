package io.kindred.recommend;

import io.kindred.CandidateIndex;
import io.kindred.CandidateIndexProvider;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * The index of candidates of a bundle: the file {@code items.ann} in its folder. Writing the bundle
 * again takes the index away with it, since it would not fit the new model. Stateless.
 */
public final class CandidateIndexes {
  /** The name of the file in a bundle. */
  public static final String FILE = "items.ann";

  private CandidateIndexes() {}

  /**
   * Builds the index of a bundle; one that is there is replaced.
   *
   * @param model the model of the bundle
   * @param bundle its folder
   * @throws KindredException if the model's scores are no inner products, the module kindred-ann is
   *     not on the class path, or the file cannot be written
   */
  public static void build(Model model, Path bundle, TrainingContext context) {
    provider().build(vectors(model), bundle.resolve(FILE), context);
  }

  /**
   * Opens the index of a bundle.
   *
   * @param model the model of the bundle
   * @param bundle its folder
   * @throws KindredException if there is none, it is damaged or of another model, the model's
   *     scores are no inner products, or the module kindred-ann is not on the class path
   */
  public static CandidateIndex open(Model model, Path bundle) {
    VectorModel vectors = vectors(model);
    Path file = bundle.resolve(FILE);
    if (!Files.exists(file)) {
      throw new KindredException(
          "'" + bundle + "' has no index; build it with: kindred index " + bundle);
    }
    return provider().open(vectors, file);
  }

  /**
   * The vectors of a model.
   *
   * @throws KindredException if its scores are no inner products
   */
  static VectorModel vectors(Model model) {
    if (model instanceof VectorModel vectors) {
      return vectors;
    }
    throw new KindredException(
        "a model of '"
            + model.info().algorithm()
            + "' cannot have an index: its scores are not inner products of vectors, as those of"
            + " als, bpr or sasrec are");
  }

  private static CandidateIndexProvider provider() {
    return ServiceLoader.load(CandidateIndexProvider.class)
        .findFirst()
        .orElseThrow(
            () -> new KindredException("an index needs kindred-ann on the class path; add it"));
  }
}
