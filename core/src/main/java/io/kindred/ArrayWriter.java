package io.kindred;

/** Takes named arrays. Names are of letters, digits, '.', '_' and '-', each once. */
public interface ArrayWriter {
  /** Floats of a shape whose product is the length; no shape: one dimension. */
  void floats(String name, float[] values, int... shape);

  /** Ints of a shape whose product is the length; no shape: one dimension. */
  void ints(String name, int[] values, int... shape);

  /** Longs, one dimension. */
  void longs(String name, long[] values);

  /** Bytes, one dimension. */
  void bytes(String name, byte[] values);
}
