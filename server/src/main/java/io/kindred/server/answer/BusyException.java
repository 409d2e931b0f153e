package io.kindred.server.answer;

/** Says that the server has too much to do for this now: the same may be asked again. */
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BusyException(String message) {
    super(message);
  }
}
