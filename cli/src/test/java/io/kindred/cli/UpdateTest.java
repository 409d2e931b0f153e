package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kindred update}: bundles that take in what came after their training. */
class UpdateTest {
  private static final String HEADER = "user_id,item_id,rating,timestamp\n";

  @TempDir Path folder;
  private Path ratings;
  private Path delta;

  /** People of two tastes; and later, a new person and a new item of the first taste. */
  @BeforeEach
  void write() throws IOException {
    Random random = new Random(5);
    StringBuilder rows = new StringBuilder(HEADER);
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item < 30; item++) {
        if (random.nextInt(10) < (user % 2 == item % 2 ? 7 : 1)) {
          rows.append("u%d,i%d,%d,%d\n".formatted(user, item, 3 + random.nextInt(3), 1000 + item));
        }
      }
    }
    ratings = folder.resolve("ratings.csv");
    Files.writeString(ratings, rows);
    StringBuilder later = new StringBuilder(HEADER);
    for (int user = 0; user < 20; user += 2) {
      later.append("u%d,new,5,5000\n".formatted(user));
    }
    later.append("stranger,i0,5,5001\nstranger,i2,5,5002\nstranger,i4,4,5003\n");
    delta = folder.resolve("delta.csv");
    Files.writeString(delta, later);
  }

  private Path train(String algorithm) {
    Path bundle = folder.resolve(algorithm);
    Run run = Run.of("train", ratings, "-a", algorithm, "-o", bundle);
    assertThat(run.code()).as(run.err()).isZero();
    return bundle;
  }

  @ParameterizedTest
  @ValueSource(strings = {"als", "bpr", "slim", "rp3-beta", "biased-mf", "nmf"})
  void update_newUserAndItem_areServedAndWhatTheyDidIsLeftOut(String algorithm) {
    Path bundle = train(algorithm);
    Path updated = folder.resolve("updated");
    Run run = Run.of("update", bundle, delta, "-o", updated, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.path("newInteractions").asInt()).isEqualTo(13);
    assertThat(result.path("newUsers").asInt()).isEqualTo(1);
    assertThat(result.path("newItems").asInt()).isEqualTo(1);
    assertThat(result.path("updates").asInt()).isEqualTo(1);
    assertThat(list(updated, "stranger")).isNotEmpty().doesNotContain("i0", "i2", "i4");
    assertThat(list(updated, "u0")).doesNotContain("new");
    assertThat(list(updated, "u30")).contains("new");
    assertThat(Run.of("recommend", bundle, "--user", "stranger", "--json").out())
        .doesNotContain("\"new\"");
  }

  private static List<String> list(Path bundle, String user) {
    Run run = Run.of("recommend", bundle, "--user", user, "-n", "25", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    List<String> items = new ArrayList<>();
    for (JsonNode item : run.json().path("items")) {
      items.add(item.path("item").asText());
    }
    return items;
  }

  @Test
  void update_changeOfMind_takesTheLikeOut() throws IOException {
    Path base = folder.resolve("base.csv");
    Files.writeString(
        base,
        HEADER
            + "1,a,5,100\n1,b,5,101\n2,a,5,100\n2,c,4,102\n3,b,1,100\n3,c,5,103\n4,a,2,100\n"
            + "4,c,5,105\n");
    Path mind = folder.resolve("mind.csv");
    Files.writeString(mind, HEADER + "1,a,1,200\n5,d,5,201\n5,a,4,202\n");
    String[] filter = {"--threshold", "4", "--duplicates", "last"};
    Path bundle = folder.resolve("liked");
    Path updated = folder.resolve("updated");
    Run.of("train", base, "-a", "als", filter[0], filter[1], filter[2], filter[3], "-o", bundle);
    Run run =
        Run.of(
            "update", bundle, mind, filter[0], filter[1], filter[2], filter[3], "-o", updated,
            "--json");
    Run keep = Run.of("update", bundle, mind, filter[0], filter[1], "-o", bundle, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("newInteractions").asInt()).isEqualTo(2);
    assertThat(run.json().path("goneInteractions").asInt()).isEqualTo(1);
    assertThat(histories(updated)).contains("1,b,1,101").doesNotContain("1,a,1,100");
    assertThat(histories(updated)).contains("5,d,1,201", "5,a,1,202");
    assertThat(keep.json().path("goneInteractions").asInt()).isZero();
    assertThat(histories(bundle)).contains("1,a,1,100");
  }

  @Test
  void train_eventWeights_aLaterViewLeavesThePurchase() throws IOException {
    Path events = folder.resolve("events.csv");
    Files.writeString(
        events,
        "user_id,item_id,event,timestamp\n"
            + "100,10,transaction,1000\n100,10,view,2000\n100,11,view,2100\n101,10,view,2200\n"
            + "101,11,addtocart,2300\n101,11,view,2400\n102,11,transaction,2500\n");
    Path later = folder.resolve("later.csv");
    Files.writeString(
        later, "user_id,item_id,event,timestamp\n102,11,view,3000\n101,10,transaction,3100\n");
    String[] weights = {
      "--event-weight",
      "view=1",
      "--event-weight",
      "addtocart=3",
      "--event-weight",
      "transaction=10"
    };
    Path bundle = folder.resolve("events");
    Run trained =
        Run.of(
            Stream.concat(Stream.of("train", events, "-a", "als", "-o", bundle), Stream.of(weights))
                .toArray());
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(histories(bundle))
        .contains("100,10,10,2000,view", "101,11,3,2400,view", "102,11,10,2500,transaction");

    Run run =
        Run.of(
            Stream.concat(
                    Stream.of("update", bundle, later, "-o", bundle, "--json"), Stream.of(weights))
                .toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(histories(bundle))
        .contains("102,11,10,3000,view", "101,10,10,3100,transaction", "100,10,10,2000,view");
  }

  private List<String> histories(Path bundle) throws IOException {
    Path file = folder.resolve("histories.csv");
    Run run = Run.of("export", bundle, "--what", "histories", "-o", file);
    assertThat(run.code()).as(run.err()).isZero();
    return Files.readAllLines(file);
  }

  @Test
  void update_inPlaceTwice_countsAndTakesNothingInAgain() throws IOException {
    Path bundle = train("als");
    Run first = Run.of("update", bundle, delta, "-o", bundle, "--json");
    Run second = Run.of("update", bundle, delta, "-o", bundle, "--json");

    assertThat(first.json().path("newInteractions").asInt()).isEqualTo(13);
    assertThat(second.json().path("newInteractions").asInt()).isZero();
    assertThat(second.json().path("updates").asInt()).isEqualTo(2);
    assertThat(second.json().path("fingerprint").asText())
        .isEqualTo(first.json().path("fingerprint").asText());
    assertThat(Files.readString(bundle.resolve("model.json"))).contains("\"updates\" : 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u1,new,five,5000\n", // not a number
        "u1,new,5\n", // a column is missing
        "u1,new,1e30,5000\n", // too heavy for als
        "",
      })
  void update_badDelta_failsWithAReasonAndLeavesTheBundleAsItWas(String row) throws IOException {
    Path bundle = train("als");
    TreeMap<String, String> before = contents(bundle);
    Path bad = folder.resolve("bad.csv");
    Files.writeString(bad, row.isEmpty() ? "nothing of use" : HEADER + "u1,i3,4,5000\n" + row);
    Run run = Run.of("update", bundle, bad, "-o", bundle);

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err().lines().filter(line -> line.startsWith("kindred: "))).hasSize(1);
    assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat");
    assertThat(contents(bundle)).isEqualTo(before);
  }

  private static TreeMap<String, String> contents(Path bundle) {
    TreeMap<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        all.put(file.getFileName().toString(), java.util.Arrays.toString(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  @Test
  void update_deltaWithoutTimes_saysWhatIsMissing() throws IOException {
    Path bundle = train("als");
    Files.writeString(delta, "user_id,item_id,rating\nu1,new,5\n");
    Run run = Run.of("update", bundle, delta, "-o", bundle);
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("those that came later have none; they must have them too");
  }

  @Test
  void update_modelThatCannot_namesThoseThatCanAndRetrains() {
    Path bundle = train("item-knn");
    Path updated = folder.resolve("updated");
    Run refused = Run.of("update", bundle, delta, "-o", updated);
    Run retrained = Run.of("update", bundle, delta, "-o", updated, "--retrain", "--json");

    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .contains("a model of 'item-knn' takes in nothing new without being trained again")
        .contains("als, bpr, warp")
        .contains("--retrain");
    assertThat(retrained.code()).as(retrained.err()).isZero();
    assertThat(retrained.json().path("retrained").asBoolean()).isTrue();
    assertThat(retrained.json().path("interactions").asInt())
        .isEqualTo(retrained.json().path("newInteractions").asInt() + count());
    assertThat(list(updated, "u30")).contains("new");
  }

  private int count() {
    try (Stream<String> lines = Files.lines(ratings)) {
      return (int) lines.count() - 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
