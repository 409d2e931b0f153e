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
import io.kindred.similarity.Neighbors;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.similarity.SimilarityOptions;
import io.kindred.sparse.SparseMatrix;

/**
 * Item-based collaborative filtering for ranking: an item scores by how similar it is to what the
 * person did.
 *
 * <pre>
 * candidate:  score(u, i) = sum over j in history(u), j in N(i), of value(u, j) * similarity(i, j)
 * history:    score(u, i) = sum over j in history(u), i in N(j), of value(u, j) * similarity(j, i)
 * </pre>
 *
 * <p>N(i) are the {@code neighbors} nearest neighbors of i (Sarwar et al., WWW 2001, and Deshpande
 * and Karypis, ACM TOIS 22(1), 2004, without their normalization of lists); {@link Neighborhood}
 * says whose list counts. Items that no neighbor list leads to cannot be scored. Somebody the model
 * never saw is served from the history in the query, exactly as a known user is. Training costs
 * O(sum of squared history lengths); a query O(items + pairs that lead from the history), which are
 * {@code history * neighbors} at the most by {@link Neighborhood#HISTORY}, and about as many on
 * average by {@link Neighborhood#CANDIDATE}, more for items that many others have as a neighbor.
 *
 * @param neighbors length of the neighbor lists, at least 1
 * @param neighborhood whose neighbor list counts
 * @param similarity how items are compared
 */
public record ItemKnn(int neighbors, Neighborhood neighborhood, SimilarityOptions similarity)
    implements Trainer<ItemKnnModel> {
  /** The line of the registry. */
  public static final Algorithm<ItemKnnModel> ALGORITHM =
      new Algorithm<>(
          "item-knn",
          "Items like those in the history, by co-occurrence",
          ItemKnn::of,
          new Codec());

  private static final ItemKnn DEFAULTS =
      new ItemKnn(100, SimilarityOptions.of(Measure.COSINE).withShrinkage(10));

  /** Whose neighbor list decides whether two items are compared. */
  public enum Neighborhood {
    /**
     * That of the item which is scored: of the history, only its own nearest neighbors speak for
     * it. Each item is judged by as many neighbors as any other.
     */
    CANDIDATE,
    /**
     * That of the item in the history: it speaks for its own nearest neighbors, and for nothing
     * else. What is a neighbor of many gathers more than others do.
     */
    HISTORY
  }

  /** Checks the ranges. */
  public ItemKnn {
    Checks.atLeast("neighbors", neighbors, 1);
  }

  /** The same with {@link Neighborhood#CANDIDATE}. */
  public ItemKnn(int neighbors, SimilarityOptions similarity) {
    this(neighbors, Neighborhood.CANDIDATE, similarity);
  }

  /** 100 neighbors of each candidate by cosine, shrunk by 10. */
  public static ItemKnn defaults() {
    return DEFAULTS;
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static ItemKnn of(Parameters parameters) {
    return parameters.read(
        "item-knn",
        in ->
            new ItemKnn(
                in.integer("neighbors", DEFAULTS.neighbors),
                in.choice("neighborhood", DEFAULTS.neighborhood),
                SimilarityOptions.of(in, DEFAULTS.similarity)));
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return similarity.addTo(
        Parameters.none().with("neighbors", neighbors).with("neighborhood", neighborhood));
  }

  @Override
  public ItemKnnModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    SparseMatrix matrix = data.interactions().matrix();
    SimilarityIndex index = SimilarityIndex.ofItems(matrix, similarity, context.threads());
    Neighbors lists =
        index.nearest(
            neighbors,
            context.threads(),
            rows -> context.progress().onProgress("item similarities", rows, index.rowCount(), ""));
    return new ItemKnnModel(ModelInfo.of(this, data, context, start), data, neighborhood, lists);
  }

  private static final class Codec implements ModelCodec<ItemKnnModel> {
    @Override
    public void write(ItemKnnModel model, ArrayWriter out) {
      NeighborArrays.write(model.neighbors(), out);
    }

    @Override
    public ItemKnnModel read(ModelInfo info, Dataset data, ArrayReader in) {
      return new ItemKnnModel(
          info,
          data,
          of(info.parameters()).neighborhood,
          NeighborArrays.read(data.items().size(), in));
    }

    /** Before there was a choice, the lists of the history counted. */
    @Override
    public Parameters completed(Parameters stored) {
      return stored.asMap().containsKey("neighborhood")
          ? stored
          : stored.with("neighborhood", Neighborhood.HISTORY);
    }
  }
}
