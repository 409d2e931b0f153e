package io.kindred.neural.batch;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;

/** How examples become batches: put in a random order, cut, and each batch dealt out to parts. */
public final class Batches {
  private Batches() {}

  /** The user of each interaction. Cost O(interactions). */
  public static int[] userOfEach(Interactions interactions) {
    int[] users = new int[interactions.size()];
    for (int user = 0; user < interactions.userCount(); user++) {
      Arrays.fill(users, interactions.starts()[user], interactions.starts()[user + 1], user);
    }
    return users;
  }

  /** Puts values in a random order in place (Fisher and Yates). */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** A copy of the values in a random order; the same seed gives the same one. */
  public static int[] shuffled(int[] values, long seed) {
    int[] order = values.clone();
    shuffle(order, new SplittableRandom(seed));
    return order;
  }

  /** How many batches that many examples make; the last one may be smaller. */
  public static int count(long examples, int batchSize) {
    return (int) ((examples + batchSize - 1) / batchSize);
  }

  /**
   * One of the batches of an order.
   *
   * @param batch from 0 to {@link #count} - 1
   */
  public static int[] cut(int[] order, int batch, int batchSize) {
    int from = batch * batchSize;
    return Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
  }

  /**
   * A batch dealt out like cards, so that its parts are alike where neighbors are.
   *
   * @param parts at least 1
   * @return shape {@code int[parts][]}, of sizes that differ by one at the most
   */
  public static int[][] deal(int[] batch, int parts) {
    int[][] dealt = new int[parts][];
    for (int part = 0; part < parts; part++) {
      dealt[part] = new int[(batch.length - part + parts - 1) / parts];
      for (int i = 0; i < dealt[part].length; i++) {
        dealt[part][i] = batch[part + i * parts];
      }
    }
    return dealt;
  }
}
