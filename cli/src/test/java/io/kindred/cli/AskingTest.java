package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindred.ingest.Ingest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is asked on the command line: ids of any form, filters, exit codes, files by their ending.
 */
class AskingTest {
  @TempDir Path folder;
  private Path games;

  @BeforeEach
  void train() throws IOException {
    Path data = folder.resolve("games.csv");
    Files.writeString(
        data,
        """
        user_id,item_id,value
        1,"Elder Scrolls, The",10
        1,Portal,3
        1,a=b,2
        2,"Elder Scrolls, The",5
        2,Portal,1
        2,"Half-Life, Blue",8
        3,Portal,2
        3,"Half-Life, Blue",4
        3,a=b,4
        """);
    Path items = folder.resolve("items.csv");
    Files.writeString(
        items,
        """
        item_id,price,released,genre
        "Elder Scrolls, The",19.99,2011-11-11,rpg
        Portal,9.5,2007-10-10,puzzle
        "Half-Life, Blue",25,2001-06-12,shooter
        a=b,5,1999-01-01,puzzle
        """);
    games = folder.resolve("games");
    Run run = Run.of("train", data, "--items-file", items, "-a", "item-knn", "-o", games);
    assertThat(run.code()).as(run.err()).isZero();
  }

  private List<String> list(Object... options) {
    List<Object> words = new ArrayList<>(List.of("recommend", games, "--json"));
    words.addAll(List.of(options));
    Run run = Run.of(words.toArray());
    assertThat(run.code()).as(run.err()).isIn(ExitCode.OK, ExitCode.NOT_FOUND);
    List<String> ids = new ArrayList<>();
    for (JsonNode item : run.json().path("items")) {
      ids.add(item.path("item").asText());
    }
    assertThat(run.json().path("unknownItems")).isEmpty();
    return ids;
  }

  @Test
  void recommend_idsWithCommas_areTakenAsTheyStand() {
    assertThat(list("--user", 3)).containsExactly("Elder Scrolls, The");
    assertThat(list("--user", 3, "--exclude", "Elder Scrolls, The")).isEmpty();
    assertThat(list("--user", 3, "--seen", "--exclude", "\"Elder Scrolls, The\",a=b"))
        .containsExactlyInAnyOrder("Portal", "Half-Life, Blue");
    assertThat(list("--user", 3, "--seen", "--only", "Elder Scrolls, The", "--only", "a=b,Portal"))
        .hasSize(3);
    assertThat(list("--history", "Elder Scrolls, The=3"))
        .contains("Portal")
        .doesNotContain("Elder Scrolls, The");
    assertThat(list("--history", "\"Elder Scrolls, The\"=3,Portal"))
        .containsExactlyInAnyOrder("Half-Life, Blue", "a=b");
  }

  @Test
  void recommend_boostOfAnIdWithAnEqualsSign_isThatId() {
    assertThat(list("--user", 2, "--seen", "--boost", "a=b=1000")).startsWith("a=b");
    Run wrong = Run.of("recommend", games, "--user", 2, "--boost", "a=b");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("--boost must be NAME=NUMBER, got 'a=b'");
  }

  @Test
  void similar_itemsWithCommas_areFound() {
    Run run = Run.of("similar", games, "--items", "Elder Scrolls, The", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    Run two = Run.of("similar", games, "--items", "\"Half-Life, Blue\",Portal", "--json");
    assertThat(two.json()).hasSize(2);
    Run open = Run.of("similar", games, "--items", "\"Half-Life, Blue");
    assertThat(open.code()).isEqualTo(ExitCode.USAGE);
    assertThat(open.err()).contains("a quote is not closed");
  }

  @Test
  void recommend_requireNumbersAndDates_compares() {
    assertThat(list("--user", 1, "--seen", "--require", "price<10"))
        .containsExactlyInAnyOrder("Portal", "a=b");
    assertThat(list("--user", 1, "--seen", "--require", "price=9.5..19.99"))
        .containsExactlyInAnyOrder("Portal", "Elder Scrolls, The");
    assertThat(list("--user", 1, "--seen", "--require", "released>=2005-01-01"))
        .containsExactlyInAnyOrder("Portal", "Elder Scrolls, The");
    Run wrong = Run.of("recommend", games, "--user", 1, "--require", "genre>5");
    assertThat(wrong.code()).isEqualTo(ExitCode.FAILED);
    assertThat(wrong.err()).contains("item feature 'genre' must be").contains("got '>5'");
    Run twice =
        Run.of("recommend", games, "--user", 1, "--require", "price>5", "--require=price<9");
    assertThat(twice.code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void recommend_onlyNothing_recommendsNothing() {
    assertThat(list("--user", 1, "--seen", "--only", "")).isEmpty();
    assertThat(list("--user", 1, "--seen")).hasSize(4);
  }

  @Test
  void commands_unknownUser_isExitCode3() {
    Object[][] lines = {
      {"recommend", games, "--user", "nope"},
      {"recommend", games, "--user", "nope", "--json"},
      {"explain", games, "nope", "Portal"},
      {"explain", games, "--user", "nope", "--item", "Portal"},
    };
    for (Object[] line : lines) {
      Run run = Run.of(line);
      assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(run.err()).startsWith("kindred: no user 'nope' among the 3 of the model");
      assertThat(run.out()).isEmpty();
    }
    assertThat(list("--user", "nope", "--history", "Portal")).isNotEmpty();
    assertThat(list("--history", "")).hasSize(4);
  }

  @Test
  void export_parquet_isParquetAndReadAgain() throws IOException {
    Path file = folder.resolve("histories.parquet");
    Run run = Run.of("export", games, "--what", "histories", "-o", file);
    assertThat(run.code()).as(run.err()).isZero();
    byte[] bytes = Files.readAllBytes(file);
    assertThat(new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("PAR1");
    assertThat(Ingest.read(file).dataset().fingerprint())
        .isEqualTo(Bundles.open(games).data().fingerprint());

    for (String what : List.of("recommendations", "neighbors", "users", "items")) {
      Path one = folder.resolve(what + ".parquet");
      Run written = Run.of("export", games, "--what", what, "-o", one);
      assertThat(written.code()).as(written.err()).isZero();
      assertThat(one).isNotEmptyFile();
    }
    try (java.sql.Connection db = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        java.sql.Statement sql = db.createStatement();
        java.sql.ResultSet rows =
            sql.executeQuery(
                "SELECT item, score, typeof(score), typeof(filled) FROM '"
                    + folder.resolve("recommendations.parquet")
                    + "' WHERE \"user\" = '3' ORDER BY rank")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("Elder Scrolls, The");
      assertThat(rows.getFloat(2)).isPositive();
      assertThat(rows.getString(3)).isEqualTo("FLOAT");
      assertThat(rows.getString(4)).isEqualTo("BOOLEAN");
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void export_endings_sayTheFormatOrAreRefused() throws IOException {
    for (String name : List.of("run.xlsx", "run.csv.gz", "run.json")) {
      Run run = Run.of("export", games, "-o", folder.resolve(name));
      assertThat(run.code()).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).contains(".csv, .jsonl, .ndjson or .parquet");
      assertThat(folder.resolve(name)).doesNotExist();
    }
    Run said = Run.of("export", games, "--format", "csv", "-o", folder.resolve("run.txt"));
    assertThat(said.code()).isZero();
    assertThat(Run.of("export", games, "--format", "parquet").code()).isEqualTo(ExitCode.USAGE);
    Path lines = folder.resolve("histories.jsonl");
    assertThat(Run.of("export", games, "--what", "histories", "-o", lines).code()).isZero();
    assertThat(Files.readAllLines(lines)).hasSize(9).first().asString().contains("\"value\":10");
  }
}
