package io.kindred.blend;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;

/** The arrays of one member among those of a blend: each name has a prefix. */
final class MemberArrays {
  private MemberArrays() {}

  private static String prefix(int part) {
    return "member" + (part + 1) + ".";
  }

  /** Writes the arrays of a part, the first of which is 0. */
  static ArrayWriter of(ArrayWriter out, int part) {
    return new Writer(out, prefix(part));
  }

  /** Reads the arrays of a part, the first of which is 0. */
  static ArrayReader of(ArrayReader in, int part) {
    return new Reader(in, prefix(part));
  }

  private record Writer(ArrayWriter out, String prefix) implements ArrayWriter {
    @Override
    public void floats(String name, float[] values, int... shape) {
      out.floats(prefix + name, values, shape);
    }

    @Override
    public void anyFloats(String name, float[] values, int... shape) {
      out.anyFloats(prefix + name, values, shape);
    }

    @Override
    public void ints(String name, int[] values, int... shape) {
      out.ints(prefix + name, values, shape);
    }

    @Override
    public void longs(String name, long[] values) {
      out.longs(prefix + name, values);
    }

    @Override
    public void bytes(String name, byte[] values) {
      out.bytes(prefix + name, values);
    }
  }

  private record Reader(ArrayReader in, String prefix) implements ArrayReader {
    @Override
    public boolean has(String name) {
      return in.has(prefix + name);
    }

    @Override
    public int[] shape(String name) {
      return in.shape(prefix + name);
    }

    @Override
    public float[] floats(String name, int... shape) {
      return in.floats(prefix + name, shape);
    }

    @Override
    public float[] anyFloats(String name, int... shape) {
      return in.anyFloats(prefix + name, shape);
    }

    @Override
    public int[] ints(String name, int... shape) {
      return in.ints(prefix + name, shape);
    }

    @Override
    public long[] longs(String name, int... length) {
      return in.longs(prefix + name, length);
    }

    @Override
    public byte[] bytes(String name, int... length) {
      return in.bytes(prefix + name, length);
    }

    @Override
    public KindredException wrong(String name, String problem) {
      return in.wrong(prefix + name, problem);
    }
  }
}
