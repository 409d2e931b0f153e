package io.kindred;

import java.util.BitSet;

/**
 * Finds the items with the largest inner products with a vector, without scoring all items: some of
 * the true best may be missing. Made from a {@link VectorModel} by a {@link
 * CandidateIndexProvider}. Thread-safe.
 */
public interface CandidateIndex extends AutoCloseable {
  /**
   * The items with the largest inner products.
   *
   * @param query shape {@code float[dimensions]}; where an element is not finite (nothing is known
   *     of the person), nothing is found
   * @param n how many items at the most, at least 0
   * @param leftOut indexes of items that must not be found; only read
   * @return best first, ties by item index; fewer than n only where the filter, or the index,
   *     leaves fewer
   * @throws IllegalArgumentException if the query has another length or n is below 0
   * @throws IllegalStateException if the index is closed
   */
  Candidates search(float[] query, int n, BitSet leftOut);

  /**
   * The inner products of the query with given items; NaN where the index does not have the item.
   *
   * @throws IllegalArgumentException if the query has another length
   * @throws IllegalStateException if the index is closed
   */
  float[] scores(float[] query, int[] items);

  /**
   * Adds an item, or replaces its vector, while others search; it is found from the next search on.
   *
   * @param item its index, at least 0; it may lie behind the catalogue
   * @param vector shape {@code float[dimensions]}, copied; not zeros alone
   * @throws IllegalArgumentException if the index is negative, or the vector has another length or
   *     is zeros alone
   * @throws KindredException if an element is not finite
   * @throws IllegalStateException if the index is closed
   */
  void add(int item, float[] vector);

  /** How many items can be found. */
  int size();

  /** Closes the index; searches that are running end well. */
  @Override
  void close();

  /**
   * What was found: item indexes, and their exact inner products with the query beside them.
   *
   * @param items best first
   * @param scores as many
   */
  record Candidates(int[] items, float[] scores) {
    /** Nothing. */
    public static final Candidates NONE = new Candidates(new int[0], new float[0]);

    /** Checks the lengths; keeps the arrays. */
    public Candidates {
      if (items.length != scores.length) {
        throw new IllegalArgumentException(
            items.length + " items do not fit " + scores.length + " scores");
      }
    }

    /** How many were found. */
    public int size() {
      return items.length;
    }
  }
}
