package io.kindred.factor;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.Parallel;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Stochastic gradient descent over positive pairs that are drawn at random, without locks.
 *
 * <p>With several threads, each changes the vectors in place while the others do (Recht et al.,
 * Hogwild, NIPS 2011): on sparse data two threads seldom meet in a vector, and a lost update does
 * little. The result then depends on chance, and not on the seed alone. Data with fewer pairs than
 * {@value #PAIRS_FOR_THREADS} are trained by one thread, on which the seed determines everything.
 */
final class StochasticDescent {
  /** From here on threads are worth it, and their collisions rare. */
  static final int PAIRS_FOR_THREADS = 100_000;

  private static final int BLOCK = 4096;

  /** One step of the descent. Not thread-safe: one a thread. */
  interface Step {
    /** Learns from one pair. */
    void take(int user, int item, SplittableRandom random);
  }

  private final String algorithm;
  private final PositivePairs pairs;
  private final long seed;
  private final int threads;

  StochasticDescent(String algorithm, PositivePairs pairs, long seed, int threads) {
    this.algorithm = algorithm;
    this.pairs = pairs;
    this.seed = seed;
    this.threads = threads;
  }

  static int threads(int wanted, PositivePairs pairs) {
    return pairs.size() < PAIRS_FOR_THREADS ? 1 : wanted;
  }

  /**
   * Runs epochs, each of as many steps as there are pairs.
   *
   * @throws KindredException if the vectors grow beyond all bounds
   */
  void run(
      int epochs,
      Supplier<Step> steps,
      float[][] users,
      float[][] items,
      ProgressListener progress) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      SplittableRandom ofEpoch = new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * epoch));
      long own = ofEpoch.nextLong();
      Parallel.forBlocks(
          threads,
          pairs.size(),
          BLOCK,
          () -> {
            Step step = steps.get();
            return (from, to) -> {
              SplittableRandom random = new SplittableRandom(own + from);
              for (int turn = from; turn < to; turn++) {
                int pair = random.nextInt(pairs.size());
                step.take(pairs.users[pair], pairs.items[pair], random);
              }
            };
          });
      checkFinite(users, epoch);
      checkFinite(items, epoch);
      progress.onProgress("gradient descent", epoch, epochs, "");
    }
  }

  private void checkFinite(float[][] rows, int epoch) {
    for (float[] row : rows) {
      if (!(Kernels.dot(row, row, row.length) < Float.POSITIVE_INFINITY)) {
        throw new KindredException(
            String.format(
                Locale.ROOT,
                "%s: the vectors grew beyond all bounds in epoch %d; a smaller learningRate, or"
                    + " more regularization, would be right",
                algorithm,
                epoch));
      }
    }
  }

  /**
   * An item that the user did not do, drawn evenly from those that anybody did; -1 where chance
   * finds none.
   */
  static int negative(PositivePairs pairs, int user, SplittableRandom random) {
    for (int attempt = 0; attempt < 100; attempt++) {
      int item = pairs.known[random.nextInt(pairs.known.length)];
      if (!pairs.has(user, item)) {
        return item;
      }
    }
    return -1;
  }
}
