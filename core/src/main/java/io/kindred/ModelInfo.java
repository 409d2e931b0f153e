package io.kindred;

import io.kindred.data.Dataset;
import java.util.List;
import java.util.Map;

/**
 * Where a model comes from: enough to train it again on its data.
 *
 * @param algorithm the name of the algorithm
 * @param parameters the hyperparameters
 * @param seed the seed of the training
 * @param dataset the name of the data
 * @param fingerprint the fingerprint of the data, those of updates included
 * @param trainingSeconds how long the training took
 * @param metrics what was measured when it was trained, by metric name; may be empty
 * @param updates how often new interactions were taken in since ({@link IncrementalModel}); 0: the
 *     model is as training made it
 * @param epochSeconds how long each epoch took, where the model tells its epochs ({@link
 *     Learning}); may be empty. Times are kept here, beside {@code trainingSeconds}, and not among
 *     the arrays of the model, which are the same for the same seed
 */
public record ModelInfo(
    String algorithm,
    Parameters parameters,
    long seed,
    String dataset,
    String fingerprint,
    double trainingSeconds,
    Map<String, Double> metrics,
    int updates,
    List<Double> epochSeconds) {
  /** Keeps its own copies of metrics and times. */
  public ModelInfo {
    if (updates < 0) {
      throw new IllegalArgumentException("updates must be at least 0, got " + updates);
    }
    metrics = Map.copyOf(metrics);
    epochSeconds = List.copyOf(epochSeconds);
  }

  /** A model of which no epochs are known. */
  public ModelInfo(
      String algorithm,
      Parameters parameters,
      long seed,
      String dataset,
      String fingerprint,
      double trainingSeconds,
      Map<String, Double> metrics,
      int updates) {
    this(
        algorithm,
        parameters,
        seed,
        dataset,
        fingerprint,
        trainingSeconds,
        metrics,
        updates,
        List.of());
  }

  /**
   * What a trainer knows when it is done.
   *
   * @param startNanos {@link System#nanoTime} when the training began
   */
  public static ModelInfo of(
      Trainer<?> trainer, Dataset data, TrainingContext context, long startNanos) {
    return new ModelInfo(
        trainer.algorithm(),
        trainer.parameters(),
        context.seed(),
        data.name(),
        data.fingerprint(),
        (System.nanoTime() - startNanos) / 1e9,
        Map.of(),
        0);
  }

  /** The same with other hyperparameters. */
  public ModelInfo withParameters(Parameters newParameters) {
    return new ModelInfo(
        algorithm,
        newParameters,
        seed,
        dataset,
        fingerprint,
        trainingSeconds,
        metrics,
        updates,
        epochSeconds);
  }

  /** The same with what was measured. */
  public ModelInfo withMetrics(Map<String, Double> newMetrics) {
    return new ModelInfo(
        algorithm,
        parameters,
        seed,
        dataset,
        fingerprint,
        trainingSeconds,
        newMetrics,
        updates,
        epochSeconds);
  }

  /** The same with the times of the epochs, in seconds. */
  public ModelInfo withEpochSeconds(List<Double> newEpochSeconds) {
    return new ModelInfo(
        algorithm,
        parameters,
        seed,
        dataset,
        fingerprint,
        trainingSeconds,
        metrics,
        updates,
        newEpochSeconds);
  }

  /**
   * The same after one more update, to larger data. What was measured before does not hold of it.
   */
  public ModelInfo updated(Dataset larger) {
    return new ModelInfo(
        algorithm,
        parameters,
        seed,
        dataset,
        larger.fingerprint(),
        trainingSeconds,
        Map.of(),
        updates + 1,
        epochSeconds);
  }
}
