package io.kindred.split;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Cross validation: all interactions in k random parts of equal size; each part is test once, the
 * others train. There is no validation part.
 *
 * @param folds at least 2
 */
public record KFold(int folds) implements Splitter {
  /** Checks the number of folds. */
  public KFold {
    if (folds < 2 || folds > 100) {
      throw new KindredException("k-fold needs 2 to 100 folds, got " + folds);
    }
  }

  @Override
  public List<Split> splits(Dataset data, long seed) {
    int size = data.interactions().size();
    if (size < folds) {
      throw new KindredException(
          spec() + " needs at least as many interactions, and '" + data.name() + "' has " + size);
    }
    byte[] foldOf = new byte[size];
    for (int p = 0; p < size; p++) {
      foldOf[p] = (byte) (p % folds);
    }
    SplitSpec.shuffle(foldOf, 0, size, new SplittableRandom(seed));
    List<Split> splits = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      Sides sides = new Sides(data);
      for (int p = 0; p < size; p++) {
        sides.of[p] = foldOf[p] == fold ? Sides.TEST : Sides.TRAIN;
      }
      splits.add(sides.split(spec() + " seed " + seed + " fold " + (fold + 1)));
    }
    return List.copyOf(splits);
  }

  @Override
  public String spec() {
    return "k-fold(" + folds + ")";
  }
}
