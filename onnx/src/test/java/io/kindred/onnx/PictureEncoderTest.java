package io.kindred.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import io.kindred.neural.content.Picture;
import io.kindred.testkit.Warnings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureEncoderTest {
  @TempDir Path folder;

  /** The mean of each channel. */
  private void model(boolean channelsFirst, long height, long width) throws IOException {
    OnnxFile file =
        channelsFirst
            ? new OnnxFile()
                .floats("pixel_values", -1, 3, height, width)
                .node("ReduceMean", "out", new long[] {2, 3}, "pixel_values")
            : new OnnxFile()
                .floats("pixel_values", -1, height, width, 3)
                .node("ReduceMean", "out", new long[] {1, 2}, "pixel_values");
    Files.write(folder.resolve("model.onnx"), file.output("out", -1, 3).bytes());
  }

  private static Picture colored(int width, int height, int red, int green, int blue) {
    byte[] rgb = new byte[width * height * 3];
    for (int at = 0; at < width * height; at++) {
      rgb[at * 3] = (byte) red;
      rgb[at * 3 + 1] = (byte) green;
      rgb[at * 3 + 2] = (byte) blue;
    }
    return new Picture(width, height, rgb);
  }

  @Test
  void encode_pixels_areStandardizedByChannel() throws IOException {
    double[] raw = {
      (200 / 255.0 - 0.485) / 0.229, (100 / 255.0 - 0.456) / 0.224, (10 / 255.0 - 0.406) / 0.225
    };
    double length = Math.sqrt(raw[0] * raw[0] + raw[1] * raw[1] + raw[2] * raw[2]);
    for (boolean channelsFirst : new boolean[] {true, false}) {
      model(channelsFirst, 8, 4);
      try (PictureEncoder encoder =
          PictureEncoder.read(folder, EncoderOptions.DEFAULTS.withBatchSize(2))) {
        List<float[]> vectors =
            encoder.encode(
                List.of(
                    colored(1, 1, 200, 100, 10),
                    colored(30, 50, 200, 100, 10),
                    colored(9, 9, 0, 0, 255)));
        for (float[] vector : vectors.subList(0, 2)) {
          for (int c = 0; c < 3; c++) {
            assertThat((double) vector[c]).isEqualTo(raw[c] / length, within(1e-5));
          }
        }
        assertThat(vectors.get(2)[2]).isPositive();
        assertThat(vectors.get(2)[0]).isNegative();
      }
    }
  }

  @Test
  void encode_config_saysSizeMeansAndDeviations() throws IOException {
    model(true, -1, -1);
    Path config = folder.resolve("preprocessor_config.json");
    Files.writeString(
        config,
        "{\"size\": {\"shortest_edge\": 16}, \"image_mean\": [0, 0, 0], \"image_std\": [1, 1, 1]}");
    try (PictureEncoder encoder = PictureEncoder.read(folder, EncoderOptions.DEFAULTS)) {
      float[] vector = encoder.encode(List.of(colored(5, 5, 0, 51, 255))).get(0);
      assertThat(vector[0]).isZero();
      assertThat((double) vector[1]).isEqualTo(0.2 / Math.sqrt(1.04), within(1e-5));
    }
    Files.writeString(config, "{\"image_mean\": [1, 2]}");
    refused("image_mean of preprocessor_config.json must be three numbers, got [1,2]");
    Files.writeString(config, "{\"image_std\": [1, 0, 1]}");
    refused("image_std of preprocessor_config.json must be above 0");
    Files.writeString(config, "{\"crop_size\": 0}");
    refused("crop_size of preprocessor_config.json must be within [1, 4096], got 0");
    Files.writeString(config, "{");
    refused("preprocessor_config.json is not JSON");
  }

  @Test
  void read_anotherModel_isRefused() throws IOException {
    refused("the folder " + folder + " has no model.onnx");
    Files.write(
        folder.resolve("model.onnx"),
        new OnnxFile()
            .floats("x", -1, 3)
            .node("Identity", "out", new long[0], "x")
            .output("out", -1, 3)
            .bytes());
    refused("an encoder of pictures takes one input of FLOAT");
    model(true, 8, 8);
    byte[] whole = Files.readAllBytes(folder.resolve("model.onnx"));
    Files.write(folder.resolve("model.onnx"), Arrays.copyOf(whole, whole.length / 2));
    refused("model.onnx is not an ONNX model that can be used");
  }

  @Test
  void column_badPictures_getNoVector() throws IOException {
    model(true, 8, 8);
    BufferedImage red = new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB);
    red.setRGB(1, 1, 0xff0000);
    ImageIO.write(red, "png", folder.resolve("a.png").toFile());
    Files.writeString(folder.resolve("b.jpg"), "no picture");
    FeatureColumn.Image column =
        new FeatureColumn.Image(
            "poster", Arrays.asList("b.jpg", "a.png", null, "../a.png", "a.png"), folder);
    Warnings warnings = new Warnings();
    try (PictureEncoder encoder =
        PictureEncoder.read(folder, EncoderOptions.DEFAULTS.withBatchSize(1))) {
      FeatureColumn.Vectors vectors = encoder.column("v", column, warnings);
      assertThat(vectors.size()).isEqualTo(5);
      assertThat(vectors.isKnown(0)).isFalse();
      assertThat(vectors.isKnown(1)).isTrue();
      assertThat(vectors.isKnown(2)).isFalse();
      assertThat(vectors.isKnown(3)).isFalse();
      assertThat(Arrays.copyOfRange(vectors.values(), 12, 15))
          .isEqualTo(Arrays.copyOfRange(vectors.values(), 3, 6));
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .startsWith("2 pictures cannot be used");
      FeatureColumn.Image none =
          new FeatureColumn.Image("poster", Arrays.asList("b.jpg", null), folder);
      assertThatThrownBy(() -> encoder.column("v", none, warnings))
          .isInstanceOf(KindredException.class)
          .hasMessageStartingWith("no picture can be read. The first: the file");
    }
  }

  private void refused(String message) {
    assertThatThrownBy(() -> PictureEncoder.read(folder, EncoderOptions.DEFAULTS))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(message);
  }
}
