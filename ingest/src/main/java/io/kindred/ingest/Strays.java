package io.kindred.ingest;

/** What stands around an id by accident: spaces, tabs, no-break spaces, byte order marks. */
final class Strays {
  private Strays() {}

  /** Whether a byte can belong to one. */
  static boolean mayBe(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r') || b < 0;
  }

  /** Where the text begins between two places. */
  static int start(byte[] bytes, int from, int to) {
    int at = from;
    int width = width(bytes, at, to);
    while (width > 0) {
      at += width;
      width = width(bytes, at, to);
    }
    return at;
  }

  /** Where the text ends between two places. */
  static int end(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from) {
      int width = bytes[at - 1] >= 0 ? 1 : bytes[at - 1] == (byte) 0xbf ? 3 : 2;
      if (at - width < from || width(bytes, at - width, at) != width) {
        return at;
      }
      at -= width;
    }
    return at;
  }

  private static int width(byte[] bytes, int at, int to) {
    if (at >= to) {
      return 0;
    }
    if (bytes[at] >= 0) {
      return mayBe(bytes[at]) ? 1 : 0;
    }
    boolean mark =
        at + 3 <= to
            && bytes[at] == (byte) 0xef
            && bytes[at + 1] == (byte) 0xbb
            && bytes[at + 2] == (byte) 0xbf;
    boolean hardSpace = at + 2 <= to && bytes[at] == (byte) 0xc2 && bytes[at + 1] == (byte) 0xa0;
    return mark ? 3 : hardSpace ? 2 : 0;
  }
}
