package io.kindred.text;

import io.kindred.feature.Analyzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The words that an analyzer of Lucene finds in a text of Unicode form NFC. Thread-safe, as
 * Lucene's are: each thread has its own state. Costs O(length).
 */
final class LuceneAnalyzer implements Analyzer {
  private final org.apache.lucene.analysis.Analyzer lucene;

  LuceneAnalyzer(org.apache.lucene.analysis.Analyzer lucene) {
    this.lucene = lucene;
  }

  @Override
  public List<String> words(String text) {
    List<String> words = new ArrayList<>();
    String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
    try (TokenStream tokens = lucene.tokenStream("text", normal)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        String word = term.toString();
        if (word.codePoints().anyMatch(Character::isLetterOrDigit)) { // else emoji or punctuation
          words.add(word);
        }
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("reading a text in memory", e);
    }
    return words;
  }
}
