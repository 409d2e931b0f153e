package io.kindred;

import java.util.stream.IntStream;

/**
 * Which pixels of a picture speak for an item, to a person. Immutable as long as nobody changes the
 * array.
 *
 * @param width of the picture as the model sees it
 * @param height of the picture as the model sees it
 * @param score of the whole picture
 * @param values {@code float[height * width]}, row by row; above 0 where the pixels speak for the
 *     item, below where against it
 */
public record SaliencyMap(int width, int height, double score, float[] values) {
  /** Checks the shape. */
  public SaliencyMap {
    if (width < 1 || height < 1 || values.length != (long) width * height) {
      throw new IllegalArgumentException(
          values.length + " values are no map of " + width + " x " + height);
    }
  }

  /** The places of the pixels that speak most for the item, ties in their order. */
  public int[] strongest(int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Float.compare(values[b], values[a]))
        .limit(count)
        .mapToInt(place -> place)
        .toArray();
  }
}
