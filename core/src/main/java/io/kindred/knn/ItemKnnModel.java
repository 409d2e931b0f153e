package io.kindred.knn;

import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.knn.ItemKnn.Neighborhood;
import io.kindred.similarity.Neighbors;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The model of {@link ItemKnn}: a list of nearest neighbors for each item. Immutable, thread-safe.
 */
public final class ItemKnnModel implements Model, Explainer, SimilarItems {
  private final ModelInfo info;
  private final Dataset data;
  private final Neighborhood neighborhood;
  private final Neighbors neighbors;

  /** For each item of a history the items that it speaks for, and how much; row by row. */
  private final int[] starts;

  private final int[] candidates;
  private final float[] weights;

  ItemKnnModel(ModelInfo info, Dataset data, Neighborhood neighborhood, Neighbors neighbors) {
    this.info = info;
    this.data = data;
    this.neighborhood = neighborhood;
    this.neighbors = neighbors;
    if (neighborhood == Neighborhood.HISTORY) {
      starts = neighbors.starts();
      candidates = neighbors.indexes();
      weights = neighbors.similarities();
    } else {
      SparseMatrix having = neighbors.byNeighbor();
      starts = having.starts();
      candidates = having.columns();
      weights = having.values();
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** The neighbor lists of all items. */
  public Neighbors neighbors() {
    return neighbors;
  }

  @Override
  public Scorer scorer() {
    return new ItemKnnScorer();
  }

  @Override
  public List<Neighbor> similarItems(int item, int n) {
    return ItemNeighbors.nearest(neighbors, data, item, n);
  }

  /**
   * Each item of the history that speaks for this item, with {@code value * similarity}; they sum
   * to the score.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    History history = profile.history().distinct();
    Reasons reasons = new Reasons();
    for (int h = 0; h < history.size(); h++) {
      int other = history.items()[h];
      float similarity =
          neighborhood == Neighborhood.HISTORY
              ? neighbors.similarity(other, item)
              : neighbors.similarity(item, other);
      if (similarity != 0) {
        reasons.add(h, similarity, (double) history.values()[h] * similarity);
      }
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(reasons.becauseOfItems(data, history, 0, limit));
  }

  /** The sums of the formula, scattered over what the items of the history speak for. */
  private final class ItemKnnScorer implements Scorer {
    private final int items = data.items().size();
    private final int[] seen = new int[items];
    private int turn;

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      for (int row = 0; row < profiles.size(); row++) {
        score(profiles.get(row).history(), scores, row * items);
      }
    }

    private void score(History history, float[] scores, int offset) {
      Arrays.fill(scores, offset, offset + items, 0f);
      turn++;
      for (int h = history.size() - 1;
          h >= 0;
          h--) { // from the end: of repeats the last value counts
        int item = history.items()[h];
        if (seen[item] == turn) {
          continue;
        }
        seen[item] = turn;
        float value = history.values()[h];
        for (int p = starts[item]; p < starts[item + 1]; p++) {
          scores[offset + candidates[p]] += value * weights[p];
        }
      }
      Sums.zeroToNaN(scores, offset, items);
    }
  }
}
