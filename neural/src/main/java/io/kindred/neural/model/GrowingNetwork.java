package io.kindred.neural.model;

import io.kindred.data.Dataset;
import io.kindred.data.Features;

/** A network that has vectors of items nobody has done anything with, from their features alone. */
public interface GrowingNetwork extends VectorNetwork {
  /**
   * The same network with more items; this one does not change. Not inside a scope.
   *
   * @param larger the data with the new items, which come last
   * @param features of the new items; what is missing is not known
   * @throws io.kindred.KindredException if the features do not fit those of the training
   */
  GrowingNetwork withItems(Dataset larger, Features features);
}
