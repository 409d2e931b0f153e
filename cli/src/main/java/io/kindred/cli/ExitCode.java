package io.kindred.cli;

/** What a command's exit code says. */
final class ExitCode {
  /** Done. */
  static final int OK = 0;

  /** The data, a file or the machine does not let it be done; the message says why. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** A user, an item or something to recommend was not found. */
  static final int NOT_FOUND = 3;

  private ExitCode() {}
}
