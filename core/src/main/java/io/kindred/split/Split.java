package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A data set in parts: what is trained on, what choices are made by, what is measured on. All parts
 * have the same vocabularies, those of the whole data, so that indexes agree everywhere.
 * Thread-safe.
 *
 * <p>A split checks itself when it is made: no pair of person and item is in two parts. Cost
 * O(interactions).
 *
 * @param name how the split was made, as a person reads it: "leave-one-out"
 * @param train what is trained on
 * @param validation what hyperparameters and early stopping may see, if there is such a part
 * @param test what is measured on, once
 * @param counts what was left aside
 */
public record Split(
    String name, Dataset train, Optional<HeldOut> validation, HeldOut test, SplitCounts counts) {
  /** The share of {@link #ties} above which reports and commands say so. */
  public static final double TIES_TO_WARN_OF = 0.05;

  /**
   * Checks for leaks.
   *
   * @throws KindredException if a pair is on two sides, naming it, or if nothing is left to train
   *     or to test on
   */
  public Split {
    check(name, train, "test", test);
    if (validation.isPresent()) {
      check(name, train, "validation", validation.get());
      checkDisjoint(name, train, validation.get().targets(), test.targets());
    }
  }

  /**
   * A split that files bring: train and test, and perhaps validation, each read on its own. The
   * vocabularies become common: ids of the train data first, then those that only the other parts
   * have. Features are those of the first part that knows the user or item.
   *
   * @param name what to call it: "given (u1)"
   * @throws KindredException if a pair is on two sides
   */
  public static Split given(
      String name, Dataset train, Optional<Dataset> validation, Dataset test) {
    return GivenParts.join(name, train, validation, test);
  }

  /** The part of a name. */
  public HeldOut part(Part part) {
    return switch (part) {
      case TEST -> test;
      case VALIDATION ->
          validation.orElseThrow(
              () ->
                  new KindredException(
                      "split '"
                          + name
                          + "' has no validation part; leave-one-out, ratio(0.8,0.1,0.1),"
                          + " temporal(0.8,0.9), user-holdout(0.1,0.8,0.1) and cold-items(0.2,0.1)"
                          + " have one"));
    };
  }

  /**
   * The share of the people of a part whose first held-out interaction has the same second as the
   * last one before it, in [0, 1]. Of such people the order of the file says what is held out. 0
   * where the split does not go by each person's time, or the data has no times.
   *
   * @throws KindredException if there is no such part
   */
  public double ties(Part part) {
    int tied = part == Part.TEST ? counts.tiedInTest() : counts.tiedInValidation();
    return tied == 0 ? 0 : (double) tied / part(part).users();
  }

  /**
   * A sentence on {@link #ties}, where they are above 5 %.
   *
   * @throws KindredException if there is no such part
   */
  public Optional<String> tieWarning(Part part) {
    double share = ties(part);
    return share <= TIES_TO_WARN_OF
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "of %.0f %% of the people the first %s interaction has the same second as the one"
                    + " before it: the order of the file says which of the two is held out, so"
                    + " figures can be compared only where these data are read in this order",
                100 * share,
                part == Part.TEST ? "test" : "validation"));
  }

  /**
   * The same test part, with what was held out for validation in train: for the last training, when
   * all choices are made. Of people held out for validation, what they did before is in train, too.
   * There is no validation part then: what stops early by one holds out a part of its own. Cost
   * O(interactions).
   *
   * @throws KindredException if there is no validation part
   */
  public Split refit() {
    HeldOut seen = part(Part.VALIDATION);
    Dataset all =
        isApart(seen.history()) ? train.followedBy(train.withInteractions(seen.history())) : train;
    all = all.followedBy(train.withInteractions(seen.targets()));
    return new Split(name + ", validation in train", all, Optional.empty(), test, counts);
  }

  /** Whether a history is of people who are held out whole; else it is a part of train. */
  private boolean isApart(Interactions history) {
    return IntStream.range(0, history.userCount())
        .anyMatch(user -> history.userSize(user) > 0 && train.interactions().userSize(user) == 0);
  }

  /** The parts that a model can be measured on. */
  public enum Part {
    /** For choices. */
    VALIDATION,
    /** For the figures that are reported. */
    TEST
  }

  private static void check(String name, Dataset train, String part, HeldOut heldOut) {
    Interactions trained = train.interactions();
    Interactions targets = heldOut.targets();
    if (targets.userCount() != trained.userCount() || targets.itemCount() != trained.itemCount()) {
      throw new IllegalArgumentException(
          "train of " + trained + " and " + part + " of " + targets + " do not fit");
    }
    if (trained.size() == 0) {
      throw new KindredException("split '" + name + "' leaves nothing to train on");
    }
    if (targets.size() == 0) {
      throw new KindredException(
          "split '"
              + name
              + "' leaves nothing for "
              + part
              + ": too few interactions a user, or none after the cut");
    }
    Marks marks = new Marks(targets.itemCount());
    for (int user = 0; user < targets.userCount(); user++) {
      if (targets.userSize(user) == 0) {
        continue;
      }
      marks.clear();
      marks.addAll(trained, user);
      marks.addAll(heldOut.history(), user);
      for (int p = targets.starts()[user]; p < targets.starts()[user + 1]; p++) {
        int item = targets.items()[p];
        if (!marks.add(item)) {
          boolean trainedOn = has(trained, user, item) || has(heldOut.history(), user, item);
          throw leak(name, train, user, item, trainedOn ? "train and " + part : part + " twice");
        }
      }
    }
  }

  private static boolean has(Interactions interactions, int user, int item) {
    for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
      if (interactions.items()[p] == item) {
        return true;
      }
    }
    return false;
  }

  private static void checkDisjoint(
      String name, Dataset train, Interactions validation, Interactions test) {
    Marks marks = new Marks(test.itemCount());
    for (int user = 0; user < test.userCount(); user++) {
      marks.clear();
      marks.addAll(validation, user);
      for (int p = test.starts()[user]; p < test.starts()[user + 1]; p++) {
        if (marks.contains(test.items()[p])) {
          throw leak(name, train, user, test.items()[p], "validation and test");
        }
      }
    }
  }

  private static KindredException leak(
      String name, Dataset train, int user, int item, String where) {
    return new KindredException(
        "split '"
            + name
            + "' leaks: user '"
            + train.users().id(user)
            + "' has item '"
            + train.items().id(item)
            + "' in "
            + where);
  }
}
