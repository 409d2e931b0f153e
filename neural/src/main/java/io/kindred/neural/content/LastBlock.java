package io.kindred.neural.content;

import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pretrained {@link MobileNetV2}, whose weights go on learning: its last block, the
 * convolution after it, and a projection of what they see.
 *
 * <pre>
 * W_k = pretrained W_k + rate change_k            change begins at 0
 * y   = project(depthwise(expand(x)))             relu6 after the first two; 1x1, 3x3 a channel, 1x1
 * f   = mean over the 7 x 7 places of relu6(W_4 y + b_4)                              [batch, 1280]
 * out = W dropout((f - mean) / deviation / sqrt(1280)) + b        mean and deviation of pretrained f
 * </pre>
 *
 * <p>Since Adam takes steps of a size that does not depend on that of the gradient, {@code rate} is
 * the learning rate of these weights as a share of that of the others; with 0 they stay as they
 * are. Biases of the batch normalizations, which are folded into the convolutions, stay. Only the
 * changes are part of the weights: what they add to comes from the file of the network.
 */
final class LastBlock implements Vision {
  private static final int SIDE = MobileNetV2.MAP_SIZE;
  private static final int PLACES = SIDE * SIDE;

  /** How many numbers a picture is on its way into the block. */
  static final int INPUT = PLACES * MobileNetV2.MAP_CHANNELS;

  private static final int WIDE = 6 * MobileNetV2.MAP_CHANNELS;
  private static final int NARROW = 320;
  private static final String[] NAMES = {"expand", "depthwise", "project", "last"};
  private static final long[][] SHAPES = {
    {WIDE, MobileNetV2.MAP_CHANNELS},
    {WIDE, 9},
    {NARROW, WIDE},
    {MobileNetV2.FEATURES, NARROW}
  };

  private final double rate;
  private final List<Tensor> changes = new ArrayList<>();
  private final DenseFeatures.KeptScaling scaling;
  private final Tensor out; // [out, 1280]
  private final Tensor outBias; // [out]
  private @Nullable Pretrained pretrained;

  /**
   * What does not learn.
   *
   * @param weights of the four convolutions
   * @param biases of them
   * @param shifts which of nine neighbors of a place is which place, [9, 49 * 49], 1 or 0
   */
  private record Pretrained(List<Tensor> weights, List<Tensor> biases, Tensor shifts) {
    static Pretrained of(MobileNetV2 network) {
      List<Tensor> weights = new ArrayList<>();
      List<Tensor> biases = new ArrayList<>();
      List<MobileNetV2.Folded> end = network.end();
      for (int k = 0; k < end.size(); k++) {
        weights.add(Tensor.of(end.get(k).weights(), SHAPES[k]));
        biases.add(Tensor.of(end.get(k).bias(), SHAPES[k][0]));
      }
      float[] shifts = new float[9 * PLACES * PLACES];
      for (int place = 0; place < PLACES; place++) {
        for (int k = 0; k < 9; k++) {
          int y = place / SIDE + k / 3 - 1;
          int x = place % SIDE + k % 3 - 1;
          if (y >= 0 && y < SIDE && x >= 0 && x < SIDE) {
            shifts[(k * PLACES + place) * PLACES + y * SIDE + x] = 1;
          }
        }
      }
      return new Pretrained(weights, biases, Tensor.of(shifts, 9, (long) PLACES * PLACES));
    }
  }

  /**
   * Adds its weights.
   *
   * @param rate of learning as a share of that of other weights, at least 0
   * @param seen what the pretrained network sees of the items of the training; null where the
   *     weights were stored
   */
  LastBlock(Weights weights, double rate, int outputs, DenseFeatures.@Nullable Table seen) {
    this.rate = rate;
    for (int k = 0; rate > 0 && k < NAMES.length; k++) {
      changes.add(weights.constant("end." + NAMES[k], 0, SHAPES[k]));
    }
    scaling = new DenseFeatures.KeptScaling(weights, MobileNetV2.FEATURES, seen);
    out = weights.glorot("out", outputs, MobileNetV2.FEATURES);
    outBias = weights.constant("out.bias", 0, outputs);
  }

  /** Takes the pretrained weights if they are not there; before anything is computed. */
  void use(Supplier<MobileNetV2> network) {
    if (pretrained == null) {
      pretrained = Pretrained.of(network.get());
    }
  }

  private static Tensor relu6(Tensor x) {
    return x.relu().neg().add(6).relu().neg().add(6);
  }

  /** Of {@link MobileNetV2#maps} the features, [batch, 1280]. */
  Tensor features(Tensor maps) {
    Pretrained from = Objects.requireNonNull(pretrained, "no pretrained network");
    List<Tensor> w = new ArrayList<>();
    for (int k = 0; k < NAMES.length; k++) {
      Tensor begin = from.weights.get(k);
      w.add(changes.isEmpty() ? begin : begin.add(changes.get(k).mul(rate)));
    }
    List<Tensor> b = from.biases;
    long n = maps.size(0);
    Tensor wide =
        relu6(maps.reshape(n * PLACES, MobileNetV2.MAP_CHANNELS).linear(w.get(0), b.get(0)));
    // A 3x3 kernel of a channel as a matrix from places to places.
    Tensor kernels = w.get(1).matmul(from.shifts).reshape(WIDE, PLACES, PLACES);
    Tensor near =
        kernels
            .matmul(wide.reshape(n, PLACES, WIDE).transpose(0, 2)) // [WIDE, PLACES, n]
            .transpose(0, 2); // [n, PLACES, WIDE]
    Tensor narrow = relu6(near.add(b.get(1))).linear(w.get(2), b.get(2));
    return relu6(narrow.linear(w.get(3), b.get(3))).mean(1);
  }

  @Override
  public Tensor apply(float[] maps, int count, double dropout, Noise noise) {
    DenseFeatures.Scaling known = scaling.get();
    Tensor f =
        features(Tensor.of(maps, count, INPUT))
            .sub(Tensor.of(known.means(), known.means().length))
            .mul(Tensor.of(known.scales(), known.scales().length));
    return noise.dropout(f, dropout).linear(out, outBias);
  }
}
