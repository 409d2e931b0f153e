package io.kindred.ann;

/**
 * How the graph of an index is built.
 *
 * @param neighbors how many edges an item has, from 2 to 512; more find more of the true best
 *     items, and make file and search larger by the same factor
 * @param beamWidth how many candidates the search for the neighbors of a new item holds, at least
 *     {@code neighbors} and at most 10,000; more make a better graph, and building slower
 * @param threads that build, at least 1. One thread gives the same file each time; several insert
 *     items in the order in which they come to it, so that some edges differ from build to build
 */
public record AnnOptions(int neighbors, int beamWidth, int threads) {
  /** Checks the ranges. */
  public AnnOptions {
    if (neighbors < 2 || neighbors > 512) {
      throw new IllegalArgumentException("neighbors must be from 2 to 512, got " + neighbors);
    }
    if (beamWidth < neighbors || beamWidth > 10_000) {
      throw new IllegalArgumentException(
          "beamWidth must be from neighbors (" + neighbors + ") to 10000, got " + beamWidth);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
  }

  /** 32 neighbors, beam width 100, one thread. */
  public static AnnOptions defaults() {
    return new AnnOptions(32, 100, 1);
  }

  /** The same with another number of neighbors. */
  public AnnOptions withNeighbors(int newNeighbors) {
    return new AnnOptions(newNeighbors, beamWidth, threads);
  }

  /** The same with another beam width. */
  public AnnOptions withBeamWidth(int newBeamWidth) {
    return new AnnOptions(neighbors, newBeamWidth, threads);
  }

  /** The same with another number of threads. */
  public AnnOptions withThreads(int newThreads) {
    return new AnnOptions(neighbors, beamWidth, newThreads);
  }
}
