package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Some items are held out whole: a model that is trained on the rest is asked who would want them.
 * Only what is known of the items themselves can help. There is no validation part.
 *
 * @param share of the items that have interactions, above 0, below 1
 */
public record ColdItems(double share) implements Splitter {
  /** Checks the share. */
  public ColdItems {
    if (!(share > 0 && share < 1)) {
      throw new KindredException(
          "cold-items: the share of items must be above 0 and below 1, got " + share);
    }
  }

  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data, seed));
  }

  /** The one split. */
  public Split split(Dataset data, long seed) {
    Interactions all = data.interactions();
    int[] counts = all.itemCounts();
    int used = 0;
    for (int count : counts) {
      used += count > 0 ? 1 : 0;
    }
    int held = Math.max(1, (int) Math.round(share * used));
    byte[] roles = new byte[used];
    for (int i = 0; i < held; i++) {
      roles[i] = Sides.TEST;
    }
    SplitSpec.shuffle(roles, 0, used, new SplittableRandom(seed));
    byte[] sideOf = new byte[counts.length];
    int next = 0;
    for (int item = 0; item < counts.length; item++) {
      sideOf[item] = counts[item] > 0 ? roles[next++] : Sides.TRAIN;
    }
    Sides sides = new Sides(data);
    for (int p = 0; p < all.size(); p++) {
      sides.of[p] = sideOf[all.items()[p]];
    }
    return sides.split(spec() + " seed " + seed);
  }

  @Override
  public String spec() {
    return "cold-items(" + SplitSpec.number(share) + ")";
  }
}
