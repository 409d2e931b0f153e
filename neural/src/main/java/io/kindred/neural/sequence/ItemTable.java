package io.kindred.neural.sequence;

import io.kindred.feature.ItemRows;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final ItemFeatures.@Nullable Read read; // null after the training
  private @Nullable Tensor made; // V of this step, with what it was made from
  private @Nullable Tensor step; // the same as a leaf

  /** Vectors of ids. */
  ItemTable(Weights weights, String name, double deviation, int items, int dimensions) {
    this.name = name;
    this.items = items;
    this.dimensions = dimensions;
    ids = weights.embeddings(name, deviation, items, dimensions);
    idDropout = 0;
    marks = null;
    kept = null;
    read = null;
  }

  /**
   * Vectors of ids and features.
   *
   * @param terms places of the encoder
   * @param read of the items; {@code null} where the weights were stored
   */
  ItemTable(
      Weights weights,
      String name,
      double deviation,
      int items,
      int dimensions,
      double idDropout,
      int terms,
      ItemFeatures.@Nullable Read read) {
    this.name = name;
    this.items = items;
    this.dimensions = dimensions;
    this.idDropout = idDropout;
    this.read = read;
    ids = weights.embeddings(name, deviation, items, dimensions);
    marks = weights.constant(name + ".marks", 0, Math.max(1, terms), dimensions);
    kept = weights.constant(name + ".vectors", 0, items + 1L, dimensions);
  }

  /** The vectors of all items and of padding, a leaf [items + 1, d]. */
  Tensor get() {
    return step != null ? step : kept != null ? kept : ids;
  }

  /** Before a step: makes its vectors. Inside the scope of the step. */
  void begin(Noise noise) {
    if (read != null) {
      Tensor now = vectors(read, noise);
      made = now;
      step = now.leaf();
    }
  }

  /** After a step: hands on the gradient of its vectors. */
  void end() {
    if (step != null && made != null && read != null) {
      float[] learns = Arrays.copyOf(read.warm(), items + 1);
      made.backward(step.gradient().detach().mul(Tensor.of(learns, items + 1L, 1)));
    }
    step = null;
    made = null;
  }

  /** Computes and keeps the vectors from the weights as they are; not inside a scope. */
  void spread() {
    if (read != null && kept != null) {
      float[] all;
      try (Scope scope = Scope.withoutGradients()) {
        all = vectors(read, Noise.NONE).toFloats();
      }
      kept.set(all);
    }
  }

  private Tensor vectors(ItemFeatures.Read from, Noise noise) {
    Tensor known = Tensor.of(Arrays.copyOf(from.warm(), items + 1), items + 1L, 1);
    if (noise.active()) {
      known = noise.dropout(known, idDropout).mul(1 - idDropout);
    }
    Tensor said = said(Objects.requireNonNull(marks), from.rows());
    return ids.mul(known).add(Tensor.concat(List.of(said, Tensor.zeros(1, dimensions)), 0));
  }

  /** The part of the features, [rows, d]. */
  private Tensor said(Tensor from, ItemRows rows) {
    int n = rows.size();
    int entries = rows.starts()[n];
    if (entries == 0) {
      return Tensor.zeros(n, dimensions);
    }
    long[] starts = new long[n];
    Arrays.setAll(starts, row -> rows.starts()[row]);
    long[] terms = new long[entries];
    Arrays.setAll(terms, entry -> rows.terms()[entry]);
    float[] weights = Arrays.copyOf(rows.weights(), entries);
    return from.embeddingBag(
        Tensor.of(terms, entries), Tensor.of(starts, n), Tensor.of(weights, entries));
  }

  /** Adds items to a snapshot of the weights, before the row of padding. */
  void append(Map<String, float[]> values, ItemRows more) {
    int n = more.size();
    float[] vectors;
    try (Scope scope = Scope.withoutGradients()) {
      vectors = said(Objects.requireNonNull(marks), more).toFloats();
    }
    append(values, name, new float[n * dimensions]);
    append(values, name + ".vectors", vectors);
  }

  private void append(Map<String, float[]> values, String weight, float[] rows) {
    float[] known = Objects.requireNonNull(values.get(weight), weight);
    float[] all = Arrays.copyOf(known, Math.addExact(known.length, rows.length));
    System.arraycopy(rows, 0, all, items * dimensions, rows.length);
    values.put(weight, all); // ends with the zeros of padding, since all are zeros after the rows
  }
}
