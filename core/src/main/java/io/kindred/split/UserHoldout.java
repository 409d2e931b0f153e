package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Strong generalization: some people are held out whole. A model never trains on them; it is shown
 * a random part of what each did (the fold-in) and asked for the rest.
 *
 * <p>Of n different items of a held-out person, the whole part of (1 - fold-in) times n is asked
 * for, at least one. People with fewer than two items are never held out.
 *
 * <p>Protocol of Liang et al., "Variational Autoencoders for Collaborative Filtering", 2018,
 * section 4.2, which also drops people with fewer than five interactions beforehand.
 *
 * @param test share of the people who are test, above 0
 * @param foldIn share of a held-out person's items that the model is shown, above 0, below 1
 * @param validation share of the people who are validation, 0 for none
 */
public record UserHoldout(double test, double foldIn, double validation) implements Splitter {
  /** Checks the shares. */
  public UserHoldout {
    if (!(test > 0 && validation >= 0 && test + validation < 1)) {
      throw new KindredException(
          "user-holdout: the shares of test and validation people must be above 0 (validation: at least 0) and together below 1, got "
              + test
              + " and "
              + validation);
    }
    if (!(foldIn > 0 && foldIn < 1)) {
      throw new KindredException(
          "user-holdout: the fold-in share must be above 0 and below 1, got " + foldIn);
    }
  }

  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data, seed));
  }

  /** The one split. */
  public Split split(Dataset data, long seed) {
    Interactions all = data.interactions();
    int[] different = new int[all.userCount()];
    int able = 0;
    Marks marks = new Marks(all.itemCount());
    for (int user = 0; user < different.length; user++) {
      marks.clear();
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        different[user] += marks.add(all.items()[p]) ? 1 : 0;
      }
      able += different[user] >= 2 ? 1 : 0;
    }
    SplittableRandom random = new SplittableRandom(seed);
    byte[] roles = roles(data, able, random);
    Sides sides = new Sides(data);
    byte[] asked = new byte[all.itemCount()]; // 1 for the items that the person is asked for
    int next = 0;
    for (int user = 0; user < different.length; user++) {
      byte role = different[user] >= 2 ? roles[next++] : Sides.TRAIN;
      if (role != Sides.TRAIN) {
        byte foldInSide = role == Sides.TEST ? Sides.TEST_FOLD_IN : Sides.VALIDATION_FOLD_IN;
        byte[] choice = choice(different[user], random);
        int seen = 0;
        marks.clear();
        for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
          int item = all.items()[p];
          if (marks.add(item)) {
            asked[item] = choice[seen++];
          }
          sides.of[p] = asked[item] == 1 ? role : foldInSide;
        }
      }
    }
    return sides.split(spec() + " seed " + seed);
  }

  /** The part of each person that has at least two items, in random order. */
  private byte[] roles(Dataset data, int able, SplittableRandom random) {
    byte[] roles = new byte[able];
    int tested = Math.max(1, (int) Math.round(test * able));
    int validated = validation > 0 ? Math.max(1, (int) Math.round(validation * able)) : 0;
    if (tested + validated >= able) {
      throw new KindredException(
          spec()
              + " needs more people with at least two items than '"
              + data.name()
              + "' has: "
              + able);
    }
    for (int i = 0; i < tested + validated; i++) {
      roles[i] = i < tested ? Sides.TEST : Sides.VALIDATION;
    }
    SplitSpec.shuffle(roles, 0, able, random);
    return roles;
  }

  /** Which of n items are asked for. */
  private byte[] choice(int n, SplittableRandom random) {
    int asked = Math.min(n - 1, Math.max(1, (int) Math.floor((1 - foldIn) * n + 1e-9)));
    byte[] choice = new byte[n];
    for (int i = 0; i < asked; i++) {
      choice[i] = 1;
    }
    SplitSpec.shuffle(choice, 0, n, random);
    return choice;
  }

  @Override
  public String spec() {
    return "user-holdout("
        + SplitSpec.number(test)
        + ","
        + SplitSpec.number(foldIn)
        + (validation > 0 ? "," + SplitSpec.number(validation) : "")
        + ")";
  }
}
