package io.kindred;

import java.nio.file.Path;

/** Says what of an item's picture made the score. Implemented by models. Thread-safe. */
public interface PictureExplainer {
  /**
   * How alike two items look to the model: the cosine of what it keeps of their pictures, from -1
   * to 1. For an item without picture, that of a mean picture.
   *
   * @param item item index
   * @param other item index
   */
  double likeness(int item, int other);

  /**
   * Which pixels of a picture speak for it.
   *
   * @param profile the person, with a history
   * @param picture the file of the picture: of an item, or of one that the model never saw
   * @throws KindredException if the history is empty, or the file cannot be read as a picture
   */
  SaliencyMap saliency(Profile profile, Path picture);
}
