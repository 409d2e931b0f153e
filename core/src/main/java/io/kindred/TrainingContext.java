package io.kindred;

import io.kindred.data.Dataset;
import java.util.Optional;

/**
 * What a training run is given beside the data. The same seed and the same number of threads give
 * the same model, unless the trainer says otherwise.
 *
 * @param seed of every random choice
 * @param threads to use, at least 1
 * @param progress hears how far the training has come
 * @param validation what early stopping may look at, if there is such a part; without it, a trainer
 *     that stops early holds out a part of its own
 * @param checkpoints where a long training keeps its state, if it shall: what is there already is
 *     gone on from
 */
public record TrainingContext(
    long seed,
    int threads,
    ProgressListener progress,
    Optional<Validation> validation,
    Optional<CheckpointStore> checkpoints) {
  /** Checks the number of threads. */
  public TrainingContext {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
  }

  /** A context without validation part and checkpoints. */
  public TrainingContext(long seed, int threads, ProgressListener progress) {
    this(seed, threads, progress, Optional.empty(), Optional.empty());
  }

  /** Seed 42, all processors, no progress. */
  public static TrainingContext defaults() {
    return new TrainingContext(
        42, Runtime.getRuntime().availableProcessors(), ProgressListener.NONE);
  }

  /** The same with another seed. */
  public TrainingContext withSeed(long newSeed) {
    return new TrainingContext(newSeed, threads, progress, validation, checkpoints);
  }

  /** The same with another number of threads. */
  public TrainingContext withThreads(int newThreads) {
    return new TrainingContext(seed, newThreads, progress, validation, checkpoints);
  }

  /** The same with another listener. */
  public TrainingContext withProgress(ProgressListener newProgress) {
    return new TrainingContext(seed, threads, newProgress, validation, checkpoints);
  }

  /** The same with a validation part, of the index spaces of the data that is trained on. */
  public TrainingContext withValidation(Validation part) {
    return new TrainingContext(seed, threads, progress, Optional.of(part), checkpoints);
  }

  /** The same with a place for checkpoints. */
  public TrainingContext withCheckpoints(CheckpointStore store) {
    return new TrainingContext(seed, threads, progress, validation, Optional.of(store));
  }

  /**
   * The validation part, checked against the data.
   *
   * @throws IllegalArgumentException if its index spaces are not those of the data
   */
  public Optional<Validation> validation(Dataset data) {
    validation.ifPresent(
        part -> {
          if (part.targets().userCount() != data.users().size()
              || part.targets().itemCount() != data.items().size()) {
            throw new IllegalArgumentException(
                "validation targets of " + part.targets() + " do not fit " + data.interactions());
          }
        });
    return validation;
  }
}
