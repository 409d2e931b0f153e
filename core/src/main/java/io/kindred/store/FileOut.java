package io.kindred.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes a new file, little-endian, and takes its size and SHA-256 on the way. Not thread-safe. */
final class FileOut implements Closeable {
  private final FileChannel channel;
  private final MessageDigest digest = FileBytes.sha256();
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
  private long size;

  FileOut(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void put(byte[] bytes) throws IOException {
    for (int done = 0; done < bytes.length; ) {
      int count = Math.min(room(1), bytes.length - done);
      buffer.put(bytes, done, count);
      done += count;
    }
  }

  void put(long number) throws IOException {
    room(Long.BYTES);
    buffer.putLong(number);
  }

  void put(long[] numbers) throws IOException {
    for (int done = 0; done < numbers.length; ) {
      int count = Math.min(room(Long.BYTES), numbers.length - done);
      buffer.asLongBuffer().put(numbers, done, count);
      done += passed(count, Long.BYTES);
    }
  }

  void put(int[] numbers) throws IOException {
    for (int done = 0; done < numbers.length; ) {
      int count = Math.min(room(Integer.BYTES), numbers.length - done);
      buffer.asIntBuffer().put(numbers, done, count);
      done += passed(count, Integer.BYTES);
    }
  }

  void put(float[] numbers) throws IOException {
    for (int done = 0; done < numbers.length; ) {
      int count = Math.min(room(Float.BYTES), numbers.length - done);
      buffer.asFloatBuffer().put(numbers, done, count);
      done += passed(count, Float.BYTES);
    }
  }

  private int passed(int count, int bytesEach) {
    buffer.position(buffer.position() + count * bytesEach);
    return count;
  }

  /** How many values of a size fit into the buffer, at least one. */
  private int room(int bytesEach) throws IOException {
    if (buffer.remaining() < bytesEach) {
      flush();
    }
    return buffer.remaining() / bytesEach;
  }

  private void flush() throws IOException {
    digest.update(buffer.array(), 0, buffer.position());
    size += buffer.position();
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Brings everything to the disk and says what was written. */
  Manifest.Entry finish() throws IOException {
    flush();
    channel.force(true);
    return new Manifest.Entry(size, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
