package io.kindred.feature;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Words of any language without knowing it: runs of letters, marks and digits, in lower case and
 * Unicode form NFKC. Of scripts that are written without spaces (Han, Hiragana, Katakana, Thai,
 * Lao, Khmer, Myanmar), the overlapping pairs of characters; a single one is its own word. An
 * apostrophe inside a word is dropped, and words longer than 64 characters are cut there. No stop
 * words. Thread-safe. Costs O(length).
 */
final class PlainAnalyzer implements Analyzer {
  private static final int LONGEST = 64;

  @Override
  public List<String> words(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int before = -1; // the character before, where it is of a script without spaces
    boolean alone = false;
    for (int at = 0; at < normal.length(); ) {
      int c = normal.codePointAt(at);
      at += Character.charCount(c);
      boolean dense = isDense(c);
      if (dense) {
        end(word, words);
        if (before >= 0) {
          words.add(new StringBuilder().appendCodePoint(before).appendCodePoint(c).toString());
        }
        alone = before < 0;
        before = c;
        continue;
      }
      if (alone) {
        words.add(Character.toString(before));
      }
      alone = false;
      before = -1;
      if (isWord(c)) {
        if (word.length() < LONGEST) {
          word.appendCodePoint(c);
        }
      } else if (c != '\'' && c != '\u2019') {
        end(word, words);
      }
    }
    if (alone) {
      words.add(Character.toString(before));
    }
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isWord(int c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || ((type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK)
            && !(c >= 0xfe00 && c <= 0xfe0f)); // selectors of emoji forms
  }

  private static boolean isDense(int c) {
    if (c < 0x0e00 || !Character.isLetter(c)) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return switch (script) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> c == 'ー'; // the mark of long vowels is of no script of its own
    };
  }
}
