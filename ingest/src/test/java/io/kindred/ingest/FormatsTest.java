package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.FeatureColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path parquet(String name, String query) throws SQLException {
    Path path = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + path + "' (FORMAT parquet)");
    }
    return path;
  }

  @Test
  void read_parquet_hasValuesTimesAndTypes() throws SQLException {
    Path path =
        parquet(
            "events.parquet",
            "SELECT * FROM (VALUES ('u😀', 7, 2.5, TIMESTAMP '2023-11-14 22:13:20', 'buy'),"
                + " ('v', 8, 1.0, TIMESTAMP '2023-11-14 22:13:21', 'view'))"
                + " t(user_id, item_id, rating, ts, event)");

    Dataset data = Ingest.read(path).dataset();

    assertThat(data.users().ids()).containsExactly("u😀", "v");
    assertThat(data.items().ids()).containsExactly("7", "8");
    assertThat(data.interactions().values()).containsExactly(2.5f, 1f);
    assertThat(data.interactions().time(0)).isEqualTo(1_700_000_000L);
    assertThat(data.interactions().type(1)).isEqualTo("view");
  }

  @Test
  void read_parquetWithMissingValue_isNamed() throws SQLException {
    Path path = parquet("e.parquet", "SELECT 'u' AS \"user\", 'i' AS item, NULL::DOUBLE AS rating");

    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("line 1, column 'rating': empty; expected a finite number");
  }

  @Test
  void read_listsOfFractions_areVectors() throws IOException, SQLException {
    Path views = file("views.csv", "user,item\nu,a\nu,b\n");
    for (String type : List.of("FLOAT", "DOUBLE")) {
      Path items =
          parquet(
              "items.parquet",
              "SELECT * FROM (VALUES ('a', [0.5, -1.25e-7]::"
                  + type
                  + "[], [1, 2]), ('b', NULL, [2])) t(item_id, v, tags)");
      Dataset data = Ingest.read(views, ReadOptions.defaults().withItemFeatures(items)).dataset();
      FeatureColumn.Vectors vectors =
          (FeatureColumn.Vectors) data.itemFeatures().column("v").orElseThrow();
      assertThat(vectors.dimensions()).isEqualTo(2);
      assertThat(vectors.values()).startsWith(0.5f, -1.25e-7f);
      assertThat(vectors.isKnown(1)).isFalse();
      assertThat(data.itemFeatures().column("tags").orElseThrow())
          .isInstanceOf(FeatureColumn.Tags.class);
    }
  }

  @Test
  void read_damagedParquet_saysSo() throws IOException {
    assertThatThrownBy(() -> Ingest.read(file("x.parquet", "PAR1 and no more")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("cannot be read as Parquet");
  }

  @Test
  void read_jsonLines_hasValuesAndTimes() throws IOException {
    Path path =
        file(
            "reviews.json",
            "{\"reviewerID\":\"A\",\"asin\":\"B1\",\"overall\":5.0,\"unixReviewTime\":1369699200}\n"
                + "{\"reviewerID\":\"C\",\"asin\":\"B1\",\"overall\":3.0,\"unixReviewTime\":1369699201}\n");

    Dataset data = Ingest.read(path).dataset();

    assertThat(data.users().ids()).containsExactly("A", "C");
    assertThat(data.interactions().values()).containsExactly(5f, 3f);
    assertThat(data.interactions().time(1)).isEqualTo(1_369_699_201L);
  }

  @Test
  void read_damagedJson_saysWhere() throws IOException {
    assertThatThrownBy(
            () -> Ingest.read(file("x.jsonl", "{\"user\":\"a\",\"item\":\"b\"}\n{\"user\":\n")))
        .isInstanceOf(KindredException.class)
        .hasMessageContainingAll("x.jsonl, line 2: not JSON", "Unexpected end-of-input");
  }

  @Test
  void read_jsonFeatures_turnsListsIntoTags() throws IOException {
    file("interactions.csv", "user,item\nu,i\n");
    Path items =
        file(
            "items.jsonl",
            "{\"item\":\"i\",\"title\":\"One\",\"tags\":[\"a b\",\"c\"],\"price\":2.5}\n");

    Dataset data =
        Ingest.read(
                folder.resolve("interactions.csv"), ReadOptions.defaults().withItemFeatures(items))
            .dataset();

    assertThat(data.itemFeatures().title(0)).contains("One");
    assertThat(data.itemFeatures().column("tags").orElseThrow().display(0)).isEqualTo("a b, c");
    assertThat(data.itemFeatures().column("price").orElseThrow().display(0)).isEqualTo("2.5");
  }

  @Test
  void read_lightGcn_joinsBothFiles() throws IOException {
    file("train.txt", "0 5 6 7\n1 5\n");
    file("test.txt", "0 8\n1 6 9\n");

    Dataset data = Ingest.read(folder).dataset();

    assertThat(data.interactions().size()).isEqualTo(7);
    assertThat(data.users().size()).isEqualTo(2);
    assertThat(data.items().size()).isEqualTo(5);
  }

  @Test
  void read_ratingsDat_withUsersAndMovies() throws IOException {
    file("ratings.dat", "1::10::5::978300760\n2::10::3::978302109\n");
    file("movies.dat", "10::Ten (1999)::Drama|War\n11::Eleven (2000)::Comedy\n");
    file("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n");

    Dataset data = Ingest.read(folder).dataset();

    assertThat(data.items().ids()).containsExactly("10", "11");
    assertThat(data.itemFeatures().column("year").orElseThrow().display(1)).isEqualTo("2000");
    assertThat(data.userFeatures().column("gender").orElseThrow().display(0)).isEqualTo("F");
    assertThat(
            Ingest.read(folder, ReadOptions.defaults().withCatalogue(false))
                .dataset()
                .items()
                .size())
        .isEqualTo(1);
  }

  @Test
  void read_withoutHeader_takesColumnsByPlace() throws IOException {
    assertThat(
            Ingest.read(file("a.csv", "u,i,4,100\nv,i,5,200\n")).dataset().interactions().time(1))
        .isEqualTo(200);
    Dataset data =
        Ingest.read(
                file("b.tsv", "196\t2010-10-19T23:55:27Z\t30.2\t-97.7\t22847\n"),
                PublicSet.of("gowalla").reading().apply(ReadOptions.defaults()))
            .dataset();
    assertThat(data.items().ids()).containsExactly("22847");
    assertThat(data.interactions().time(0)).isEqualTo(1_287_532_527L);
  }

  @Test
  void read_filter_isAppliedAndReported() throws IOException {
    Path path = file("in.csv", "user,item,rating\na,x,5\na,y,1\nb,x,4\n");
    ReadOptions options = ReadOptions.defaults().withFilter(DatasetFilter.none().withMinValue(4f));

    Reading reading = Ingest.read(path, options);

    assertThat(reading.dataset().interactions().size()).isEqualTo(2);
    assertThat(reading.report().dropped().get(0).toString())
        .isEqualTo("1 interactions: value below 4.0");
    assertThatThrownBy(
            () -> Ingest.read(path, options.withFilter(DatasetFilter.none().withMinValue(9f))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("the filters leave nothing");
  }
}
