package io.kindred.neural.content;

import java.util.Arrays;

/**
 * The pixels of a picture: sRGB, 8 bits a channel. Immutable as long as nobody changes the shared
 * array; thread-safe.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param rgb red, green and blue of each pixel, row by row from the top left, {@code byte[height *
 *     width * 3]}, unsigned
 */
public record Picture(int width, int height, byte[] rgb) {
  /** Checks that sizes and pixels agree. */
  public Picture {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes for a picture of " + width + " x " + height + " pixels");
    }
  }

  /**
   * The whole picture in another size; its proportions change where those of the size differ.
   *
   * <p>Bilinear with antialiasing, first across, then down: with s = the old size over the new one
   * and r = max(1, s), pixel o of the new line is the weighted mean of the old pixels i, the weight
   * of i being max(0, 1 - |i + 1/2 - s (o + 1/2)| / r). Pixels beyond the edge do not count.
   * Results are rounded once, at the end. Cost O((width + newWidth) * height * r).
   */
  public Picture resized(int newWidth, int newHeight) {
    if (newWidth < 1 || newHeight < 1) {
      throw new IllegalArgumentException(
          "a picture has at least 1 x 1 pixels, got " + newWidth + " x " + newHeight);
    }
    if (newWidth == width && newHeight == height) {
      return this;
    }
    Filter across = Filter.of(width, newWidth);
    float[] wide = new float[height * newWidth * 3];
    float[] old = new float[width * 3]; // a line as numbers
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < old.length; i++) {
        old[i] = rgb[y * old.length + i] & 0xff;
      }
      for (int x = 0; x < newWidth; x++) {
        float red = 0;
        float green = 0;
        float blue = 0;
        int from = across.starts[x] * 3;
        for (float weight : across.weights[x]) {
          red += weight * old[from];
          green += weight * old[from + 1];
          blue += weight * old[from + 2];
          from += 3;
        }
        int to = (y * newWidth + x) * 3;
        wide[to] = red;
        wide[to + 1] = green;
        wide[to + 2] = blue;
      }
    }
    Filter down = Filter.of(height, newHeight);
    byte[] result = new byte[newHeight * newWidth * 3];
    int stride = newWidth * 3;
    float[] line = new float[stride];
    for (int y = 0; y < newHeight; y++) {
      Arrays.fill(line, 0.5f); // rounds
      for (int k = 0; k < down.weights[y].length; k++) {
        int from = (down.starts[y] + k) * stride;
        float weight = down.weights[y][k];
        for (int i = 0; i < stride; i++) {
          line[i] += weight * wide[from + i];
        }
      }
      for (int i = 0; i < stride; i++) {
        result[y * stride + i] = (byte) Math.min(255, (int) line[i]);
      }
    }
    return new Picture(newWidth, newHeight, result);
  }

  /**
   * Which old pixels make up each new one.
   *
   * @param starts the first of them
   * @param weights of it and those that follow, each above 0
   */
  private record Filter(int[] starts, float[][] weights) {
    static Filter of(int from, int to) {
      int[] starts = new int[to];
      float[][] weights = new float[to][];
      double scale = (double) from / to;
      double reach = Math.max(1, scale);
      for (int o = 0; o < to; o++) {
        double center = scale * (o + 0.5);
        // Those with |i + 1/2 - center| < reach.
        int first = Math.max(0, (int) Math.floor(center - reach + 0.5));
        int last = Math.min(from - 1, (int) Math.ceil(center + reach - 0.5) - 1);
        double[] raw = new double[last - first + 1];
        double sum = 0;
        for (int k = 0; k < raw.length; k++) {
          raw[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach);
          sum += raw[k];
        }
        float[] normal = new float[raw.length];
        for (int k = 0; k < raw.length; k++) {
          normal[k] = (float) (raw[k] / sum);
        }
        starts[o] = first;
        weights[o] = normal;
      }
      return new Filter(starts, weights);
    }
  }

  /** Left and right exchanged. */
  public Picture flipped() {
    byte[] result = new byte[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(rgb, (y * width + x) * 3, result, (y * width + width - 1 - x) * 3, 3);
      }
    }
    return new Picture(width, height, result);
  }

  /** A part; {@code left + newWidth} and {@code top + newHeight} lie inside. */
  public Picture cropped(int left, int top, int newWidth, int newHeight) {
    if (left < 0 || top < 0 || left + newWidth > width || top + newHeight > height) {
      throw new IllegalArgumentException(
          newWidth
              + " x "
              + newHeight
              + " pixels from ("
              + left
              + ", "
              + top
              + ") on are not inside "
              + width
              + " x "
              + height);
    }
    byte[] result = new byte[newWidth * newHeight * 3];
    for (int y = 0; y < newHeight; y++) {
      System.arraycopy(rgb, ((top + y) * width + left) * 3, result, y * newWidth * 3, newWidth * 3);
    }
    return new Picture(newWidth, newHeight, result);
  }

  /**
   * Turned upright.
   *
   * @param orientation as EXIF numbers it, 1 (upright) to 8; other numbers are as 1
   */
  Picture upright(int orientation) {
    if (orientation < 2 || orientation > 8) {
      return this;
    }
    boolean turned = orientation >= 5; // rows become columns
    int w = turned ? height : width;
    int h = turned ? width : height;
    byte[] result = new byte[rgb.length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int fromX =
            switch (orientation) {
              case 2, 3 -> width - 1 - x;
              case 4 -> x;
              case 5, 6 -> y;
              default -> width - 1 - y; // 7 and 8
            };
        int fromY =
            switch (orientation) {
              case 2 -> y;
              case 3, 4 -> height - 1 - y;
              case 5, 8 -> x;
              default -> height - 1 - x; // 6 and 7
            };
        System.arraycopy(rgb, (fromY * width + fromX) * 3, result, (y * w + x) * 3, 3);
      }
    }
    return new Picture(w, h, result);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "Picture[" + width + " x " + height + "]";
  }
}
