package io.kindred.data;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable bijection between string ids and dense indexes {@code 0 .. size - 1}, in the order
 * of first appearance.
 *
 * <p>Ids are any UTF-8 strings. They are held as UTF-8 bytes in chunks beside an open-addressing
 * table of {@code int}s, about 20 bytes plus the id's own bytes for each id, with no object per id.
 * Thread-safe.
 */
public final class Vocabulary {
  /** The index of an id that is not in the vocabulary. */
  public static final int UNKNOWN = -1;

  private static final int CHUNK = 1 << 20;

  private final byte[][] chunks;
  private final long[] starts; // chunk << 32 | offset in the chunk
  private final int[] lengths;
  private final int[] table; // index + 1, 0 = free
  private final int size;

  private Vocabulary(Builder builder) {
    this.size = builder.size;
    this.chunks = Arrays.copyOf(builder.chunks, builder.chunkCount);
    if (chunks.length > 0) {
      int last = chunks.length - 1;
      chunks[last] = Arrays.copyOf(chunks[last], builder.used);
    }
    this.starts = Arrays.copyOf(builder.starts, size);
    this.lengths = Arrays.copyOf(builder.lengths, size);
    this.table = builder.table.clone();
  }

  /** A builder that is still empty. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A vocabulary of the given ids in their order.
   *
   * @throws IllegalArgumentException if an id is there twice
   */
  public static Vocabulary of(List<String> ids) {
    Builder builder = builder();
    for (String id : ids) {
      int before = builder.size();
      if (builder.add(id) != before) {
        throw new IllegalArgumentException("id '" + id + "' is there twice");
      }
    }
    return builder.build();
  }

  /** The number of ids. */
  public int size() {
    return size;
  }

  /** The index of an id, or {@link #UNKNOWN}. Cost O(length of the id). */
  public int index(String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return find(table, chunks, starts, lengths, utf8, 0, utf8.length, hash(utf8, 0, utf8.length))
        - 1;
  }

  /** Whether an id is known. */
  public boolean contains(String id) {
    return index(id) != UNKNOWN;
  }

  /**
   * The id of an index.
   *
   * @throws IndexOutOfBoundsException if the index is outside {@code [0, size)}
   */
  public String id(int index) {
    long start = starts[index];
    return new String(
        chunks[(int) (start >>> 32)], (int) start, lengths[index], StandardCharsets.UTF_8);
  }

  /** The UTF-8 bytes of an id, copied. */
  public byte[] utf8(int index) {
    long start = starts[index];
    int from = (int) start;
    return Arrays.copyOfRange(chunks[(int) (start >>> 32)], from, from + lengths[index]);
  }

  /** All ids as a view in index order. */
  public List<String> ids() {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        return id(index);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  /** The bytes of heap that this vocabulary holds, for the memory figures. */
  public long memoryBytes() {
    long bytes = 8L * starts.length + 4L * lengths.length + 4L * table.length;
    for (byte[] chunk : chunks) {
      bytes += chunk.length;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "Vocabulary[" + size + "]";
  }

  private static int hash(byte[] bytes, int from, int length) {
    int h = 0x811c9dc5;
    for (int i = from; i < from + length; i++) {
      h = (h ^ (bytes[i] & 0xff)) * 0x01000193;
    }
    h ^= h >>> 15;
    h *= 0x2c1b3c6d;
    return h ^ (h >>> 13);
  }

  /** The table entry (index + 1) of an id, or 0. */
  private static int find(
      int[] table,
      byte[][] chunks,
      long[] starts,
      int[] lengths,
      byte[] bytes,
      int from,
      int length,
      int hash) {
    int mask = table.length - 1;
    for (int slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      int index = table[slot] - 1;
      if (lengths[index] == length) {
        int at = (int) starts[index];
        if (Arrays.equals(
            chunks[(int) (starts[index] >>> 32)], at, at + length, bytes, from, from + length)) {
          return index + 1;
        }
      }
    }
    return 0;
  }

  /** Collects ids and gives each a dense index on its first appearance. Not thread-safe. */
  public static final class Builder {
    private byte[][] chunks = new byte[4][];
    private int chunkCount;
    private int used = CHUNK;
    private long[] starts = new long[1024];
    private int[] lengths = new int[1024];
    private int[] table = new int[4096];
    private int size;

    private Builder() {}

    /** The number of distinct ids so far. */
    public int size() {
      return size;
    }

    /** The index of an id, which is added if it is new. */
    public int add(String id) {
      byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
      return add(utf8, 0, utf8.length);
    }

    /** The index of an id given as UTF-8 bytes, which is added if it is new. */
    public int add(byte[] utf8, int from, int length) {
      int hash = hash(utf8, from, length);
      int found = find(table, chunks, starts, lengths, utf8, from, length, hash);
      if (found != 0) {
        return found - 1;
      }
      if (size == lengths.length) {
        int capacity = size + (size >> 1);
        starts = Arrays.copyOf(starts, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
      }
      append(utf8, from, length);
      insert(table, hash, size + 1);
      size++;
      if (size > table.length - (table.length >> 2) - (table.length >> 3)) {
        grow();
      }
      return size - 1;
    }

    /** The vocabulary of all ids so far; the builder may go on. */
    public Vocabulary build() {
      return new Vocabulary(this);
    }

    private void append(byte[] utf8, int from, int length) {
      if (chunkCount == 0 || used + length > chunks[chunkCount - 1].length) {
        if (chunkCount == chunks.length) {
          chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        if (chunkCount > 0) {
          chunks[chunkCount - 1] = Arrays.copyOf(chunks[chunkCount - 1], used);
        }
        int capacity = chunkCount == 0 ? 1 << 14 : CHUNK;
        chunks[chunkCount++] = new byte[Math.max(capacity, length)];
        used = 0;
      }
      System.arraycopy(utf8, from, chunks[chunkCount - 1], used, length);
      starts[size] = ((long) (chunkCount - 1) << 32) | used;
      lengths[size] = length;
      used += length;
    }

    private void grow() {
      int[] bigger = new int[table.length * 2];
      for (int index = 0; index < size; index++) {
        long start = starts[index];
        insert(bigger, hash(chunks[(int) (start >>> 32)], (int) start, lengths[index]), index + 1);
      }
      table = bigger;
    }

    private static void insert(int[] table, int hash, int entry) {
      int mask = table.length - 1;
      int slot = hash & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = entry;
    }
  }
}
