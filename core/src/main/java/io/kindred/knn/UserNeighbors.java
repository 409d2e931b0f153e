package io.kindred.knn;

import io.kindred.Explanation;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What both user-based models tell people of neighbors. */
final class UserNeighbors {
  private static final int SHARED = 5;

  private UserNeighbors() {}

  /** The nearest neighbors of a person. */
  static List<Neighbor> nearest(
      SimilarityIndex index, Dataset data, SparseMatrix matrix, Profile profile, int n) {
    SimilarityIndex.Search search = index.search();
    TopN nearest = new TopN(n);
    search.find(profile.history(), profile.user());
    int count = search.best(nearest);
    int[] own = profile.history().distinct().items();
    List<Neighbor> similar = new ArrayList<>(count);
    for (int k = 0; k < count; k++) {
      int user = nearest.items()[k];
      similar.add(
          new Neighbor(
              data.users().id(user),
              nearest.scores()[k],
              Overlaps.common(own, itemsOf(matrix, user)).length));
    }
    return similar;
  }

  /**
   * What a person has in common with neighbors, looked up once for each neighbor however many items
   * it is a reason for. Not thread-safe.
   */
  static final class Shared {
    private final Dataset data;
    private final SparseMatrix matrix;
    private final History own;
    private final Map<Integer, List<String>> ofNeighbors = new HashMap<>();

    Shared(Dataset data, SparseMatrix matrix, History history) {
      this.data = data;
      this.matrix = matrix;
      this.own = history.distinct();
    }

    /**
     * One neighbor as a reason: with the items that both did, those first that both gave the
     * nearest values.
     */
    Explanation.UserReason describe(int item, Reasons.Reason reason) {
      int user = reason.index();
      return new Explanation.UserReason(
          data.users().id(user),
          reason.similarity(),
          matrix.get(user, item),
          reason.contribution(),
          ofNeighbors.computeIfAbsent(user, this::shared));
    }

    private List<String> shared(int user) {
      return Arrays.stream(Overlaps.common(own.items(), itemsOf(matrix, user)))
          .boxed()
          .sorted(
              (a, b) ->
                  Double.compare(
                      difference(matrix, user, own, a), difference(matrix, user, own, b)))
          .limit(SHARED)
          .map(data.items()::id)
          .toList();
    }
  }

  private static double difference(SparseMatrix matrix, int user, History own, int item) {
    return Math.abs(matrix.get(user, item) - own.values()[Arrays.binarySearch(own.items(), item)]);
  }

  private static int[] itemsOf(SparseMatrix matrix, int user) {
    return Arrays.copyOfRange(matrix.columns(), matrix.starts()[user], matrix.starts()[user + 1]);
  }
}
