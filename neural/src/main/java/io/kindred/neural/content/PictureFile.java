package io.kindred.neural.content;

import io.kindred.KindredException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads pictures from files: JPEG (grey, RGB, CMYK), PNG, GIF, BMP and WebP. Of an animation the
 * first frame is taken; what EXIF says of the orientation is followed; what is transparent is laid
 * over white; grey values are taken as they are stored. Stateless, thread-safe.
 *
 * <p>Width and height are read from the header first: what has more than {@value #MOST_PIXELS}
 * pixels is refused before anything of it is decoded.
 */
public final class PictureFile {
  /** How many pixels a picture may have. */
  public static final long MOST_PIXELS = 40_000_000;

  private static final long MOST_BYTES = 100_000_000;

  static {
    ImageIO.setUseCache(false); // files are read whole: no copies in the temporary folder
  }

  private PictureFile() {}

  /**
   * Reads a picture below a folder.
   *
   * @param folder where the data lies
   * @param path relative to the folder
   * @throws KindredException if the path leads out of the folder (by links, too), the file is
   *     missing, no picture, damaged or too large: the message names the file
   */
  public static Picture read(Path folder, String path) {
    Path file;
    try {
      Path base = folder.toRealPath();
      file = folder.resolve(path);
      if (Path.of(path).isAbsolute()
          || !file.normalize().startsWith(folder.normalize())
          || !file.toRealPath().startsWith(base)) {
        throw new KindredException(
            "the picture '" + path + "' leads out of the folder of the data, " + folder);
      }
    } catch (NoSuchFileException e) {
      throw new KindredException(
          "the picture '" + path + "' is missing: there is no such file in " + folder, e);
    } catch (InvalidPathException e) {
      throw new KindredException("'" + path + "' is no path of a picture", e);
    } catch (IOException e) {
      throw new KindredException("the picture '" + path + "' cannot be read: " + e, e);
    }
    return read(file);
  }

  /**
   * Reads a picture.
   *
   * @throws KindredException if it is missing, no picture, damaged or too large
   */
  public static Picture read(Path file) {
    try {
      long size = Files.size(file);
      if (!Files.isRegularFile(file)) {
        throw new KindredException("the picture " + file + " is not a file");
      }
      if (size > MOST_BYTES) {
        throw new KindredException(
            String.format(
                Locale.ROOT,
                "the picture %s has %,d bytes; at most %,d are read",
                file,
                size,
                MOST_BYTES));
      }
      return decode(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new KindredException("the picture " + file + " is missing", e);
    } catch (IOException e) {
      throw new KindredException("the picture " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * Reads a picture from the bytes of a file.
   *
   * @param name stands in the messages
   * @throws KindredException if it is no picture, damaged or too large
   */
  public static Picture decode(byte[] bytes, String name) {
    if (bytes.length == 0) {
      throw new KindredException("the picture " + name + " is empty");
    }
    // The reader of WebP looks eight bytes ahead, even where the file ends.
    byte[] padded = bytes[0] == 'R' ? Arrays.copyOf(bytes, bytes.length + 8) : bytes;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(padded))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new KindredException(
            "the file " + name + " is no picture: JPEG, PNG, GIF, BMP and WebP are read");
      }
      ImageReader reader = readers.next();
      try {
        return decode(reader, in, name).upright(Exif.orientation(bytes));
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw damaged(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static Picture decode(ImageReader reader, ImageInputStream in, String name)
      throws IOException {
    String[] warned = {""};
    try {
      reader.setInput(in, false, true);
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      if (width * height > MOST_PIXELS) {
        throw new KindredException(
            String.format(
                Locale.ROOT,
                "the picture %s has %,d x %,d pixels; at most %,d are read",
                name,
                width,
                height,
                MOST_PIXELS));
      }
      reader.addIIOReadWarningListener((source, warning) -> warned[0] = warning);
      Picture picture = pixels(reader.read(0));
      String warning = warned[0].toLowerCase(Locale.ROOT);
      if (warning.contains("premature") || warning.contains("corrupt")) {
        throw damaged(name, warned[0], null);
      }
      return picture;
    } catch (KindredException e) {
      throw e;
    } catch (RuntimeException e) { // readers throw all kinds on damaged bytes
      throw damaged(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static KindredException damaged(
      String name, String problem, @org.jspecify.annotations.Nullable Throwable cause) {
    String message = "the picture " + name + " is damaged or cut off: " + problem;
    return cause == null ? new KindredException(message) : new KindredException(message, cause);
  }

  private static Picture pixels(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    Raster raster = image.getRaster();
    int bits = image.getColorModel().getComponentSize(0);
    boolean stored = image.getColorModel() instanceof java.awt.image.ComponentColorModel;
    if (raster.getNumBands() == 1 && stored && bits >= 8) {
      // Java would take the stored values for linear light, and brighten them.
      int[] line = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, line);
        for (int x = 0; x < width; x++) {
          byte grey = (byte) (line[x] >>> (bits - 8));
          int at = (y * width + x) * 3;
          rgb[at] = grey;
          rgb[at + 1] = grey;
          rgb[at + 2] = grey;
        }
      }
      return new Picture(width, height, rgb);
    }
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) { // as JPEG mostly comes
      raster.getDataElements(0, 0, width, height, rgb);
      return new Picture(width, height, rgb);
    }
    BufferedImage flat = image;
    if (image.getType() != BufferedImage.TYPE_INT_RGB) {
      flat = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = flat.createGraphics();
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      graphics.drawImage(image, 0, 0, null);
      graphics.dispose();
    }
    int[] line = new int[width];
    for (int y = 0; y < height; y++) {
      flat.getRaster().getDataElements(0, y, width, 1, line);
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        rgb[at] = (byte) (line[x] >> 16);
        rgb[at + 1] = (byte) (line[x] >> 8);
        rgb[at + 2] = (byte) line[x];
      }
    }
    return new Picture(width, height, rgb);
  }
}
