package io.kindred.ann;

import io.kindred.KindredException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a catalogue as an index has them. An item whose vector is all zeros cannot be
 * scored, and has none.
 */
final class Vectors {
  /** Squares of longer vectors, and of shorter ones, leave the range of a float. */
  private static final double LONGEST = 1e18;

  private static final double SHORTEST = 1e-18;

  private Vectors() {}

  /**
   * The rows of a matrix; {@code null} where an item has no vector.
   *
   * @param flat shape {@code float[items x dimensions]}, row-major
   * @throws KindredException if an element is not finite
   */
  static float[] @Nullable [] rows(float[] flat, int dimensions) {
    float[] @Nullable [] rows = new float[flat.length / dimensions][];
    for (int item = 0; item < rows.length; item++) {
      float[] row = new float[dimensions];
      System.arraycopy(flat, item * dimensions, row, 0, dimensions);
      rows[item] = isZero(row) ? null : row;
      check(item, row);
    }
    return rows;
  }

  /** Refuses what is not finite. */
  static void check(int item, float[] vector) {
    for (float element : vector) {
      if (!Float.isFinite(element)) {
        throw new KindredException(
            "the vectors of items must be finite numbers; that of item "
                + item
                + " has "
                + element
                + ". Train the model again, with a smaller learning rate or more regularization");
      }
    }
  }

  static boolean isZero(float[] vector) {
    for (float element : vector) {
      if (element != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The square of the length of the longest vector.
   *
   * @throws KindredException if inner products of such vectors leave the range of a float
   */
  static double largestSquare(Iterable<float[]> vectors) {
    double largest = 0;
    for (float[] vector : vectors) {
      largest = Math.max(largest, square(vector));
    }
    double length = Math.sqrt(largest);
    if (largest > 0 && !(length >= SHORTEST && length <= LONGEST)) {
      throw new KindredException(
          "the longest vector of the items has the length "
              + length
              + "; an index takes lengths from "
              + SHORTEST
              + " to "
              + LONGEST);
    }
    return largest;
  }

  static double square(float[] vector) {
    double sum = 0;
    for (float element : vector) {
      sum += (double) element * element;
    }
    return sum;
  }

  /**
   * The SHA-256 of all vectors of a catalogue, little-endian, one after the other, zeros where an
   * item has none.
   */
  static byte[] fingerprint(int items, int dimensions, IntFunction<float @Nullable []> row) {
    MessageDigest digest = sha256();
    byte[] bytes = new byte[dimensions * Float.BYTES];
    byte[] zeros = new byte[bytes.length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int item = 0; item < items; item++) {
      float[] vector = row.apply(item);
      if (vector == null) {
        digest.update(zeros);
        continue;
      }
      for (int k = 0; k < dimensions; k++) {
        buffer.putFloat(k * Float.BYTES, vector[k] + 0f); // -0.0 is 0.0
      }
      digest.update(bytes);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
