package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pretrained network against outputs that were computed elsewhere. */
class MobileNetV2Test {
  private static final List<String> NAMES = List.of("poster1", "poster260", "poster2571");

  private static List<Picture> pictures(Path folder) throws IOException {
    List<Picture> pictures = new ArrayList<>();
    for (String name : NAMES) {
      Path file = folder.resolve("golden/" + name + "_224x224_rgb_u8_hwc.bin");
      pictures.add(new Picture(224, 224, Files.readAllBytes(file)));
    }
    return pictures;
  }

  /** The end that learns, as long as it has not: the same features, by other operations. */
  @Test
  void lastBlock_unchanged_seesWhatTheWholeNetworkSees() throws IOException {
    Path folder = RealData.require("mobilenet-v2");
    MobileNetV2 network = MobileNetV2.read(folder);
    float[] maps = network.maps(pictures(folder));
    assertThat(maps).hasSize(3 * LastBlock.INPUT);
    LastBlock block = new LastBlock(Weights.beginning(1), 0.5, 4, null);
    block.use(() -> network);
    float[] fused = network.features(maps, 3);
    try (Scope scope = Scope.withoutGradients()) {
      float[] found = block.features(Tensor.of(maps, 3, LastBlock.INPUT)).toFloats();
      for (int p = 0; p < 3; p++) {
        float[] expected = golden(folder, NAMES.get(p));
        for (int f = 0; f < expected.length; f++) {
          float one = found[p * expected.length + f];
          assertThat((double) one).isCloseTo(expected[f], within(1e-3));
          assertThat((double) fused[p * expected.length + f]).isCloseTo(one, within(1e-3));
        }
      }
    }
  }

  /** The gradient of the last block is the slope of the loss along it. */
  @Test
  void lastBlock_gradient_isTheSlope() throws IOException {
    Path folder = RealData.require("mobilenet-v2");
    MobileNetV2 network = MobileNetV2.read(folder);
    float[] maps = network.maps(pictures(folder).subList(0, 1));
    Weights weights = Weights.beginning(1);
    LastBlock block = new LastBlock(weights, 1, 4, null);
    block.use(() -> network);
    try (Scope scope = Scope.open()) {
      block.features(Tensor.of(maps, 1, LastBlock.INPUT)).square().sum().backward();
    }
    for (String name : List.of("end.expand", "end.depthwise", "end.project", "end.last")) {
      Tensor change = weights.get(name);
      float[] gradient;
      try (Scope scope = Scope.withoutGradients()) {
        gradient = change.gradient().toFloats();
      }
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      double length = Math.sqrt(squares);
      assertThat(length).as(name).isPositive();
      double step = 5e-4; // along the gradient, both ways
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] values = new float[gradient.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((side == 0 ? -step : step) * gradient[i] / length);
        }
        change.set(values);
        try (Scope scope = Scope.withoutGradients()) {
          losses[side] = block.features(Tensor.of(maps, 1, LastBlock.INPUT)).square().sum().item();
        }
      }
      change.set(new float[gradient.length]);
      assertThat((losses[1] - losses[0]) / (2 * step))
          .as(name)
          .isCloseTo(length, withinPercentage(3));
    }
  }

  private static float[] golden(Path folder, String name) throws IOException {
    String json = Files.readString(folder.resolve("golden/golden_outputs.json"));
    int from =
        json.indexOf("[", json.indexOf("\"features1280\"", json.indexOf("\"" + name + "\"")));
    String[] numbers = json.substring(from + 1, json.indexOf("]", from)).split(",");
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(numbers[i].strip());
    }
    return values;
  }

  @Test
  void features_goldenPictures_agree() throws IOException {
    Path folder = RealData.require("mobilenet-v2");
    MobileNetV2 network = MobileNetV2.read(folder);
    List<String> names = NAMES;
    List<Picture> pictures = pictures(folder);
    float[] all = network.features(pictures);
    double worst = 0;
    for (int p = 0; p < names.size(); p++) {
      float[] expected = golden(folder, names.get(p));
      float[] alone = network.features(List.of(pictures.get(p)));
      assertThat(expected).hasSize(MobileNetV2.FEATURES);
      for (int f = 0; f < expected.length; f++) {
        float found = all[p * expected.length + f];
        worst = Math.max(worst, Math.abs(found - expected[f]));
        assertThat((double) found)
            .as("%s[%d]", names.get(p), f)
            .isCloseTo(expected[f], within(1e-3));
        assertThat((double) alone[f]).isCloseTo(found, within(1e-4));
      }
    }
    assertThat(worst).isLessThan(1e-3);
  }

  @Test
  void features_wholeFolder_knowsWhatIsBad(@TempDir Path pictures) throws IOException {
    Path posters = RealData.require("posters");
    MobileNetV2 network = MobileNetV2.read(RealData.require("mobilenet-v2"));
    Files.copy(posters.resolve("1.jpg"), pictures.resolve("1.jpg"));
    Files.copy(posters.resolve("10.jpg"), pictures.resolve("10.jpg"));
    Files.writeString(pictures.resolve("bad.jpg"), "no picture");
    PictureFeatures features =
        PictureFeatures.of(
            new FeatureColumn.Image(
                "image", Arrays.asList("1.jpg", null, "bad.jpg", "10.jpg"), pictures),
            network,
            2,
            ProgressListener.NONE);
    assertThat(features.known()).containsExactly(true, false, false, true);
    assertThat(features.problems()).hasSize(1);
    float[] second =
        network.features(List.of(PictureFile.read(pictures, "10.jpg").resized(224, 224)));
    for (int f = 0; f < second.length; f++) {
      assertThat((double) features.values()[3 * second.length + f])
          .isCloseTo(second[f], within(1e-4));
      assertThat(features.values()[second.length + f]).isZero();
    }
  }

  @Test
  void read_noWeights_isSaid(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> MobileNetV2.read(folder.resolve("none.safetensors")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("none.safetensors");
    assertThatThrownBy(() -> MobileNetV2.read(folder))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("it has 0");
    Files.writeString(folder.resolve("x.safetensors"), "not weights at all");
    assertThatThrownBy(() -> MobileNetV2.read(folder))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("x.safetensors");
  }

  @Test
  void ofModel_fileAsItWas_isReadOnce_andGoneIsSaid(@TempDir Path folder) throws IOException {
    Path from = RealData.require("mobilenet-v2");
    Path file = folder.resolve("network.safetensors");
    try (Stream<Path> all = Files.list(from)) {
      Files.copy(
          all.filter(one -> one.toString().endsWith(".safetensors")).findFirst().get(), file);
    }
    MobileNetV2 network = MobileNetV2.ofModel(file);
    assertThat(MobileNetV2.ofModel(file)).isSameAs(network);
    assertThat(MobileNetV2.ofModel(folder)).as("by its folder").isSameAs(network);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    MobileNetV2 again = MobileNetV2.ofModel(file);
    assertThat(again).isNotSameAs(network);
    List<Picture> pictures = pictures(from);
    assertThat(again.features(pictures)).isEqualTo(network.features(pictures));
    Files.delete(file);
    assertThatThrownBy(() -> MobileNetV2.ofModel(file))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("network.safetensors")
        .hasMessageContaining("put them back");
  }
}
