package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Reads from a PostgreSQL that this test starts; as root its processes run in a user namespace,
 * since PostgreSQL refuses root.
 */
class PostgresTest {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE events (customer text, product int, stars numeric, happened timestamptz, kind text)");
      statement.execute(
          "INSERT INTO events SELECT 'c' || (n % 1000), n % 77, (n % 5) + 0.5,"
              + " timestamptz '2023-11-14 23:13:20+01' + n * interval '1 second', 'view'"
              + " FROM generate_series(0, 29999) n");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static Reading read(String query) {
    return Ingest.readJdbc(
        postgres.getJdbcUrl("postgres", "postgres"),
        new Properties(),
        query,
        ReadOptions.defaults());
  }

  @Test
  void readJdbc_query_isReadWhole() {
    Dataset data =
        read("SELECT customer AS user_id, product AS item_id, stars AS rating, happened AS timestamp,"
                + " kind AS event FROM events ORDER BY happened")
            .dataset();

    assertThat(data.interactions().size()).isEqualTo(30_000);
    assertThat(data.users().size()).isEqualTo(1000);
    assertThat(data.items().size()).isEqualTo(77);
    assertThat(data.users().id(0)).isEqualTo("c0");
    assertThat(data.interactions().time(0)).isEqualTo(1_700_000_000L);
    assertThat(data.interactions().values()[0]).isEqualTo(0.5f);
    assertThat(data.interactions().type(0)).isEqualTo("view");
  }

  @Test
  void readJdbc_featuresByQueries_areJoined() {
    Dataset data =
        Ingest.readJdbc(
                postgres.getJdbcUrl("postgres", "postgres"),
                new Properties(),
                "SELECT customer AS user_id, product AS item_id FROM events",
                ReadOptions.defaults()
                    .withFeatureQueries(
                        "SELECT DISTINCT customer AS user_id, length(customer) AS letters FROM events",
                        "SELECT n AS item_id, 'Product ' || n AS title, n * 1.5 AS price,"
                            + " lpad(n::text, 3, '0') AS code, n % 2 = 0 AS even,"
                            + " ARRAY['t' || n % 3, 'all'] AS tags, ARRAY[n, 0.5]::float8[] AS place,"
                            + " date '2024-01-01' + n AS since"
                            + " FROM generate_series(0, 79) n"))
            .dataset();

    assertThat(data.items().size()).isEqualTo(80);
    int item = data.items().index("7");
    Features items = data.itemFeatures();
    assertThat(((FeatureColumn.Text) items.column("title").orElseThrow()).texts().get(item))
        .isEqualTo("Product 7");
    assertThat(((FeatureColumn.Numeric) items.column("price").orElseThrow()).numbers()[item])
        .isEqualTo(10.5f);
    assertThat(items.column("code").orElseThrow()).isNotInstanceOf(FeatureColumn.Numeric.class);
    assertThat(items.column("even").orElseThrow()).isInstanceOf(FeatureColumn.Category.class);
    assertThat(((FeatureColumn.Tags) items.column("tags").orElseThrow()).tags().ids())
        .contains("t1", "all");
    assertThat(((FeatureColumn.Vectors) items.column("place").orElseThrow()).dimensions())
        .isEqualTo(2);
    assertThat(items.column("since")).isPresent();
    assertThat(data.userFeatures().column("letters").orElseThrow())
        .isInstanceOf(FeatureColumn.Numeric.class);
  }

  @Test
  void readJdbc_featuresWithoutIds_saySo() {
    assertThatThrownBy(
            () ->
                Ingest.readJdbc(
                    postgres.getJdbcUrl("postgres", "postgres"),
                    new Properties(),
                    "SELECT customer AS user_id, product AS item_id FROM events",
                    ReadOptions.defaults()
                        .withFeatureQueries(null, "SELECT NULL::int AS item_id, 'x' AS title")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("query of items, row 1: no id in column 'item_id'");
  }

  @Test
  void readJdbc_missingValue_namesTheRow() {
    assertThatThrownBy(
            () -> read("SELECT customer AS user_id, NULL::text AS item_id FROM events LIMIT 3"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("line 1, column 'item_id': empty");
  }

  @Test
  void readJdbc_wrongQueryOrDatabase_saysSo() {
    assertThatThrownBy(() -> read("SELECT * FROM nothing"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("relation \"nothing\" does not exist");
    assertThatThrownBy(() -> read("SELECT customer, stars FROM events"))
        .hasMessageContaining("no column of items is recognized among [customer, stars]");
    assertThatThrownBy(
            () ->
                Ingest.readJdbc(
                    "jdbc:nothing://x", new Properties(), "SELECT 1", ReadOptions.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("No suitable driver");
  }
}
