package io.kindred.generate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Writes square PNG files of 16 palette colors (W3C Portable Network Graphics, 4 bits a pixel).
 *
 * <p>The pixel data is stored, not compressed: half a byte a pixel is little already, and what a
 * deflater makes depends on the zlib that the JVM brings, while a world must be the same bytes
 * everywhere.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int LARGEST_STORED_BLOCK = 0xffff;

  private Png() {}

  /**
   * Encodes a picture.
   *
   * @param size width and height, 1 to 361 (the data must fit one stored block)
   * @param pixels palette indexes 0..15, row by row
   * @param palette 16 colors, 0xRRGGBB
   */
  static byte[] encode(int size, byte[] pixels, int[] palette) {
    int rowBytes = (size + 1) / 2;
    byte[] raw = new byte[size * (1 + rowBytes)]; // each row starts with its filter: 0, none
    if (raw.length > LARGEST_STORED_BLOCK) {
      throw new IllegalArgumentException("size must be from 1 to 361, but is " + size);
    }
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int shift = (column & 1) == 0 ? 4 : 0;
        raw[row * (1 + rowBytes) + 1 + column / 2] |= (byte) (pixels[row * size + column] << shift);
      }
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(size).putInt(size);
    header.put((byte) 4).put((byte) 3); // bit depth, palette; the other fields are 0
    ByteBuffer colors = ByteBuffer.allocate(3 * palette.length);
    for (int color : palette) {
      colors.put((byte) (color >> 16)).put((byte) (color >> 8)).put((byte) color);
    }
    Adler32 adler = new Adler32();
    adler.update(raw);
    ByteBuffer data = ByteBuffer.allocate(raw.length + 11);
    data.put((byte) 0x78).put((byte) 0x01); // zlib header
    data.put((byte) 1); // last block, stored; its length and the complement, low byte first
    data.put((byte) raw.length).put((byte) (raw.length >> 8));
    data.put((byte) ~raw.length).put((byte) (~raw.length >> 8));
    data.put(raw).putInt((int) adler.getValue());

    ByteBuffer file =
        ByteBuffer.allocate(SIGNATURE.length + 4 * 12 + 13 + colors.capacity() + data.capacity());
    file.put(SIGNATURE);
    chunk(file, "IHDR", header.array());
    chunk(file, "PLTE", colors.array());
    chunk(file, "IDAT", data.array());
    chunk(file, "IEND", new byte[0]);
    return file.array();
  }

  private static void chunk(ByteBuffer file, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    file.putInt(content.length).put(name).put(content).putInt((int) crc.getValue());
  }
}
