package io.kindred.neural.tensor;

import java.util.Arrays;

/** Flat places {@code row * width + column} of a matrix that is worked on in pieces of rows. */
public final class FlatPlaces {
  private FlatPlaces() {}

  /**
   * The places that lie in a piece, counted from its beginning. Cost O(log(places) + found).
   *
   * @param places by ascending row, in any order within a row
   * @param from first row of the piece
   * @param rows of the piece
   * @param width columns of a row
   */
  public static long[] ofRows(long[] places, long from, long rows, long width) {
    int begin = firstAtLeast(places, from * width);
    int end = firstAtLeast(places, (from + rows) * width);
    long[] found = Arrays.copyOfRange(places, begin, end);
    for (int i = 0; i < found.length; i++) {
      found[i] -= from * width;
    }
    return found;
  }

  /** How many places lie in rows before one; {@code least} is where the row begins. */
  private static int firstAtLeast(long[] places, long least) {
    int from = 0;
    int to = places.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (places[middle] < least) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
