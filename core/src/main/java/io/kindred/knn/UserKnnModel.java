package io.kindred.knn;

import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarUsers;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The model of {@link UserKnn}: the training data, ready to be searched. Immutable, thread-safe.
 */
public final class UserKnnModel implements Model, Explainer, SimilarUsers {
  private final ModelInfo info;
  private final Dataset data;
  private final SparseMatrix matrix;
  private final SimilarityIndex index;
  private final int neighbors;

  UserKnnModel(
      ModelInfo info, Dataset data, SparseMatrix matrix, SimilarityIndex index, int neighbors) {
    this.info = info;
    this.data = data;
    this.matrix = matrix;
    this.index = index;
    this.neighbors = neighbors;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  @Override
  public Scorer scorer() {
    return new UserKnnScorer();
  }

  @Override
  public List<Neighbor> similarUsers(Profile profile, int n) {
    return UserNeighbors.nearest(index, data, matrix, profile, n);
  }

  /**
   * Each neighbor who did something with the item, with {@code similarity * value}; they sum to the
   * score.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    SimilarityIndex.Search search = index.search();
    TopN nearest = new TopN(neighbors);
    search.find(profile.history(), profile.user());
    search.best(nearest);
    UserNeighbors.Shared shared = new UserNeighbors.Shared(data, matrix, profile.history());
    return Arrays.stream(items).mapToObj(item -> explain(shared, nearest, item, limit)).toList();
  }

  private Optional<Explanation> explain(
      UserNeighbors.Shared shared, TopN nearest, int item, int limit) {
    Cancellation.check();
    Reasons reasons = new Reasons();
    for (int k = 0; k < nearest.size(); k++) {
      int user = nearest.items()[k];
      float value = matrix.get(user, item);
      if (value != 0) {
        reasons.add(user, nearest.scores()[k], nearest.scores()[k] * value);
      }
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(reasons.becauseOfUsers(0, limit, reason -> shared.describe(item, reason)));
  }

  private final class UserKnnScorer implements Scorer {
    private final int items = data.items().size();
    private final SimilarityIndex.Search search = index.search();
    private final TopN nearest = new TopN(neighbors);

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      for (int row = 0; row < profiles.size(); row++) {
        score(profiles.get(row), scores, row * items);
      }
    }

    private void score(Profile profile, float[] scores, int offset) {
      History history = profile.history();
      search.find(history, profile.user());
      int count = search.best(nearest);
      Arrays.fill(scores, offset, offset + items, 0f);
      for (int k = 0; k < count; k++) {
        int user = nearest.items()[k];
        float similarity = nearest.scores()[k];
        for (int p = matrix.starts()[user]; p < matrix.starts()[user + 1]; p++) {
          scores[offset + matrix.columns()[p]] += similarity * matrix.values()[p];
        }
      }
      Sums.zeroToNaN(scores, offset, items);
    }
  }
}
