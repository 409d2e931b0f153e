package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and values of JSON and Parquet are what stands in the file. */
class JsonAndParquetTest {
  private static final int PAST_ANY_SAMPLE = 20_600;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Reading json(String text) throws IOException {
    return Ingest.read(file("in.jsonl", text));
  }

  private void assertRefused(String text, String... parts) throws IOException {
    Path path = file("in.jsonl", text);
    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContainingAll(parts);
  }

  private Path parquet(String query) throws SQLException {
    Path path = folder.resolve("in.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + path + "' (FORMAT parquet)");
    }
    return path;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"AEBE52E7-03EE-455A-B3C4-E57283966239\"",
        "\"2020-1-5\"",
        "\"12:30\"",
        "\"010\"",
        "\"1\\u00e9\\\"x\"",
        "9007199254740993",
        "18446744073709551617",
        "1.0",
        "1e5",
        "-0.10",
        "true"
      })
  void json_id_isTheTextInTheFile(String written) throws IOException {
    Dataset data =
        json("{\"user\":" + written + ",\"item\":\"x\"}\n{\"user\":\"z\",\"item\":\"x\"}\n")
            .dataset();
    String text = written.replaceAll("^\"|\"$", "").replace("\\u00e9", "é").replace("\\\"", "\"");
    assertThat(data.users().ids()).containsExactly(text, "z");
  }

  @Test
  void json_idAsTextAndAsNumber_isOne() throws IOException {
    Reading reading =
        json(
            "{\"user\":1,\"item\":\"a\"}\n"
                + "{\"user\":\"1\",\"item\":\"b\"}\n"
                + "{\"user\":2.0,\"item\":\"a\"}\n"
                + "{\"user\":2,\"item\":\"a\"}\n");
    assertThat(reading.dataset().users().ids()).containsExactly("1", "2");
    assertThat(reading.report().notes()).singleElement().asString().contains("2.0 are read as 2");
  }

  @Test
  void json_valuesThatComeLate_areNotRounded() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < PAST_ANY_SAMPLE; row++) {
      text.append("{\"user\":").append(row % 700).append(",\"item\":").append(row % 211);
      text.append(",\"overall\":").append(1 + row % 5).append("}\n");
    }
    text.append("{\"user\":\"Z1\",\"item\":1,\"overall\":4.5,\"image\":[\"x.jpg\"]}\n");
    text.append("{\"user\":\"guest-7\",\"item\":\"new\",\"overall\":3.5}\n");
    Dataset data = json(text.toString()).dataset();

    assertThat(data.interactions().size()).isEqualTo(PAST_ANY_SAMPLE + 2);
    int user = data.users().index("Z1");
    assertThat(data.interactions().history(user).values()).containsExactly(4.5f);
    assertThat(data.users().contains("guest-7")).isTrue();
    assertThat(data.items().contains("new")).isTrue();
  }

  @Test
  void json_keyThatComesLate_isFound() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 1500; row++) {
      text.append("{\"user\":").append(row).append(",\"item\":1}\n");
    }
    text.append("{\"user\":\"a\",\"item\":1,\"rating\":3}\n");
    assertRefused(text.toString(), "in.jsonl, line 1, column 'rating': empty");
    Reading reading =
        Ingest.read(folder.resolve("in.jsonl"), ReadOptions.defaults().withSkipBadRows(true));
    assertThat(reading.dataset().interactions().values()).containsExactly(3f);
    assertThat(reading.report().badRows()).isEqualTo(1500);
    assertThat(reading.report().badRowExamples()).hasSize(5);
  }

  @Test
  void json_membersOfObjects_havePaths() throws IOException {
    Reading nested =
        json("{\"user\":{\"id\":1},\"item\":{\"id\":\"x\",\"v\":{\"a\":1}},\"rating\":4}\n");
    assertThat(nested.dataset().users().ids()).containsExactly("1");
    assertThat(nested.report().understood().get(0)).contains("user 'user.id'", "'item.v.a'");
    assertThat(
            Ingest.read(
                    folder.resolve("in.jsonl"), ReadOptions.defaults().withItemColumn("item.v.a"))
                .dataset()
                .items()
                .ids())
        .containsExactly("1");

    Reading mongo =
        json(
            "{\"_id\":{\"$oid\":\"5f1a\"},\"user_id\":{\"$oid\":\"5f01\"},\"item_id\":{\"$oid\":\"6a01\"},\"rating\":{\"$numberInt\":\"4\"},\"ts\":{\"$date\":{\"$numberLong\":\"1500000000000\"}}}\n");
    assertThat(mongo.dataset().users().ids()).containsExactly("5f01");
    assertThat(mongo.dataset().interactions().values()).containsExactly(4f);
    assertThat(mongo.dataset().interactions().time(0)).isEqualTo(1_500_000_000L);
  }

  @Test
  void json_objectsAndListsAsIds_areRefused() throws IOException {
    assertRefused(
        "{\"user\":\"a\",\"item\":[\"x\",\"y\"]}\n", "line 1, column 'item': 'a list'", "one row");
    Path mixed =
        file(
            "mixed.jsonl",
            "{\"user\":\"a\",\"item\":\"x\"}\n{\"user\":{\"id\":1},\"item\":\"x\"}\n");
    assertThatThrownBy(() -> Ingest.read(mixed, ReadOptions.defaults().withUserColumn("user")))
        .hasMessageContaining("line 2, column 'user': 'an object with the key 'id''");
    assertRefused(
        "{\"user\":\"a\",\"item\":\"x\",\"user\":\"b\"}\n",
        "column 'user': 'the key is there twice'");
    assertRefused("{\"user\":\"\\ud800\",\"item\":\"x\"}\n", "column 'user'", "valid UTF-8");
    assertRefused("{\"user\":null,\"item\":\"x\"}\n", "column 'user': empty");
    assertRefused("{\"user\":\"a\",\"item\":\"x\",\"rating\":NaN}\n", "column 'rating': 'NaN'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"user\":\"a\",\"item\":\"x\"}|{\"user\":\"b\",\"item\":\"y\"~line 2: not JSON:"
            + " Unexpected end-of-input",
        "{u'user': u'a', u'item': u'x'}~line 1: not JSON: Unexpected character ('u' (code 117))",
        "{\"user\":\"a\",\"item\":\"x\"}|[1,2]~line 2: not a JSON object: '['",
        "{\"user\":\"a\",\"item\":\"x\"} {\"user\":\"b\"}~line 1: text follows the object",
        "[{\"user\":\"a\",\"item\":\"x\"},|{\"user\" \"b\"}]~line 2: not JSON",
        "{|\"user\":\"a\",|\"item\" \"x\"}~line 3: not JSON",
        "3|4~line 1: not a JSON object: '3'",
      })
  void json_damaged_saysWhereAndWhat(String text, String message) throws IOException {
    assertRefused(text.replace('|', '\n') + "\n", "in.jsonl, " + message);
  }

  @Test
  void json_damagedLines_canBeSkipped() throws IOException {
    Path path =
        file(
            "in.jsonl",
            "{\"user\":\"a\",\"item\":\"x\"}\n{oops\n\n{\"user\":\"b\",\"item\":\"y\"}\n");
    Reading reading = Ingest.read(path, ReadOptions.defaults().withSkipBadRows(true));
    assertThat(reading.dataset().users().ids()).containsExactly("a", "b");
    assertThat(reading.report().badRows()).isEqualTo(1);
    assertThat(reading.report().badRowExamples().get(0).line()).isEqualTo(2);
  }

  @Test
  void json_arrayOrObjectsOverLines_areRead() throws IOException {
    for (String text :
        new String[] {
          "[{\"user\":\"a\",\"item\":\"x\"},{\"user\":\"b\",\"item\":\"y\"}]",
          "[\n {\"user\":\"a\",\n \"item\":\"x\"},\n{\"user\":\"b\",\"item\":\"y\"}\n]\n",
          "{\n\"user\":\"a\",\"item\":\"x\"}\n{\n\"user\":\"b\",\"item\":\"y\"}\n",
          "\ufeff{\"user\":\"a\",\"item\":\"x\"}\r\n{\"user\":\"b\",\"item\":\"y\"}",
        }) {
      assertThat(json(text).dataset().users().ids()).as(text).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "9007199254740993::BIGINT|9007199254740993",
        "'AEBE52E7-03EE-455A-B3C4-E57283966239'|AEBE52E7-03EE-455A-B3C4-E57283966239",
        "'AEBE52E7-03EE-455A-B3C4-E57283966239'::UUID|aebe52e7-03ee-455a-b3c4-e57283966239",
        "DATE '2020-01-05'|2020-01-05",
        "'010'|010",
        "12.50::DECIMAL(10,2)|12.50",
        "7::DOUBLE|7",
        "'abc'::BLOB|abc",
        "{'id': 5}|5",
      })
  void parquet_id_isWhatAReaderSees(String expression, String id) throws SQLException {
    Path path = parquet("SELECT " + expression + " AS \"user\", 'x' AS item");
    assertThat(Ingest.read(path).dataset().users().ids()).containsExactly(id);
  }

  @Test
  void parquet_idsThatAreNone_areRefused() throws SQLException {
    for (String expression :
        new String[] {"1.5::DOUBLE", "['a','b']", "MAP {'a': 1}", "1e16::DOUBLE"}) {
      Path path = parquet("SELECT " + expression + " AS \"user\", 'x' AS item");
      assertThatThrownBy(() -> Ingest.read(path))
          .as(expression)
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("column 'user' holds");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TIMESTAMP '2023-11-14 22:13:20'",
        "TIMESTAMP_NS '2023-11-14 22:13:20.25'",
        "TIMESTAMP_S '2023-11-14 22:13:20'",
        "TIMESTAMPTZ '2023-11-14 23:13:20+01:00'",
        "1700000000::BIGINT",
        "1700000000000::BIGINT",
        "'2023-11-14T22:13:20Z'"
      })
  void parquet_times_areRight(String time) throws SQLException {
    Path path =
        parquet(
            "SELECT 'u' AS \"user\", 'x' AS item, 2.25::DECIMAL(4,2) AS my_rating, "
                + time
                + " AS ts");
    Dataset data = Ingest.read(path).dataset();
    assertThat(data.interactions().time(0)).isEqualTo(1_700_000_000L);
    assertThat(data.interactions().values()).containsExactly(2.25f);
  }

  @Test
  void parquet_dateColumnOfAnyName_isTheTime() throws SQLException {
    Path path =
        parquet("SELECT 'u' AS \"user\", 'x' AS item, DATE '2023-11-14' AS t_dat, 3 AS price");
    Reading reading = Ingest.read(path);
    assertThat(reading.dataset().interactions().time(0)).isEqualTo(1_699_920_000L);
    assertThat(reading.report().understood().get(0)).contains("unused 'price' (3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"AEBE52E7-03EE-455A-B3C4-E57283966239\"",
        "\"2020-1-5\"",
        "\"12:30\"",
        "\"010\"",
        "9007199254740993",
        "18446744073709551617"
      })
  void jsonFeatures_ids_areTheTextOfTheFile(String id) throws IOException {
    Path items = file("items.jsonl", "{\"item\":" + id + ",\"title\":\"2020-1-5\"}\n");
    Path interactions = file("in.csv", "user,item\nu," + id.replace("\"", "") + "\nu,other\n");

    Dataset data =
        Ingest.read(interactions, ReadOptions.defaults().withItemFeatures(items)).dataset();

    assertThat(data.items().size()).isEqualTo(2);
    assertThat(data.itemFeatures().title(0)).contains("2020-1-5");
  }

  private Dataset features(String json) throws IOException {
    return Ingest.read(
            file("in.csv", "user,item\nu,a\nu,b\n"),
            ReadOptions.defaults().withItemFeatures(file("items.jsonl", json)))
        .dataset();
  }

  @Test
  void jsonFeatures_keyOrTypeThatComesLate_isRead() throws IOException {
    StringBuilder text = new StringBuilder("{\"item\":\"a\",\"price\":1}\n");
    for (int i = 0; i < PAST_ANY_SAMPLE; i++) {
      text.append("{\"item\":").append(i).append(",\"price\":2}\n");
    }
    text.append("{\"item\":\"b\",\"price\":2.5,\"late\":\"x\"}\n");

    Dataset data = features(text.toString());

    int b = data.items().index("b");
    assertThat(data.itemFeatures().column("price").orElseThrow().display(b)).isEqualTo("2.5");
    assertThat(data.itemFeatures().column("late").orElseThrow().display(b)).isEqualTo("x");
  }

  @Test
  void jsonFeatures_pathsAndVectors_areColumns() throws IOException {
    Dataset data =
        features(
            "{\"_id\":{\"$oid\":\"5f\"},\"item\":\"a\",\"maker\":{\"name\":\"M\"},\"v\":[1,2.5]}\n"
                + "{\"item\":\"b\",\"maker\":null,\"v\":[3,4]}\n");

    assertThat(data.itemFeatures().column("maker.name").orElseThrow().display(0)).isEqualTo("M");
    assertThat(data.itemFeatures().columns()).anyMatch(column -> column.name().startsWith("v"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"item\":\"a\"}|{\"item\":\"b\"~items.jsonl, line 2: not JSON: Unexpected end-of-input",
        "{\"item\":\"a\"}|{bad~items.jsonl, line 2: not JSON: Unexpected character",
        "{\"item\":\"a\"}|[1]~items.jsonl, line 2: not a JSON object: '['",
        "{\"item\":\"a\"}|{\"title\":\"x\"}~items.jsonl, line 2: no id in 'item'",
        "{\"item\":\"a\",\"x\":1,\"x\":2}~items.jsonl, line 1: the key 'x' is there twice",
        "{\"item\":[\"a\"]}~the ids 'item' are lists",
      })
  void jsonFeatures_damaged_saysWhereAndWhat(String text, String message) {
    assertThatThrownBy(() -> features(text.replace('|', '\n') + "\n"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(message);
  }

  @Test
  void json_allRowsDamagedAndSkipped_saysTheFirst() throws IOException {
    Path path = file("in.jsonl", "{u'user': u'a'}\n{u'user': u'b'}\n");
    assertThatThrownBy(() -> Ingest.read(path, ReadOptions.defaults().withSkipBadRows(true)))
        .isInstanceOf(KindredException.class)
        .hasMessageContainingAll("all 2 are bad", "line 1: not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user,item\nu,i\n", "PAR1 and cut off"})
  void parquet_thatIsNone_saysSo(String text) throws IOException {
    Path path = file("in.parquet", text);
    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("does not begin and end with 'PAR1'");
  }

  @Test
  void parquet_noColumnOfItems_proposesNoOptionOfTexts() throws SQLException {
    Path path = parquet("SELECT {'id': 1} AS \"user\", {'sku': 'b'} AS item, 4 AS rating");
    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("(is it 'item.sku'?)")
        .hasMessageNotContaining("--header");
  }

  @Test
  void parquetFeatures_idsThatBecameFractions_areWhole() throws IOException, SQLException {
    Path items =
        parquet("SELECT 7.0::DOUBLE AS item, 'T' AS title UNION ALL SELECT 'nan'::DOUBLE, 'N'");
    Dataset data =
        Ingest.read(
                file("in.csv", "user,item\nu,7\n"), ReadOptions.defaults().withItemFeatures(items))
            .dataset();
    assertThat(data.itemFeatures().title(0)).contains("T");
  }
}
