package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of features: codes, lists, ids that do not match, encodings. */
class FeatureFilesTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path file(String name, String text, Charset encoding) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(encoding));
  }

  private Reading read(String interactions, Path items) throws IOException {
    return Ingest.read(file("i.csv", interactions), ReadOptions.defaults().withItemFeatures(items));
  }

  private static String category(Dataset data, String column, String item) {
    FeatureColumn.Category found =
        (FeatureColumn.Category) data.itemFeatures().column(column).orElseThrow();
    return found.categories().id(found.codes()[data.items().index(item)]);
  }

  @Test
  void read_codesWithLeadingZeros_stayTexts() throws IOException {
    Path items = file("items.csv", "item_id,code,price\na,007,1e3\nb,010,12\nc,11,0.5\n");

    Dataset data = read("user_id,item_id\n1,a\n1,b\n2,c\n", items).dataset();

    assertThat(category(data, "code", "a")).isEqualTo("007");
    assertThat(category(data, "code", "b")).isEqualTo("010");
    assertThat(category(data, "code", "c")).isEqualTo("11");
    FeatureColumn.Numeric price =
        (FeatureColumn.Numeric) data.itemFeatures().column("price").orElseThrow();
    assertThat(price.numbers()).containsExactly(1000f, 12f, 0.5f);
  }

  @Test
  void read_entitiesInTexts_areNotCutAtTheirSemicolon() throws IOException {
    Path items =
        file(
            "items.csv",
            "item_id,shop,genres\na,Caf&eacute; &amp; Co,Drama;Tom &amp; Co\nb,X,Drama\n");

    Dataset data = read("user_id,item_id\n1,a\n1,b\n", items).dataset();

    assertThat(category(data, "shop", "a")).isEqualTo("Caf&eacute; &amp; Co");
    FeatureColumn.Tags genres =
        (FeatureColumn.Tags) data.itemFeatures().column("genres").orElseThrow();
    assertThat(genres.tags().ids()).containsExactly("Drama", "Tom &amp; Co");
  }

  @Test
  void read_idsThatDoNotMatch_areWarnedOfAndMakeNoItems() throws IOException {
    Path items = file("items.csv", "item_id,title\n020,Trigun\n024,School\n");

    Reading reading = read("user_id,item_id\n1,20\n1,24\n1,79\n2,20\n", items);

    assertThat(reading.dataset().items().ids()).containsExactly("20", "24", "79");
    assertThat(reading.report().warnings())
        .singleElement()
        .asString()
        .contains("has rows of 0 of the 3 items")
        .contains("'020', '024'")
        .contains("'20', '24', '79'");
    assertThat(reading.report().dropped().toString()).contains("2 rows of items.csv");
  }

  @Test
  void read_usersThatDoNotMatch_areWarnedOf() throws IOException {
    Path users = file("users.csv", "user_id,age\nu1,30\nu2,40\n");

    Reading reading =
        Ingest.read(
            file("i.csv", "user_id,item_id\n1,20\n2,24\n"),
            ReadOptions.defaults().withUserFeatures(users));

    assertThat(reading.report().warnings())
        .singleElement()
        .asString()
        .contains("has rows of 0 of the 2 users");
  }

  @Test
  void read_catalogLargerThanTheInteractions_isTakenWithoutWarning() throws IOException {
    StringBuilder rows = new StringBuilder("item_id,title\n");
    for (int i = 0; i < 200; i++) {
      rows.append("i").append(i).append(",T\n");
    }

    Reading reading = read("user_id,item_id\n1,i3\n2,i4\n", file("items.csv", rows.toString()));

    assertThat(reading.dataset().items().size()).isEqualTo(200);
    assertThat(reading.report().warnings()).isEmpty();
  }

  @Test
  void read_bytesThatAreNoUtf8_areABadRow() throws IOException {
    Path items =
        file(
            "items.csv",
            "item_id,title\na,Plain\nb,Die Züge der Ätna\n",
            StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read("user_id,item_id\n1,a\n1,b\n", items))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("items.csv, line 3, column 'title'")
        .hasMessageContaining("expected UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "windows-1252", "UTF-16", "UTF-8"})
  void read_encodingThatWasSaid_isReadRight(String encoding) throws IOException {
    Charset charset = Charset.forName(encoding);
    Path items = file("items.csv", "item_id,title\nä,Die Züge der Ätna\nb,B\n", charset);
    Path interactions = file("i.csv", "user_id,item_id\nJörg,ä\nJörg,b\n", charset);

    Dataset data =
        Ingest.read(
                interactions, ReadOptions.defaults().withItemFeatures(items).withEncoding(charset))
            .dataset();

    assertThat(data.users().ids()).containsExactly("Jörg");
    assertThat(data.items().ids()).containsExactly("ä", "b");
    FeatureColumn.Text title =
        (FeatureColumn.Text) data.itemFeatures().column("title").orElseThrow();
    assertThat(title.texts()).isEqualTo(List.of("Die Züge der Ätna", "B"));
  }

  @Test
  void read_bytesThatTheEncodingDoesNotHave_sayWhatHelps() throws IOException {
    Path interactions = file("i.csv", "user_id,item_id\nJörg,b\n", StandardCharsets.ISO_8859_1);

    assertThatThrownBy(
            () ->
                Ingest.read(
                    interactions, ReadOptions.defaults().withEncoding(StandardCharsets.US_ASCII)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("--encoding");
  }

  @Test
  void read_attributesBesideASequenceFile_areTaken() throws IOException {
    file("Beauty_item2attributes.json", "{\"1\": [7, 8], \"2\": [8]}");
    Path sequences = file("Beauty.txt", "u1 1 2 3\nu2 2 1\n");

    Reading reading = Ingest.read(sequences);

    assertThat(reading.dataset().itemFeatures().column("attributes")).isPresent();
    assertThat(reading.report().notes()).anyMatch(note -> note.contains("item2attributes"));
  }

  @Test
  void read_folderWithATableThatIsNotRead_namesIt() throws IOException {
    file("ratings-of-all.csv", "user_id,item_id,rating\n1,a,5\n2,b,4\n");
    file("things.csv", "item_id,title\na,A\nb,B\n");
    file("users.csv", "user_id,age\n1,30\n2,40\n");

    assertThat(Ingest.read(folder).report().notes())
        .singleElement()
        .asString()
        .startsWith("not read: things.csv;")
        .contains("--items-file");
  }
}
