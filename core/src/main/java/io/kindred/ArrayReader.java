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

  /**
   * All floats of an array; if a shape is given, it must have just that. NaN and infinity are
   * errors that name the array: a model with one of them would score nothing, or wrongly.
   */
  float[] floats(String name, int... shape);

  /**
   * The same for the few arrays in which NaN or infinity mean something: what is not known of an
   * item, and the state of an optimizer.
   */
  float[] anyFloats(String name, int... shape);

  /** All ints of an array; if a shape is given, it must have just that. */
  int[] ints(String name, int... shape);

  /** All ints of an array that are indexes: each at least 0 and below a bound. */
  default int[] indexes(String name, int below, int... shape) {
    int[] indexes = ints(name, shape);
    for (int place = 0; place < indexes.length; place++) {
      if (indexes[place] < 0 || indexes[place] >= below) {
        throw wrong(
            name,
            "index " + indexes[place] + " at place " + place + " is outside [0, " + below + ")");
      }
    }
    return indexes;
  }

  /** All longs of an array; if a length is given, it must have just that. */
  long[] longs(String name, int... length);

  /** All bytes of an array; if a length is given, it must have just that. */
  byte[] bytes(String name, int... length);

  /** An error in the named array, to be thrown: says bundle, array and what is wrong. */
  KindredException wrong(String name, String problem);
}
