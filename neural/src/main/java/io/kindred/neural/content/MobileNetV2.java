package io.kindred.neural.content;

import io.kindred.ArrayReader;
import io.kindred.KindredException;
import io.kindred.neural.tensor.FusedConvolution;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.store.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained MobileNetV2 (Sandler et al., CVPR 2018) that turns a picture into 1,280 numbers:
 * what its last convolution sees, averaged over the picture. The classes it was trained for are not
 * used.
 *
 * <pre>
 * x_0   = relu6(conv3x3, stride 2)                                   [112 x 112 x 32]
 * block = project(depthwise(expand(x))) + x    where sizes agree; 1x1, 3x3 a channel, 1x1
 *         17 blocks; the first has no expand; blocks 1, 3, 6 and 13 halve the picture
 * f     = mean over 7 x 7 of relu6(conv1x1)                          [1280]
 * </pre>
 *
 * <p>The weights come from a file in the safetensors format with the names and layouts of Keras
 * (kernels HWIO, depthwise HWC1), which the user has: none are shipped. Each batch normalization
 * (epsilon 0.001) is folded into the convolution before it. Pictures come in as 224 x 224, channels
 * divided by 255; where a convolution has stride 2, zeros are added on the right and below only, as
 * Keras does. Other sizes that are multiples of 32 work, too.
 *
 * <p>Inside, everything is turned by 180 degrees, the pixels and the kernels: then those zeros lie
 * on the left and above, where a convolution with a padding of 1 on all sides, stride 2 and an even
 * size has them (it never reaches those on the right and below). So no picture is copied to be
 * padded; the means over all places are the same.
 *
 * <p>Immutable, thread-safe. 0.3 G multiplications a picture.
 */
public final class MobileNetV2 {
  /** How wide and high pictures are. */
  public static final int SIZE = 224;

  /** How many numbers describe a picture. */
  public static final int FEATURES = 1280;

  private static final int BLOCKS = 17;
  private static final double EPSILON = 1e-3;
  private static final double NONE = Double.POSITIVE_INFINITY;

  /** How many channels go into the last block, and how wide and high its input is. */
  static final int MAP_CHANNELS = 160;

  static final int MAP_SIZE = 7;

  private static @Nullable Kept kept; // guarded by the class

  private final FusedConvolution first;
  private final List<Block> blocks = new ArrayList<>();
  private final FusedConvolution last;
  private final List<Folded> end;

  /** An inverted residual. */
  private record Block(
      @Nullable FusedConvolution expand,
      FusedConvolution depthwise,
      FusedConvolution project,
      boolean adds) {
    Tensor apply(Tensor x) {
      Tensor out = project.apply(depthwise.apply(expand == null ? x : expand.apply(x)));
      return adds ? x.add(out) : out;
    }
  }

  /**
   * A convolution with the batch normalization after it in one.
   *
   * @param weights [out, in / groups, kernel, kernel], turned
   * @param bias [out]
   */
  record Folded(float[] weights, float[] bias, int in, int kernel, int groups) {
    FusedConvolution fused(int stride, boolean relu6) {
      return new FusedConvolution(
          Tensor.of(weights, bias.length, in / groups, kernel, kernel),
          Tensor.of(bias, bias.length),
          stride,
          kernel / 2,
          groups,
          relu6 ? 0 : -NONE,
          relu6 ? 6 : NONE);
    }
  }

  private MobileNetV2(ArrayReader in) {
    first = folded(in, "Conv1", "bn_Conv1", 3).fused(2, true);
    int channels = in.shape("bn_Conv1/gamma")[0];
    List<Folded> ofEnd = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      String name = block == 0 ? "expanded_conv" : "block_" + block;
      boolean halves = block == 1 || block == 3 || block == 6 || block == 13;
      Folded expand =
          block == 0 ? null : folded(in, name + "_expand", name + "_expand_BN", channels);
      int wide = in.shape(name + "_depthwise_BN/gamma")[0];
      int out = in.shape(name + "_project_BN/gamma")[0];
      Folded depthwise = depthwise(in, name + "_depthwise", wide);
      Folded project = folded(in, name + "_project", name + "_project_BN", wide);
      if (expand != null && block == BLOCKS - 1) {
        if (channels != MAP_CHANNELS) {
          throw in.wrong(
              name + "_expand/kernel", "has " + channels + " inputs, not " + MAP_CHANNELS);
        }
        ofEnd.addAll(List.of(expand, depthwise, project));
      }
      blocks.add(
          new Block(
              expand == null ? null : expand.fused(1, true),
              depthwise.fused(halves ? 2 : 1, true),
              project.fused(1, false),
              !halves && out == channels));
      channels = out;
    }
    Folded widest = folded(in, "Conv_1", "Conv_1_bn", channels);
    last = widest.fused(1, true);
    ofEnd.add(widest);
    end = List.copyOf(ofEnd);
    int features = widest.bias.length;
    if (features != FEATURES) {
      throw in.wrong("Conv_1_bn/gamma", "has " + features + " channels, not " + FEATURES);
    }
  }

  /**
   * Reads the weights.
   *
   * @param path a file, or a folder with one file {@code *.safetensors}
   * @throws KindredException if it is not there, damaged, or of another network
   */
  public static MobileNetV2 read(Path path) {
    Torch.load();
    return SafetensorsFile.read(file(path), MobileNetV2::new);
  }

  /**
   * The network that a trained model says pictures with. The last one that was asked for is kept in
   * memory (14 MB) and not read again as long as its file stays as it is.
   *
   * @throws KindredException if the file is not there (any more), damaged, or of another network
   */
  static MobileNetV2 ofModel(Path path) {
    Kept asked = Kept.of(path);
    synchronized (MobileNetV2.class) {
      if (kept == null || !kept.as(asked)) {
        kept = asked.with(read(asked.file));
      }
      return Objects.requireNonNull(kept.network);
    }
  }

  /** What a file was when it was read. */
  private record Kept(Path file, long size, FileTime modified, @Nullable MobileNetV2 network) {
    static Kept of(Path path) {
      try {
        Path file = MobileNetV2.file(path).toRealPath();
        return new Kept(file, Files.size(file), Files.getLastModifiedTime(file), null);
      } catch (IOException e) {
        throw new KindredException(
            "the model sees pictures by a pretrained network, whose weights are not (any more) at "
                + path
                + ": put them back, or train with encoder= where they are",
            e);
      }
    }

    Kept with(MobileNetV2 read) {
      return new Kept(file, size, modified, read);
    }

    boolean as(Kept other) {
      return file.equals(other.file) && size == other.size && modified.equals(other.modified);
    }
  }

  private static Path file(Path path) {
    if (!Files.isDirectory(path)) {
      return path;
    }
    try (Stream<Path> all = Files.list(path)) {
      List<Path> found =
          all.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
      if (found.size() != 1) {
        throw new KindredException(
            "the folder "
                + path
                + " must have one file of weights *.safetensors, it has "
                + found.size());
      }
      return found.get(0);
    } catch (IOException e) {
      throw new KindredException("the folder " + path + " cannot be read: " + e, e);
    }
  }

  /** Scales of a batch normalization and what it adds: y = scale x + shift. */
  private static float[][] normalization(ArrayReader in, String name, int channels) {
    float[] gamma = in.floats(name + "/gamma", channels);
    float[] beta = in.floats(name + "/beta", channels);
    float[] mean = in.floats(name + "/moving_mean", channels);
    float[] variance = in.floats(name + "/moving_variance", channels);
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      double scale = gamma[c] / Math.sqrt(variance[c] + EPSILON);
      gamma[c] = (float) scale;
      shift[c] = (float) (beta[c] - mean[c] * scale);
    }
    return new float[][] {gamma, shift};
  }

  private static Folded folded(ArrayReader in, String name, String norm, int channels) {
    int out = in.shape(norm + "/gamma")[0];
    int kernel = in.shape(name + "/kernel")[0];
    float[] hwio = in.floats(name + "/kernel", kernel, kernel, channels, out);
    float[][] scales = normalization(in, norm, out);
    float[] oihw = new float[hwio.length];
    int area = kernel * kernel;
    for (int at = 0; at < area; at++) {
      for (int i = 0; i < channels; i++) {
        for (int o = 0; o < out; o++) {
          oihw[(o * channels + i) * area + area - 1 - at] =
              hwio[(at * channels + i) * out + o] * scales[0][o];
        }
      }
    }
    return new Folded(oihw, scales[1], channels, kernel, 1);
  }

  private static Folded depthwise(ArrayReader in, String name, int channels) {
    float[] hwc = in.floats(name + "/depthwise_kernel", 3, 3, channels, 1);
    float[][] scales = normalization(in, name + "_BN", channels);
    float[] chw = new float[hwc.length];
    for (int at = 0; at < 9; at++) {
      for (int c = 0; c < channels; c++) {
        chw[c * 9 + 8 - at] = hwc[at * channels + c] * scales[0][c];
      }
    }
    return new Folded(chw, scales[1], channels, 3, channels);
  }

  /**
   * The features of pictures.
   *
   * @param pictures all of one size, {@value #SIZE} x {@value #SIZE} by the training
   * @return {@code float[pictures x 1280]}, row-major, each at least 0
   */
  public float[] features(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      return new float[0];
    }
    try (Scope scope = Scope.withoutGradients()) {
      return last.apply(apply(pixels(pictures), BLOCKS)).mean(-1).mean(-1).toFloats();
    }
  }

  /** Pixels as numbers, turned, [batch, 3, height, width]. */
  private static Tensor pixels(List<Picture> pictures) {
    int height = pictures.get(0).height();
    int width = pictures.get(0).width();
    float[] pixels = new float[pictures.size() * height * width * 3];
    int at = 0;
    for (Picture picture : pictures) {
      if (picture.width() != width || picture.height() != height) {
        throw new IllegalArgumentException(
            "pictures of one batch must have one size, got " + pictures.get(0) + " and " + picture);
      }
      byte[] rgb = picture.rgb();
      for (int from = rgb.length - 3; from >= 0; from -= 3) { // turned
        for (int channel = 0; channel < 3; channel++) {
          pixels[at++] = (rgb[from + channel] & 0xff) * (1f / 255);
        }
      }
    }
    return Tensor.of(pixels, pictures.size(), height, width, 3).transpose(1, 3).transpose(2, 3);
  }

  /** The first blocks, of [batch, 3, height, width]. */
  private Tensor apply(Tensor pixels, int count) {
    Tensor x = first.apply(pixels);
    for (Block block : blocks.subList(0, count)) {
      x = block.apply(x);
    }
    return x;
  }

  /**
   * What goes into the last block, turned by 180 degrees.
   *
   * @param pictures of {@value #SIZE} x {@value #SIZE}
   * @return {@code float[pictures x 49 x 160]}, the channels of a place beside one another
   */
  float[] maps(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      return new float[0];
    }
    try (Scope scope = Scope.withoutGradients()) {
      return apply(pixels(pictures), BLOCKS - 1).transpose(1, 3).transpose(1, 2).toFloats();
    }
  }

  /** The features of pictures of which the {@link #maps} are known, {@code float[count x 1280]}. */
  float[] features(float[] maps, int count) {
    try (Scope scope = Scope.withoutGradients()) {
      Tensor x = Tensor.of(maps, count, MAP_SIZE, MAP_SIZE, MAP_CHANNELS);
      Tensor seen = blocks.get(BLOCKS - 1).apply(x.transpose(1, 3).transpose(2, 3));
      return last.apply(seen).mean(-1).mean(-1).toFloats();
    }
  }

  /** The last block and the convolution after it: expand, depthwise, project and last. */
  List<Folded> end() {
    return end;
  }
}
