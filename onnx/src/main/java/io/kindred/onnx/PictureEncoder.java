package io.kindred.onnx;

import ai.onnxruntime.OnnxJavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.neural.content.Picture;
import io.kindred.neural.content.PictureFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained encoder of pictures: {@code model.onnx} with one input of floats, [batch, 3, height,
 * width] or [batch, height, width, 3].
 *
 * <p>A picture is stretched to the model's size; each channel, red first, becomes {@code (value /
 * 255 - mean) / deviation}. Size, means and deviations come from {@code preprocessor_config.json}
 * beside the model ({@code crop_size} or {@code size}, {@code image_mean}, {@code image_std});
 * where that lacks them, the size is the model's own or 224, and means and deviations are those of
 * ImageNet. Nothing is cropped, other than by most trainings: all of a picture is seen.
 *
 * <p>The vector is the mean of the vectors of all places, or what the model itself gives as the one
 * vector, scaled to length 1. Thread-safe until it is closed. Memory is that of the model and of
 * one batch.
 */
public final class PictureEncoder implements AutoCloseable {
  private static final int SIZE = 224;
  private static final double[] MEANS = {0.485, 0.456, 0.406};
  private static final double[] DEVIATIONS = {0.229, 0.224, 0.225};

  private final OnnxModel model;
  private final String input;
  private final boolean channelsFirst;
  private final int height;
  private final int width;
  private final double[] means;
  private final double[] deviations;
  private final EncoderOptions options;

  private PictureEncoder(OnnxModel model, JsonNode config, EncoderOptions options) {
    this.model = model;
    this.options = options;
    input = model.inputNames().size() == 1 ? model.inputNames().iterator().next() : "";
    long[] shape = input.isEmpty() ? new long[0] : model.input(input).getShape();
    channelsFirst = shape.length == 4 && (shape[1] == 3 || (shape[1] < 0 && shape[3] != 3));
    if (shape.length != 4
        || model.input(input).type != OnnxJavaType.FLOAT
        || (!channelsFirst && shape[3] != 3)) {
      throw model.wrongInputs(
          "an encoder of pictures takes one input of FLOAT, [batch, 3, height, width] or [batch,"
              + " height, width, 3]");
    }
    height = size(config, "height", shape[channelsFirst ? 2 : 1]);
    width = size(config, "width", shape[channelsFirst ? 3 : 2]);
    means = three(config, "image_mean", MEANS);
    deviations = three(config, "image_std", DEVIATIONS);
    for (double deviation : deviations) {
      if (!(deviation > 0)) {
        throw model.wrong("image_std of preprocessor_config.json must be above 0");
      }
    }
  }

  /**
   * Loads an encoder.
   *
   * @param path the model, or a folder with {@code model.onnx} (or {@code onnx/model.onnx})
   * @throws KindredException if it is missing, damaged, or of another kind
   */
  public static PictureEncoder read(Path path, EncoderOptions options) {
    JsonNode config = config(path);
    OnnxModel model = OnnxModel.read(path, options);
    try {
      return new PictureEncoder(model, config, options);
    } catch (KindredException e) {
      model.close();
      throw e;
    }
  }

  private static JsonNode config(Path path) {
    Path folder = Files.isDirectory(path) ? path : path.resolveSibling("");
    Path file = folder.resolve("preprocessor_config.json");
    ObjectMapper json = new ObjectMapper();
    if (!Files.isRegularFile(file)) {
      return json.createObjectNode();
    }
    try {
      return json.readTree(file.toFile());
    } catch (IOException e) {
      throw new KindredException(file + " is not JSON: " + e.getMessage(), e);
    }
  }

  private int size(JsonNode config, String side, long fixed) {
    if (fixed > 0) {
      return (int) fixed;
    }
    for (String name : List.of("crop_size", "size")) {
      JsonNode size = config.path(name);
      for (JsonNode one : List.of(size, size.path(side), size.path("shortest_edge"))) {
        if (one.isInt() && (one.intValue() < 1 || one.intValue() > 4096)) {
          throw model.wrong(
              name + " of preprocessor_config.json must be within [1, 4096], got " + one);
        }
        if (one.isInt()) {
          return one.intValue();
        }
      }
    }
    return SIZE;
  }

  private double[] three(JsonNode config, String name, double[] otherwise) {
    JsonNode given = config.path(name);
    if (given.isMissingNode() || given.isNull()) {
      return otherwise;
    }
    double[] three = new double[3];
    for (int c = 0; c < 3; c++) {
      if (given.size() != 3 || !given.path(c).isNumber()) {
        throw model.wrong(
            name + " of preprocessor_config.json must be three numbers, got " + given);
      }
      three[c] = given.path(c).doubleValue();
    }
    return three;
  }

  /** The vectors of pictures of any size, in their order. */
  public List<float[]> encode(List<Picture> pictures) {
    List<float[]> vectors = new ArrayList<>(pictures.size());
    for (int from = 0; from < pictures.size(); from += options.batchSize()) {
      int to = Math.min(pictures.size(), from + options.batchSize());
      vectors.addAll(List.of(batch(pictures.subList(from, to))));
    }
    return vectors;
  }

  private float[][] batch(List<Picture> pictures) {
    int area = height * width;
    float[] pixels = new float[Math.multiplyExact(pictures.size(), 3 * area)];
    for (int n = 0; n < pictures.size(); n++) {
      byte[] rgb = pictures.get(n).resized(width, height).rgb();
      for (int at = 0; at < area; at++) {
        for (int c = 0; c < 3; c++) {
          double value = ((rgb[at * 3 + c] & 0xff) / 255.0 - means[c]) / deviations[c];
          pixels[n * 3 * area + (channelsFirst ? c * area + at : at * 3 + c)] = (float) value;
        }
      }
    }
    long n = pictures.size();
    long[] shape =
        channelsFirst ? new long[] {n, 3, height, width} : new long[] {n, height, width, 3};
    return model.vectors(Map.of(), Map.of(input, pixels), shape, null);
  }

  /**
   * The vectors of the pictures of items. Of an item whose picture is missing, damaged, too large
   * or no picture nothing is known; a warning says how many and why the first could not be read.
   *
   * @param name of the new column
   * @throws KindredException if not one picture can be read
   */
  public FeatureColumn.Vectors column(
      String name, FeatureColumn.Image column, ProgressListener progress) {
    Path folder = column.folder();
    if (folder == null) {
      throw new KindredException(
          "the data names pictures, but it is not known in which folder they are");
    }
    List<float @Nullable []> vectors = new ArrayList<>();
    List<Picture> batch = new ArrayList<>();
    List<Integer> items = new ArrayList<>();
    int bad = 0;
    String problem = "";
    for (int item = 0; item < column.size(); item++) {
      vectors.add(null);
      String path = column.paths().get(item);
      try {
        if (path != null) {
          batch.add(PictureFile.read(folder, path).resized(width, height));
          items.add(item);
        }
      } catch (KindredException e) {
        problem = bad++ == 0 ? String.valueOf(e.getMessage()) : problem;
      }
      if (batch.size() == options.batchSize() || item == column.size() - 1) {
        List<float[]> found = encode(batch);
        for (int n = 0; n < found.size(); n++) {
          vectors.set(items.get(n), found.get(n));
        }
        batch.clear();
        items.clear();
        progress.onProgress("vectors of pictures", item + 1L, column.size(), "");
      }
    }
    if (bad > 0) {
      progress.onWarning(
          bad + " pictures cannot be used; their items get no vector. The first: " + problem);
    }
    return Vectors.column(name, vectors, "no picture can be read. The first: " + problem);
  }

  @Override
  public void close() {
    model.close();
  }
}
