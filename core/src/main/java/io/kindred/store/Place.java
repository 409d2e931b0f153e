package io.kindred.store;

import io.kindred.KindredException;
import java.nio.file.Path;

/** A file of a bundle, for errors that name both. */
record Place(Path bundle, String file) {
  /**
   * The error that something is wrong with the file; the problem is a predicate ("is shorter than
   * ...").
   */
  KindredException damaged(String problem) {
    return new KindredException("bundle '" + bundle + "' is damaged: " + file + " " + problem);
  }

  /** The same with its cause, whose message stands for the problem. */
  KindredException damaged(Exception cause) {
    return new KindredException(
        "bundle '" + bundle + "' is damaged: " + file + " " + cause.getMessage(), cause);
  }
}
