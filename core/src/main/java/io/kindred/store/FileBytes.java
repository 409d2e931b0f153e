package io.kindred.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Reads a regular file, little-endian, at any place. Large pieces are mapped into memory, small
 * ones read. Nothing is allocated before the file is known to be that long. Not thread-safe.
 */
final class FileBytes implements Closeable {
  /** Pieces from this size on are mapped. */
  private static final int MAPPED = 1 << 20;

  /** The largest piece at a time. */
  private static final int BLOCK = 1 << 26;

  private final FileChannel channel;
  private final long size;

  private FileBytes(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file of a bundle; anything else than a regular file, a symbolic link included, is
   * refused.
   */
  static FileBytes open(Place place) {
    Path file = place.bundle().resolve(place.file());
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw place.damaged("is not a regular file");
      }
      return new FileBytes(
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
          attributes.size());
    } catch (NoSuchFileException e) {
      throw place.damaged("is missing");
    } catch (IOException e) {
      throw place.damaged("cannot be read: " + e.getMessage());
    }
  }

  long size() {
    return size;
  }

  /** Takes one piece after the other. */
  @FunctionalInterface
  private interface Piece {
    void take(ByteBuffer piece, long offset);
  }

  private void each(long from, long length, Piece piece) throws IOException {
    for (long done = 0; done < length; ) {
      int count = (int) Math.min(BLOCK, length - done);
      piece.take(bytes(from + done, count), done);
      done += count;
    }
  }

  /** One piece of the file. */
  private ByteBuffer bytes(long from, int length) throws IOException {
    if (length >= MAPPED) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, from, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("was cut off while it was read");
      }
    }
    return buffer.flip();
  }

  /** The number of values from a place to another, for an array of them. */
  private static int length(long bytes, int bytesEach) throws IOException {
    long length = bytes / bytesEach;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IOException(
          "has an array of " + length + " values, more than " + (Integer.MAX_VALUE - 8));
    }
    return (int) length;
  }

  private void check(long from, long bytes) throws IOException {
    if (from < 0 || bytes < 0 || from > size - bytes) {
      throw new EOFException(
          "ends at byte "
              + size
              + ", but has to hold "
              + bytes
              + " bytes from byte "
              + from
              + " on");
    }
  }

  byte[] byteArray(long from, long bytes) throws IOException {
    check(from, bytes);
    byte[] array = new byte[length(bytes, 1)];
    each(from, bytes, (piece, offset) -> piece.get(array, (int) offset, piece.remaining()));
    return array;
  }

  int[] intArray(long from, long bytes) throws IOException {
    check(from, bytes);
    int[] array = new int[length(bytes, Integer.BYTES)];
    each(
        from,
        bytes,
        (piece, offset) ->
            piece
                .asIntBuffer()
                .get(array, (int) (offset / Integer.BYTES), piece.remaining() / Integer.BYTES));
    return array;
  }

  float[] floatArray(long from, long bytes) throws IOException {
    check(from, bytes);
    float[] array = new float[length(bytes, Float.BYTES)];
    each(
        from,
        bytes,
        (piece, offset) ->
            piece
                .asFloatBuffer()
                .get(array, (int) (offset / Float.BYTES), piece.remaining() / Float.BYTES));
    return array;
  }

  long[] longArray(long from, long bytes) throws IOException {
    check(from, bytes);
    long[] array = new long[length(bytes, Long.BYTES)];
    each(
        from,
        bytes,
        (piece, offset) ->
            piece
                .asLongBuffer()
                .get(array, (int) (offset / Long.BYTES), piece.remaining() / Long.BYTES));
    return array;
  }

  long longAt(long from) throws IOException {
    return longArray(from, Long.BYTES)[0];
  }

  /** The SHA-256 of the whole file in hex. */
  String digest() throws IOException {
    MessageDigest digest = sha256();
    each(0, size, (piece, offset) -> digest.update(piece));
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing to lose.
    }
  }
}
