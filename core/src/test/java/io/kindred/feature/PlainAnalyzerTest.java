package io.kindred.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainAnalyzerTest {
  private final Analyzer analyzer = Analyzers.of("plain");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "Toy Story (1995); toy story 1995",
        "Don't Look Now; dont look now",
        "Amélie, ÄRGER & Œuvre; amélie ärger œuvre",
        "ﬁlm ＡＢＣ; film abc",
        "💥 boom ❤️ 2x; boom 2x",
        "千と千尋の神隠し; 千と と千 千尋 尋の の神 神隠 隠し",
        "龍; 龍",
        "Zelda ゼルダの伝説 2; zelda ゼル ルダ ダの の伝 伝説 2",
        "スーパー; スー ーパ パー",
        "русский Ελληνικά; русский ελληνικά",
        "한국 영화; 한국 영화",
        "हिन्दी फ़िल्म; हिन्दी फ़िल्म"
      })
  void words_anyLanguage_areWhatOneComparesBy(String text, String words) {
    String normal = Normalizer.normalize(words, Normalizer.Form.NFKC);
    assertThat(analyzer.words(text)).containsExactly(normal.split(" "));
  }

  @Test
  void words_denseScripts_areOverlappingPairs() {
    assertThat(analyzer.words("千と千尋")).containsExactly("千と", "と千", "千尋");
    assertThat(analyzer.words("a龍b")).containsExactly("a", "龍", "b");
    assertThat(analyzer.words("東京 2 東")).containsExactly("東京", "2", "東");
  }

  @Test
  void words_nothingToCompareBy_areNone() {
    assertThat(analyzer.words("")).isEmpty();
    assertThat(analyzer.words(" \t\n… — 🎬🎥 !?")).isEmpty();
    assertThat(analyzer.words("\ud83c")).isEmpty(); // half an emoji
  }

  @Test
  void words_oneLongRun_isCutOff() {
    assertThat(analyzer.words("x".repeat(1_000_000))).containsExactly("x".repeat(64));
    assertThat(analyzer.words("ab ".repeat(400_000))).hasSize(400_000).containsOnly("ab");
  }

  @Test
  void of_unknownLanguage_namesThoseThatThereAre() {
    assertThatThrownBy(() -> Analyzers.of("klingon"))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "unknown language 'klingon'; known are plain; "
                + "kindred-text on the class path brings those of Lucene");
  }
}
