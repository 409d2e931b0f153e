package io.kindred.neural.sequence;

import io.kindred.feature.ItemRows;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.model.Bags;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of items in a sequence model, with a row of zeros for padding: one for each id, or
 * with features what {@link ItemFeatures} says. These are computed once a step, and once after the
 * training, to be kept: a bundle answers without texts.
 */
final class ItemTable {
  private final String name;
  private final int items;
  private final int dimensions;
  private final double idDropout;
  private final Tensor ids; // E [items + 1, d]
  private final @Nullable Tensor marks; // M [terms, d]
  private final @Nullable Tensor kept; // V [items + 1, d]
  private final @Nullable MultiHot described; // x; null after the training
  private final float @Nullable [] warm; // 1 for items with interactions, [items + 1]; likewise
  private @Nullable Tensor made; // V of this step, with what it was made from
  private @Nullable Tensor step; // the same as a leaf

  /**
   * Vectors of ids, and of features where these are used.
   *
   * @param terms places of the encoder; 0 without features
   * @param read of the items; {@code null} without features and where the weights were stored
   */
  ItemTable(
      ItemFeatures features,
      Weights weights,
      String name,
      double deviation,
      int items,
      int dimensions,
      int terms,
      ItemFeatures.@Nullable Read read) {
    this.name = name;
    this.items = items;
    this.dimensions = dimensions;
    idDropout = features.idDropout();
    ids = weights.embeddings(name, deviation, items, dimensions);
    boolean used = features.used();
    marks = used ? weights.constant(name + ".marks", 0, Math.max(1, terms), dimensions) : null;
    kept = used ? weights.constant(name + ".vectors", 0, items + 1L, dimensions) : null;
    described = read == null ? null : all(read.rows());
    warm = read == null ? null : Arrays.copyOf(read.warm(), items + 1);
  }

  private static MultiHot all(ItemRows rows) {
    return MultiHot.of(rows, LongStream.range(0, rows.size()).toArray());
  }

  /** The vectors of all items and of padding, a leaf [items + 1, d]. */
  Tensor get() {
    return step != null ? step : kept != null ? kept : ids;
  }

  /** Before a step: makes its vectors. Inside the scope of the step. */
  void begin(Noise noise) {
    if (described != null) {
      Tensor now = vectors(described, noise);
      made = now;
      step = now.leaf();
    }
  }

  /** After a step: hands on the gradient of its vectors. */
  void end() {
    if (step != null && made != null && warm != null) {
      made.backward(step.gradient().detach().mul(Tensor.of(warm, items + 1L, 1)));
    }
    step = null;
    made = null;
  }

  /** Computes and keeps the vectors from the weights as they are; not inside a scope. */
  void spread() {
    if (described != null && kept != null) {
      float[] all;
      try (Scope scope = Scope.withoutGradients()) {
        all = vectors(described, Noise.NONE).toFloats();
      }
      kept.set(all);
    }
  }

  private Tensor vectors(MultiHot rows, Noise noise) {
    Tensor known = Tensor.of(Objects.requireNonNull(warm), items + 1L, 1);
    if (noise.active()) {
      known = noise.dropout(known, idDropout).mul(1 - idDropout);
    }
    return ids.mul(known).add(Tensor.concat(List.of(said(rows), Tensor.zeros(1, dimensions)), 0));
  }

  /** The part of the features, [rows, d]. */
  private Tensor said(MultiHot rows) {
    return rows.size() == 0
        ? Tensor.zeros(rows.rows(), dimensions)
        : Bags.sums(Objects.requireNonNull(marks), rows);
  }

  /** Adds items to a snapshot of the weights, before the row of padding. */
  void append(Map<String, float[]> values, ItemRows more) {
    float[] vectors;
    try (Scope scope = Scope.withoutGradients()) {
      vectors = said(all(more)).toFloats();
    }
    Weights.insert(values, name, items * dimensions, new float[vectors.length]);
    Weights.insert(values, name + ".vectors", items * dimensions, vectors);
  }
}
