package io.kindred.ann;

import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What this module takes from JVector beside the graph. */
final class JVector {
  /**
   * JVector warns of every JVM without jdk.incubator.vector. Here scores are computed by Kindred's
   * own loops, so that the warning says nothing. The field keeps the logger, and with it its level.
   */
  private static final Logger QUIET = Logger.getLogger(VectorizationProvider.class.getName());

  private static final VectorTypeSupport TYPES;

  static {
    QUIET.setLevel(Level.SEVERE);
    TYPES = VectorizationProvider.getInstance().getVectorTypeSupport();
  }

  private JVector() {}

  /** Keeps JVector quiet, before anything else of it is touched. */
  static void load() {
    // the static part above does it
  }

  /** A vector of zeros. */
  static VectorFloat<?> vector(int dimensions) {
    return TYPES.createFloatVector(dimensions);
  }
}
