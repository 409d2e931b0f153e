package io.kindred;

import java.util.List;

/**
 * Scores every item of the catalogue for given profiles. Owns scratch memory: one scorer a thread,
 * not thread-safe.
 */
public interface Scorer {
  /**
   * Scores all items for each profile. Items of the history are scored too: leaving out what was
   * seen is not the scorer's work.
   *
   * @param profiles who is asked for
   * @param scores receives {@code float[profiles x items]}, row-major; higher is better; finite, or
   *     NaN where the model cannot score an item
   */
  void score(List<Profile> profiles, float[] scores);

  /** The scores of one profile, shape {@code float[items]}, into a given array. */
  default void score(Profile profile, float[] scores) {
    score(List.of(profile), scores);
  }

  /**
   * Makes infinite scores NaN: where values are so large that a sum of them leaves the range of
   * floats, the item cannot be scored. For implementors.
   *
   * @param from the first place
   * @param to the place after the last
   */
  static void infinityToNaN(float[] scores, int from, int to) {
    for (int s = from; s < to; s++) {
      scores[s] = Math.abs(scores[s]) <= Float.MAX_VALUE ? scores[s] : Float.NaN;
    }
  }
}
