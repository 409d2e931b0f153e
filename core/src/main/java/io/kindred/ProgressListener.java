package io.kindred;

/** Hears how far long work has come. Called from one thread at a time, often; must be quick. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = (stage, done, total, note) -> {};

  /**
   * Some work was done.
   *
   * @param stage what is going on, a few words ("similarities", "epoch 3"); the same for one bar
   * @param done units done
   * @param total units in all, or -1 where it is not known
   * @param note figures to show beside it ("loss 0.231"), or empty
   */
  void onProgress(String stage, long done, long total, String note);

  /**
   * Something is not as it should be, but the work goes on without it: pictures that cannot be
   * read, say.
   *
   * @param text for a person, one line or more
   */
  default void onWarning(String text) {}
}
