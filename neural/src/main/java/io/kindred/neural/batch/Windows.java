package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The stretches of users' histories that sequence models learn from: at most {@code maxLength}
 * inputs and, one place further, their targets. A longer history is cut from its end into several
 * windows, each beginning with the last item of the one before it. Users with fewer than two
 * interactions have none. Immutable.
 */
public final class Windows {
  private final Interactions interactions;
  private final int maxLength;
  private final int[] users;
  private final int[] from; // the entry of the first input
  private final int[] to; // one after the entry of the last target
  private final long targets;

  private Windows(Interactions interactions, int maxLength, int[] users, int[] from, int[] to) {
    this.interactions = interactions;
    this.maxLength = maxLength;
    this.users = users;
    this.from = from;
    this.to = to;
    long sum = 0;
    for (int w = 0; w < from.length; w++) {
      sum += to[w] - from[w] - 1;
    }
    targets = sum;
  }

  /** Windows of all histories. Cost O(users + windows). */
  public static Windows of(Interactions interactions, int maxLength) {
    int[] starts = interactions.starts();
    int count = 0;
    for (int pass = 0; ; pass++) {
      int[] users = new int[pass == 0 ? 0 : count];
      int[] from = new int[users.length];
      int[] to = new int[users.length];
      int at = 0;
      for (int user = 0; user < interactions.userCount(); user++) {
        for (int end = starts[user + 1]; end - starts[user] >= 2; end -= maxLength) {
          if (pass > 0) {
            users[at] = user;
            to[at] = end;
            from[at] = Math.max(starts[user], end - maxLength - 1);
          }
          at++;
        }
      }
      if (pass > 0) {
        return new Windows(interactions, maxLength, users, from, to);
      }
      count = at;
    }
  }

  /** How many windows there are. */
  public int size() {
    return users.length;
  }

  /** How many targets they have together. */
  public long targets() {
    return targets;
  }

  /** The number of inputs of a window. */
  int length(int window) {
    return to[window] - from[window] - 1;
  }

  /**
   * The windows in a random order in which those of one batch have similar lengths: shuffled,
   * sorted by length inside stretches of fifty batches, cut, and the batches shuffled.
   *
   * @return for each batch the windows in it
   */
  public int[][] shuffledBatches(int batchSize, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size()];
    Arrays.setAll(order, w -> w);
    shuffle(order, random);
    int stretch = 50 * batchSize;
    int batches = (order.length + batchSize - 1) / batchSize;
    int[][] all = new int[batches][];
    for (int begin = 0; begin < order.length; begin += stretch) {
      int end = Math.min(order.length, begin + stretch);
      long[] keys = new long[end - begin];
      for (int i = begin; i < end; i++) {
        keys[i - begin] = ((long) length(order[i]) << 32) | i;
      }
      Arrays.sort(keys);
      for (int b = begin; b < end; b += batchSize) {
        int[] batch = new int[Math.min(batchSize, end - b)];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = order[(int) keys[b - begin + i]];
        }
        all[b / batchSize] = batch;
      }
    }
    int[] turns = new int[batches];
    Arrays.setAll(turns, b -> b);
    shuffle(turns, random);
    int[][] shuffled = new int[batches][];
    for (int b = 0; b < batches; b++) {
      shuffled[b] = all[turns[b]];
    }
    return shuffled;
  }

  private static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** The windows of a batch as padded arrays with a target at every input. */
  public SequenceBatch batch(int[] windows) {
    int length = 1;
    for (int window : windows) {
      length = Math.max(length, length(window));
    }
    SequenceBatch.Builder batch =
        new SequenceBatch.Builder(windows.length, length, maxLength, interactions.itemCount());
    for (int row = 0; row < windows.length; row++) {
      int window = windows[row];
      batch.user(row, users[window]);
      for (int p = from[window]; p < to[window] - 1; p++) {
        batch.input(row, interactions.items()[p], interactions.time(p));
        batch.target(row, interactions.items()[p + 1]);
      }
    }
    return batch.build();
  }
}
