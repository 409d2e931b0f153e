package io.kindred.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.TrainingContext;
import io.kindred.content.ContentKnn;
import io.kindred.content.ContentModel;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.feature.Analyzer;
import io.kindred.feature.Analyzers;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LuceneAnalyzersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Germanic
        "english    | The running dogs of the cities      | run dog citi",
        "german     | Die Bücher und das Buch der Häuser  | buch buch haus",
        "dutch      | De honden van het huis              | hond huis",
        "swedish    | Flickorna och pojkarna              | flick pojk",
        "danish     | Hundene og huset                    | hund hus",
        "norwegian  | Hundene og bilen                    | hund bil",
        // Romance
        "french     | L'amour et les chevaux rapides      | amou cheval rapid",
        "spanish    | Los libros y las canciones          | libr cancion",
        "italian    | L'amore e le canzoni belle          | amore canzon belle",
        "portuguese | Os livros e as canções              | livr canca",
        "brazilian  | Os meninos e as meninas             | menin menin",
        "romanian   | Copiii şi cărţile                   | copii cărţ",
        "catalan    | Els llibres i les cançons           | llibr cançon",
        "galician   | Os libros e as cancións             | libro cant",
        // Slavic
        "russian    | Книги и книга о красивых городах    | книг книг красив город",
        "czech      | Knihy a krásné filmy                | knih krásn film",
        "bulgarian  | Книгите и градовете                 | книг град",
        "serbian    | Књиге и градови                     | knjig gradov",
        // Uralic and Turkic
        "finnish    | Kirjat ja talot                     | kirj talo",
        "hungarian  | A könyvek és a házak                | könyv ház",
        "estonian   | Raamatud ja majad                   | raama maja",
        "turkish    | Kitaplar ve evler                   | kitap ev",
        // Baltic, Celtic, Basque, Greek, Armenian
        "latvian    | Grāmatas un mājas                   | grāmat māj",
        "lithuanian | Knygos ir namai                     | knyg nam",
        "irish      | Na leabhair agus na tithe           | leabhair tithe",
        "basque     | Liburuak eta etxeak                 | liburu etxe",
        "greek      | Τα βιβλία και οι πόλεις             | βιβλ πολ",
        "armenian   | Գրքեր և քաղաքներ                    | գրքեր քաղ",
        // Semitic, Iranian, Indic, Dravidian, Malay
        "arabic     | الكتاب والكتب                       | كتاب كتب",
        "persian    | کتاب‌ها و شهر                        | كتاب شهر",
        "sorani     | کتێبەکان و شار                      | کتێب شار",
        "hindi      | किताबें और शहर                      | किताब शहर",
        "bengali    | বইগুলো ও শহর                        | বই সহর",
        "nepali     | किताबहरू र सहर                      | किताब सहर",
        "tamil      | புத்தகங்கள் நகரம்                   | புத்தகம் நகரம்",
        "telugu     | పుస్తకాలు నగరం                      | పుస్తకా నగరం",
        "indonesian | Buku-buku dan membaca               | buku buku baca",
        // No spaces
        "chinese    | 我喜欢看电影                        | 我 喜欢 看 电影",
        "japanese   | 寿司を食べました                    | 寿司 食べる",
        "korean     | 한국의 영화를 좋아합니다            | 한국 영화 좋아하",
        "cjk        | 東京都                              | 東京 京都",
        "thai       | ภาพยนตร์ไทย                         | ภาพยนตร์ ไทย",
      })
  void words_ofALanguage_areStemsWithoutStopWords(String language, String text, String words) {
    assertThat(Analyzers.of(language).words(text)).containsExactly(words.split(" "));
  }

  @ParameterizedTest
  @CsvSource({"german,Bücher,Buch", "english,movies,movie", "russian,городов,город"})
  void words_formsOfAWord_areTheSame(String language, String one, String other) {
    Analyzer analyzer = Analyzers.of(language);
    assertThat(analyzer.words(one)).hasSize(1).isEqualTo(analyzer.words(other));
    assertThat(Analyzers.of("plain").words(one)).isNotEqualTo(Analyzers.of("plain").words(other));
  }

  @Test
  void words_decomposedLetters_areTheComposedOnes() {
    Analyzer german = Analyzers.of("german");
    assertThat(german.words("Mu\u0308ller")).isEqualTo(german.words("Müller"));
    assertThat(Analyzers.of("french").words("e\u0301te\u0301")).containsExactly("été");
  }

  @Test
  void words_mixedLanguages_keepAllWords() {
    String mixed = "Die Bücher: the books, книги, 電影, filmes";
    assertThat(Analyzers.of("german").words(mixed))
        .containsExactly("buch", "the", "book", "книги", "電", "影", "film");
    assertThat(Analyzers.of("japanese").words("ゲームBoy 2を買う"))
        .containsExactly("ゲーム", "boy", "2", "買う");
    assertThat(Analyzers.of("chinese").words("看Matrix电影")).containsExactly("看", "matrix", "电影");
    assertThat(Analyzers.of("korean").words("Kindred 영화")).containsExactly("kindred", "영화");
  }

  static List<String> languages() {
    return List.copyOf(Analyzers.all().keySet());
  }

  @ParameterizedTest
  @MethodSource("languages")
  void words_nothingToRead_areNone(String language) {
    Analyzer analyzer = Analyzers.of(language);
    assertThat(analyzer.words("")).isEmpty();
    assertThat(analyzer.words(" \t\n")).isEmpty();
    assertThat(analyzer.words("!?., -- ()")).isEmpty();
    assertThat(analyzer.words("😀🎬👨‍👩‍👧❤️")).isEmpty();
    assertThat(analyzer.words("\ud83d")).isEmpty(); // half an emoji
  }

  @ParameterizedTest
  @MethodSource("languages")
  void words_emojiBesideWords_leaveTheWords(String language) {
    assertThat(Analyzers.of(language).words("🎬 2001 😀")).containsExactly("2001");
  }

  @ParameterizedTest
  @MethodSource("languages")
  void words_aMegabyte_isRead(String language) {
    Analyzer analyzer = Analyzers.of(language);
    assertThat(analyzer.words("xyz 42 ".repeat(50_000)).size()).isBetween(100_000, 101_000);
    String run = "x".repeat(300_000); // cut into pieces
    assertThat(analyzer.words(run + " " + "電影とไทย한국".repeat(35_000) + " 42")).contains("42");
  }

  @Test
  void words_fromManyThreads_areTheSame() throws Exception {
    Analyzer analyzer = Analyzers.of("japanese");
    List<String> expected = analyzer.words("寿司を食べました。映画を見る");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<String>>> calls = new ArrayList<>();
      for (int n = 0; n < 200; n++) {
        calls.add(() -> analyzer.words("寿司を食べました。映画を見る"));
      }
      for (Future<List<String>> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void of_unknownLanguage_namesThoseThatThereAre() {
    assertThat(Analyzers.all()).hasSize(43); // plain, too
    assertThatThrownBy(() -> Analyzers.of("klingon"))
        .isInstanceOf(KindredException.class)
        .hasMessageStartingWith("unknown language 'klingon'; known are arabic, armenian, basque")
        .hasMessageEndingWith("thai, turkish");
  }

  @Test
  void bundle_language_isRememberedAndAskedForWhenLoaded(@TempDir Path folder) throws Exception {
    FeatureColumn title =
        new FeatureColumn.Text(
            "title", List.of("Die Bücher", "Das Buch", "Ein Haus", "Viele Häuser"));
    Interactions.Builder interactions = Interactions.builder();
    interactions.add(0, 0, 1f);
    Dataset data =
        Dataset.of(
                "small",
                Vocabulary.of(List.of("u")),
                Vocabulary.of(List.of("a", "b", "c", "d")),
                interactions.build(1, 4))
            .withFeatures(Features.none(1), new Features(4, List.of(title)));
    ContentKnn german =
        ContentKnn.of(Parameters.none().with("language", "german").with("minItems", 1));
    ContentModel model = german.train(data, TrainingContext.defaults());
    assertThat(model.rows().cosine(0, 1)).isEqualTo(1, within(1e-6));
    assertThat(model.rows().cosine(2, 3)).isPositive();

    Path bundle = folder.resolve("model.kindred");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(model, bundle);
    ContentModel loaded = (ContentModel) store.load(bundle);
    assertThat(loaded.info().parameters().toString()).contains("german");

    Path json = bundle.resolve("model.json");
    String text = Files.readString(json, StandardCharsets.UTF_8);
    Files.writeString(json, text.replace("german", "klingon"), StandardCharsets.UTF_8);
    assertThatThrownBy(() -> store.withoutChecksums().load(bundle))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("unknown language 'klingon'");
  }
}
