package io.kindred.factor;

import io.kindred.DatasetUpdate;
import io.kindred.TrainingContext;
import io.kindred.data.Interactions;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.Parallel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * A person is folded in by the minimum over x(u), the items held still, of
 *
 *   sum over observed i of (unobserved + weight(i)) (goal - x(u) . y(i))^2
 *     + sum over all other i of unobserved (x(u) . y(i))^2 + ridge |x(u)|^2
 *
 * and an item by the same with x and y exchanged. For als that is one row of one of its epochs.
 *
 * The models of gradient descent are folded in by a loss that puts what was done ahead of all else
 * by "goal" (see DescentFoldIn); of a known person, what descent found beyond the fold-in of the old
 * history is added (see FactorModel). A constant for all items changes no list, so all else has the goal 0. For an item a
 * constant for all people does change lists: how high it stands for people who did not do it. In
 * training it comes out higher for popular items, so it is read off the items that were trained:
 *
 *   level(n) = a + b ln(1 + n),  the least squares line through (n(i), mean over all u of x(u) . y(i))
 *   minimize sum over observed u of (unobserved + weight(u)) (level + goal - x(u) . y(i))^2
 *     + sum over all other u of unobserved (level - x(u) . y(i))^2 + ridge' |y(i)|^2
 *   ridge' = ridge trace(X^T X) / trace(Y^T Y)
 *
 * n is the number of people who did the item. The bias of logistic-mf, the same for all people, is
 * read off such a line in the same way. Items that gradient descent has found keep their vectors:
 * put beside those, vectors of least squares for the same items made lists worse than none.
 */
/** Takes interactions that came after training into vectors, by least squares row by row. */
final class FactorUpdate {
  private static final int BLOCK = 16;

  private final FactorModel model;
  private final DatasetUpdate update;
  private final int threads;
  private final int factors;
  private final SquaredLoss loss;
  private final Interactions all;
  private final float[][] users;
  private final float[][] items;
  private final int[] solvedItems;

  FactorUpdate(FactorModel model, DatasetUpdate update, TrainingContext context) {
    update.checkIsOf(model.data());
    this.model = model;
    this.update = update;
    threads = context.threads();
    factors = model.factors();
    loss = model.foldIn().loss();
    loss.check(model.info().algorithm(), update.after());
    all = update.after().interactions();
    users = grown(model.users(), all.userCount(), 1f);
    items = grown(model.items(), all.itemCount(), 0f);
    int known = model.items().length;
    solvedItems =
        model.exact()
            ? update.items()
            : Arrays.stream(update.items())
                .filter(item -> item >= known || model.isUnscored(item))
                .toArray();
  }

  /** The same rows, and new ones of zeros with something else beyond the factors. */
  private float[][] grown(float[][] rows, int count, float beyond) {
    float[][] more = Arrays.copyOf(rows, count);
    for (int row = rows.length; row < count; row++) {
      more[row] = new float[model.dimensions()];
      Arrays.fill(more[row], factors, more[row].length, beyond);
    }
    return more;
  }

  FactorModel run() {
    solveUsers(update.users());
    solveItems();
    solveUsers(model.exact() ? usersThatMoved() : update.users());
    return new FactorModel(
        model.info().updated(update.after()),
        update.after(),
        users,
        items,
        factors,
        model.foldIn().with(update.after(), items, threads),
        model.exact());
  }

  /** The people of the delta, and those who did an item that was solved for. */
  private int[] usersThatMoved() {
    BitSet moved = new BitSet();
    Arrays.stream(update.users()).forEach(moved::set);
    Interactions.ByItem byItem = all.byItem();
    for (int item : solvedItems) {
      for (int p = byItem.starts()[item]; p < byItem.starts()[item + 1]; p++) {
        moved.set(byItem.users()[p]);
      }
    }
    return moved.stream().toArray();
  }

  private void solveUsers(int[] which) {
    float[][] gram = FoldIn.scaledGram(items, factors, loss, threads);
    solve(which, ObservedRows.byUser(all, loss), users, items, gram, null, new float[0]);
    if (!model.exact()) {
      Parallel.forBlocks(
          threads, which.length, BLOCK, () -> (from, to) -> complete(which, from, to));
    }
  }

  private void complete(int[] which, int from, int to) {
    for (int w = from; w < to; w++) {
      int user = which[w];
      model.foldIn().complete(users[user]);
      if (user < model.users().length) {
        model.addLearned(
            model.users()[user],
            model.data().interactions().history(user).distinct(),
            all.history(user).distinct(),
            users[user]);
      }
    }
  }

  private void solveItems() {
    float[][] gram = FoldIn.scaledGram(users, factors, loss, threads);
    if (model.exact()) {
      solve(solvedItems, ObservedRows.byItem(all, loss), items, users, gram, null, new float[0]);
      return;
    }
    double ofUsers = trace(gram);
    double ofItems = trace(FoldIn.scaledGram(items, factors, loss, threads));
    double ridge = loss.regularization() * ofUsers / Math.max(1e-12, ofItems);
    SquaredLoss ofItem =
        loss.with((float) loss.goal(), (float) Math.max(1e-6, Math.min(1e30, ridge)));
    float[] sum = new float[factors]; // of all users
    for (float[] user : users) {
      Kernels.addScaled(sum, user, 1f, 0, factors);
    }
    Line level =
        line(item -> Kernels.dot(sum, model.items()[item], factors) / Math.max(1, users.length));
    int[] counts = all.itemCounts();
    for (int k = factors; k < model.dimensions(); k++) {
      int column = k;
      Line bias = line(item -> model.items()[item][column]);
      for (int item : solvedItems) {
        items[item] = items[item].clone();
        items[item][k] = (float) bias.at(counts[item]);
      }
    }
    Kernels.scale(sum, (float) loss.unobserved(), 0, factors);
    solve(
        solvedItems,
        ObservedRows.byItem(all, ofItem),
        items,
        users,
        gram,
        item -> level.at(counts[item]),
        sum);
  }

  private static double trace(float[][] matrix) {
    double trace = 0;
    for (int k = 0; k < matrix.length; k++) {
      trace += matrix[k][k];
    }
    return trace;
  }

  /** What all people who did nothing have of a row. */
  private interface Level {
    double of(int row);
  }

  /**
   * Solves for some rows, each into an array of its own: those of the model that was do not change.
   *
   * @param sum unobserved times the sum of {@code others}, where there is a level
   */
  private void solve(
      int[] which,
      Supplier<ObservedRows> rows,
      float[][] solved,
      float[][] others,
      float[][] gram,
      @Nullable Level level,
      float[] sum) {
    Parallel.forBlocks(
        threads,
        which.length,
        BLOCK,
        () -> {
          ObservedRows row = rows.get();
          RowSolver solver = new RowSolver(others, gram);
          return (from, to) -> {
            for (int w = from; w < to; w++) {
              row.read(which[w]);
              float[] x = solved[which[w]].clone();
              if (level == null) {
                solver.solve(row, x);
              } else {
                solver.solve(row, x, level.of(which[w]), sum);
              }
              solved[which[w]] = x;
            }
          };
        });
  }

  /** {@code a + b ln(1 + n)}. */
  private record Line(double a, double b) {
    double at(int n) {
      return a + b * Math.log(1.0 + n);
    }
  }

  /** A number of each item. */
  private interface Property {
    double of(int item);
  }

  /** The least squares line through a property of the items that were trained. */
  private Line line(Property property) {
    int[] counts = model.data().interactions().itemCounts();
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int item = 0; item < counts.length; item++) {
      if (!model.isUnscored(item)) {
        double x = Math.log(1.0 + counts[item]);
        double y = property.of(item);
        n++;
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
      }
    }
    double spread = n * sumXx - sumX * sumX;
    double slope = spread > 1e-9 * n * sumXx ? (n * sumXy - sumX * sumY) / spread : 0;
    return new Line(n == 0 ? 0 : (sumY - slope * sumX) / n, slope);
  }
}
