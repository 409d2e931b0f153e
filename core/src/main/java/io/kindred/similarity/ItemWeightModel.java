package io.kindred.similarity;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.DatasetUpdate;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.IncrementalModel;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A sparse matrix W of weights from item to item, the model of several algorithms.
 *
 * <pre>score(u, i) = sum over j in history(u) of x(u, j) W[j, i]</pre>
 *
 * <p>x(u, j) is the {@link HistoryWeight} of the value that the person gave to j; of repeats the
 * last value counts. Items that no weight leads to cannot be scored. Somebody the model never saw
 * is served from the history in the query, exactly as a known user is. A query costs O(history log
 * history + weights of the history + items). Immutable, thread-safe.
 *
 * <p>An update ({@link IncrementalModel}) computes the weights anew, as training does, of the new
 * items, of those with many new interactions, and of all items that share people with them; all
 * others keep theirs. So the weights from and to a new item are those of a training on all data.
 * People have nothing of their own in the model. It costs what a training on these items costs:
 * with many or popular ones, nearly a whole training.
 */
public final class ItemWeightModel implements IncrementalModel, Explainer, SimilarItems {
  /** What a value in a history weighs. Stateless. */
  @FunctionalInterface
  public interface HistoryWeight {
    /** The weight of a value, finite; 0: it says nothing. */
    float of(float value);
  }

  /** Computes weights anew after an update. Stateless. */
  @FunctionalInterface
  public interface WeightUpdate {
    /**
     * W of the larger data.
     *
     * @param weights W before the update
     * @throws io.kindred.KindredException if a value is not a finite number
     */
    SparseMatrix of(SparseMatrix weights, DatasetUpdate update, TrainingContext context);
  }

  /**
   * What the model has of its algorithm.
   *
   * @param historyWeight of the values in histories
   * @param update of the weights
   */
  public record Method(HistoryWeight historyWeight, WeightUpdate update) {}

  private final ModelInfo info;
  private final Dataset data;
  private final SparseMatrix weights;
  private final Method method;

  /**
   * A model of given weights.
   *
   * @param weights shape items x items, finite; row: the item of the history; column: the item that
   *     it speaks for
   */
  public ItemWeightModel(ModelInfo info, Dataset data, SparseMatrix weights, Method method) {
    int items = data.items().size();
    if (weights.rowCount() != items || weights.columnCount() != items) {
      throw new IllegalArgumentException(
          "weights must be " + items + " x " + items + ", got " + weights);
    }
    this.info = info;
    this.data = data;
    this.weights = weights;
    this.method = method;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** W, shape items x items: how much the item of the row speaks for that of the column. */
  public SparseMatrix weights() {
    return weights;
  }

  @Override
  public ItemWeightModel update(DatasetUpdate update, TrainingContext context) {
    update.checkIsOf(data);
    Dataset after = update.after();
    return new ItemWeightModel(
        info.updated(after), after, method.update.of(weights, update, context), method);
  }

  @Override
  public Scorer scorer() {
    int items = data.items().size();
    return (profiles, scores) -> {
      for (int row = 0; row < profiles.size(); row++) {
        score(profiles.get(row).history().distinct(), scores, row * items);
      }
    };
  }

  /** A sparse row times W, into the scores from an offset on. */
  private void score(History history, float[] scores, int offset) {
    int[] starts = weights.starts();
    int[] columns = weights.columns();
    float[] values = weights.values();
    int end = offset + data.items().size();
    Arrays.fill(scores, offset, end, 0f);
    for (int h = 0; h < history.size(); h++) {
      int item = history.items()[h];
      float x = method.historyWeight.of(history.values()[h]);
      for (int p = starts[item]; p < starts[item + 1]; p++) {
        scores[offset + columns[p]] += x * values[p];
      }
    }
    for (int s = offset; s < end; s++) {
      scores[s] = scores[s] == 0f ? Float.NaN : scores[s]; // nothing led there
    }
    Scorer.infinityToNaN(scores, offset, end);
  }

  /** The items for which an item speaks most, by its weights above 0. */
  @Override
  public List<Neighbor> similarItems(int item, int n) {
    TopN top = new TopN(Math.min(n, weights.rowSize(item)));
    for (int p = weights.starts()[item]; p < weights.starts()[item + 1]; p++) {
      if (weights.values()[p] > 0) {
        top.offer(weights.columns()[p], weights.values()[p]);
      }
    }
    int size = top.sort();
    List<Neighbor> neighbors = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      neighbors.add(new Neighbor(data.items().id(top.items()[rank]), top.scores()[rank], -1));
    }
    return neighbors;
  }

  /**
   * Each item of the history with its part of the score, {@code x(u, j) W[j, i]}; they sum to the
   * score. The similarity is the weight.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    History history = profile.history().distinct();
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    for (int h = 0; h < history.size(); h++) {
      float weight = weights.get(history.items()[h], item);
      double part = (double) method.historyWeight.of(history.values()[h]) * weight;
      if (part != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(history.items()[h]), history.values()[h], weight, part));
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Explanation.BecauseOfItems.of(0, reasons, limit));
  }

  @Override
  public String toString() {
    return info.algorithm() + " " + info.parameters();
  }

  /**
   * The weights in a bundle: three arrays.
   *
   * @param method by the hyperparameters
   */
  public record Codec(Function<ModelInfo, Method> method) implements ModelCodec<ItemWeightModel> {
    @Override
    public void write(ItemWeightModel model, ArrayWriter out) {
      out.ints("weights.starts", model.weights.starts());
      out.ints("weights.columns", model.weights.columns());
      out.floats("weights.values", model.weights.values());
    }

    @Override
    public ItemWeightModel read(ModelInfo info, Dataset data, ArrayReader in) {
      int items = data.items().size();
      int[] columns = in.indexes("weights.columns", items);
      float[] values = in.floats("weights.values", columns.length);
      int[] starts = in.ints("weights.starts", items + 1);
      if (starts[0] != 0 || starts[items] != columns.length) {
        throw in.wrong("weights.starts", "does not lead from 0 to " + columns.length);
      }
      for (int item = 0; item < items; item++) {
        if (starts[item + 1] < starts[item] || starts[item + 1] > columns.length) {
          throw in.wrong("weights.starts", starts[item + 1] + " at place " + (item + 1));
        }
        for (int p = starts[item] + 1; p < starts[item + 1]; p++) {
          if (columns[p] <= columns[p - 1]) {
            throw in.wrong(
                "weights.columns", "index " + columns[p] + " at place " + p + " does not ascend");
          }
        }
      }
      return new ItemWeightModel(
          info, data, new SparseMatrix(items, starts, columns, values), method.apply(info));
    }
  }
}
