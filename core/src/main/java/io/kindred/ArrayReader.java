package io.kindred;

/**
 * Gives named arrays back. What is missing or of another type or length is a {@link
 * KindredException} that names the bundle and the array.
 */
public interface ArrayReader {
  /** Whether there is an array of a name. */
  boolean has(String name);

  /** The shape of an array. */
  int[] shape(String name);

  /** All floats of an array. */
  float[] floats(String name);

  /** All ints of an array. */
  int[] ints(String name);

  /** All longs of an array. */
  long[] longs(String name);

  /** All bytes of an array. */
  byte[] bytes(String name);

  /** An error in the named array, to be thrown: says bundle, array and what is wrong. */
  KindredException wrong(String name, String problem);
}
