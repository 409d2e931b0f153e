package io.kindred.neural.content;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.testkit.SmallData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Data whose pictures are drawn here. */
final class TestPictures {
  private TestPictures() {}

  /** Writes a picture. */
  static void write(Path file, Picture picture) throws IOException {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    for (int place = 0; place < picture.width() * picture.height(); place++) {
      int rgb = 0;
      for (int channel = 0; channel < 3; channel++) {
        rgb = rgb << 8 | picture.rgb()[3 * place + channel] & 0xff;
      }
      image.setRGB(place % picture.width(), place / picture.width(), rgb);
    }
    ImageIO.write(image, "png", file.toFile());
  }

  /**
   * Grey noise with a square of 8 x 8 somewhere, whose color is that of the item's group: everybody
   * does the items of one group. Of each group the last quarter of the items has no interactions.
   */
  static Dataset squares(Path folder, int users, int items) throws IOException {
    Random random = new Random(11);
    List<@Nullable String> paths = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      byte[] rgb = new byte[24 * 32 * 3];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (100 + random.nextInt(40));
      }
      int left = random.nextInt(16);
      int top = random.nextInt(24);
      for (int y = top; y < top + 8; y++) {
        for (int x = left; x < left + 8; x++) {
          for (int channel = 0; channel < 3; channel++) {
            rgb[(y * 24 + x) * 3 + channel] = (byte) (channel == item % 3 ? 250 : 10);
          }
        }
      }
      write(folder.resolve(item + ".png"), new Picture(24, 32, rgb));
      paths.add(item + ".png");
    }
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < users; user++) {
      for (int item = user % 3; item < items * 3 / 4; item += 3) {
        if (random.nextInt(3) == 0) {
          columns.add(user, item, 1f);
        }
      }
    }
    return Dataset.of(
            "squares (generated)",
            SmallData.ids("u", users),
            SmallData.ids("i", items),
            columns.build(users, items))
        .withFeatures(
            Features.none(users),
            new Features(items, List.of(new FeatureColumn.Image("image", paths, folder))));
  }
}
