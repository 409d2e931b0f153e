package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import io.kindred.ann.AnnIndex;
import io.kindred.ann.AnnOptions;
import io.kindred.content.ContentKnn;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Items that come in while the server runs. */
class AddItemsTest {
  @TempDir private Path folder;

  /** Films with a vector, by what they are. */
  static Model films() {
    Dataset films = RunningServer.FILMS;
    float[] mood = new float[2 * films.items().size()];
    for (int i = 0; i < mood.length; i++) {
      mood[i] = (i * 7 % 5) - 2;
    }
    List<FeatureColumn> columns = new ArrayList<>(films.itemFeatures().columns());
    columns.add(new FeatureColumn.Vectors("mood", mood, 2));
    return ContentKnn.of(Parameters.none().with("columns", "genres,title,story"))
        .train(
            films.withFeatures(films.userFeatures(), new Features(films.items().size(), columns)),
            TrainingContext.defaults().withThreads(1));
  }

  private ServerOptions options() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Files.writeString(images.resolve("text.jpg"), "no picture");
    Files.writeString(folder.resolve("outside.png"), "no matter");
    return ServerOptions.of(films())
        .withModel("item-knn", RunningServer.ITEM_KNN)
        .withImages(images)
        .withNewItems(folder.resolve("new.jsonl"))
        .withPort(0);
  }

  static String item(String id, String features) {
    return "{\"item\": \"" + id + "\", \"features\": " + features + "}";
  }

  static String items(String... items) {
    return "{\"items\": [" + String.join(", ", items) + "]}";
  }

  private static List<String> recommended(Http http, String history, int n) {
    List<String> ids = new ArrayList<>();
    http.json("/v1/recommend", "{\"history\": [\"" + history + "\"], \"n\": " + n + "}")
        .get("items")
        .forEach(item -> ids.add(item.get("item").textValue()));
    return ids;
  }

  @Test
  void items_added_areRecommendedAtOnce_andAfterARestart() throws IOException {
    String ebb =
        item(
            "ebb 🌊/1",
            "{\"title\": \"Ebb 🌊 潮 (2026)\", \"genres\": [\"Sea\", \"Comedy\"], \"minutes\": 90.5, \"mood\": [1, -0.5]}");
    String nebula = item("nebula", "{\"genres\": [\"Stars\"]}");
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      HttpResponse<String> added = http.post("/v1/items", items(ebb, nebula));
      assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
      JsonNode answer = Http.read(added);
      assertThat(answer.get("model").textValue()).isEqualTo("content-knn");
      assertThat(answer.get("total").intValue()).isEqualTo(26);
      assertThat(answer.at("/items/0/features/minutes").doubleValue()).isEqualTo(90.5);
      check(http);
      assertThat(http.post("/v1/items", items(ebb)).statusCode()).isEqualTo(400);
    }
    try (KindredServer again = KindredServer.start(options())) {
      check(new Http(again));
    }
  }

  private static void check(Http http) {
    assertThat(recommended(http, "film-1", 6)).contains("ebb 🌊/1").doesNotContain("nebula");
    assertThat(recommended(http, "film-13", 24)).contains("nebula");
    JsonNode item = http.json("/v1/items/" + Http.segment("ebb 🌊/1"));
    assertThat(item.get("title").textValue()).isEqualTo("Ebb 🌊 潮 (2026)");
    assertThat(item.at("/features/genres").toString()).isEqualTo("[\"Sea\",\"Comedy\"]");
    JsonNode fresh = http.json("/v1/new-items", "{\"history\": [\"film-1\"], \"n\": 1}");
    assertThat(fresh.at("/items/0/item").textValue()).isEqualTo("ebb 🌊/1");
    assertThat(recommended(http, "ebb 🌊/1", 3)).isNotEmpty().doesNotContain("ebb 🌊/1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"item\": \"x\"} | /items/1/features",
        "{\"item\": \"x\", \"features\": {}} | /items/1/features",
        "{\"item\": \"x\", \"features\": {\"plot\": \"long\"}} | /items/1/features/plot",
        "{\"item\": \"x\", \"color\": \"red\", \"features\": {\"title\": \"X\"}} | /items/1/color",
        "{\"item\": \"\", \"features\": {\"title\": \"X\"}} | /items/1/item",
        "{\"item\": 7, \"features\": {\"title\": \"X\"}} | /items/1/item",
        "{\"item\": \"film-1\", \"features\": {\"title\": \"X\"}} | /items/1/item",
        "{\"item\": \"good\", \"features\": {\"title\": \"X\"}} | /items/1/item",
        "{\"item\": \"x\", \"features\": {\"story\": \"\"}} | /items/1/features/story",
        "{\"item\": \"x\", \"features\": {\"story\": 3}} | /items/1/features/story",
        "{\"item\": \"x\", \"features\": {\"genres\": \"Sea\"}} | /items/1/features/genres",
        "{\"item\": \"x\", \"features\": {\"genres\": [\"\"]}} | /items/1/features/genres",
        "{\"item\": \"x\", \"features\": {\"minutes\": \"90\"}} | /items/1/features/minutes",
        "{\"item\": \"x\", \"features\": {\"minutes\": 1e99}} | /items/1/features/minutes",
        "{\"item\": \"x\", \"features\": {\"mood\": [1, 2, 3]}} | /items/1/features/mood",
        "{\"item\": \"x\", \"features\": {\"mood\": [1, null]}} | /items/1/features/mood",
        "{\"item\": \"x\", \"features\": {\"poster\": \"text.jpg\"}} | /items/1/features/poster",
        "{\"item\": \"x\", \"features\": {\"poster\": \"none.png\"}} | /items/1/features/poster",
        "{\"item\": \"x\", \"features\": {\"poster\": \"../outside.png\"}} | /items/1/features/poster",
        "7 | /items/1",
      })
  void items_wrong_areNamed_andNothingIsAdded(String wrong, String pointer) throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      String good = item("good", "{\"title\": \"Good\"}");
      HttpResponse<String> answer = http.post("/v1/items", items(good, wrong));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(Http.read(answer).get("errors").findValuesAsText("pointer"))
          .containsExactly(pointer);
      assertThat(http.get("/v1/items/good").statusCode()).isEqualTo(404);
      assertThat(Files.size(folder.resolve("new.jsonl"))).isZero();
      assertThat(http.post("/v1/items", items(good)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void items_longTexts_areNamedOrTooLarge() throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      String megabyte = "{\"story\": \"" + "sea ".repeat(250_000) + "\"}";
      HttpResponse<String> answer = http.post("/v1/items", items(item("x", megabyte)));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("/items/0/features/story", "100000 characters");
      assertThat(answer.body().length()).isLessThan(1_000);
      String long100k = "{\"story\": \"" + "sea ".repeat(25_000) + "\"}";
      assertThat(http.post("/v1/items", items(item("x", long100k))).statusCode()).isEqualTo(201);
      assertThat(http.post("/v1/items", " ".repeat(8_000_001)).statusCode()).isEqualTo(413);
      assertThat(http.post("/v1/items", "{\"items\": []}").body()).contains("/items");
    }
  }

  @Test
  void items_modelsAndServersThatTakeNone_saySo() throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      HttpResponse<String> cannot =
          new Http(server)
              .post(
                  "/v1/items",
                  "{\"model\": \"item-knn\", \"items\": ["
                      + item("x", "{\"title\": \"X\"}")
                      + "]}");
      assertThat(cannot.statusCode()).isEqualTo(501);
      assertThat(cannot.body()).contains("'item-knn' cannot take new items");
      assertThatThrownBy(() -> KindredServer.start(options()))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("another server has the file");
    }
    try (KindredServer closed = KindredServer.start(RunningServer.withNewItems())) {
      HttpResponse<String> refused =
          new Http(closed).post("/v1/items", items(item("x", "{\"title\": \"X\"}")));
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("--new-items");
    }
  }

  @Test
  void file_cutOffOrOfAnotherTraining_isUsedAsFarAsItGoes() throws IOException {
    Path file = folder.resolve("new.jsonl");
    Files.writeString(
        file,
        "{\"model\": \"content-knn\", \"items\": ["
            + item("film-1", "{\"title\": \"Trained with meanwhile\"}")
            + ", "
            + item("kept", "{\"genres\": [\"Sea\"]}")
            + ", "
            + item("gone", "{\"no-column\": \"x\"}")
            + "]}\n{\"model\": \"content-knn\", \"items\": [{\"item\": \"cut o");
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      assertThat(http.get("/v1/items/kept").statusCode()).isEqualTo(200);
      assertThat(http.get("/v1/items/gone").statusCode()).isEqualTo(404);
      assertThat(http.json("/v1/items/film-1").get("title").textValue()).startsWith("Harbor");
      assertThat(
              http.post("/v1/items", items(item("next", "{\"genres\": [\"Sea\"]}"))).statusCode())
          .isEqualTo(201);
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.endsWith("]}"));
    Files.writeString(file, "no JSON\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> KindredServer.start(options()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("new.jsonl, line 3");
  }

  /**
   * A server in a process of its own is killed while items come in: what it said yes to is there.
   */
  @Test
  void items_serverKilled_whatWasAnsweredIsThere() throws Exception {
    Path file = folder.resolve("killed.jsonl");
    List<String> kept =
        KilledServer.killed(
            file, folder, i -> items(item("k" + i, "{\"genres\": [\"Sea\"]}")), i -> "k" + i);
    try (KindredServer again =
        KindredServer.start(ServerOptions.of(films()).withNewItems(file).withPort(0))) {
      Http http = new Http(again);
      for (String id : kept) {
        assertThat(http.get("/v1/items/" + id).statusCode()).as(id).isEqualTo(200);
      }
      assertThat(recommended(http, "film-1", 100)).containsAll(kept);
    }
  }

  @Test
  void items_modelWithAnIndex_areFoundByItAsByScoringAll() throws IOException {
    SampleWorld world = new SampleWorld(folder);
    Model model = world.imageCnn();
    VectorModel vectors = (VectorModel) model;
    Path file = folder.resolve("items.ann");
    AnnIndex.build(
        vectors.itemVectors(),
        vectors.dimensions(),
        AnnOptions.defaults(),
        file,
        ProgressListener.NONE);
    ServerOptions exact = ServerOptions.of(model).withImages(world.pictures).withPort(0);
    List<String> news = new ArrayList<>();
    for (int item = 0; item < 10; item++) { // each looks like an old one
      news.add(item("new-" + item, "{\"title\": \"New\", \"image\": \"" + 3 * item + ".png\"}"));
    }
    String body = items(news.toArray(new String[0]));
    try (AnnIndex index = AnnIndex.open(file, vectors);
        KindredServer all = KindredServer.start(exact.withNewItems(folder.resolve("a.jsonl")));
        KindredServer indexed =
            KindredServer.start(
                exact.withNewItems(folder.resolve("b.jsonl")).withIndex("image-cnn", index))) {
      int before = index.size();
      for (KindredServer server : Arrays.asList(all, indexed)) {
        HttpResponse<String> answer = new Http(server).post("/v1/items", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      }
      assertThat(index.size()).isEqualTo(before + 10);
      int newOnes = 0;
      for (int item = 0; item < 20; item++) {
        String history = world.data.items().id(item);
        String question = "{\"history\": [\"" + history + "\"], \"n\": 20}";
        JsonNode expected = new Http(all).json("/v1/recommend", question).get("items");
        JsonNode found = new Http(indexed).json("/v1/recommend", question).get("items");
        assertThat(found).hasSize(20);
        for (int rank = 0; rank < 20; rank++) { // twins have scores that are equal but for rounding
          assertThat(found.get(rank).get("score").doubleValue())
              .isCloseTo(expected.get(rank).get("score").doubleValue(), within(1e-4));
          newOnes += found.get(rank).get("item").textValue().startsWith("new-") ? 1 : 0;
        }
      }
      assertThat(newOnes).as("recommended in 20 lists").isPositive();
    }
  }
}
