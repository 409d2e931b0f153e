package io.kindred.neural.sequence;

import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a transformer (Vaswani et al., NeurIPS 2017): self-attention, then the same small
 * network at each place, both added to their input.
 *
 * <pre>
 * attention(x) = W_o softmax(q k^T / sqrt(d / heads) + mask) v + b_o      q, k, v = W_qkv x + b_qkv
 * feed(x)      = W_2 dropout(f(W_1 x + b_1)) + b_2
 * pre-norm     x = x + dropout(attention(norm1(x)));  x = x + dropout(feed(norm2(x)))
 * post-norm    x = norm1(x + dropout(attention(x)));  x = norm2(x + dropout(feed(x)))
 * query-norm   y = norm1(x);  x = norm2(y + dropout(attention(y)));  x = x + dropout(feed(x))
 *              with k, v = W_kv x + b_kv from what is not normalized
 * </pre>
 */
final class TransformerLayer {
  private final int heads;
  private final SasRec.Norm norm;
  private final Tensor qkv; // [3 d, d]
  private final Tensor qkvBias;
  private final Tensor out; // [d, d]
  private final Tensor outBias;
  private final Tensor up; // [wide, d]
  private final Tensor upBias;
  private final Tensor down; // [d, wide]
  private final Tensor downBias;
  private final Tensor norm1Weight;
  private final Tensor norm1Bias;
  private final Tensor norm2Weight;
  private final Tensor norm2Bias;

  /**
   * Adds the weights of a layer.
   *
   * @param name before the names of its weights
   * @param d width of input and output, a multiple of {@code heads}
   * @param wide width inside the feed-forward part
   * @param norm where it is normalized
   */
  TransformerLayer(String name, Weights weights, int d, int heads, int wide, SasRec.Norm norm) {
    this.heads = heads;
    this.norm = norm;
    qkv = weights.glorot(name + "qkv", 3L * d, d);
    qkvBias = weights.constant(name + "qkv.bias", 0, 3L * d);
    out = weights.glorot(name + "out", d, d);
    outBias = weights.constant(name + "out.bias", 0, d);
    up = weights.glorot(name + "up", wide, d);
    upBias = weights.constant(name + "up.bias", 0, wide);
    down = weights.glorot(name + "down", d, wide);
    downBias = weights.constant(name + "down.bias", 0, d);
    norm1Weight = weights.constant(name + "norm1.weight", 1, d);
    norm1Bias = weights.constant(name + "norm1.bias", 0, d);
    norm2Weight = weights.constant(name + "norm2.weight", 1, d);
    norm2Bias = weights.constant(name + "norm2.bias", 0, d);
  }

  /**
   * What layers make of x, [batch, length, d], one after the other, at some places: [places, d].
   * Where these are the ends of all rows, and nothing is dropped out, the last layer computes
   * nothing else: so it is when a network is asked.
   *
   * @param layers at least one
   * @param places flat places of the batch
   * @param mask added to the attention, broadcast to [batch, heads, length, length]; {@code null}:
   *     each place sees itself and those before it
   * @param f between the feed-forward layers
   * @param dropout behind attention, f and feed-forward
   */
  static Tensor read(
      List<TransformerLayer> layers,
      Tensor x,
      SequenceBatch batch,
      long[] places,
      @Nullable Tensor mask,
      UnaryOperator<Tensor> f,
      double dropout,
      Noise noise) {
    long d = x.size(2);
    Tensor flat = Tensor.of(places, places.length);
    UnaryOperator<Tensor> read = all -> all.reshape(-1, d).indexSelect(0, flat);
    boolean ends = !noise.active() && Arrays.equals(places, batch.lastPlaces());
    int whole = layers.size() - (ends ? 1 : 0);
    Tensor z = x;
    for (TransformerLayer layer : layers.subList(0, whole)) {
      z = layer.apply(z, all -> all, mask, mask == null, f, dropout, noise);
    }
    return ends
        ? layers
            .get(whole)
            .apply(
                z,
                all -> read.apply(all).reshape(-1, 1, d),
                maskOfEnds(batch, mask),
                false,
                f,
                dropout,
                noise)
            .reshape(-1, d)
        : read.apply(z);
  }

  /**
   * The mask of the last place of each row, [rows, 1 or heads, 1, length].
   *
   * @param mask of all places: that of padding, [rows, 1, 1, length], of relative positions,
   *     [heads, length, length], or {@code null}
   * @return {@code null} where the places see all
   */
  private static @Nullable Tensor maskOfEnds(SequenceBatch batch, @Nullable Tensor mask) {
    if (mask == null) {
      return batch.rows() == 1 // a batch is as long as its longest row
          ? null
          : Tensor.of(batch.padding(), batch.rows(), 1, 1, batch.length());
    }
    if (mask.shape().length == 4) {
      return mask;
    }
    long[] columns = batch.lastPlaces();
    for (int row = 0; row < columns.length; row++) {
      columns[row] -= (long) row * batch.length();
    }
    return mask.indexSelect(1, Tensor.of(columns, columns.length)) // [heads, rows, length]
        .transpose(0, 1)
        .unsqueeze(2);
  }

  /** The layer at the places that {@code pick} picks of [batch, length, d]. */
  private Tensor apply(
      Tensor x,
      UnaryOperator<Tensor> pick,
      @Nullable Tensor mask,
      boolean causal,
      UnaryOperator<Tensor> f,
      double dropout,
      Noise noise) {
    return switch (norm) {
      case PRE -> {
        Tensor y = norm1(x);
        Tensor seen = attention(pick.apply(y), y, mask, causal);
        Tensor z = pick.apply(x).add(noise.dropout(seen, dropout));
        yield z.add(feed(norm2(z), f, dropout, noise));
      }
      case POST -> {
        Tensor own = pick.apply(x);
        Tensor z = norm1(own.add(noise.dropout(attention(own, x, mask, causal), dropout)));
        yield norm2(z.add(feed(z, f, dropout, noise)));
      }
      case QUERY -> {
        Tensor y = norm1(pick.apply(x));
        Tensor z = norm2(y.add(noise.dropout(attention(y, x, mask, causal), dropout)));
        yield z.add(feed(z, f, dropout, noise));
      }
    };
  }

  private Tensor norm1(Tensor x) {
    return x.layerNorm(norm1Weight, norm1Bias);
  }

  private Tensor norm2(Tensor x) {
    return x.layerNorm(norm2Weight, norm2Bias);
  }

  /** The feed-forward part, with dropout. */
  private Tensor feed(Tensor x, UnaryOperator<Tensor> f, double dropout, Noise noise) {
    Tensor wide = noise.dropout(f.apply(x.linear(up, upBias)), dropout);
    return noise.dropout(wide.linear(down, downBias), dropout);
  }

  /** Attention with queries of y, [batch, places, d], and keys and values of x. */
  private Tensor attention(Tensor y, Tensor x, @Nullable Tensor mask, boolean causal) {
    long batch = x.size(0);
    long d = x.size(2);
    List<Tensor> parts = new ArrayList<>(); // q, k, v, [batch, length, d]
    if (y == x) {
      parts.addAll(x.linear(qkv, qkvBias).split(2, d));
    } else {
      parts.add(y.linear(qkv.narrow(0, 0, d), qkvBias.narrow(0, 0, d)));
      parts.addAll(x.linear(qkv.narrow(0, d, 2 * d), qkvBias.narrow(0, d, 2 * d)).split(2, d));
    }
    parts.replaceAll(
        part -> part.reshape(batch, -1, heads, d / heads).transpose(1, 2)); // [batch, heads, ..
    return Tensor.attention(parts.get(0), parts.get(1), parts.get(2), mask, causal)
        .transpose(1, 2)
        .reshape(batch, -1, d)
        .linear(out, outBias);
  }
}
