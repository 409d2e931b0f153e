package io.kindred.neural.content;

import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * A small convolutional network from pixels to a vector:
 *
 * <pre>
 * x_0 = (pixels - 128) / 64                                        [batch, 3, height, width]
 * x_l = maxpool2(relu(conv3x3(x_(l-1)) + b_l))                     half the size, more channels
 * f   = W dropout(x_L, all of it in a row) + b                     [batch, out]
 * </pre>
 *
 * <p>Layer l has channels * min(4, 2^(l-1)) channels. Where a shape lies in the picture is kept:
 * the last layer reads all places.
 */
final class ConvNet implements Vision {
  private final List<Tensor> kernels = new ArrayList<>();
  private final List<Tensor> biases = new ArrayList<>();
  private final Tensor out; // [out, channels * places]
  private final Tensor outBias; // [out]
  private final int width;
  private final int height;

  ConvNet(Weights weights, int width, int height, int channels, int layers, int outputs) {
    this.width = width;
    this.height = height;
    int in = 3;
    for (int layer = 1; layer <= layers; layer++) {
      int own = channels * Math.min(4, 1 << (layer - 1));
      kernels.add(weights.normal("conv" + layer, Math.sqrt(2.0 / (9 * in)), own, 9L * in));
      biases.add(weights.constant("conv" + layer + ".bias", 0, own));
      in = own;
    }
    long places = (long) (width >> layers) * (height >> layers);
    out = weights.glorot("out", outputs, in * places);
    outBias = weights.constant("out.bias", 0, outputs);
  }

  /** Pixels of pictures as numbers, [pictures, 3, height, width]. */
  static float[] pixels(List<Picture> pictures) {
    int size = pictures.get(0).rgb().length;
    int places = size / 3;
    float[] pixels = new float[Math.multiplyExact(pictures.size(), size)];
    for (int p = 0; p < pictures.size(); p++) {
      byte[] rgb = pictures.get(p).rgb();
      for (int channel = 0; channel < 3; channel++) {
        int at = p * size + channel * places;
        for (int place = 0; place < places; place++) {
          pixels[at + place] = ((rgb[3 * place + channel] & 0xff) - 128) / 64f;
        }
      }
    }
    return pixels;
  }

  @Override
  public Tensor apply(float[] pixels, int count, double dropout, Noise noise) {
    Tensor x = Tensor.of(pixels, count, 3, height, width);
    for (int layer = 0; layer < kernels.size(); layer++) {
      x = x.conv2d(kernels.get(layer), biases.get(layer), 3, 3, 1).relu().maxPool2d(2);
    }
    return noise.dropout(x.reshape(x.size(0), -1), dropout).linear(out, outBias);
  }
}
