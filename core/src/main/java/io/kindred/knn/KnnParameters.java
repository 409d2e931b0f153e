package io.kindred.knn;

import io.kindred.KindredException;
import io.kindred.Parameters;
import java.util.function.Function;

/**
 * Makes a trainer from hyperparameters: what the record refuses is said as an error of the user's.
 */
final class KnnParameters {
  private KnnParameters() {}

  static <T> T read(String algorithm, Parameters parameters, Function<Parameters.Reader, T> make) {
    Parameters.Reader in = parameters.reader(algorithm);
    T trainer;
    try {
      trainer = make.apply(in);
    } catch (IllegalArgumentException e) {
      throw new KindredException(algorithm + ": " + e.getMessage(), e);
    }
    in.finish();
    return trainer;
  }
}
