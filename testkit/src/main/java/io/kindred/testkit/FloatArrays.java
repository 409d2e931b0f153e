package io.kindred.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The arrays of floats of a safetensors file, to be damaged. */
final class FloatArrays {
  private static final Pattern FLOATS =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"F32\",\"shape\":[^]]*],\"data_offsets\":\\[(\\d+),(\\d+)]}");

  private final Path file;
  private final byte[] whole;

  /**
   * One array.
   *
   * @param name as the header has it
   * @param from its first byte in the file
   * @param count of floats
   */
  record Array(String name, int from, int count) {}

  private FloatArrays(Path file, byte[] whole) {
    this.file = file;
    this.whole = whole;
  }

  static FloatArrays of(Path file) throws IOException {
    return new FloatArrays(file, Files.readAllBytes(file));
  }

  /** All arrays that have any floats. */
  List<Array> all() {
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Matcher matcher = FLOATS.matcher(new String(whole, 8, header, StandardCharsets.UTF_8));
    List<Array> arrays = new ArrayList<>();
    while (matcher.find()) {
      int from = Integer.parseInt(matcher.group(2));
      int count = (Integer.parseInt(matcher.group(3)) - from) / Float.BYTES;
      if (count > 0) {
        arrays.add(new Array(matcher.group(1), 8 + header + from, count));
      }
    }
    return arrays;
  }

  /** Writes the file with another float in the middle of an array. */
  void write(Array array, float value) throws IOException {
    byte[] damaged = whole.clone();
    ByteBuffer.wrap(damaged)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(array.from + array.count / 2 * Float.BYTES, value);
    Files.write(file, damaged);
  }

  /** Writes the file as it was. */
  void restore() throws IOException {
    Files.write(file, whole);
  }
}
