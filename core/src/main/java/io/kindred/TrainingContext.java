package io.kindred;

/**
 * What a training run is given beside the data. The same seed and the same number of threads give
 * the same model, unless the trainer says otherwise.
 *
 * @param seed of every random choice
 * @param threads to use, at least 1
 * @param progress hears how far the training has come
 */
public record TrainingContext(long seed, int threads, ProgressListener progress) {
  /** Checks the number of threads. */
  public TrainingContext {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
  }

  /** Seed 42, all processors, no progress. */
  public static TrainingContext defaults() {
    return new TrainingContext(
        42, Runtime.getRuntime().availableProcessors(), ProgressListener.NONE);
  }

  /** The same with another seed. */
  public TrainingContext withSeed(long newSeed) {
    return new TrainingContext(newSeed, threads, progress);
  }

  /** The same with another number of threads. */
  public TrainingContext withThreads(int newThreads) {
    return new TrainingContext(seed, newThreads, progress);
  }

  /** The same with another listener. */
  public TrainingContext withProgress(ProgressListener newProgress) {
    return new TrainingContext(seed, threads, newProgress);
  }
}
