package io.kindred.store;

/** Types of array elements, by their names in safetensors. */
enum DType {
  I64(8),
  F32(4),
  I32(4),
  U8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The bytes of one element. */
  int bytes() {
    return bytes;
  }

  /** The number of elements of a shape; no dimensions: one. */
  static long count(int... shape) {
    long count = 1;
    for (int dimension : shape) {
      count = Math.multiplyExact(count, (long) dimension);
    }
    return count;
  }
}
