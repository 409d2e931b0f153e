package io.kindred.neural.batch;

import io.kindred.data.Interactions;

/** Which items somebody has done. */
public final class WarmItems {
  private WarmItems() {}

  /** 1 for items with interactions, 0 for others: {@code float[items]}. */
  public static float[] of(Interactions interactions) {
    int[] counts = interactions.itemCounts();
    float[] warm = new float[counts.length];
    for (int item = 0; item < warm.length; item++) {
      warm[item] = counts[item] > 0 ? 1 : 0;
    }
    return warm;
  }
}
