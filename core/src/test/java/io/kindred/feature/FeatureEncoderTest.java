package io.kindred.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import io.kindred.feature.FeatureOptions.Weighting;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureEncoderTest {
  private static final FeatureOptions ALL = FeatureOptions.DEFAULTS.withMinItems(1);

  @Test
  void encode_words_areWeightedByTfIdf() {
    FeatureEncoder encoder =
        FeatureEncoder.of(texts("red red car", "red house", "blue house"), ALL);
    ItemRows rows = encoder.encode(texts("red red car", "red house", "blue house"));

    // 3 items; red and house in 2, car and blue in 1. "red red car": (1 + ln 2) idf(2), idf(1).
    double two = 1 + Math.log(4.0 / 3);
    double one = 1 + Math.log(4.0 / 2);
    double red = (1 + Math.log(2)) * two;
    double length = Math.hypot(red, one);
    assertThat(weight(encoder, rows, 0, "red")).isEqualTo((float) (red / length), within(1e-6f));
    assertThat(weight(encoder, rows, 0, "car")).isEqualTo((float) (one / length), within(1e-6f));
    assertThat(rows.cosine(0, 1)).isEqualTo(red / length * Math.sqrt(0.5), within(1e-6));
    assertThat(rows.cosine(0, 2)).isZero();
    assertThat(rows.cosine(1, 1)).isEqualTo(1, within(1e-6));
  }

  @Test
  void encode_wordsByBm25_areShortenedByRepeatsAndLength() {
    Features features = texts("red red car", "red house", "blue house sea");
    FeatureEncoder encoder = FeatureEncoder.of(features, ALL.withWeighting(Weighting.BM25));
    ItemRows rows = encoder.encode(features);

    double mean = 8.0 / 3;
    double norm = 1.2 * (0.25 + 0.75 * 3 / mean);
    double red = 2 * 2.2 / (2 + norm) * Math.log(1 + 1.5 / 2.5);
    double car = 2.2 / (1 + norm) * Math.log(1 + 2.5 / 1.5);
    assertThat(weight(encoder, rows, 0, "red"))
        .isEqualTo((float) (red / Math.hypot(red, car)), within(1e-6f));
  }

  @Test
  void encode_severalColumns_giveTheWeightedMeanOfTheirCosines() {
    Features features =
        new Features(
            3,
            List.of(
                text("title", "red car", "red boat", null),
                new FeatureColumn.Category(
                    "kind", new int[] {0, 1, 0}, Vocabulary.of(List.of("film", "book"))),
                new FeatureColumn.Tags(
                    "tags",
                    new int[] {0, 1, 3, 4},
                    new int[] {0, 0, 1, 1},
                    Vocabulary.of(List.of("war", "sea")))));
    double titles = cosine(features, "title", 0, 1);
    double tags = cosine(features, "tags", 0, 1);
    assertThat(cosine(features, "kind", 0, 1)).isZero();
    assertThat(cosine(features, "title:3,kind,tags:2", 0, 1))
        .isEqualTo((3 * titles + 2 * tags) / 6, within(1e-6));
    // Item 2 has no title, which does not count against it: of weights 1 and 2, both by sqrt.
    assertThat(cosine(features, "title:3,kind,tags:2", 0, 2))
        .isEqualTo(1 / Math.sqrt(6) / Math.sqrt(3), within(1e-6));
  }

  @Test
  void encode_numbers_areNearWhereTheyAreNear() {
    float[] years = new float[101];
    for (int i = 0; i < years.length; i++) {
      years[i] = 1920 + i;
    }
    years[100] = 1e9f; // an outlier changes nothing for the others
    years[7] = Float.NaN;
    Features features = new Features(101, List.of(new FeatureColumn.Numeric("year", years)));
    ItemRows rows = FeatureEncoder.of(features, ALL).encode(features);

    assertThat(rows.cosine(50, 51)).isGreaterThan(0.9);
    assertThat(rows.cosine(50, 60)).isBetween(0.01, 0.9);
    assertThat(rows.cosine(50, 90)).isZero();
    assertThat(rows.isEmpty(7)).isTrue();
    assertThat(rows.cosine(100, 100)).isEqualTo(1, within(1e-6));
  }

  @Test
  void encode_columnOfDates_isANumberOfDays() {
    Features features = texts("1995-01-01", "1995-01-20T10:00:00Z", "31-Dec-2005", "1-Jan-2006");
    FeatureEncoder encoder = FeatureEncoder.of(features, ALL);
    ItemRows rows = encoder.encode(features);
    assertThat(rows.cosine(0, 3)).isZero();
    assertThat(encoder.names()).contains("about 1995-01-01", "about 2006-01-01");
    assertThat(rows.isEmpty(2)).isFalse();
  }

  @Test
  void encode_vectors_areComparedByTheirCosine() {
    Features features =
        new Features(
            3,
            List.of(
                new FeatureColumn.Vectors(
                    "embedding", new float[] {3, 4, -3, -4, Float.NaN, Float.NaN}, 2)));
    FeatureEncoder encoder = FeatureEncoder.of(features, ALL);
    ItemRows rows = encoder.encode(features);
    assertThat(rows.cosine(0, 1)).isEqualTo(-1, within(1e-6));
    assertThat(rows.isEmpty(2)).isTrue();

    Features wrong =
        new Features(1, List.of(new FeatureColumn.Vectors("embedding", new float[3], 3)));
    assertThatThrownBy(() -> encoder.encode(wrong))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'embedding' must have 2 dimensions as before, got 3");
  }

  @Test
  void encode_badTexts_areJustTexts() {
    String large = "word " + "lorem ipsum dolor ".repeat(60_000); // a megabyte
    Features features =
        texts(large, "", null, "🎬🎥", "word мир 世界 mundo 🌍", "   ", "lorem\u0000ipsum");
    FeatureEncoder encoder = FeatureEncoder.of(features, ALL);
    ItemRows rows = encoder.encode(features);
    assertThat(rows.cosine(0, 4)).isPositive();
    assertThat(rows.cosine(0, 6)).isPositive();
    for (int item : new int[] {1, 2, 3, 5}) {
      assertThat(rows.isEmpty(item)).isTrue();
    }
    assertThat(rows.weights()).doesNotContain(Float.NaN);
  }

  @Test
  void encode_itemsOfLater_goByWordsThatWereThereBefore() {
    FeatureEncoder encoder = FeatureEncoder.of(texts("red car", "red boat"), ALL);
    ItemRows rows = encoder.encode(texts("red plane", "plane"));
    assertThat(rows.termCount()).isEqualTo(3);
    assertThat(weight(encoder, rows, 0, "red")).isEqualTo(1f, within(1e-6f));
    assertThat(rows.isEmpty(1)).isTrue();
    assertThat(encoder.encode(Features.none(2)).isEmpty(0)).isTrue();
  }

  @Test
  void of_minItems_leavesRareValuesOut() {
    Features features =
        new Features(
            3,
            List.of(
                new FeatureColumn.Category(
                    "kind", new int[] {0, 0, 1}, Vocabulary.of(List.of("film", "lone")))));
    assertThat(FeatureEncoder.of(features, FeatureOptions.DEFAULTS).names())
        .containsExactly("film");
    assertThat(FeatureEncoder.of(features, ALL).names()).containsExactly("film", "lone");
  }

  @Test
  void of_columns_areAllUsableOnesOrThoseNamed() {
    Features features =
        new Features(
            2,
            List.of(
                text("title", "a", "b"),
                text("imdb", "http://x/a", "http://x/b"),
                new FeatureColumn.Image("poster", Arrays.asList("a.png", null))));
    assertThat(FeatureEncoder.of(features, ALL).columns()).containsExactly("title");
    assertThat(FeatureEncoder.of(features, ALL.withColumns("imdb, title:0.5")).columns())
        .containsExactly("imdb", "title");
    for (String wrong : List.of("poster", "colour")) {
      assertThatThrownBy(() -> FeatureEncoder.of(features, ALL.withColumns(wrong)))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("no column '" + wrong + "'")
          .hasMessageContaining("[title, imdb]");
    }
    for (String wrong : List.of("title:0", "title:much", "title,title")) {
      assertThatThrownBy(() -> ALL.withColumns(wrong)).isInstanceOf(KindredException.class);
    }
  }

  private static double cosine(Features features, String columns, int one, int other) {
    return FeatureEncoder.of(features, ALL.withColumns(columns))
        .encode(features)
        .cosine(one, other);
  }

  private static float weight(FeatureEncoder encoder, ItemRows rows, int item, String word) {
    int term = Arrays.asList(encoder.names()).indexOf(word);
    for (int p = rows.starts()[item]; p < rows.starts()[item + 1]; p++) {
      if (rows.terms()[p] == term) {
        return rows.weights()[p];
      }
    }
    return 0;
  }

  private static Features texts(@Nullable String... texts) {
    return new Features(texts.length, List.of(text("title", texts)));
  }

  private static FeatureColumn text(String name, @Nullable String... texts) {
    return new FeatureColumn.Text(name, Arrays.asList(texts));
  }
}
