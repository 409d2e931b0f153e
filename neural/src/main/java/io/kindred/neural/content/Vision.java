package io.kindred.neural.content;

import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;

/** What makes vectors of pictures. */
interface Vision {
  /**
   * The vectors of pictures.
   *
   * @param input of all pictures, one after the other
   * @param count how many there are
   * @param dropout before the last layer
   * @return [count, out]
   */
  Tensor apply(float[] input, int count, double dropout, Noise noise);
}
