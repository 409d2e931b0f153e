package io.kindred.neural.model;

import io.kindred.ArrayWriter;
import io.kindred.data.History;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * A network that scores items for people by what they did. Thread-safe for scoring, as long as
 * nobody trains its weights.
 */
public interface Network {
  /** What it has learned. */
  Weights weights();

  /**
   * Scores of all items, higher is better. Called inside a scope without gradients.
   *
   * @param histories none is empty; unknown to the training or not
   * @return [histories, items]
   */
  Tensor scores(List<History> histories);

  /**
   * Scores of some items. Called inside a scope without gradients. Cost that of all items, where a
   * network does not know better.
   *
   * @param histories none is empty
   * @param items item indexes; a score does not depend on which others there are
   * @return [histories, items]
   */
  default Tensor scores(List<History> histories, int[] items) {
    long[] chosen = Arrays.stream(items).asLongStream().toArray();
    return scores(histories).indexSelect(1, Tensor.of(chosen, chosen.length));
  }

  /** How many of the newest interactions of a history the scores depend on at the most. */
  int window();

  /** Writes what it needs besides its weights. */
  default void write(ArrayWriter out) {}
}
