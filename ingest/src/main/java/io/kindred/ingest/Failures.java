package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Messages that several readers share. */
final class Failures {
  private static final int SHOWN = 80;

  private Failures() {}

  static KindredException reading(String file, IOException cause) {
    String why =
        cause instanceof NoSuchFileException
            ? "there is no such file"
            : cause instanceof AccessDeniedException
                ? "no permission to read it"
                : cause instanceof CharacterCodingException
                    ? "it has bytes that are no characters of its encoding (another can be named:"
                        + " --encoding)"
                    : String.valueOf(cause.getMessage());
    return new KindredException("cannot read " + file + ": " + why, cause);
  }

  /** A value as it may stand in a message: short, on one line, in quotes. */
  static String quoted(String value) {
    StringBuilder shown = new StringBuilder("'");
    int length = Math.min(value.length(), SHOWN);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c == '\n') {
        shown.append("\\n");
      } else if (c == '\t') {
        shown.append("\\t");
      } else if (Character.isISOControl(c)) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.append(value.length() > SHOWN ? "...'" : "'").toString();
  }

  /** Of some names the one that looks most like a wanted one, if any is near. */
  static Optional<String> closest(String wanted, Collection<String> names) {
    String best = null;
    int least = Math.max(2, wanted.length() / 2);
    for (String name : names) {
      int distance = distance(normalized(wanted), normalized(name));
      if (distance <= least) {
        least = distance - 1;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** A column name without case, spaces, '_', '-' and '.'. */
  static String normalized(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[ _.-]", "");
  }

  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = above[0];
      above[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = above[j];
        above[j] = Math.min(changed, 1 + Math.min(above[j], above[j - 1]));
      }
    }
    return above[b.length()];
  }
}
