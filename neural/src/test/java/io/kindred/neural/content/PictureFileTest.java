package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of all kinds, made here, and files that are none. */
class PictureFileTest {
  @TempDir private Path folder;

  /** Left half red, right half blue, the top eighth green. */
  private static BufferedImage sample(int type) {
    BufferedImage image = new BufferedImage(64, 48, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 32, 48);
    graphics.setColor(Color.BLUE);
    graphics.fillRect(32, 0, 32, 48);
    graphics.setColor(Color.GREEN);
    graphics.fillRect(0, 0, 64, 6);
    graphics.dispose();
    return image;
  }

  private static byte[] written(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static void assertColor(Picture picture, int x, int y, int red, int green, int blue) {
    int at = (y * picture.width() + x) * 3;
    int[] found = new int[3];
    for (int channel = 0; channel < 3; channel++) {
      found[channel] = picture.rgb()[at + channel] & 0xff;
    }
    assertThat(found[0]).as(Arrays.toString(found)).isCloseTo(red, within(12));
    assertThat(found[1]).as(Arrays.toString(found)).isCloseTo(green, within(12));
    assertThat(found[2]).as(Arrays.toString(found)).isCloseTo(blue, within(12));
  }

  @ParameterizedTest
  @CsvSource({"jpg", "png", "bmp", "gif"})
  void decode_everyFormat_givesThePixels(String format) throws IOException {
    Picture picture =
        PictureFile.decode(written(sample(BufferedImage.TYPE_INT_RGB), format), "one." + format);
    assertThat(picture.width()).isEqualTo(64);
    assertThat(picture.height()).isEqualTo(48);
    assertColor(picture, 8, 30, 255, 0, 0);
    assertColor(picture, 56, 30, 0, 0, 255);
    assertColor(picture, 20, 1, 0, 255, 0);
  }

  /** A lossless WebP of 1 x 1, written out: VP8L with five prefix codes of one symbol each. */
  @Test
  void decode_webp_givesThePixels() {
    LittleBits bits = new LittleBits();
    bits.put(0x2f, 8); // signature
    bits.put(0, 14); // width - 1
    bits.put(0, 14); // height - 1
    bits.put(0, 1); // alpha is not used
    bits.put(0, 3); // version
    bits.put(0, 1); // no transform
    bits.put(0, 1); // no color cache
    bits.put(0, 1); // one set of prefix codes
    for (int symbol : new int[] {60, 200, 20, 255}) { // green, red, blue, alpha
      bits.put(1, 1); // a simple code
      bits.put(0, 1); // of one symbol
      bits.put(1, 1); // of 8 bits
      bits.put(symbol, 8);
    }
    bits.put(1, 1); // distance: one symbol, 0
    bits.put(0, 1);
    bits.put(0, 1);
    bits.put(0, 1);
    byte[] data = bits.bytes();
    int padded = data.length + (data.length & 1);
    ByteBuffer file = ByteBuffer.allocate(20 + padded).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + padded);
    file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(data.length).put(data);
    Picture picture = PictureFile.decode(file.array(), "one.webp");
    assertThat(picture).isEqualTo(new Picture(1, 1, new byte[] {(byte) 200, 60, 20}));
  }

  private static final class LittleBits {
    private final byte[] bytes = new byte[64];
    private int size;

    void put(int value, int count) {
      for (int bit = 0; bit < count; bit++, size++) {
        bytes[size / 8] |= (byte) ((value >> bit & 1) << size % 8);
      }
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, (size + 7) / 8);
    }
  }

  @ParameterizedTest
  @CsvSource({"jpg", "png"})
  void decode_grey_keepsTheStoredValues(String format) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    int[] all = new int[256];
    Arrays.fill(all, 128);
    image.getRaster().setSamples(0, 0, 16, 16, 0, all);
    Picture picture = PictureFile.decode(written(image, format), "grey");
    assertColor(picture, 5, 5, 128, 128, 128);
  }

  @Test
  void decode_transparent_liesOverWhite() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 1, 0x80000000); // half black
    Picture picture = PictureFile.decode(written(image, "png"), "clear.png");
    assertColor(picture, 0, 0, 255, 255, 255);
    assertColor(picture, 1, 1, 127, 127, 127);
  }

  @Test
  void decode_cmyk_givesColors() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, 32, 32, 4, null);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        raster.setPixel(x, y, new int[] {255, 0, 0, 255}); // CMYK of red, inverted as Adobe does
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer =
        java.util.stream.StreamSupport.stream(
                ((Iterable<ImageWriter>) () -> ImageIO.getImageWritersByFormatName("jpeg"))
                    .spliterator(),
                false)
            .filter(one -> one.getClass().getName().startsWith("com.sun"))
            .findFirst()
            .orElseThrow();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    }
    byte[] jpeg = bytes.toByteArray();
    ByteBuffer adobe = ByteBuffer.allocate(jpeg.length + 16);
    adobe.put(jpeg, 0, 2);
    adobe.put(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100});
    adobe.put(new byte[5]); // flags, and transform 0: CMYK
    adobe.put(jpeg, 2, jpeg.length - 2);
    Picture picture = PictureFile.decode(adobe.array(), "cmyk.jpg");
    assertThat(picture.width()).isEqualTo(32);
    int red = picture.rgb()[0] & 0xff;
    assertThat(red).isGreaterThan(150);
    assertThat(picture.rgb()[1] & 0xff).isLessThan(100);
    assertThat(picture.rgb()[2] & 0xff).isLessThan(100);
  }

  /** The picture that EXIF turns must look like the one that is stored upright. */
  @ParameterizedTest
  @CsvSource({
    "1,64,8,30", "2,64,55,30", "3,64,55,17", "4,64,8,17",
    "5,48,30,8", "6,48,17,8", "7,48,17,55", "8,48,30,55"
  })
  void decode_exifOrientation_isFollowed(int orientation, int width, int redX, int redY)
      throws IOException {
    byte[] jpeg = written(sample(BufferedImage.TYPE_INT_RGB), "jpg");
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    Picture picture = PictureFile.decode(out.toByteArray(), "turned.jpg");
    assertThat(picture.width()).isEqualTo(width);
    assertColor(picture, redX, redY, 255, 0, 0);
  }

  @Test
  void decode_animation_givesTheFirstFrame() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (Color color : new Color[] {Color.RED, Color.BLUE}) {
        BufferedImage frame = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = frame.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, 10, 10);
        graphics.dispose();
        writer.writeToSequence(
            new IIOImage(
                frame, null, writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null)),
            null);
      }
      writer.endWriteSequence();
    }
    assertColor(PictureFile.decode(bytes.toByteArray(), "moving.gif"), 5, 5, 255, 0, 0);
  }

  @Test
  void decode_onePixel_canBeResized() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x204060);
    Picture picture = PictureFile.decode(written(image, "png"), "dot.png").resized(48, 64);
    assertColor(picture, 47, 63, 0x20, 0x40, 0x60);
  }

  /** The header of a PNG of 20,000 x 20,000; what follows would be 1.2 GB of zeros. */
  @Test
  void decode_bomb_isRefusedByItsHeader() {
    ByteBuffer png = ByteBuffer.allocate(33);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    byte[] header = new byte[17];
    ByteBuffer.wrap(header)
        .put("IHDR".getBytes(StandardCharsets.US_ASCII))
        .putInt(20_000)
        .putInt(20_000)
        .put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(header);
    png.putInt(13).put(header).putInt((int) crc.getValue());
    assertThatThrownBy(() -> PictureFile.decode(png.array(), "bomb.png"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("bomb.png has 20,000 x 20,000 pixels");
  }

  @ParameterizedTest
  @CsvSource({"jpg,0.5", "jpg,0.9", "png,0.5", "gif,0.5", "jpg,0.05", "png,0.02"})
  void decode_cutOff_isSaid(String format, double share) throws IOException {
    BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
    java.util.Random random = new java.util.Random(3);
    for (int pixel = 0; pixel < 40_000; pixel++) {
      image.setRGB(pixel % 200, pixel / 200, random.nextInt(1 << 24));
    }
    byte[] whole = written(image, format);
    byte[] part = Arrays.copyOf(whole, (int) (whole.length * share));
    assertThatThrownBy(() -> PictureFile.decode(part, "half." + format))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("half." + format);
  }

  @Test
  void decode_anyDamage_isAPictureOrAKindredException() throws IOException {
    java.util.Random random = new java.util.Random(5);
    for (String format : new String[] {"jpg", "png", "gif", "bmp"}) {
      byte[] whole = written(sample(BufferedImage.TYPE_INT_RGB), format);
      for (int turn = 0; turn < 150; turn++) {
        byte[] damaged = whole.clone();
        for (int n = 0; n < 1 + turn % 8; n++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          assertThat(PictureFile.decode(damaged, "damaged." + format).width()).isPositive();
        } catch (KindredException e) {
          assertThat(e).hasMessageContaining("damaged." + format);
        }
      }
    }
  }

  @Test
  void read_noPictures_areSaidByName() throws IOException {
    Files.writeString(folder.resolve("text.jpg"), "This is not a picture.\n");
    Files.write(folder.resolve("empty.png"), new byte[0]);
    Files.createDirectory(folder.resolve("sub.jpg"));
    assertRefused("text.jpg", "text.jpg is no picture");
    assertRefused("empty.png", "empty.png is empty");
    assertRefused("sub.jpg", "sub.jpg is not a file");
    assertRefused("missing.jpg", "'missing.jpg' is missing");
    assertRefused("nul\0.jpg", "is no path");
  }

  @Test
  void read_outsideTheFolder_isRefused() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("data"));
    Files.write(folder.resolve("x.png"), written(sample(BufferedImage.TYPE_INT_RGB), "png"));
    Files.createSymbolicLink(inside.resolve("link.png"), folder.resolve("x.png"));
    for (String path :
        new String[] {
          "../x.png", folder.resolve("x.png").toString(), "link.png", "a/../../x.png"
        }) {
      assertThatThrownBy(() -> PictureFile.read(inside, path))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining(path);
    }
  }

  private void assertRefused(String path, String message) {
    assertThatThrownBy(() -> PictureFile.read(folder, path))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(message);
  }

  @Test
  void resized_byHand_isTheWeightedMean() {
    Picture two = new Picture(2, 1, new byte[] {0, 0, 0, 100, 100, 100});
    // Centers of four new pixels at 0.25, 0.75, 1.25, 1.75: weights 1, 3/4, 1/4, 0 of the first.
    assertThat(two.resized(4, 1).rgb())
        .isEqualTo(new byte[] {0, 0, 0, 25, 25, 25, 75, 75, 75, 100, 100, 100});
    Picture four = new Picture(4, 1, new byte[] {0, 0, 0, 80, 80, 80, 80, 80, 80, 0, 0, 0});
    // s = 2, center 1: distances 1/2, 1/2, 3/2, 5/2 over 2: weights 3/4, 3/4, 1/4, 0.
    assertThat(four.resized(2, 1).rgb()[0]).isEqualTo((byte) Math.round((60 + 20) / 1.75));
  }

  @Test
  void flippedAndCropped_byHand_moveThePixels() {
    Picture picture = new Picture(2, 2, new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4});
    assertThat(picture.flipped().rgb()).isEqualTo(new byte[] {2, 2, 2, 1, 1, 1, 4, 4, 4, 3, 3, 3});
    assertThat(picture.flipped().flipped()).isEqualTo(picture);
    assertThat(picture.cropped(1, 0, 1, 2).rgb()).isEqualTo(new byte[] {2, 2, 2, 4, 4, 4});
    assertThatThrownBy(() -> picture.cropped(1, 1, 2, 1)).hasMessageContaining("2 x 1");
  }
}
