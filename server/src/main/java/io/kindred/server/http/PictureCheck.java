package io.kindred.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Whether bytes are a picture that can be served and decoded whole: JPEG, PNG, GIF or, where there
 * is a reader for it, WebP. Width and height are read from the header first: what has too many
 * pixels is refused before anything of it is decoded. Stateless, thread-safe.
 */
final class PictureCheck {
  private static final long MOST_PIXELS = 40_000_000;
  private static final long MOST_BYTES = 100_000_000;
  private static final String START = "data:";
  private static final String RIGHT_URL =
      "a picture as a data: URL, data:image/png;base64,... (JPEG, PNG, GIF or WebP)";

  /** The ending of a file by the name of its format. */
  private static final Map<String, String> ENDINGS =
      Map.of("jpeg", ".jpg", "jpg", ".jpg", "png", ".png", "gif", ".gif", "webp", ".webp");

  private PictureCheck() {}

  /**
   * A picture.
   *
   * @param name a file name of its bytes and their format: the same bytes, the same name
   */
  record Checked(String name, byte[] bytes) {}

  /** Says what would be right. */
  static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;

    WrongException(String expected) {
      super(expected, null, false, false);
      this.expected = expected;
    }

    String expected() {
      return expected;
    }
  }

  /** Whether a text is meant to be the bytes of something and not a path. */
  static boolean isDataUrl(String text) {
    return text.regionMatches(true, 0, START, 0, START.length());
  }

  /**
   * Reads a picture from {@code data:image/...;base64,...} (RFC 2397). What it is say its bytes and
   * not the media type before them.
   */
  static Checked ofDataUrl(String url) throws WrongException {
    int comma = url.indexOf(',');
    String head = url.substring(0, Math.max(0, comma)).toLowerCase(Locale.ROOT);
    if (!head.startsWith("data:image/") || !head.endsWith(";base64")) {
      throw new WrongException(RIGHT_URL);
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(url.substring(comma + 1));
    } catch (IllegalArgumentException e) {
      throw new WrongException(
          RIGHT_URL + ", in whole base64 (RFC 4648, 4: + and /, no line ends)");
    }
    return new Checked(sha256(bytes) + ending(bytes), bytes);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Checks a file. */
  static void check(Path file) throws WrongException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new WrongException(
            String.format(Locale.ROOT, "a picture of at most %,d bytes", MOST_BYTES));
      }
      ending(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new WrongException("a picture that can be read");
    }
  }

  /** The ending of a file of these bytes, which are a picture. */
  private static String ending(byte[] bytes) throws WrongException {
    // The reader of WebP looks eight bytes ahead, even where the file ends.
    byte[] padded =
        bytes.length > 0 && bytes[0] == 'R' ? Arrays.copyOf(bytes, bytes.length + 8) : bytes;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(padded))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      ImageReader reader = readers.hasNext() ? readers.next() : null;
      String ending =
          reader == null ? null : ENDINGS.get(reader.getFormatName().toLowerCase(Locale.ROOT));
      if (reader == null || ending == null) {
        throw new WrongException("a picture: JPEG, PNG, GIF or WebP");
      }
      try {
        decode(reader, in);
        return ending;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) { // readers throw all kinds on damaged bytes
      throw new WrongException("a picture that is whole: this one is damaged or cut off");
    }
  }

  private static void decode(ImageReader reader, ImageInputStream in)
      throws IOException, WrongException {
    String[] warned = {""};
    reader.setInput(in, false, true);
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    if (width * height > MOST_PIXELS) {
      throw new WrongException(
          String.format(
              Locale.ROOT,
              "a picture of at most %,d pixels: this one has %,d x %,d",
              MOST_PIXELS,
              width,
              height));
    }
    reader.addIIOReadWarningListener((source, warning) -> warned[0] = warning);
    reader.read(0);
    String warning = warned[0].toLowerCase(Locale.ROOT);
    if (warning.contains("premature") || warning.contains("corrupt")) {
      throw new IOException(warning);
    }
  }
}
