package io.kindred.generate;

/**
 * SplitMix64 (Steele, Lea and Flood 2014) keyed by (seed, stream, index), so that every user and
 * item has a generator of its own that does not depend on the order in which they are asked for.
 *
 * <p>Only integer arithmetic and exactly rounded floating-point operations are used: the numbers
 * are the same on every JVM. Not safe for use by more than one thread at a time.
 */
final class Random64 {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;
  // Standard deviation of the sum of four uniform numbers of 0..65535.
  private static final double FOUR_SHORTS = Math.sqrt((65536.0 * 65536.0 - 1) / 3);

  private long state;

  Random64(long seed, Stream stream, long index) {
    reset(seed, stream, index);
  }

  /** Starts over as if newly made, without an allocation. */
  void reset(long seed, Stream stream, long index) {
    state = mix(mix(seed + GOLDEN * stream.key) + GOLDEN * (index + 1));
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (next() >>> 11) * UNIT;
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** Uniform in 0..bound-1; the bias is below bound / 2^32. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /**
   * Close to standard normal: the scaled sum of four uniform numbers, so never beyond 3.47 in
   * either direction. It needs no logarithm, hence is fast and the same everywhere.
   */
  double normal() {
    long bits = next();
    long sum =
        (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48 & 0xffff);
    return (sum - 131070) / FOUR_SHORTS;
  }

  /** An element of {@code choices}, each as likely. */
  <T> T pick(java.util.List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** Puts {@code values} in random order (Fisher and Yates). */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** What a generator is for. The keys are part of the world's definition: never change one. */
  enum Stream {
    TASTES(1),
    STYLES(2),
    COLD(3),
    SERIES(4),
    POPULARITY(5),
    RELEASE(6),
    SUCCESSORS(7),
    SERIES_FACTORS(8),
    ITEM_FACTORS(9),
    ITEM_BIAS(10),
    LOOK(11),
    IMAGE(12),
    TITLE(13),
    TEXT(14),
    ACTIVITY(15),
    USER(16),
    USER_FEATURES(17),
    HISTORY(18);

    private final long key;

    Stream(long key) {
      this.key = key;
    }
  }
}
