package io.kindred.generate;

import io.kindred.generate.Random64.Stream;

/**
 * Draws the picture of an item from its latent factors: stripes behind one shape. Immutable, so
 * safe for any number of threads.
 *
 * <p>The factors q (length 1) are turned by a fixed orthonormal matrix M into coordinates z =
 * sqrt(d) M q of about unit variance, a little noise is added, and each look parameter is 1/2 + z /
 * (2 sqrt(1 + z^2)), in (0, 1). With up to {@link #LOOKS} dimensions nothing of q is lost.
 */
final class Painter {
  /** Number of look parameters. */
  static final int LOOKS = 12;

  private static final double NOISE = 0.1;
  private static final double GRAIN = 0.04;
  private static final int SHADES = 7;
  private static final int OUTLINE = 15;
  private static final int RED = 0; // of the background; green and blue follow
  private static final int SHAPE_RED = 3;
  private static final int STRIPE_ANGLE = 6;
  private static final int STRIPE_COUNT = 7;
  private static final int SHAPE_X = 8;
  private static final int SHAPE_Y = 9;
  private static final int SHAPE_SIZE = 10;
  private static final int SHAPE_CORNERS = 11;

  private final WorldConfig config;
  private final Catalog catalog;
  private final double[][] turn;
  private final double scale;

  Painter(WorldConfig config, Catalog catalog) {
    this.config = config;
    this.catalog = catalog;
    int size = Math.max(LOOKS, config.dimensions());
    turn = Vectors.orthonormal(size, new Random64(config.seed(), Stream.LOOK, 0));
    scale = Math.sqrt(config.dimensions());
  }

  /** Standardized coordinates of an item along the directions of the look, without noise. */
  double[] coordinates(int item) {
    double[] z = new double[LOOKS];
    int offset = item * config.dimensions();
    for (int l = 0; l < LOOKS; l++) {
      double sum = 0;
      for (int k = 0; k < config.dimensions(); k++) {
        sum += turn[l][k] * catalog.factors[offset + k];
      }
      z[l] = scale * sum;
    }
    return z;
  }

  /** The look parameters that the picture shows, noise included. */
  double[] look(int item) {
    double[] look = coordinates(item);
    Random64 random = new Random64(config.seed(), Stream.IMAGE, item);
    for (int l = 0; l < LOOKS; l++) {
      double z = look[l] + NOISE * random.normal();
      look[l] = 0.5 + 0.5 * z / Math.sqrt(1 + z * z);
    }
    return look;
  }

  /** The picture as a PNG file of 16 colors. */
  byte[] paint(int item) {
    double[] look = look(item);
    int size = config.imageSize();
    byte[] pixels = new byte[size * size];
    double angle = Math.PI * (0.05 + 0.9 * look[STRIPE_ANGLE]);
    double across = StrictMath.cos(angle);
    double along = StrictMath.sin(angle);
    double stripes = 1.5 + 6 * look[STRIPE_COUNT];
    double centerX = 0.25 + 0.5 * look[SHAPE_X];
    double centerY = 0.25 + 0.5 * look[SHAPE_Y];
    double radius = 0.1 + 0.3 * look[SHAPE_SIZE];
    double corners = look[SHAPE_CORNERS];
    Random64 random = new Random64(config.seed(), Stream.IMAGE, -1L - item);
    for (int row = 0; row < size; row++) {
      double y = (row + 0.5) / size;
      for (int column = 0; column < size; column++) {
        double x = (column + 0.5) / size;
        double dx = Math.abs(x - centerX);
        double dy = Math.abs(y - centerY);
        // From a diamond (corners = 0) over an octagon to a square (1).
        double distance = ((1 - corners) * (dx + dy) + corners * Math.max(dx, dy)) / radius;
        int color;
        if (distance < 0.88) {
          color = 8 + grain((SHADES - 1) * distance / 0.88, SHADES, random);
        } else if (distance < 1) {
          color = OUTLINE;
        } else {
          double wave = stripes * (across * x + along * y);
          double triangle = 2 * Math.abs(wave - Math.floor(wave) - 0.5);
          color = grain(SHADES * triangle, SHADES + 1, random);
        }
        pixels[row * size + column] = (byte) color;
      }
    }
    return Png.encode(size, pixels, palette(look));
  }

  private static int grain(double shade, int shades, Random64 random) {
    int step = (int) (shade + 0.5);
    if (random.chance(GRAIN)) {
      step += random.chance(0.5) ? 1 : -1;
    }
    return Math.min(shades - 1, Math.max(0, step));
  }

  /**
   * Entries 0 to 7 go from the background to a lighter or darker stripe, 8 to 14 fill the shape.
   */
  private static int[] palette(double[] look) {
    int[] palette = new int[16];
    double brightness = (look[RED] + look[RED + 1] + look[RED + 2]) / 3;
    for (int n = 0; n <= SHADES; n++) {
      palette[n] = color(look, RED, brightness < 0.5 ? 0.35 * n / SHADES : -0.35 * n / SHADES);
    }
    for (int n = 0; n < SHADES; n++) {
      palette[8 + n] = color(look, SHAPE_RED, 0.25 - 0.4 * n / SHADES);
    }
    palette[OUTLINE] = 0x1c1a22;
    return palette;
  }

  private static int color(double[] look, int first, double lift) {
    int color = 0;
    for (int channel = 0; channel < 3; channel++) {
      double level = Math.min(1, Math.max(0, 0.04 + 0.92 * look[first + channel] + lift));
      color = color << 8 | (int) (255 * level + 0.5);
    }
    return color;
  }
}
