package io.kindred.cli;

import sun.misc.Signal;

/**
 * SIGHUP, by which a server is told to load again what it serves. A process that was started with
 * the signal ignored, as by {@code nohup}, goes on ignoring it.
 */
final class Hangup {
  private Hangup() {}

  /** Does something at each SIGHUP from now on, instead of ending. */
  static void handle(Runnable action) {
    try {
      Signal.handle(new Signal("HUP"), signal -> action.run());
    } catch (IllegalArgumentException e) {
      // The system has no such signal, or the JVM leaves it to others (-Xrs).
    }
  }
}
