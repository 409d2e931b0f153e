package io.kindred.sparse;

import java.util.Arrays;

/**
 * The best n of many scored indexes: higher score first, of equal scores the lower index first. NaN
 * never gets in; -0.0 and 0.0 are equal.
 *
 * <p>One object serves many selections in turn and allocates nothing after the first few; it is not
 * thread-safe. Selecting from c scores costs O(c + p log n), where p, the number of scores that
 * enter the heap on the way, is about n log(c / n) for scores in random order.
 */
public final class TopN {
  private static final int[] NOTHING = new int[0];

  // A min-heap of score and index in one long, ordered as the list is: the worst of the chosen at
  // the root.
  private long[] heap;
  private int[] items;
  private float[] scores;
  private final int n;
  private int size;
  private int[] excluded = NOTHING;
  private int excludedFrom;
  private int excludedTo;

  /**
   * A selection of at most n indexes.
   *
   * @param n at least 0; memory grows only with what is chosen
   * @throws IllegalArgumentException if n is negative
   */
  public TopN(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n must be at least 0, got " + n);
    }
    this.n = n;
    int capacity = Math.min(n, 128);
    heap = new long[capacity];
    items = new int[capacity];
    scores = new float[capacity];
  }

  /**
   * Says which indexes {@link #select} leaves out from now on, until this is called again.
   *
   * @param sorted indexes in ascending order, repeats allowed; kept, not copied
   * @param from first place in {@code sorted} that counts
   * @param to the place after the last one that counts
   */
  public void exclude(int[] sorted, int from, int to) {
    excluded = sorted;
    excludedFrom = from;
    excludedTo = to;
  }

  /** The same for a whole array. */
  public void exclude(int[] sorted) {
    exclude(sorted, 0, sorted.length);
  }

  /** Chooses among a whole array of scores, shape {@code float[items]}. */
  public int select(float[] ofItems) {
    return select(ofItems, 0, ofItems.length);
  }

  /**
   * Chooses the best n of {@code ofItems[offset + i]} for {@code i} in {@code [0, count)}, less the
   * excluded ones.
   *
   * @param ofItems scores; only read
   * @param offset where item 0 stands
   * @param count the number of items
   * @return how many were chosen: fewer than n where there are no more scores
   */
  public int select(float[] ofItems, int offset, int count) {
    clear();
    int next = 0;
    for (int e = excludedFrom; e < excludedTo && next < count; e++) {
      int seen = Math.min(excluded[e], count);
      scan(ofItems, offset, next, seen);
      next = Math.max(next, seen + 1);
    }
    scan(ofItems, offset, next, count);
    return sort();
  }

  private void scan(float[] ofItems, int offset, int from, int to) {
    int i = from;
    while (i < to && size < n) {
      offer(i, ofItems[offset + i]);
      i++;
    }
    if (size < n || n == 0) {
      return;
    }
    float threshold = score(heap[0]);
    for (; i < to; i++) {
      // Indexes ascend, so a score equal to the worst one loses.
      if (ofItems[offset + i] > threshold) {
        heap[0] = key(i, ofItems[offset + i]);
        siftDown(size);
        threshold = score(heap[0]);
      }
    }
  }

  /** Forgets what was chosen. */
  public void clear() {
    size = 0;
  }

  /**
   * Offers one index, in any order; {@link #exclude} does not apply. Each index may be offered once
   * between {@link #clear} and {@link #sort}.
   */
  public void offer(int item, float score) {
    if (Float.isNaN(score)) {
      return;
    }
    long key = key(item, score);
    if (size < n) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, (int) Math.min(n, 2L * size));
      }
      int at = size++;
      while (at > 0) {
        int parent = (at - 1) >>> 1;
        if (heap[parent] <= key) {
          break;
        }
        heap[at] = heap[parent];
        at = parent;
      }
      heap[at] = key;
    } else if (n > 0 && key > heap[0]) {
      heap[0] = key;
      siftDown(size);
    }
  }

  /**
   * Puts what was offered in order, best first, for {@link #items} and {@link #scores}; the next
   * step is {@link #clear}.
   *
   * @return how many were chosen
   */
  public int sort() {
    if (items.length < size) {
      items = new int[heap.length];
      scores = new float[heap.length];
    }
    Arrays.sort(heap, 0, size);
    for (int rank = 0; rank < size; rank++) {
      long key = heap[size - 1 - rank];
      items[rank] = item(key);
      scores[rank] = score(key);
    }
    return size;
  }

  /** How many are chosen. */
  public int size() {
    return size;
  }

  /**
   * The chosen indexes, best first; only the first {@link #size} count. Shared: the next selection
   * writes over it.
   */
  public int[] items() {
    return items;
  }

  /**
   * The scores of the chosen indexes; only the first {@link #size} count. Shared: the next
   * selection writes over it.
   */
  public float[] scores() {
    return scores;
  }

  private void siftDown(int end) {
    long key = heap[0];
    int at = 0;
    for (int child = 1; child < end; child = 2 * at + 1) {
      if (child + 1 < end && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
  }

  /**
   * Larger is better: the score's bits in an order that signed comparison keeps, then the
   * complement of the index.
   */
  private static long key(int item, float score) {
    int bits = Float.floatToRawIntBits(score + 0f); // -0.0 becomes 0.0
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | (Integer.MAX_VALUE - item);
  }

  private static int item(long key) {
    return Integer.MAX_VALUE - (int) key;
  }

  private static float score(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
  }
}
