package io.kindred.ann;

import io.github.jbellis.jvector.disk.RandomAccessReader;
import io.github.jbellis.jvector.disk.ReaderSupplier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A file in memory, mapped once in pieces for all readers, of any size. The mapping goes when no
 * reader is left, so that nobody can read what is no longer there. Thread-safe; a reader is not.
 */
final class MappedFile implements ReaderSupplier {
  private static final int PIECE_BITS = 30;

  private final ByteBuffer[] pieces;
  private final int bits;
  private final long size;

  MappedFile(FileChannel channel) throws IOException {
    this(channel, PIECE_BITS);
  }

  MappedFile(FileChannel channel, int pieceBits) throws IOException {
    size = channel.size();
    long piece = 1L << pieceBits;
    bits = pieceBits;
    pieces = new ByteBuffer[Math.toIntExact((size + piece - 1) / piece)];
    for (int n = 0; n < pieces.length; n++) {
      pieces[n] = channel.map(MapMode.READ_ONLY, n * piece, Math.min(piece, size - n * piece));
    }
  }

  @Override
  public RandomAccessReader get() {
    return new Reader();
  }

  /** Reads big-endian numbers at a place of its own. */
  private final class Reader implements RandomAccessReader {
    private final ByteBuffer[] own = new ByteBuffer[pieces.length];
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private ByteBuffer scratch = number;
    private long position;

    Reader() {
      for (int n = 0; n < own.length; n++) {
        own[n] = pieces[n].duplicate();
      }
    }

    /** The next bytes: in place, or together from two pieces. */
    private ByteBuffer next(int count) throws IOException {
      if (position < 0 || count > size - position) {
        throw new IOException(
            "the file ends at " + size + "; there are no " + count + " bytes at " + position);
      }
      int n = (int) (position >>> bits);
      int at = (int) (position - ((long) n << bits));
      position += count;
      if (count == 0) {
        return number.duplicate().limit(0);
      }
      ByteBuffer piece = own[n];
      if (at + count <= piece.limit()) {
        piece.position(at);
        return piece;
      }
      if (scratch.capacity() < count) {
        scratch = ByteBuffer.allocate(count);
      }
      scratch.clear();
      while (scratch.position() < count) {
        ByteBuffer part = own[n++].duplicate().clear();
        part.position(at);
        part.limit(at + Math.min(part.remaining(), count - scratch.position()));
        scratch.put(part);
        at = 0;
      }
      scratch.flip();
      return scratch;
    }

    @Override
    public void seek(long to) {
      position = to;
    }

    @Override
    public long getPosition() {
      return position;
    }

    @Override
    public int readInt() throws IOException {
      return next(Integer.BYTES).getInt();
    }

    @Override
    public float readFloat() throws IOException {
      return next(Float.BYTES).getFloat();
    }

    @Override
    public long readLong() throws IOException {
      return next(Long.BYTES).getLong();
    }

    @Override
    public void readFully(byte[] to) throws IOException {
      next(to.length).get(to);
    }

    @Override
    public void readFully(ByteBuffer to) throws IOException {
      byte[] bytes = new byte[to.remaining()];
      readFully(bytes);
      to.put(bytes);
    }

    @Override
    public void readFully(long[] to) throws IOException {
      next(Math.multiplyExact(to.length, Long.BYTES)).asLongBuffer().get(to);
    }

    @Override
    public void read(int[] to, int offset, int count) throws IOException {
      next(Math.multiplyExact(count, Integer.BYTES)).asIntBuffer().get(to, offset, count);
    }

    @Override
    public void read(float[] to, int offset, int count) throws IOException {
      next(Math.multiplyExact(count, Float.BYTES)).asFloatBuffer().get(to, offset, count);
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public void close() {}
  }
}
