package io.kindred.feature;

import java.util.List;

/** Takes a text apart into the words by which it is compared. Thread-safe. */
@FunctionalInterface
public interface Analyzer {
  /**
   * The words of a text in their order, repeats included; none of them empty.
   *
   * @param text any text, however long; what is no word in it (punctuation, emoji) is passed over
   */
  List<String> words(String text);
}
