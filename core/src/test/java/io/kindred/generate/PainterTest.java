package io.kindred.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PainterTest {
  private static final World WORLD = new World(WorldConfig.ofInteractions(1000));

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 64, 256})
  void image_anySize_decodes(int size) throws IOException {
    World world = new World(WORLD.config().withImageSize(size));
    BufferedImage image = decode(world, 5);

    assertThat(image.getWidth()).isEqualTo(size);
    assertThat(image.getHeight()).isEqualTo(size);
    assertThat(image.getRaster().getNumBands()).isEqualTo(1); // palette
    assertThat(image.getColorModel().getPixelSize()).isEqualTo(4);
    long colors =
        java.util.Arrays.stream(image.getRGB(0, 0, size, size, null, 0, size)).distinct().count();
    assertThat(colors).isBetween(8L, 16L);
  }

  @Test
  void image_sameItem_isTheSame() {
    assertThat(new World(WORLD.config()).image(3)).isEqualTo(WORLD.image(3));
    assertThat(WORLD.image(4)).isNotEqualTo(WORLD.image(3));
  }

  /** The farther the factors of two items, the farther their pixels. */
  @Test
  void image_pairsOfItems_differWithTheFactors() throws IOException {
    int count = 60;
    int[][] pixels = new int[count][];
    for (int i = 0; i < count; i++) {
      pixels[i] = decode(WORLD, i).getRGB(0, 0, 64, 64, null, 0, 64);
    }
    double[] pixelDistance = new double[count * (count - 1) / 2];
    double[] factorDistance = new double[pixelDistance.length];
    int n = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        pixelDistance[n] = distance(pixels[i], pixels[j]);
        factorDistance[n++] = distance(WORLD.itemFactors(i), WORLD.itemFactors(j));
      }
    }
    assertThat(WorldTest.correlation(pixelDistance, factorDistance)).isGreaterThan(0.5);
  }

  /** The item whose picture is most alike is alike in its factors too, nearly as much as can be. */
  @Test
  void image_nearestPicture_hasSimilarFactors() throws IOException {
    World world = new World(WorldConfig.ofInteractions(10_000).withImageSize(16));
    int[][] pixels = new int[world.items()][];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = decode(world, i).getRGB(0, 0, 16, 16, null, 0, 16);
    }
    double found = 0;
    double best = 0;
    double mean = 0;
    for (int i = 0; i < pixels.length; i++) {
      int nearest = -1;
      double least = Double.MAX_VALUE;
      double greatest = -1;
      for (int j = 0; j < pixels.length; j++) {
        if (i == j) {
          continue;
        }
        double cosine = cosine(world, i, j);
        mean += cosine / (pixels.length - 1);
        greatest = Math.max(greatest, cosine);
        double distance = distance(pixels[i], pixels[j]);
        if (distance < least) {
          least = distance;
          nearest = j;
        }
      }
      found += cosine(world, i, nearest);
      best += greatest;
    }
    assertThat(mean / pixels.length).isLessThan(0.2);
    assertThat(found / pixels.length).isGreaterThan(0.8 * best / pixels.length);
  }

  /** A pixel in a corner shows the background color that the look states. */
  @Test
  void image_background_hasTheColorOfTheLook() throws IOException {
    double[] red = new double[WORLD.items()];
    double[] stated = new double[WORLD.items()];
    for (int i = 0; i < WORLD.items(); i++) {
      red[i] = decode(WORLD, i).getRGB(63, 63) >> 16 & 0xff;
      stated[i] = WORLD.look(i)[0];
    }
    assertThat(WorldTest.correlation(red, stated)).isGreaterThan(0.6);
  }

  /** Twelve look parameters of twelve dimensions lose nothing: they give the factors back. */
  @Test
  void look_allParameters_determineTheFactors() {
    Painter painter = new Painter(WORLD.config(), new Catalog(WORLD.config()));
    for (int i = 0; i < WORLD.items(); i++) {
      double length = 0;
      for (double z : painter.coordinates(i)) {
        length += z * z;
      }
      assertThat(length).isBetween(11.999, 12.001); // d |q|^2, so M is a rotation
      for (double value : WORLD.look(i)) {
        assertThat(value).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void encode_tooLarge_isRefused() {
    assertThatThrownBy(() -> Png.encode(362, new byte[362 * 362], new int[16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("362");
  }

  private static double cosine(World world, int i, int j) {
    float[] a = world.itemFactors(i);
    float[] b = world.itemFactors(j);
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static BufferedImage decode(World world, int item) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(world.image(item)));
  }

  private static double distance(int[] a, int[] b) {
    double sum = 0;
    for (int p = 0; p < a.length; p++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        double d = (a[p] >> shift & 0xff) - (b[p] >> shift & 0xff);
        sum += d * d;
      }
    }
    return Math.sqrt(sum);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return Math.sqrt(sum);
  }
}
