package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Each person's interactions in given shares of train, validation and test.
 *
 * <p>Of n interactions the held-out parts get the whole part of share times n, and at least one
 * (test first) as long as train keeps one; train gets the rest. This is the rule of RecBole's ratio
 * split.
 *
 * @param train share of train, above 0
 * @param validation share of validation, 0 for none
 * @param test share of test, above 0; the three add up to 1
 * @param order whether chance or time says what is held out
 */
public record RatioSplit(double train, double validation, double test, Order order)
    implements Splitter {
  /** What says which interactions are held out. */
  public enum Order {
    /** Chance. */
    RANDOM,
    /** Time: the earliest to train, the latest to test. */
    TIME
  }

  /** Checks the shares. */
  public RatioSplit {
    if (!(train > 0
        && validation >= 0
        && test > 0
        && Math.abs(train + validation + test - 1) < 1e-6)) {
      throw new KindredException(
          "the shares of a ratio split must be above 0 (validation: at least 0) and add up to 1,"
              + " got "
              + train
              + ", "
              + validation
              + ", "
              + test);
    }
  }

  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data, seed));
  }

  /** The one split. */
  public Split split(Dataset data, long seed) {
    Interactions all = data.interactions();
    Sides sides = new Sides(data);
    SplittableRandom random = new SplittableRandom(seed);
    for (int user = 0; user < all.userCount(); user++) {
      int from = all.starts()[user];
      int to = all.starts()[user + 1];
      int n = to - from;
      int tested = part(test, n);
      int validated = part(validation, n);
      int trained = n - tested - validated;
      if (trained > 1 && tested == 0) {
        tested++;
        trained--;
      }
      if (trained > 1 && validated == 0 && validation > 0) {
        validated++;
        trained--;
      }
      sides.set(from + trained, from + trained + validated, Sides.VALIDATION);
      sides.set(from + trained + validated, to, Sides.TEST);
      if (order == Order.RANDOM) {
        SplitSpec.shuffle(sides.of, from, to, random);
      }
    }
    return order == Order.RANDOM
        ? sides.split(spec() + " seed " + seed)
        : sides.split(spec(), true);
  }

  private static int part(double share, int n) {
    return (int) Math.floor(share * n + 1e-9);
  }

  @Override
  public String spec() {
    String shares =
        String.join(
            ",",
            Arrays.stream(new double[] {train, validation, test})
                .mapToObj(SplitSpec::number)
                .toList());
    return "ratio(" + shares + "," + (order == Order.RANDOM ? "random" : "time") + ")";
  }
}
