package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One cut through time for everybody: what is at or before it is train, what is after it is test.
 * With two cuts, what is between them is validation.
 *
 * <p>People who appear after the cut only are tested with an empty history.
 *
 * @param first where train ends
 * @param second where validation ends and test begins; empty: no validation part
 */
public record TemporalSplit(Cut first, Optional<Cut> second) implements Splitter {
  /** A place in time. */
  public sealed interface Cut {
    /**
     * The time at or before which this share of the interactions is; equal times are never torn
     * apart.
     *
     * @param share above 0, below 1
     */
    record Share(double share) implements Cut {
      /** Checks the range. */
      public Share {
        if (!(share > 0 && share < 1)) {
          throw new KindredException(
              "the share of a temporal split must be above 0 and below 1, got " + share);
        }
      }
    }

    /**
     * A given time.
     *
     * @param epochSeconds seconds since 1970 UTC
     */
    record At(long epochSeconds) implements Cut {}
  }

  /** A split with one cut at a share of the interactions. */
  public static TemporalSplit at(double share) {
    return new TemporalSplit(new Cut.Share(share), Optional.empty());
  }

  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data));
  }

  /**
   * The one split; nothing in it is random.
   *
   * @throws KindredException if the data has no times, if nothing is on one side, or if the second
   *     cut is before the first
   */
  public Split split(Dataset data) {
    Times times = times(data, first, second, spec());
    Interactions all = data.interactions();
    Sides sides = new Sides(data);
    for (int p = 0; p < all.size(); p++) {
      long time = all.time(p);
      sides.of[p] =
          time <= times.trainEnd
              ? Sides.TRAIN
              : time <= times.validationEnd ? Sides.VALIDATION : Sides.TEST;
    }
    Split split = sides.split(spec());
    checkTimes(split, times.trainEnd, times.validationEnd);
    return split;
  }

  /** The ends of train and validation in epoch seconds; equal where there is no validation. */
  record Times(long trainEnd, long validationEnd) {}

  /**
   * Where the cuts are in the data.
   *
   * @throws KindredException if the data has no times, or if the second cut is before the first
   */
  static Times times(Dataset data, Cut first, Optional<Cut> second, String spec) {
    Interactions all = data.interactions();
    if (!all.hasTimes()) {
      throw new KindredException(
          "a split by time needs times, and '"
              + data.name()
              + "' has none; leave-one-out, ratio(0.8,0.1,0.1,random) and cold-items(0.2) need"
              + " none");
    }
    long trainEnd = time(all, first);
    long validationEnd = second.map(cut -> time(all, cut)).orElse(trainEnd);
    if (validationEnd < trainEnd) {
      throw new KindredException(
          spec
              + ": the second cut ("
              + Instant.ofEpochSecond(validationEnd)
              + ") is before the first ("
              + Instant.ofEpochSecond(trainEnd)
              + ")");
    }
    return new Times(trainEnd, validationEnd);
  }

  /**
   * The leak check of this split: nothing after the cut is trained on, nothing before it is tested.
   */
  private static void checkTimes(Split split, long trainEnd, long validationEnd) {
    Interactions train = split.train().interactions();
    for (int p = 0; p < train.size(); p++) {
      if (train.time(p) > trainEnd) {
        throw new KindredException(
            "split '"
                + split.name()
                + "' leaks: train has an interaction after "
                + Instant.ofEpochSecond(trainEnd));
      }
    }
    Interactions test = split.test().targets();
    for (int p = 0; p < test.size(); p++) {
      if (test.time(p) <= validationEnd) {
        throw new KindredException(
            "split '" + split.name() + "' leaks: test has an interaction before the cut");
      }
    }
  }

  private static long time(Interactions all, Cut cut) {
    if (cut instanceof Cut.At at) {
      return at.epochSeconds();
    }
    double share = ((Cut.Share) cut).share();
    long[] times = new long[all.size()];
    for (int p = 0; p < times.length; p++) {
      times[p] = all.time(p);
    }
    Arrays.parallelSort(times);
    int inTrain = (int) Math.ceil(share * times.length - 1e-9);
    return times.length == 0 ? 0 : times[Math.max(0, inTrain - 1)];
  }

  @Override
  public String spec() {
    return "temporal" + arguments();
  }

  /** "(0.8,0.9)". */
  String arguments() {
    return "(" + text(first) + second.map(cut -> "," + text(cut)).orElse("") + ")";
  }

  private static String text(Cut cut) {
    return cut instanceof Cut.Share share
        ? SplitSpec.number(share.share())
        : Instant.ofEpochSecond(((Cut.At) cut).epochSeconds()).toString();
  }
}
