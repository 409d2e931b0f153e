package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The stretches of users' histories that sequence models learn from: at most {@code maxLength}
 * inputs and, one place further, their targets. A longer history is cut into several windows, each
 * beginning with the last item of the one before it. Users with fewer than two interactions have
 * none. Immutable.
 */
public final class Windows {
  private final Interactions interactions;
  private final int maxLength;
  private final int[] from; // the entry of the first input
  private final int[] to; // one after the entry of the last target
  private final long targets;

  private Windows(Interactions interactions, int maxLength, int[] from, int[] to) {
    this.interactions = interactions;
    this.maxLength = maxLength;
    this.from = from;
    this.to = to;
    long sum = 0;
    for (int w = 0; w < from.length; w++) {
      sum += to[w] - from[w] - 1;
    }
    targets = sum;
  }

  /**
   * Windows of all histories. One that is longer than a window is cut at a random place, so that
   * every epoch shows its items at other places and with other beginnings. Cost O(users + windows).
   *
   * @param seed the same one gives the same cuts
   */
  public static Windows of(Interactions interactions, int maxLength, long seed) {
    int[] starts = interactions.starts();
    int count = 0;
    for (int pass = 0; ; pass++) {
      SplittableRandom random = new SplittableRandom(seed);
      int[] from = new int[pass == 0 ? 0 : count];
      int[] to = new int[from.length];
      int at = 0;
      for (int user = 0; user < interactions.userCount(); user++) {
        int end = starts[user + 1];
        boolean whole = end - starts[user] - 1 <= maxLength;
        int length = whole ? maxLength : 1 + random.nextInt(maxLength); // of the newest window
        while (end - starts[user] >= 2) {
          if (pass > 0) {
            to[at] = end;
            from[at] = Math.max(starts[user], end - length - 1);
          }
          at++;
          end -= length;
          length = maxLength;
        }
      }
      if (pass > 0) {
        return new Windows(interactions, maxLength, from, to);
      }
      count = at;
    }
  }

  /** How many windows there are at the most, whatever the seed. Cost O(users). */
  public static int most(Interactions interactions, int maxLength) {
    int[] starts = interactions.starts();
    int most = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      int targets = Math.max(0, starts[user + 1] - starts[user] - 1);
      int full = (targets + maxLength - 1) / maxLength;
      most += full > 1 ? full + 1 : full;
    }
    return most;
  }

  /** How many windows there are. */
  public int size() {
    return from.length;
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
   * @param batches into how many, of sizes that differ by one at the most
   * @return for each batch the windows in it
   */
  public int[][] shuffledBatches(int batches, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size()];
    Arrays.setAll(order, w -> w);
    Batches.shuffle(order, random);
    int[] turns = new int[batches];
    Arrays.setAll(turns, b -> b);
    Batches.shuffle(turns, random);
    int[][] all = new int[batches][];
    for (int first = 0; first < batches; first += 50) {
      int last = Math.min(batches, first + 50);
      int begin = edge(first, batches);
      long[] keys = new long[edge(last, batches) - begin];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = ((long) length(order[begin + i]) << 32) | i;
      }
      Arrays.sort(keys);
      for (int b = first; b < last; b++) {
        int[] batch = new int[edge(b + 1, batches) - edge(b, batches)];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = order[begin + (int) keys[edge(b, batches) - begin + i]];
        }
        all[turns[b]] = batch;
      }
    }
    return all;
  }

  /** Where a batch begins when all windows are dealt out evenly. */
  private int edge(int batch, int batches) {
    return (int) ((long) size() * batch / batches);
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
      for (int p = from[window]; p < to[window] - 1; p++) {
        batch.input(row, interactions.items()[p], interactions.time(p));
        batch.target(row, interactions.items()[p + 1], p + 1);
      }
    }
    return batch.build();
  }
}
