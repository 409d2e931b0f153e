package io.kindred.neural.content;

import io.kindred.data.History;
import io.kindred.neural.model.GrowingNetwork;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A network whose items have vectors and biases that are computed from what the items are, once
 * after training, and kept: a bundle answers without pictures and texts.
 */
abstract class ItemVectors implements GrowingNetwork {
  private final Weights weights;
  private final Tensor vectors; // [items, d + 1], the bias last

  ItemVectors(Weights weights, int items, int dimensions) {
    this.weights = weights;
    vectors = weights.constant("vectors", 0, items, dimensions + 1L);
  }

  /** Computes and keeps what queries need, from the weights as they are; not inside a scope. */
  abstract void spread();

  /** Keeps the vectors of all items, [items, d + 1]. */
  final void keep(float[] all) {
    vectors.set(all);
  }

  /** Appends rows to a weight of a snapshot. */
  static void append(Map<String, float[]> values, String name, float[] rows) {
    float[] known = Objects.requireNonNull(values.get(name), name);
    float[] all = Arrays.copyOf(known, Math.addExact(known.length, rows.length));
    System.arraycopy(rows, 0, all, known.length, rows.length);
    values.put(name, all);
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
