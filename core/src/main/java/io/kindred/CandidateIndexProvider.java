package io.kindred;

import java.nio.file.Path;

/**
 * Builds and opens indexes of candidates; found with {@link java.util.ServiceLoader}. The module
 * kindred-ann brings one.
 */
public interface CandidateIndexProvider {
  /**
   * Builds an index of the vectors of a model and writes it: whole or not at all.
   *
   * @param model whose items
   * @param file what is there is replaced
   * @param context the seed is not used: there is no random choice that it could steer
   * @throws KindredException if the file cannot be written, or the model has no item to find
   */
  void build(VectorModel model, Path file, TrainingContext context);

  /**
   * Opens an index.
   *
   * @param model the one that it was built from
   * @throws KindredException if there is no such file, it is damaged, of a newer format, or was
   *     built from other vectors than those of the model
   */
  CandidateIndex open(VectorModel model, Path file);
}
