package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.testkit.RealData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real folders, read whole; the counts are those that their owners state. */
class RealFoldersTest {

  @ParameterizedTest
  @CsvSource({
    "ml-latest-small, 610, 9742, 100836",
    "ml-100k, 943, 1682, 100000",
    "ml-100k-atomic, 943, 1682, 100000",
    "ml-1m, 6040, 3706, 1000209",
    "amazon-beauty, 22363, 12101, 198502",
    "amazon-games, 50546, 16859, 440264",
  })
  void read_realFolder_hasStatedCounts(String folder, int users, int items, int interactions) {
    Reading reading = Ingest.read(RealData.require(folder));

    Dataset data = reading.dataset();
    assertThat(data.name()).isEqualTo(folder);
    assertThat(data.users().size()).isEqualTo(users);
    assertThat(data.items().size()).isEqualTo(items);
    assertThat(data.interactions().size()).isEqualTo(interactions);
    assertThat(reading.report().badRows()).isZero();
  }

  @Test
  void read_mlLatestSmall_hasTitlesGenresTagsAndTimes() {
    Dataset data = Ingest.read(RealData.require("ml-latest-small")).dataset();

    int toyStory = data.items().index("1");
    assertThat(data.itemFeatures().title(toyStory)).contains("Toy Story (1995)");
    assertThat(display(data, "genres", toyStory))
        .isEqualTo("Adventure, Animation, Children, Comedy, Fantasy");
    assertThat(display(data, "year", toyStory)).isEqualTo("1995");
    assertThat(display(data, "tags", toyStory)).isEqualTo("pixar, fun");
    int first = data.interactions().starts()[data.users().index("1")];
    assertThat(data.interactions().time(first)).isEqualTo(964980499L);
  }

  @Test
  void read_ml100k_turnsFlagsIntoGenresAndKnowsTheUsers() {
    Dataset data = Ingest.read(RealData.require("ml-100k")).dataset();

    assertThat(display(data, "genres", data.items().index("1")))
        .isEqualTo("Animation, Children's, Comedy");
    int user = data.users().index("1");
    FeatureColumn occupation = data.userFeatures().column("occupation").orElseThrow();
    assertThat(occupation).isInstanceOf(FeatureColumn.Category.class);
    assertThat(occupation.display(user)).isEqualTo("technician");
  }

  @Test
  void read_ml1m_keepsTheOrderOfTheLineAndReadsLatin1() {
    Dataset data = Ingest.read(RealData.require("ml-1m")).dataset();

    int[] items = data.interactions().history(data.users().index("1")).items();
    assertThat(data.items().id(items[0])).isEqualTo("3186");
    assertThat(data.items().id(items[items.length - 1])).isEqualTo("48");
    assertThat(data.interactions().hasTimes()).isFalse();
    assertThat(data.itemFeatures().title(data.items().index("2692")).orElseThrow())
        .isEqualTo("Run Lola Run (Lola rennt) (1998)");
    assertThat(data.itemFeatures().title(data.items().index("73")).orElseThrow())
        .contains("Misérables");
  }

  @ParameterizedTest
  @CsvSource({"u1.base, 80000", "u1.test, 20000", "u5.base, 80000", "u5.test, 20000"})
  void read_givenFold_asSingleFile(String file, int interactions) {
    Reading reading = Ingest.read(RealData.require("ml-100k").resolve(file));

    assertThat(reading.dataset().interactions().size()).isEqualTo(interactions);
    assertThat(reading.report().layout()).contains("ml-100k");
  }

  private static String display(Dataset data, String column, int item) {
    return String.valueOf(data.itemFeatures().column(column).orElseThrow().display(item));
  }
}
