package io.kindred.server.http;

/** Keeps what a client sent short where it is sent back. */
final class Shorten {
  private static final int LONGEST = 120;

  private Shorten() {}

  static String text(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "…";
  }
}
