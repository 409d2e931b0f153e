package io.kindred.knn;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.similarity.Measure;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.similarity.SimilarityOptions;
import io.kindred.sparse.SparseMatrix;

/**
 * User-based collaborative filtering for ranking: an item scores by how similar the people are who
 * did something with it.
 *
 * <pre>score(u, i) = sum over v in N(u) of similarity(u, v) * value(v, i)</pre>
 *
 * <p>N(u) are the {@code neighbors} nearest neighbors of u among the users of the training data,
 * found at query time from the person's history, known user or not, so that live events count at
 * once (Herlocker et al., SIGIR 1999; for ranking the weighted sum is not normalized, since a mean
 * would forget how many neighbors agree). Items that no neighbor did cannot be scored. Training
 * costs O(entries); a query costs the sum of the popularities of the history's items, plus the
 * neighbors' histories.
 *
 * @param neighbors how many neighbors are asked, at least 1
 * @param similarity how users are compared
 */
public record UserKnn(int neighbors, SimilarityOptions similarity)
    implements Trainer<UserKnnModel> {
  /** The line of the registry. */
  public static final Algorithm<UserKnnModel> ALGORITHM =
      new Algorithm<>(
          "user-knn", "What people with a similar history did", UserKnn::of, new Codec());

  private static final UserKnn DEFAULTS = new UserKnn(100, SimilarityOptions.of(Measure.COSINE));

  /** Checks the ranges. */
  public UserKnn {
    Checks.atLeast("neighbors", neighbors, 1);
  }

  /** 100 neighbors by cosine. */
  public static UserKnn defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static UserKnn of(Parameters parameters) {
    return parameters.read(
        "user-knn",
        in ->
            new UserKnn(
                in.integer("neighbors", DEFAULTS.neighbors),
                SimilarityOptions.of(in, DEFAULTS.similarity)));
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return similarity.addTo(Parameters.none().with("neighbors", neighbors));
  }

  @Override
  public UserKnnModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    SparseMatrix matrix = data.interactions().matrix();
    SimilarityIndex index = SimilarityIndex.ofUsers(matrix, similarity, context.threads());
    return new UserKnnModel(
        ModelInfo.of(this, data, context, start), data, matrix, index, neighbors);
  }

  /** A user-based model is its data: there is nothing else to write. */
  private static final class Codec implements ModelCodec<UserKnnModel> {
    @Override
    public void write(UserKnnModel model, ArrayWriter out) {}

    @Override
    public UserKnnModel read(ModelInfo info, Dataset data, ArrayReader in) {
      UserKnn trainer = of(info.parameters());
      SparseMatrix matrix = data.interactions().matrix();
      return new UserKnnModel(
          info,
          data,
          matrix,
          SimilarityIndex.ofUsers(matrix, trainer.similarity, 1),
          trainer.neighbors);
    }
  }
}
