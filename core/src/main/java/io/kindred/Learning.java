package io.kindred;

import java.util.List;

/** Tells how the training of a model went, epoch by epoch. Implemented by models. Thread-safe. */
public interface Learning {
  /** The epochs that were trained, in their order; empty where nothing is known. */
  List<Epoch> epochs();

  /**
   * One pass over the training data.
   *
   * @param number from 1 on
   * @param loss the mean training loss
   * @param metric the validation metric after it (ndcg@10), NaN where it was not measured
   * @param learningRate at its last step
   * @param seconds how long it took, measuring included
   */
  record Epoch(int number, double loss, double metric, double learningRate, double seconds) {}
}
