package io.kindred.store;

import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Collects named arrays and writes them as one safetensors file.
 *
 * <p>The format: the length of the header as a little-endian 64-bit number; the header, a JSON
 * object that gives each array its {@code dtype} (I64, F32, I32, U8), {@code shape} and {@code
 * data_offsets} (first byte and byte after the last, counted from the end of the header), padded
 * with spaces to a multiple of 8 bytes; then the arrays without gaps, little-endian, those with
 * wider elements first, so that each is aligned. Arrays are not copied before {@link #write}. Not
 * thread-safe.
 */
final class SafetensorsWriter implements ArrayWriter {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private record Tensor(String name, DType type, int[] shape, Object values) {
    long bytes() {
      return DType.count(shape) * type.bytes();
    }
  }

  @Override
  public void floats(String name, float[] values, int... shape) {
    int place = notFinite(values);
    if (place >= 0) {
      throw new KindredException(
          "array '"
              + name
              + "' has "
              + values[place]
              + " at place "
              + place
              + " and cannot be kept: the training left the range of numbers. Look at the values of"
              + " the data, and at the hyperparameters");
    }
    anyFloats(name, values, shape);
  }

  /** The first place that holds NaN or infinity, or -1. */
  static int notFinite(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value * 0f; // 0, or NaN for good
    }
    for (int place = 0; sum != 0 && place < values.length; place++) {
      if (!Float.isFinite(values[place])) {
        return place;
      }
    }
    return -1;
  }

  @Override
  public void anyFloats(String name, float[] values, int... shape) {
    add(name, DType.F32, values, values.length, shape);
  }

  @Override
  public void ints(String name, int[] values, int... shape) {
    add(name, DType.I32, values, values.length, shape);
  }

  @Override
  public void longs(String name, long[] values) {
    add(name, DType.I64, values, values.length);
  }

  @Override
  public void bytes(String name, byte[] values) {
    add(name, DType.U8, values, values.length);
  }

  private void add(String name, DType type, Object values, int length, int... shape) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "array name '" + name + "' has other characters than letters, digits, '.', '_' and '-'");
    }
    int[] full = shape.length == 0 ? new int[] {length} : shape.clone();
    if (DType.count(full) != length) {
      throw new IllegalArgumentException(
          "array '" + name + "' has " + length + " values, not " + Arrays.toString(full));
    }
    if (tensors.put(name, new Tensor(name, type, full, values)) != null) {
      throw new IllegalArgumentException("two arrays are called '" + name + "'");
    }
  }

  Manifest.Entry write(Path file) throws IOException {
    List<Tensor> order = new ArrayList<>(tensors.values());
    order.sort(Comparator.comparingInt(tensor -> -tensor.type.bytes())); // stable
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "kindred"));
    long offset = 0;
    for (Tensor tensor : order) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.type.name());
      entry.put("shape", tensor.shape);
      entry.put("data_offsets", new long[] {offset, offset + tensor.bytes()});
      header.put(tensor.name, entry);
      offset += tensor.bytes();
    }
    byte[] json = JsonFields.write(header, false);
    byte[] padding = " ".repeat((8 - json.length % 8) % 8).getBytes(StandardCharsets.US_ASCII);
    try (FileOut out = new FileOut(file)) {
      out.put((long) json.length + padding.length);
      out.put(json);
      out.put(padding);
      for (Tensor tensor : order) {
        switch (tensor.type) {
          case I64 -> out.put((long[]) tensor.values);
          case F32 -> out.put((float[]) tensor.values);
          case I32 -> out.put((int[]) tensor.values);
          case U8 -> out.put((byte[]) tensor.values);
        }
      }
      return out.finish();
    }
  }
}
