package io.kindred;

/**
 * Something that the user can put right: bad input, a missing file, a wrong setting. The message is
 * written for a person: it names what is wrong, where, and what would be right. Command line and
 * server show it without a stack trace.
 */
public class KindredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its message for a person. */
  public KindredException(String message) {
    super(message);
  }

  /** An error with its message for a person, and what caused it. */
  public KindredException(String message, Throwable cause) {
    super(message, cause);
  }
}
