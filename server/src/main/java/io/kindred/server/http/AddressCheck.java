package io.kindred.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the percent signs of an address stand for bytes of UTF-8. */
final class AddressCheck {
  private AddressCheck() {}

  /** What is wrong with an address; empty where nothing is. */
  static Optional<String> wrong(@Nullable String path, @Nullable String query) {
    Optional<String> wrong = wrongPart("path", path);
    return wrong.isPresent() ? wrong : wrongPart("query", query);
  }

  private static Optional<String> wrongPart(String what, @Nullable String text) {
    if (text == null || text.indexOf('%') < 0) {
      return Optional.empty();
    }
    byte[] run = new byte[text.length() / 3];
    int length = 0;
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '%') {
        int high = at + 1 < text.length() ? digit(text.charAt(at + 1)) : -1;
        int low = at + 2 < text.length() ? digit(text.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
          return Optional.of(
              "the "
                  + what
                  + " of the address has '"
                  + text.substring(at, Math.min(text.length(), at + 3))
                  + "'; after a percent sign two hexadecimal digits must follow, and a percent sign"
                  + " itself is %25");
        }
        run[length++] = (byte) (16 * high + low);
        at += 2;
      }
      boolean ends = at + 1 == text.length() || text.charAt(at + 1) != '%';
      if (ends && length > 0) {
        if (!isUtf8(run, length)) {
          return Optional.of("the " + what + " of the address is not valid UTF-8");
        }
        length = 0;
      }
    }
    return Optional.empty();
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static boolean isUtf8(byte[] bytes, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
