package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import java.util.List;

/**
 * A way to divide a data set. The same data and seed give the same splits. Thread-safe.
 *
 * <p>People with too few interactions go to train only and are counted. Where data has no times,
 * "by time" means the order in which it was read; equal times keep that order.
 */
public sealed interface Splitter
    permits LeaveOneOut, TemporalSplit, RatioSplit, KFold, UserHoldout, ColdItems, NewItems {
  /**
   * The splits: one, or as many as there are folds.
   *
   * @param seed of every random choice; splits by time do not look at it
   * @throws KindredException if the data does not allow it, saying why
   */
  List<Split> splits(Dataset data, long seed);

  /** Whether whole items are held out, so that figures of new and of known items differ. */
  default boolean holdsOutItems() {
    return false;
  }

  /** The form that {@link #parse} reads: "ratio(0.8,0.1,0.1,random)". */
  String spec();

  /**
   * Reads a splitter from its form in recipes and on the command line:
   *
   * <ul>
   *   <li>{@code leave-one-out}
   *   <li>{@code temporal(0.8)} or {@code temporal(2018-01-01)}; {@code temporal(0.8,0.9)} has a
   *       validation part between the cuts
   *   <li>{@code ratio(0.8,0.1,0.1,random)}, {@code ratio(0.8,0.1,0.1,time)}, {@code
   *       ratio(0.8,0.2)}
   *   <li>{@code k-fold(5)}
   *   <li>{@code user-holdout(0.1,0.8)}: share of people, share of their history shown; a third
   *       share is for validation
   *   <li>{@code cold-items(0.2)}: share of items; {@code cold-items(0.2,0.1)} has other items in a
   *       validation part; a third share is of interactions with the other items
   *   <li>{@code new-items(0.8)}, {@code new-items(2018-01-01)}, {@code new-items(0.8,0.9)}: items
   *       first seen after a cut
   * </ul>
   *
   * @throws KindredException if it is none of these, or a number is out of range
   */
  static Splitter parse(String spec) {
    return SplitSpec.parse(spec);
  }
}
