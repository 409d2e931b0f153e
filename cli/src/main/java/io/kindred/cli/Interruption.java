package io.kindred.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ctrl-C: the main thread is interrupted, and work ends at its next report of progress at the
 * latest, by an exception that lets everybody on the way clean up. What is still half-written after
 * some seconds is removed. The JVM exits with 130 (143 after SIGTERM).
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 5;

  private static volatile long patienceSeconds = PATIENCE_SECONDS;

  private static final CountDownLatch ended = new CountDownLatch(1);
  private static final Set<Path> halfWritten = ConcurrentHashMap.newKeySet();
  private static volatile boolean interrupted;

  private Interruption() {}

  /** Ends work that was interrupted. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped() {
      super("interrupted", null, false, false);
    }
  }

  /** Handles signals from now on, for commands of the calling thread. */
  static void install() {
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(main), "kindred-shutdown"));
  }

  /** Says that the command is through: a shutdown need not wait for it. */
  static void commandEnded() {
    ended.countDown();
  }

  /** Gives the command more time to end once a signal has come; a server finishes its requests. */
  static void patience(long seconds) {
    patienceSeconds = seconds;
  }

  /** Whether a signal has come. */
  static boolean interrupted() {
    return interrupted;
  }

  /**
   * Ends the caller's work if a signal has come.
   *
   * @throws Stopped if so
   */
  static void check() {
    if (interrupted) {
      throw new Stopped();
    }
  }

  /** Takes a file or folder that is being written, to be removed if a signal comes first. */
  static void writing(Path path) {
    halfWritten.add(path);
  }

  /** Says that a file or folder is whole. */
  static void written(Path path) {
    halfWritten.remove(path);
  }

  private static void shutDown(Thread main) {
    if (ended.getCount() == 0) {
      return; // the usual end
    }
    interrupted = true;
    main.interrupt();
    try {
      if (!ended.await(patienceSeconds, TimeUnit.SECONDS)) {
        halfWritten.forEach(Interruption::delete);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes a file or a folder with all that is in it, if it is there. */
  static void delete(Path path) {
    try (Stream<Path> all = Files.exists(path) ? Files.walk(path) : Stream.empty()) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              one -> {
                try {
                  Files.deleteIfExists(one);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException | UncheckedIOException e) {
      // Somebody else holds it, or it is gone already: what can be removed has been.
    }
  }
}
