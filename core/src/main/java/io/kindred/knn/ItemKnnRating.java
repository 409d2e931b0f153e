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
import io.kindred.similarity.Neighbors;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.similarity.SimilarityOptions;
import io.kindred.sparse.SparseMatrix;

/**
 * Item-based rating prediction: what the person gave to similar items, each seen from the item's
 * level.
 *
 * <pre>
 * r(u, i) = level(u, i) + spread(i) * sum over j in N(i, u) of s(i, j) (r(u, j) - level(u, j)) / spread(j)  /  sum of |s(i, j)|
 * </pre>
 *
 * <p>N(i, u) are the {@code neighbors} items most similar to i among those that u rated (Sarwar et
 * al., WWW 2001). With {@link Normalization#BASELINE} it is equation 3 of Koren, TKDD 4(1), 2010.
 * Where fewer than {@code minNeighbors} are there, the baseline of the pair is the prediction. Of
 * each item the {@code kept} nearest neighbors are held, so that a rare item of the history may be
 * missed in a catalogue larger than that. Training costs O(sum of squared history lengths), a query
 * of m items O(history + m * kept).
 *
 * @param neighbors how many neighbors are averaged at the most, at least 1
 * @param minNeighbors fewer than these predict nothing better than the baseline, at least 1
 * @param kept neighbors that are held of each item, at least {@code neighbors}
 * @param normalization what is taken away from ratings first
 * @param similarity how items are compared
 */
public record ItemKnnRating(
    int neighbors,
    int minNeighbors,
    int kept,
    Normalization normalization,
    SimilarityOptions similarity)
    implements Trainer<ItemKnnRatingModel> {
  /** The line of the registry. */
  public static final Algorithm<ItemKnnRatingModel> ALGORITHM =
      new Algorithm<>(
          "item-knn-rating",
          "Ratings from what the person gave to similar items",
          ItemKnnRating::of,
          new Codec());

  private static final ItemKnnRating DEFAULTS =
      new ItemKnnRating(
          40, 1, 2000, Normalization.BASELINE, SimilarityOptions.of(Measure.PEARSON_BASELINE));

  /** Checks the ranges. */
  public ItemKnnRating {
    KnnParameters.checkNeighbors(neighbors, minNeighbors);
    if (kept < neighbors) {
      throw new IllegalArgumentException(
          "kept must be at least neighbors (" + neighbors + "), got " + kept);
    }
  }

  /** 40 neighbors of 2,000 kept, by the shrunk Pearson correlation of baseline residuals. */
  public static ItemKnnRating defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static ItemKnnRating of(Parameters parameters) {
    return parameters.read(
        "item-knn-rating",
        in -> {
          int neighbors = in.integer("neighbors", DEFAULTS.neighbors);
          return new ItemKnnRating(
              neighbors,
              in.integer("minNeighbors", DEFAULTS.minNeighbors),
              in.integer("kept", Math.max(neighbors, DEFAULTS.kept)),
              in.choice("normalization", DEFAULTS.normalization),
              SimilarityOptions.of(in, DEFAULTS.similarity));
        });
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
            .with("kept", kept)
            .with("normalization", normalization));
  }

  @Override
  public ItemKnnRatingModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Checks.requireRatings(algorithm(), data);
    SparseMatrix ratings = data.interactions().matrix();
    SimilarityIndex index = SimilarityIndex.ofItems(ratings, similarity, context.threads());
    Neighbors lists =
        index.nearest(
            kept,
            context.threads(),
            rows -> context.progress().onProgress("item similarities", rows, index.rowCount(), ""));
    RatingLevels levels = levels(ratings, context.threads());
    return new ItemKnnRatingModel(
        ModelInfo.of(this, data, context, start), data, this, lists, levels);
  }

  private RatingLevels levels(SparseMatrix ratings, int threads) {
    Baselines baselines = Baselines.fit(ratings, Baselines.Options.ALS, threads);
    return new RatingLevels(normalization, ratings.transpose(), baselines);
  }

  private static final class Codec implements ModelCodec<ItemKnnRatingModel> {
    @Override
    public void write(ItemKnnRatingModel model, ArrayWriter out) {
      NeighborArrays.write(model.neighbors(), out);
    }

    @Override
    public ItemKnnRatingModel read(ModelInfo info, Dataset data, ArrayReader in) {
      ItemKnnRating trainer = of(info.parameters());
      return new ItemKnnRatingModel(
          info,
          data,
          trainer,
          NeighborArrays.read(data.items().size(), in),
          trainer.levels(data.interactions().matrix(), 1));
    }
  }
}
