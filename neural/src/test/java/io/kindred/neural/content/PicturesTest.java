package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.testkit.SmallData;
import io.kindred.testkit.Warnings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures of a data set. */
class PicturesTest {
  @TempDir private Path folder;

  private Dataset data(@Nullable Path where, @Nullable String... paths) {
    Dataset bare = SmallData.of("u a 1", "u b 1", "v c 1", "v d 1", "v e 1");
    return bare.withFeatures(
        Features.none(bare.users().size()),
        new Features(5, List.of(new FeatureColumn.Image("image", Arrays.asList(paths), where))));
  }

  private void write(String name, int color) throws IOException {
    BufferedImage image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 600; pixel++) {
      image.setRGB(pixel % 30, pixel / 30, color);
    }
    ImageIO.write(image, "png", folder.resolve(name).toFile());
  }

  @Test
  void read_somePicturesBad_othersServeAndAWarningCounts() throws IOException {
    write("a.png", 0x102030);
    write("c.png", 0x405060);
    Files.writeString(folder.resolve("b.jpg"), "no picture");
    Warnings warnings = new Warnings();
    Pictures pictures =
        Pictures.read(
            data(folder, "a.png", "b.jpg", "c.png", null, "../e.png").itemFeatures(),
            8,
            6,
            1 << 20,
            2,
            warnings);
    assertThat(pictures.items()).containsExactly(0, 2);
    assertThat(pictures.get(2).rgb()[0]).isEqualTo((byte) 0x40);
    assertThat(pictures.problems()).hasSize(2);
    assertThat(warnings.texts()).hasSize(1);
    assertThat(warnings.texts().get(0))
        .contains("2 of 4 pictures", "b.jpg is no picture", "../e.png");
  }

  @Test
  void get_moreThanTheCacheHolds_readsAgain() throws IOException {
    String[] names = {"a.png", "b.png", "c.png", "d.png", "e.png"};
    for (int i = 0; i < names.length; i++) {
      write(names[i], i + 1);
    }
    Pictures pictures =
        Pictures.read(
            data(folder, names).itemFeatures(), 8, 6, 2 * 8 * 6 * 3, 1, ProgressListener.NONE);
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < names.length; i++) {
        assertThat(pictures.get(i).rgb()[2]).isEqualTo((byte) (i + 1));
        assertThat(pictures.cached()).isLessThanOrEqualTo(2);
      }
    }
  }

  @Test
  void read_folderUnknown_isSaidOnce() {
    Warnings warnings = new Warnings();
    Pictures pictures =
        Pictures.read(
            data(null, "a.png", "b.png", null, null, null).itemFeatures(), 8, 6, 1, 1, warnings);
    assertThat(pictures.count()).isZero();
    assertThat(warnings.texts()).hasSize(1);
    assertThat(warnings.texts().get(0)).contains("not known in which folder");
  }
}
