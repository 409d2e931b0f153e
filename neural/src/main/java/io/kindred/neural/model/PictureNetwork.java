package io.kindred.neural.model;

import io.kindred.SaliencyMap;
import io.kindred.data.History;
import java.nio.file.Path;

/** A network that makes vectors of items from their pictures. */
public interface PictureNetwork extends GrowingNetwork {
  /** Whether this one does, by its hyperparameters. */
  boolean seesPictures();

  /** The cosine of what it keeps of the pictures of two items. */
  double likeness(int item, int other);

  /**
   * Which pixels of a picture speak for it; not inside a scope.
   *
   * @param history not empty
   * @throws io.kindred.KindredException if the file cannot be read as a picture
   */
  SaliencyMap saliency(History history, Path picture);
}
