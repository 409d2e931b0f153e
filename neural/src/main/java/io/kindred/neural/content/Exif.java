package io.kindred.neural.content;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The orientation that EXIF gives a picture (JEITA CP-3451, tag 0x0112), in JPEG, PNG and WebP.
 * Whatever is damaged counts as upright.
 */
final class Exif {
  private static final int UPRIGHT = 1;
  private static final int ORIENTATION = 0x0112;

  private Exif() {}

  /** The orientation, 1 to 8; 1 where nothing is said. */
  static int orientation(byte[] file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(file);
      if (startsWith(bytes, 0, "\u00ff\u00d8")) {
        return jpeg(bytes);
      } else if (startsWith(bytes, 0, "\u0089PNG")) {
        return png(bytes);
      } else if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) {
        return webp(bytes.order(ByteOrder.LITTLE_ENDIAN));
      }
      return UPRIGHT;
    } catch (IndexOutOfBoundsException e) {
      return UPRIGHT;
    }
  }

  private static int jpeg(ByteBuffer bytes) {
    int at = 2;
    while ((bytes.get(at) & 0xff) == 0xff) {
      int marker = bytes.get(at + 1) & 0xff;
      if (marker == 0xda || marker == 0xd9) {
        break; // the pixels begin
      }
      int length = bytes.getShort(at + 2) & 0xffff;
      if (marker == 0xe1 && startsWith(bytes, at + 4, "Exif\0\0")) {
        return tiff(bytes, at + 10);
      }
      at += 2 + length;
    }
    return UPRIGHT;
  }

  private static int png(ByteBuffer bytes) {
    long at = 8;
    while (at + 12 <= bytes.capacity()) {
      int chunk = (int) at;
      if (startsWith(bytes, chunk + 4, "eXIf")) {
        return tiff(bytes, chunk + 8);
      }
      at += 12 + (bytes.getInt(chunk) & 0xffffffffL);
    }
    return UPRIGHT;
  }

  private static int webp(ByteBuffer bytes) {
    long at = 12;
    while (at + 8 <= bytes.capacity()) {
      int chunk = (int) at;
      long length = bytes.getInt(chunk + 4) & 0xffffffffL;
      if (startsWith(bytes, chunk, "EXIF")) {
        int skipped = startsWith(bytes, chunk + 8, "Exif\0\0") ? 6 : 0;
        return tiff(bytes, chunk + 8 + skipped);
      }
      at += 8 + length + (length & 1);
    }
    return UPRIGHT;
  }

  private static int tiff(ByteBuffer bytes, int start) {
    bytes.order(bytes.get(start) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = start + bytes.getInt(start + 4);
    int entries = bytes.getShort(directory) & 0xffff;
    for (int entry = 0; entry < entries; entry++) {
      int at = directory + 2 + 12 * entry;
      if ((bytes.getShort(at) & 0xffff) == ORIENTATION) {
        int value = bytes.getShort(at + 8) & 0xffff;
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static boolean startsWith(ByteBuffer bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + wanted.length > bytes.capacity()) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
