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
import io.kindred.similarity.Baselines;
import io.kindred.similarity.Measure;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.similarity.SimilarityOptions;
import io.kindred.sparse.SparseMatrix;

/**
 * User-based rating prediction: what similar people gave, each seen from the own level.
 *
 * <pre>
 * r(u, i) = level(u, i) + spread(u) * sum over v in N(u, i) of s(u, v) (r(v, i) - level(v, i)) / spread(v)  /  sum of |s(u, v)|
 * </pre>
 *
 * <p>N(u, i) are the {@code neighbors} most similar users among those who rated i (Herlocker et
 * al., SIGIR 1999). With {@link Normalization#BASELINE} it is equation 3 of Koren, TKDD 4(1), 2010,
 * for users. Where fewer than {@code minNeighbors} are there, the baseline of the pair is the
 * prediction. Neighbors are found at query time from the person's history, known or not. A query of
 * m items costs the sum of the popularities of the history's items and of the m items.
 *
 * @param neighbors how many neighbors are averaged at the most, at least 1
 * @param minNeighbors fewer than these predict nothing better than the baseline, at least 1
 * @param normalization what is taken away from ratings first
 * @param similarity how users are compared
 */
public record UserKnnRating(
    int neighbors, int minNeighbors, Normalization normalization, SimilarityOptions similarity)
    implements Trainer<UserKnnRatingModel> {
  /** The line of the registry. */
  public static final Algorithm<UserKnnRatingModel> ALGORITHM =
      new Algorithm<>(
          "user-knn-rating", "Ratings from people who rate alike", UserKnnRating::of, new Codec());

  private static final UserKnnRating DEFAULTS =
      new UserKnnRating(
          40, 1, Normalization.BASELINE, SimilarityOptions.of(Measure.PEARSON_BASELINE));

  /** Checks the ranges. */
  public UserKnnRating {
    KnnParameters.checkNeighbors(neighbors, minNeighbors);
  }

  /** 40 neighbors by the shrunk Pearson correlation of baseline residuals. */
  public static UserKnnRating defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static UserKnnRating of(Parameters parameters) {
    return parameters.read(
        "user-knn-rating",
        in ->
            new UserKnnRating(
                in.integer("neighbors", DEFAULTS.neighbors),
                in.integer("minNeighbors", DEFAULTS.minNeighbors),
                in.choice("normalization", DEFAULTS.normalization),
                SimilarityOptions.of(in, DEFAULTS.similarity)));
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return similarity.addTo(
        Parameters.none()
            .with("neighbors", neighbors)
            .with("minNeighbors", minNeighbors)
            .with("normalization", normalization));
  }

  @Override
  public UserKnnRatingModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Checks.requireRatings(algorithm(), data);
    UserKnnRatingModel.Parts parts = prepare(data, context.threads());
    return new UserKnnRatingModel(ModelInfo.of(this, data, context, start), data, this, parts);
  }

  private UserKnnRatingModel.Parts prepare(Dataset data, int threads) {
    SparseMatrix ratings = data.interactions().matrix();
    Baselines baselines = Baselines.fit(ratings, Baselines.Options.ALS, threads);
    return new UserKnnRatingModel.Parts(
        ratings,
        ratings.transpose(),
        SimilarityIndex.ofUsers(ratings, similarity, threads),
        new RatingLevels(normalization, ratings, baselines));
  }

  /** A user-based model is its data: there is nothing else to write. */
  private static final class Codec implements ModelCodec<UserKnnRatingModel> {
    @Override
    public void write(UserKnnRatingModel model, ArrayWriter out) {}

    @Override
    public UserKnnRatingModel read(ModelInfo info, Dataset data, ArrayReader in) {
      UserKnnRating trainer = of(info.parameters());
      return new UserKnnRatingModel(info, data, trainer, trainer.prepare(data, 1));
    }
  }
}
