package io.kindred;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Algorithms by name. Immutable. */
public final class AlgorithmRegistry {
  private final Map<String, Algorithm<?>> algorithms = new LinkedHashMap<>();

  /**
   * A registry of the given algorithms.
   *
   * @throws IllegalArgumentException if two have one name
   */
  public AlgorithmRegistry(List<Algorithm<?>> algorithms) {
    for (Algorithm<?> algorithm : algorithms) {
      if (this.algorithms.put(algorithm.name(), algorithm) != null) {
        throw new IllegalArgumentException("two algorithms are called '" + algorithm.name() + "'");
      }
    }
  }

  /** All algorithms, in their order. */
  public List<Algorithm<?>> all() {
    return List.copyOf(algorithms.values());
  }

  /**
   * The algorithm of a name.
   *
   * @throws KindredException if there is none, naming those that there are
   */
  public Algorithm<?> algorithm(String name) {
    Algorithm<?> found = algorithms.get(name);
    if (found == null) {
      throw new KindredException(
          "unknown algorithm '" + name + "'; known are " + String.join(", ", algorithms.keySet()));
    }
    return found;
  }

  /**
   * A trainer of an algorithm with hyperparameters.
   *
   * @throws KindredException if the algorithm or a hyperparameter is unknown, or a value is wrong
   */
  public Trainer<?> trainer(String name, Parameters parameters) {
    Algorithm<?> algorithm = algorithm(name);
    try {
      return algorithm.trainer().apply(parameters);
    } catch (IllegalArgumentException e) {
      throw new KindredException(name + ": " + e.getMessage(), e);
    }
  }
}
