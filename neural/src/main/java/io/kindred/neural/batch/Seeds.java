package io.kindred.neural.batch;

/** Seeds that follow from a seed and a place, so that any step can be begun anew. */
public final class Seeds {
  private Seeds() {}

  /** A seed for a place; nearby places give unrelated seeds (the finalizer of SplitMix64). */
  public static long of(long seed, long... place) {
    long mixed = seed;
    for (long part : place) {
      mixed += 0x9e3779b97f4a7c15L + part;
      mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      mixed ^= mixed >>> 31;
    }
    return mixed;
  }
}
