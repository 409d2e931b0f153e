package io.kindred;

/** Takes named arrays. Names are of letters, digits, '.', '_' and '-', each once. */
public interface ArrayWriter {
  /**
   * Floats of a shape whose product is the length; no shape: one dimension.
   *
   * @throws KindredException if one is NaN or infinite, naming array and place: {@link
   *     ArrayReader#floats} would not read it
   */
  void floats(String name, float[] values, int... shape);

  /** The same for arrays in which NaN or infinity mean something. */
  void anyFloats(String name, float[] values, int... shape);

  /** Ints of a shape whose product is the length; no shape: one dimension. */
  void ints(String name, int[] values, int... shape);

  /** Longs, one dimension. */
  void longs(String name, long[] values);

  /** Bytes, one dimension. */
  void bytes(String name, byte[] values);
}
