package io.kindred.neural.sequence;

import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
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
 * </pre>
 */
final class TransformerLayer {
  private final int heads;
  private final boolean pre;
  private final Tensor qkv; // [3 d, d]
  private final Tensor qkvBias;
  private final Tensor out; // [d, d]
  private final Tensor outBias;
  private final Tensor up; // [wide, d]
  private final Tensor upBias;
  private final Tensor down; // [d, wide]
  private final Tensor downBias;
  private final Tensor norm1;
  private final Tensor norm1Bias;
  private final Tensor norm2;
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
    this.pre = norm == SasRec.Norm.PRE;
    qkv = weights.glorot(name + "qkv", 3L * d, d);
    qkvBias = weights.constant(name + "qkv.bias", 0, 3L * d);
    out = weights.glorot(name + "out", d, d);
    outBias = weights.constant(name + "out.bias", 0, d);
    up = weights.glorot(name + "up", wide, d);
    upBias = weights.constant(name + "up.bias", 0, wide);
    down = weights.glorot(name + "down", d, wide);
    downBias = weights.constant(name + "down.bias", 0, d);
    norm1 = weights.constant(name + "norm1.weight", 1, d);
    norm1Bias = weights.constant(name + "norm1.bias", 0, d);
    norm2 = weights.constant(name + "norm2.weight", 1, d);
    norm2Bias = weights.constant(name + "norm2.bias", 0, d);
  }

  /**
   * What the layer makes of x, [batch, length, d].
   *
   * @param mask added to the attention, broadcast to [batch, heads, length, length]; {@code null}:
   *     each place sees itself and those before it
   * @param f between the feed-forward layers
   * @param dropout behind attention, f and feed-forward
   */
  Tensor apply(
      Tensor x, @Nullable Tensor mask, UnaryOperator<Tensor> f, double dropout, Noise noise) {
    Tensor y = pre ? x.layerNorm(norm1, norm1Bias) : x;
    Tensor z = x.add(noise.dropout(attention(y, mask), dropout));
    z = pre ? z : z.layerNorm(norm1, norm1Bias);
    y = pre ? z.layerNorm(norm2, norm2Bias) : z;
    Tensor wide = noise.dropout(f.apply(y.linear(up, upBias)), dropout);
    z = z.add(noise.dropout(wide.linear(down, downBias), dropout));
    return pre ? z : z.layerNorm(norm2, norm2Bias);
  }

  private Tensor attention(Tensor x, @Nullable Tensor mask) {
    long batch = x.size(0);
    long length = x.size(1);
    long d = x.size(2);
    Tensor all = x.linear(qkv, qkvBias); // [batch, length, 3 d]
    Tensor[] parts = new Tensor[3];
    for (int p = 0; p < 3; p++) {
      parts[p] =
          all.narrow(2, p * d, d)
              .reshape(batch, length, heads, d / heads)
              .transpose(1, 2); // [batch, heads, length, d / heads]
    }
    return Tensor.attention(parts[0], parts[1], parts[2], mask, mask == null)
        .transpose(1, 2)
        .reshape(batch, length, d)
        .linear(out, outBias);
  }
}
