package io.kindred;

import org.jspecify.annotations.Nullable;

/**
 * Lets whoever asked for an answer stop the computing of it. Code that may take long, such as the
 * explanations of many items, calls {@link #check} once in a while; whoever waits for the result
 * runs it by {@link #run} with a check that throws when the time is up or nobody waits any longer.
 * Without one, {@link #check} does nothing.
 *
 * <p>Bound to the thread: threads that the work starts itself are not stopped. A check takes some
 * ten nanoseconds. Thread-safe.
 */
public final class Cancellation {
  private static final ThreadLocal<@Nullable Check> CURRENT = new ThreadLocal<>();

  private Cancellation() {}

  /** Is asked whether work should go on. */
  @FunctionalInterface
  public interface Check {
    /** Returns where the work should go on, and throws an exception of its choice where not. */
    void check();
  }

  /** Work that may be stopped. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    /** Does it, and calls {@link #check} now and then. */
    void run() throws E;
  }

  /**
   * Ends the work of this thread, if whoever asked for it says so.
   *
   * @throws RuntimeException of the check that the work runs with
   */
  public static void check() {
    Check current = CURRENT.get();
    if (current != null) {
      current.check();
    }
  }

  /**
   * Does work that can be stopped by a check. Within other work, the inner check is asked alone.
   *
   * @throws E of the work
   * @throws RuntimeException of the work, or of the check
   */
  public static <E extends Exception> void run(Check check, Work<E> work) throws E {
    Check before = CURRENT.get();
    CURRENT.set(check);
    try {
      work.run();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }
}
