package io.kindred.neural.content;

import io.kindred.ArrayWriter;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A network whose items have vectors and biases that are computed from what the items are, once
 * after training, and kept: a bundle answers without pictures and texts. It is used as a member of
 * an {@link Ensemble}, of one or of several.
 *
 * @param <F> what it reads of items that come later
 */
abstract class ItemVectors<F> {
  private final Weights weights;
  private final Tensor vectors; // [items, d + 1], the bias last
  private volatile float @Nullable [] kept; // the same, copied when first asked for

  ItemVectors(Weights weights, int items, int dimensions) {
    this.weights = weights;
    vectors = weights.constant("vectors", 0, items, dimensions + 1L);
  }

  /** Computes and keeps what queries need, from the weights as they are; not inside a scope. */
  abstract void spread();

  /** The vectors of people, see {@link io.kindred.neural.model.VectorNetwork#queries}. */
  abstract Tensor queries(List<History> histories);

  /** How many of the newest interactions of a history count at the most. */
  int window() {
    return Integer.MAX_VALUE;
  }

  /** Writes what all members share besides their weights. */
  void write(ArrayWriter out) {}

  /**
   * What is read of items that come later, once for all members.
   *
   * @throws io.kindred.KindredException if the features do not fit those of the training
   */
  abstract F read(Features more);

  /** The weights with those items, which come last. */
  abstract Map<String, float[]> grown(F read);

  /** Whether pictures are seen, by the hyperparameters and the data. */
  abstract boolean seesPictures();

  /** The cosine of what is kept of the pictures of two items. */
  abstract double likeness(int item, int other);

  /** Width and height of the pictures that are seen. */
  abstract int[] pictureSize();

  /** What is seen of pictures of that size before anything is learned, row by row. */
  abstract float[] seen(List<Picture> pictures);

  /** What a person gives these pictures by themselves. */
  abstract float[] pictureScores(History history, float[] seen, int pictures);

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
    int wide = (int) vectors.size(1);
    return cosine(all, item * wide + from, other * wide + from, size);
  }

  /** The cosine of two stretches of an array; 0 where one is zeros alone. */
  static double cosine(float[] all, int one, int two, int size) {
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

  /** What it has learned. */
  public final Weights weights() {
    return weights;
  }

  /** The vectors of all items, [items, d]. */
  final Tensor items() {
    return vectors.detach().narrow(1, 0, vectors.size(1) - 1);
  }

  /** The biases of all items, [items]. */
  final Tensor bias() {
    return vectors.detach().narrow(1, vectors.size(1) - 1, 1).reshape(-1);
  }
}
