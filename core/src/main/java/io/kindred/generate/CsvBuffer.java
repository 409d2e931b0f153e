package io.kindred.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds CSV rows (RFC 4180, UTF-8, lines ended by LF) as bytes. Not thread-safe. */
final class CsvBuffer {
  private byte[] bytes;
  private int size;
  private boolean rowStarted;

  CsvBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  /** Adds a field that needs no quotes, as UTF-8 bytes. */
  CsvBuffer raw(byte[] utf8) {
    return raw(utf8, 0, utf8.length);
  }

  /** Adds a field that needs no quotes, a part of an array of UTF-8 bytes. */
  CsvBuffer raw(byte[] utf8, int from, int to) {
    start(to - from);
    System.arraycopy(utf8, from, bytes, size, to - from);
    size += to - from;
    return this;
  }

  /** Adds a number of half units below 20 as a decimal: 7 is 3.5. */
  CsvBuffer halves(int halves) {
    start(3);
    bytes[size++] = (byte) ('0' + halves / 2);
    bytes[size++] = '.';
    bytes[size++] = (byte) (halves % 2 == 0 ? '0' : '5');
    return this;
  }

  /** Adds a text field, quoted where commas, quotes, line ends or outer spaces ask for it. */
  CsvBuffer text(String text) {
    return raw(
        (mustQuote(text) ? '"' + text.replace("\"", "\"\"") + '"' : text)
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a whole number of 0 or more. */
  CsvBuffer number(long number) {
    start(20);
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  void endRow() {
    room(1);
    bytes[size++] = '\n';
    rowStarted = false;
  }

  private static boolean mustQuote(String text) {
    if (text.isEmpty()) {
      return false;
    }
    if (text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ') {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }

  private void start(int fieldSize) {
    room(fieldSize + 1);
    if (rowStarted) {
      bytes[size++] = ',';
    }
    rowStarted = true;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
