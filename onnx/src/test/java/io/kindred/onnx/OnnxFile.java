package io.kindred.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small models in the ONNX format, which is made of protocol buffers. */
final class OnnxFile {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

  /** A node; {@code axes} makes it drop these axes. */
  OnnxFile node(String type, String output, long[] axes, String... inputs) {
    ByteArrayOutputStream node = new ByteArrayOutputStream();
    for (String input : inputs) {
      text(node, 1, input);
    }
    text(node, 2, output);
    text(node, 4, type);
    if (axes.length > 0) {
      ByteArrayOutputStream list = new ByteArrayOutputStream();
      text(list, 1, "axes");
      for (long axis : axes) {
        number(list, 8, axis);
      }
      number(list, 20, 7);
      message(node, 5, list);
      ByteArrayOutputStream keep = new ByteArrayOutputStream();
      text(keep, 1, "keepdims");
      number(keep, 3, 0);
      number(keep, 20, 2);
      message(node, 5, keep);
    }
    message(graph, 1, node);
    return this;
  }

  /** A constant of floats. */
  OnnxFile constant(String name, float[] values, long... shape) {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    for (long size : shape) {
      number(tensor, 1, size);
    }
    number(tensor, 2, FLOAT);
    text(tensor, 8, name);
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    bytes(tensor, 9, raw.array());
    message(graph, 5, tensor);
    return this;
  }

  /** An input of whole numbers. */
  OnnxFile ids(String name) {
    message(graph, 11, value(name, INT64, -1, -1));
    return this;
  }

  /** An input of floats; -1 is any size. */
  OnnxFile floats(String name, long... shape) {
    message(graph, 11, value(name, FLOAT, shape));
    return this;
  }

  /** An output of floats; -1 is any size. */
  OnnxFile output(String name, long... shape) {
    message(graph, 12, value(name, FLOAT, shape));
    return this;
  }

  byte[] bytes() {
    text(graph, 2, "test");
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    number(model, 1, 8);
    message(model, 7, graph);
    ByteArrayOutputStream operators = new ByteArrayOutputStream();
    text(operators, 1, "");
    number(operators, 2, 13);
    message(model, 8, operators);
    return model.toByteArray();
  }

  private static ByteArrayOutputStream value(String name, int type, long... shape) {
    ByteArrayOutputStream sizes = new ByteArrayOutputStream();
    for (int n = 0; n < shape.length; n++) {
      ByteArrayOutputStream size = new ByteArrayOutputStream();
      if (shape[n] < 0) {
        text(size, 2, name + n);
      } else {
        number(size, 1, shape[n]);
      }
      message(sizes, 1, size);
    }
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    number(tensor, 1, type);
    message(tensor, 2, sizes);
    ByteArrayOutputStream is = new ByteArrayOutputStream();
    message(is, 1, tensor);
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    text(value, 1, name);
    message(value, 2, is);
    return value;
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    varint(out, (long) field << 3);
    varint(out, value);
  }

  private static void text(ByteArrayOutputStream out, int field, String text) {
    bytes(out, field, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void message(ByteArrayOutputStream out, int field, ByteArrayOutputStream part) {
    bytes(out, field, part.toByteArray());
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] bytes) {
    varint(out, (long) field << 3 | 2);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
      out.write((int) (rest & 0x7f | 0x80));
    }
    out.write((int) rest);
  }
}
