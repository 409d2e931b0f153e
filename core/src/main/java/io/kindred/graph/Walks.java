package io.kindred.graph;

import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeightModel;
import io.kindred.similarity.ItemWeights;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Weights of steps from an item over a person to another item, the last two of a walk of three
 * steps that begins with a person:
 *
 * <pre>W[j, i] = sum over v of p(j, v)^alpha p(v, i)^alpha / people(i)^beta,  W[j, j] = 0</pre>
 *
 * @param algorithm for messages
 * @param beta 0: no division
 * @param neighbors weights that are kept of each j, the strongest
 */
record Walks(String algorithm, HistoryValues values, double alpha, double beta, int neighbors) {
  private static final int BLOCK = 16;

  /** W. The same with any number of threads. */
  SparseMatrix weights(Dataset data, TrainingContext context) {
    SparseMatrix x = edges(data);
    return ItemWeights.matrix(rows(x, IntStream.range(0, x.columnCount()).toArray(), context));
  }

  /** What the model has of the walks. */
  ItemWeightModel.Method method() {
    return new ItemWeightModel.Method(
        historyWeight(),
        (weights, update, context) -> {
          SparseMatrix x = edges(update.after());
          int[] changed = ItemWeights.withNeighbors(x, update.items());
          return ItemWeights.replaced(weights, x.columnCount(), changed, rows(x, changed, context));
        });
  }

  /** x, after a look at the memory that the weights may take. */
  private SparseMatrix edges(Dataset data) {
    int items = data.items().size();
    ItemWeights.checkFits(
        algorithm,
        String.format(Locale.ROOT, "%,d items with %,d neighbors each", items, neighbors),
        16.0 * items * Math.min(neighbors, items),
        Runtime.getRuntime().maxMemory(),
        "Fewer neighbors would be right");
    return ItemWeights.positive(algorithm, data, values);
  }

  /** Some rows of W. */
  private ItemWeights.Row[] rows(SparseMatrix x, int[] which, TrainingContext context) {
    SparseMatrix toItems = probabilities(x, alpha);
    SparseMatrix toPeople = probabilities(x.transpose(), alpha);
    double[] discount = new double[x.columnCount()];
    for (int i = 0; i < discount.length; i++) {
      discount[i] = Math.pow(Math.max(1, toPeople.rowSize(i)), -beta);
    }
    ItemWeights.Row[] rows = new ItemWeights.Row[which.length];
    Parallel.forBlocks(
        context.threads(),
        which.length,
        BLOCK,
        () -> {
          Step step = new Step(toPeople, toItems, discount);
          TopN top = new TopN(neighbors);
          return (from, to) -> {
            for (int w = from; w < to; w++) {
              step.from(which[w]);
              rows[w] = ItemWeights.Row.strongest(step.reached, step.count, step.sums, top);
            }
          };
        },
        done -> context.progress().onProgress("random walks", done, which.length, ""));
    return rows;
  }

  /** Each row divided by its sum, to the power of alpha. */
  private static SparseMatrix probabilities(SparseMatrix matrix, double alpha) {
    float[] powers = new float[matrix.size()];
    for (int row = 0; row < matrix.rowCount(); row++) {
      double sum = 0;
      for (int p = matrix.starts()[row]; p < matrix.starts()[row + 1]; p++) {
        sum += matrix.values()[p];
      }
      for (int p = matrix.starts()[row]; p < matrix.starts()[row + 1]; p++) {
        powers[p] = (float) Math.pow(matrix.values()[p] / sum, alpha);
      }
    }
    return matrix.withValues(powers);
  }

  /** The weight of a value in a history: to the power of alpha, as all steps are. */
  private ItemWeightModel.HistoryWeight historyWeight() {
    if (values == HistoryValues.BINARY) {
      return values::of;
    }
    return value -> {
      float weight = values.of(value);
      return weight == 0 ? 0 : (float) Math.pow(weight, alpha);
    };
  }

  /** The two steps from one item after another. */
  private static final class Step {
    final int[] reached;
    final double[] sums;
    int count;
    private final int[] reachedFrom; // item + 1
    private final SparseMatrix toPeople;
    private final SparseMatrix toItems;
    private final double[] discount;

    Step(SparseMatrix toPeople, SparseMatrix toItems, double[] discount) {
      this.toPeople = toPeople;
      this.toItems = toItems;
      this.discount = discount;
      reached = new int[discount.length];
      sums = new double[discount.length];
      reachedFrom = new int[discount.length];
    }

    void from(int item) {
      count = 0;
      for (int e = toPeople.starts()[item]; e < toPeople.starts()[item + 1]; e++) {
        int user = toPeople.columns()[e];
        double there = toPeople.values()[e];
        for (int p = toItems.starts()[user]; p < toItems.starts()[user + 1]; p++) {
          int other = toItems.columns()[p];
          if (reachedFrom[other] != item + 1) {
            reachedFrom[other] = item + 1;
            sums[other] = 0;
            reached[count++] = other;
          }
          sums[other] += there * toItems.values()[p];
        }
      }
      for (int c = 0; c < count; c++) {
        sums[reached[c]] *= reached[c] == item ? 0 : discount[reached[c]];
      }
    }
  }
}
