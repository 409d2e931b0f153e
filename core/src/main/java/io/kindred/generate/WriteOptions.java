package io.kindred.generate;

/**
 * How a {@link World} is written.
 *
 * @param imageLimit every item gets a picture when the world has at most this many items, else none
 *     does; 0 or more
 * @param events whether {@code interactions.csv} has a column "event": {@code favorite} from 4.5
 *     stars on, {@code finish} from 3 on, else {@code drop}
 * @param threads threads that generate, 1 or more; the files do not depend on it
 */
public record WriteOptions(int imageLimit, boolean events, int threads) {
  /** Pictures up to 20,000 items, no events, all processors. */
  public static final WriteOptions DEFAULT =
      new WriteOptions(20_000, false, Runtime.getRuntime().availableProcessors());

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public WriteOptions {
    if (imageLimit < 0) {
      throw new IllegalArgumentException("imageLimit must be 0 or more, but is " + imageLimit);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be 1 or more, but is " + threads);
    }
  }

  /** These options with another {@code imageLimit}. */
  public WriteOptions withImageLimit(int imageLimit) {
    return new WriteOptions(imageLimit, events, threads);
  }

  /** These options with another {@code events}. */
  public WriteOptions withEvents(boolean events) {
    return new WriteOptions(imageLimit, events, threads);
  }

  /** These options with another {@code threads}. */
  public WriteOptions withThreads(int threads) {
    return new WriteOptions(imageLimit, events, threads);
  }
}
