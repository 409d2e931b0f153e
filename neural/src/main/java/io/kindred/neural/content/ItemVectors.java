package io.kindred.neural.content;

import io.kindred.data.History;
import io.kindred.neural.model.GrowingNetwork;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network whose items have vectors and biases that are computed from what the items are, once
 * after training, and kept: a bundle answers without pictures and texts.
 */
abstract class ItemVectors implements GrowingNetwork {
  private final Weights weights;
  private final Tensor vectors; // [items, d + 1], the bias last
  private volatile float @Nullable [] kept; // the same, copied when first asked for

  ItemVectors(Weights weights, int items, int dimensions) {
    this.weights = weights;
    vectors = weights.constant("vectors", 0, items, dimensions + 1L);
  }

  /** Computes and keeps what queries need, from the weights as they are; not inside a scope. */
  abstract void spread();

  /** Keeps the vectors of all items, [items, d + 1]. */
  final void keep(float[] all) {
    vectors.set(all);
    kept = null;
  }

  /** The cosine of a part of the vectors of two items; 0 where one is zeros alone. */
  final double cosine(int item, int other, int from, int size) {
    float[] all = kept;
    if (all == null) {
      all = vectors.toFloats();
      kept = all;
    }
    int one = item * (int) vectors.size(1) + from;
    int two = other * (int) vectors.size(1) + from;
    double dot = 0;
    double own = 0;
    double others = 0;
    for (int d = 0; d < size; d++) {
      dot += (double) all[one + d] * all[two + d];
      own += (double) all[one + d] * all[one + d];
      others += (double) all[two + d] * all[two + d];
    }
    return own * others == 0 ? 0 : dot / Math.sqrt(own * others);
  }

  /** Appends rows to a weight of a snapshot. */
  static void append(Map<String, float[]> values, String name, float[] rows) {
    Weights.insert(values, name, Objects.requireNonNull(values.get(name), name).length, rows);
  }

  @Override
  public final Weights weights() {
    return weights;
  }

  @Override
  public int window() {
    return Integer.MAX_VALUE;
  }

  @Override
  public abstract Tensor queries(List<History> histories);

  @Override
  public final Tensor items() {
    return vectors.detach().narrow(1, 0, vectors.size(1) - 1);
  }

  @Override
  public final Optional<Tensor> bias() {
    return Optional.of(vectors.detach().narrow(1, vectors.size(1) - 1, 1).reshape(-1));
  }
}
