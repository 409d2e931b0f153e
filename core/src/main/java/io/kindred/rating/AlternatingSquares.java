package io.kindred.rating;

import io.kindred.ProgressListener;
import io.kindred.data.History;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Alternating least squares: an epoch solves exactly for all people, the items held still, and then
 * for all items, the people held still, so that the sum never grows. The same with any number of
 * threads.
 */
final class AlternatingSquares {
  private static final int BLOCK = 16;

  ItemSide people;
  ItemSide items;
  private final SparseMatrix byUser;
  private final SparseMatrix byItem;
  private final int factors;
  private final int threads;

  /** Begins with random vectors of items: between -0.1 and 0.1, or 0 and 1 if not negative. */
  AlternatingSquares(
      SparseMatrix ratings, int factors, PersonPenalty penalty, long seed, int threads) {
    byUser = ratings;
    byItem = ratings.transpose();
    this.factors = factors;
    this.threads = threads;
    double sum = 0;
    for (float value : ratings.values()) {
      sum += value;
    }
    float mean = (float) (sum / Math.max(1, ratings.size()));
    people = side(mean, byUser.rowCount(), penalty);
    items = side(mean, byItem.rowCount(), penalty);
    SplittableRandom random = new SplittableRandom(seed);
    double least = penalty.nonNegative() ? 0 : -0.1;
    double width = penalty.nonNegative() ? 1 : 0.2;
    for (int item = 0; item < byItem.rowCount(); item++) {
      for (int k = 0; k < factors && byItem.rowSize(item) > 0; k++) {
        items.factors()[item][k] = (float) (least + width * random.nextDouble());
      }
    }
  }

  private ItemSide side(float mean, int rows, PersonPenalty penalty) {
    return new ItemSide(mean, new float[rows], new float[rows][factors], new float[0][], penalty);
  }

  void run(int epochs, ProgressListener progress) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      epoch();
      progress.onProgress("alternating least squares", epoch, epochs, "");
    }
  }

  void epoch() {
    solve(byUser, people, items);
    solve(byItem, items, people);
  }

  /** Solves for one side, each row from its ratings, the other side held still. */
  private void solve(SparseMatrix ratings, ItemSide solved, ItemSide others) {
    Parallel.forBlocks(
        threads,
        ratings.rowCount(),
        BLOCK,
        () -> {
          PersonSolver solver = new PersonSolver(others);
          return (from, to) -> {
            for (int row = from; row < to; row++) {
              int first = ratings.starts()[row];
              int last = ratings.starts()[row + 1];
              solver.enter(
                  new History(
                      Arrays.copyOfRange(ratings.columns(), first, last),
                      Arrays.copyOfRange(ratings.values(), first, last),
                      new long[last - first]));
              float[] found = solver.solve();
              solved.biases()[row] = found[0];
              System.arraycopy(found, 1, solved.factors()[row], 0, factors);
            }
          };
        });
  }
}
