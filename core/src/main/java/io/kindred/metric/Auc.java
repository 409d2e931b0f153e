package io.kindred.metric;

import java.util.Arrays;

/**
 * {@code auc} = share of the pairs (held-out item, other item that the person has not seen) whose
 * scores are in the right order, ties one half. Between 0 and 1; one half by chance.
 *
 * <p>It looks at the scores of the whole catalogue, not at a list. An item that the model cannot
 * score (NaN) stands below all others.
 */
public record Auc() implements Metric {
  @Override
  public String name() {
    return "auc";
  }

  @Override
  public Goal goal() {
    return Goal.HIGHER;
  }

  /**
   * The value for one person. Cost O(items * log(held-out items)).
   *
   * @param scores scores of all items; only read
   * @param offset where item 0 stands
   * @param heldOut the held-out items, ascending, without repeats
   * @param seen the items that the person has seen, ascending; none of them held out
   * @param itemCount the size of the catalogue
   * @return NaN where there is no pair
   */
  public double of(float[] scores, int offset, int[] heldOut, int[] seen, int itemCount) {
    int[] relevant = new int[heldOut.length];
    for (int r = 0; r < relevant.length; r++) {
      relevant[r] = order(scores[offset + heldOut[r]]);
    }
    Arrays.sort(relevant);
    long wins = 0; // twice the pairs in the right order plus the ties
    long others = 0;
    int nextSeen = 0;
    int nextHeldOut = 0;
    for (int item = 0; item < itemCount; item++) {
      while (nextSeen < seen.length && seen[nextSeen] < item) {
        nextSeen++;
      }
      if (nextSeen < seen.length && seen[nextSeen] == item) {
        continue;
      }
      if (nextHeldOut < heldOut.length && heldOut[nextHeldOut] == item) {
        nextHeldOut++;
        continue;
      }
      others++;
      int score = order(scores[offset + item]);
      int below = firstAtLeast(relevant, score);
      int notAbove = below;
      while (notAbove < relevant.length && relevant[notAbove] == score) {
        notAbove++;
      }
      wins += 2L * (relevant.length - notAbove) + (notAbove - below);
    }
    return wins / (2.0 * others * relevant.length);
  }

  /** The first place of a sorted array whose value is at least the given one. */
  private static int firstAtLeast(int[] sorted, int value) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** An int that compares as the score does, with NaN below everything and -0.0 equal to 0.0. */
  private static int order(float score) {
    if (Float.isNaN(score)) {
      return Integer.MIN_VALUE;
    }
    int bits = Float.floatToRawIntBits(score + 0f);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }
}
