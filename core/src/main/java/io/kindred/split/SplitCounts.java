package io.kindred.split;

/**
 * What a split left aside.
 *
 * @param trainOnlyUsers people with interactions of whom nothing is held out in validation or test,
 *     because they have too few
 * @param droppedInteractions interactions that are in no part: repeats of a pair that is in an
 *     earlier part, and what came after a held-out interaction of the same person
 */
public record SplitCounts(int trainOnlyUsers, int droppedInteractions) {}
