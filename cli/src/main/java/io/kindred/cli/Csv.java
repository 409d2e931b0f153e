package io.kindred.cli;

import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** Writes rows of comma-separated values as RFC 4180 has them, with LF line ends. */
final class Csv {
  private Csv() {}

  /** Writes one row. Numbers are written as Java writes them; absent values are empty. */
  static void row(Writer out, @Nullable Object... cells) throws IOException {
    for (int c = 0; c < cells.length; c++) {
      if (c > 0) {
        out.write(',');
      }
      out.write(quoted(cells[c] == null ? "" : String.valueOf(cells[c])));
    }
    out.write('\n');
  }

  private static String quoted(String text) {
    for (int at = 0; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case ',', '"', '\n', '\r' -> {
          return '"' + text.replace("\"", "\"\"") + '"';
        }
        default -> {
          // stands as it is
        }
      }
    }
    return text;
  }
}
