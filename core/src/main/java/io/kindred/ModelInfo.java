package io.kindred;

import io.kindred.data.Dataset;
import java.util.Map;

/**
 * Where a model comes from: enough to train it again.
 *
 * @param algorithm the name of the algorithm
 * @param parameters the hyperparameters
 * @param seed the seed of the training
 * @param dataset the name of the data
 * @param fingerprint the fingerprint of the data
 * @param trainingSeconds how long the training took
 * @param metrics what was measured when it was trained, by metric name; may be empty
 */
public record ModelInfo(
    String algorithm,
    Parameters parameters,
    long seed,
    String dataset,
    String fingerprint,
    double trainingSeconds,
    Map<String, Double> metrics) {
  /** Keeps its own copy of the metrics. */
  public ModelInfo {
    metrics = Map.copyOf(metrics);
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
        Map.of());
  }

  /** The same with what was measured. */
  public ModelInfo withMetrics(Map<String, Double> newMetrics) {
    return new ModelInfo(
        algorithm, parameters, seed, dataset, fingerprint, trainingSeconds, newMetrics);
  }
}
