package io.kindred.split;

/**
 * What a split left aside.
 *
 * @param trainOnlyUsers people with interactions of whom nothing is held out in validation or test,
 *     because they have too few
 * @param droppedInteractions interactions that are in no part: repeats of a pair that is in an
 *     earlier part, and what came after a held-out interaction of the same person
 * @param tiedInValidation people whose first validation interaction has the same second as their
 *     last one in train, so that the order of the file says which of the two is held out; 0 where
 *     the split does not go by each person's time, or there are no times
 * @param tiedInTest the same of the first test interaction and the last one before it
 */
public record SplitCounts(
    int trainOnlyUsers, int droppedInteractions, int tiedInValidation, int tiedInTest) {
  /** Counts of a split that does not go by time. */
  public SplitCounts(int trainOnlyUsers, int droppedInteractions) {
    this(trainOnlyUsers, droppedInteractions, 0, 0);
  }
}
