package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.registry.Algorithms;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** An algorithm with its hyperparameters. */
final class ModelOptions {
  @Option(
      names = {"-a", "--algorithm"},
      paramLabel = "NAME",
      defaultValue = "item-knn",
      description = "The algorithm (default: ${DEFAULT-VALUE}). See: kindred train --list")
  private String algorithm;

  @Option(
      names = {"-P", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A hyperparameter; can be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  /**
   * The trainer that is asked for.
   *
   * @throws KindredException if there is no such algorithm or hyperparameter
   */
  Trainer<?> trainer() {
    return Algorithms.all().trainer(algorithm, Parameters.of(parameters));
  }
}
