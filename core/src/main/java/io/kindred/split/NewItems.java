package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Items that were first seen after a cut through time are held out: what is at or before the cut is
 * train; of what is after it, the interactions with items that nobody had before are test, the
 * others are dropped. With two cuts, what is between them is validation in the same way, and test
 * has the items that were first seen after the second cut.
 *
 * <p>{@link TemporalSplit} keeps the interactions with older items in its test part; measured among
 * new and known items apart, it answers both questions in one run.
 *
 * <p>People who appear after the cut only are tested with an empty history.
 *
 * @param first where train ends
 * @param second where validation ends and test begins; empty: no validation part
 */
public record NewItems(TemporalSplit.Cut first, Optional<TemporalSplit.Cut> second)
    implements Splitter {
  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data));
  }

  /**
   * The one split; nothing in it is random.
   *
   * @throws KindredException if the data has no times, if no item is first seen after the cut, or
   *     if the second cut is before the first
   */
  public Split split(Dataset data) {
    TemporalSplit.Times times = TemporalSplit.times(data, first, second, spec());
    Interactions all = data.interactions();
    long[] firstSeen = new long[all.itemCount()];
    Arrays.fill(firstSeen, Long.MAX_VALUE);
    for (int p = 0; p < all.size(); p++) {
      int item = all.items()[p];
      firstSeen[item] = Math.min(firstSeen[item], all.time(p));
    }
    Sides sides = new Sides(data);
    boolean any = false;
    for (int p = 0; p < all.size(); p++) {
      sides.of[p] = side(all.time(p), firstSeen[all.items()[p]], times);
      any |= sides.of[p] == Sides.TEST;
    }
    if (!any) {
      throw new KindredException(
          spec()
              + ": no item was first seen after "
              + Instant.ofEpochSecond(times.validationEnd()));
    }
    return sides.split(spec());
  }

  private static byte side(long time, long firstSeen, TemporalSplit.Times times) {
    if (time <= times.trainEnd()) {
      return Sides.TRAIN;
    }
    if (time <= times.validationEnd()) {
      return firstSeen > times.trainEnd() ? Sides.VALIDATION : Sides.DROPPED;
    }
    return firstSeen > times.validationEnd() ? Sides.TEST : Sides.DROPPED;
  }

  @Override
  public boolean holdsOutItems() {
    return true;
  }

  @Override
  public String spec() {
    return "new-items" + new TemporalSplit(first, second).arguments();
  }
}
