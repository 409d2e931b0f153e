package io.kindred.ingest;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers; what Java alone takes for a number ("1f", "0x1p3", "NaN") is none here.
 */
final class Numbers {
  private static final double[] POWERS = new double[19];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private Numbers() {}

  /** The number, or NaN where the bytes are none; infinite where it is too large. */
  static double parse(byte[] bytes, int from, int to) {
    if (to - from > 17 || from == to) {
      return parse(new String(bytes, from, to - from, StandardCharsets.UTF_8).strip());
    }
    int p = from;
    boolean negative = bytes[p] == '-';
    if (negative) {
      p++;
    }
    long digits = 0; // at most 17 digits: below 2^53 up to 15 of them
    int count = 0;
    int decimals = -1;
    for (; p < to; p++) {
      byte b = bytes[p];
      if (b >= '0' && b <= '9') {
        digits = digits * 10 + (b - '0');
        count++;
        decimals += decimals >= 0 ? 1 : 0;
      } else if (b == '.' && decimals < 0) {
        decimals = 0;
      } else {
        return parse(new String(bytes, from, to - from, StandardCharsets.UTF_8).strip());
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    if (count > 15) {
      return parse(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
    double magnitude = decimals > 0 ? digits / POWERS[decimals] : digits;
    return negative ? -magnitude : magnitude;
  }

  /** The number, or NaN where the text is none; infinite where it is too large. */
  static double parse(String text) {
    if (text.isEmpty() || text.length() > 400) {
      return Double.NaN;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The same of a text with a decimal comma; a point is part of no number. */
  static double parseComma(String text) {
    return text.indexOf('.') >= 0 ? Double.NaN : parse(text.replace(',', '.'));
  }
}
