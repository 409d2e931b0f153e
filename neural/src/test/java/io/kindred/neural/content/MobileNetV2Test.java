package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pretrained network against outputs that were computed elsewhere. */
class MobileNetV2Test {
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
    List<String> names = List.of("poster1", "poster260", "poster2571");
    List<Picture> pictures =
        names.stream()
            .map(
                name -> {
                  try {
                    return new Picture(
                        224,
                        224,
                        Files.readAllBytes(
                            folder.resolve("golden/" + name + "_224x224_rgb_u8_hwc.bin")));
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();
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
}
