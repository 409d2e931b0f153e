package io.kindred;

import java.util.List;

/**
 * Brings the algorithms of a further module into the registry; found with {@link
 * java.util.ServiceLoader}.
 */
public interface AlgorithmProvider {
  /** The algorithms of the module. */
  List<Algorithm<?>> algorithms();
}
