package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Some items are held out whole: a model that is trained on the rest is asked who would want them.
 * Only what is known of the items themselves can help.
 *
 * <p>The items of the validation part and those of the test part are different ones, and neither
 * has a train interaction. With {@code warm} above 0, some interactions with the other items are
 * held out too, each by chance, so that one run measures known and new items: that share for test,
 * and as much again for validation if there is such a part.
 *
 * <p>The history of the test part has what the person did with validation items, as in all splits.
 *
 * @param share of the items that have interactions which are test, above 0
 * @param validation share of the items which are validation, 0 for none; below 1 together
 * @param warm share of the interactions with the other items which are test, at least 0, below 0.5
 */
public record ColdItems(double share, double validation, double warm) implements Splitter {
  /** Checks the shares. */
  public ColdItems {
    if (!(share > 0 && validation >= 0 && share + validation < 1)) {
      throw new KindredException(
          "cold-items: the share of items must be above 0, that of validation at least 0, and both"
              + " together below 1, got "
              + share
              + " and "
              + validation);
    }
    if (!(warm >= 0 && warm < 0.5)) {
      throw new KindredException(
          "cold-items: the share of interactions with other items must be at least 0 and below 0.5,"
              + " got "
              + warm);
    }
  }

  /** A share of the items for test, nothing for validation. */
  public ColdItems(double share) {
    this(share, 0, 0);
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
    int tested = Math.max(1, (int) Math.round(share * used));
    int validated = validation == 0 ? 0 : Math.max(1, (int) Math.round(validation * used));
    if (tested + validated >= used) {
      throw new KindredException(
          spec() + ": " + used + " items with interactions are too few, nothing is left to train");
    }
    byte[] roles = new byte[used];
    for (int i = 0; i < tested + validated; i++) {
      roles[i] = i < tested ? Sides.TEST : Sides.VALIDATION;
    }
    SplittableRandom random = new SplittableRandom(seed);
    SplitSpec.shuffle(roles, 0, used, random);
    byte[] sideOf = new byte[counts.length];
    int next = 0;
    for (int item = 0; item < counts.length; item++) {
      sideOf[item] = counts[item] > 0 ? roles[next++] : Sides.TRAIN;
    }
    Sides sides = new Sides(data);
    for (int p = 0; p < all.size(); p++) {
      byte side = sideOf[all.items()[p]];
      sides.of[p] = side == Sides.TRAIN && warm > 0 ? warmSide(random.nextDouble()) : side;
    }
    return sides.split(spec() + " seed " + seed);
  }

  private byte warmSide(double drawn) {
    return drawn < warm
        ? Sides.TEST
        : drawn < 2 * warm && validation > 0 ? Sides.VALIDATION : Sides.TRAIN;
  }

  @Override
  public boolean holdsOutItems() {
    return true;
  }

  @Override
  public String spec() {
    return "cold-items("
        + SplitSpec.number(share)
        + (validation > 0 || warm > 0 ? "," + SplitSpec.number(validation) : "")
        + (warm > 0 ? "," + SplitSpec.number(warm) : "")
        + ")";
  }
}
