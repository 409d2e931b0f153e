package io.kindred;

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
}
