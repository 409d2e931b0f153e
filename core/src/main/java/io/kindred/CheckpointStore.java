package io.kindred;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps the state of one unfinished training, so that it can go on after a crash. Used by one
 * training at a time.
 */
public interface CheckpointStore {
  /**
   * Replaces the checkpoint, whole or not at all.
   *
   * @param content writes the state
   * @throws KindredException if it cannot be written; the old one is still there then
   */
  void save(Consumer<ArrayWriter> content);

  /**
   * Reads the checkpoint.
   *
   * @param reader makes something of the state
   * @return empty where there is none
   * @throws KindredException if it is damaged
   */
  <T> Optional<T> load(Function<ArrayReader, T> reader);

  /** Where it is, as a person reads it. */
  String place();

  /**
   * The error of a training that finds the checkpoint of another one, to be thrown.
   *
   * @param algorithm the name of the algorithm
   * @param theirs what the checkpoint is of
   * @param ours what is trained
   */
  default KindredException ofAnotherTraining(String algorithm, String theirs, String ours) {
    return new KindredException(
        algorithm
            + ": the checkpoint at "
            + place()
            + " is of another training. It is of "
            + theirs
            + ", this is "
            + ours
            + ". Choose another folder, or delete it.");
  }
}
