package io.kindred.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An immutable bijection between string ids and dense indexes {@code 0 .. size - 1}, in the order
 * of first appearance.
 *
 * <p>Ids are any UTF-8 strings. They are held as UTF-8 bytes in chunks beside an open-addressing
 * table of {@code int}s, about 18 bytes plus the id's own bytes for each id, with no object per id.
 * Thread-safe.
 */
public final class Vocabulary {
  /** The index of an id that is not in the vocabulary. */
  public static final int UNKNOWN = -1;

  private static final int CHUNK = 1 << 20;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[][] chunks;
  /*
   * A lookup costs three cache misses at the most: an entry of the table, a start, the bytes. The table has 2^k entries; an entry holds index + 1
   * in its lower k bits (0 = free) and in the others the same bits of the id's hash, so that another id in the slot is told apart without looking at
   * it. An id ends where the next one starts, or with its chunk.
   */
  private final long[] starts; // chunk << 32 | offset in the chunk; one more than there are ids
  private final int[] table;
  private final int size;

  private Vocabulary(Builder builder) {
    this.size = builder.size;
    this.chunks = Arrays.copyOf(builder.chunks, builder.chunkCount);
    if (chunks.length > 0) {
      int last = chunks.length - 1;
      chunks[last] = Arrays.copyOf(chunks[last], builder.used);
    }
    this.starts = Arrays.copyOf(builder.starts, size + 1);
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
    return find(table, chunks, starts, utf8, 0, utf8.length, hash(utf8, 0, utf8.length));
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
    long start = starts[Objects.checkIndex(index, size)];
    return new String(
        chunks[(int) (start >>> 32)],
        (int) start,
        length(starts, chunks, index),
        StandardCharsets.UTF_8);
  }

  /** The UTF-8 bytes of an id, copied. */
  public byte[] utf8(int index) {
    long start = starts[Objects.checkIndex(index, size)];
    int from = (int) start;
    return Arrays.copyOfRange(
        chunks[(int) (start >>> 32)], from, from + length(starts, chunks, index));
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

  /** These ids, and behind them those of another vocabulary that are not among them. */
  public Vocabulary followedBy(Vocabulary more) {
    Builder all = builder();
    for (Vocabulary one : List.of(this, more)) {
      for (int index = 0; index < one.size; index++) {
        byte[] utf8 = one.utf8(index);
        all.add(utf8, 0, utf8.length);
      }
    }
    return all.build();
  }

  /** The bytes of heap that this vocabulary holds, for the memory figures. */
  public long memoryBytes() {
    long bytes = 8L * starts.length + 4L * table.length;
    for (byte[] chunk : chunks) {
      bytes += chunk.length;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "Vocabulary[" + size + "]";
  }

  private static int length(long[] starts, byte[][] chunks, int index) {
    long start = starts[index];
    long next = starts[index + 1];
    int chunk = (int) (start >>> 32);
    return chunk == (int) (next >>> 32)
        ? (int) next - (int) start
        : chunks[chunk].length - (int) start;
  }

  /**
   * Eight bytes at a time; ids that fill no eight bytes are widened with zeros, the length tells
   * them apart.
   */
  private static int hash(byte[] bytes, int from, int length) {
    long h = length * 0x9e3779b97f4a7c15L;
    int at = from;
    int end = from + length;
    for (; at + 8 <= end; at += 8) {
      h = mixed(h, (long) LONGS.get(bytes, at));
    }
    if (at < end) {
      long rest = 0;
      if (length >= 8) {
        rest = (long) LONGS.get(bytes, end - 8);
      } else {
        for (; at < end; at++) {
          rest = (rest << 8) | (bytes[at] & 0xff);
        }
      }
      h = mixed(h, rest);
    }
    return (int) (h ^ (h >>> 32));
  }

  private static long mixed(long h, long word) {
    long m = (h ^ word) * 0x9fb21c651e98df25L;
    return (m ^ (m >>> 29)) * 0xd6e8feb86659fd93L;
  }

  /** The index of an id, or -1. */
  private static int find(
      int[] table, byte[][] chunks, long[] starts, byte[] bytes, int from, int length, int hash) {
    int mask = table.length - 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      int entry = table[slot];
      if (entry == 0) {
        return UNKNOWN;
      }
      if (((entry ^ hash) & ~mask) == 0) {
        int index = (entry & mask) - 1;
        if (length(starts, chunks, index) == length) {
          int at = (int) starts[index];
          byte[] chunk = chunks[(int) (starts[index] >>> 32)];
          if (Arrays.equals(chunk, at, at + length, bytes, from, from + length)) {
            return index;
          }
        }
      }
    }
  }

  /** Collects ids and gives each a dense index on its first appearance. Not thread-safe. */
  public static final class Builder {
    private byte[][] chunks = new byte[4][];
    private int chunkCount;
    private int used = CHUNK;
    private long[] starts = new long[1024];
    private int[] table = new int[4096];
    private int size;
    private int[] hashes = new int[0];
    private long[] places = new long[0];

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
      int found = find(table, chunks, starts, utf8, from, length, hash);
      if (found != UNKNOWN) {
        return found;
      }
      if (size + 1 == starts.length) {
        starts = Arrays.copyOf(starts, size + (size >> 1));
      }
      append(utf8, from, length);
      insert(table, hash, size);
      size++;
      starts[size] = ((long) (chunkCount - 1) << 32) | used;
      if (size > table.length - (table.length >> 2) - (table.length >> 3)) {
        grow();
      }
      return size - 1;
    }

    /**
     * The indexes of many ids, which are added where they are new: what {@link #add(byte[], int,
     * int)} gives for each in turn, but the lookups wait for memory together instead of one by one.
     *
     * @param utf8 holds all ids
     * @param from where each id begins
     * @param to where each id ends, exclusive
     * @param count how many ids there are
     * @param indexes takes the indexes
     */
    public void addAll(byte[] utf8, int[] from, int[] to, int count, int[] indexes) {
      if (hashes.length < count) {
        hashes = new int[count];
        places = new long[count];
      }
      for (int k = 0; k < count; k++) {
        hashes[k] = hash(utf8, from[k], to[k] - from[k]);
      }
      int[] slots = table;
      int mask = slots.length - 1;
      for (int k = 0; k < count; k++) {
        indexes[k] = slots[hashes[k] & mask];
      }
      for (int k = 0; k < count; k++) {
        int entry = indexes[k];
        boolean likely = entry != 0 && ((entry ^ hashes[k]) & ~mask) == 0;
        indexes[k] = likely ? (entry & mask) - 1 : UNKNOWN;
        places[k] = likely ? starts[indexes[k]] : 0;
      }
      for (int k = 0;
          k < count;
          k++) { // the first bytes alone, so that the cache lines come together
        int index = indexes[k];
        if (index >= 0 && from[k] < to[k] && length(starts, chunks, index) > 0) {
          byte first = chunks[(int) (places[k] >>> 32)][(int) places[k]];
          indexes[k] = first == utf8[from[k]] ? index : UNKNOWN;
        }
      }
      for (int k = 0; k < count; k++) {
        int index = indexes[k];
        int length = to[k] - from[k];
        int at = (int) places[k];
        if (index < 0
            || length(starts, chunks, index) != length
            || !Arrays.equals(
                chunks[(int) (places[k] >>> 32)], at, at + length, utf8, from[k], to[k])) {
          indexes[k] = add(utf8, from[k], length);
        }
      }
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
      used += length;
    }

    private void grow() {
      int[] bigger = new int[table.length * 2];
      for (int index = 0; index < size; index++) {
        long start = starts[index];
        insert(
            bigger,
            hash(chunks[(int) (start >>> 32)], (int) start, length(starts, chunks, index)),
            index);
      }
      table = bigger;
    }

    private static void insert(int[] table, int hash, int index) {
      int mask = table.length - 1;
      int slot = hash & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = (hash & ~mask) | (index + 1);
    }
  }
}
