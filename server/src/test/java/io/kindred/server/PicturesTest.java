package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindred.Model;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network that sees pictures says of them, over the socket. */
class PicturesTest {
  @TempDir private static Path folder;

  private static SampleWorld world;
  private static Model model;
  private static KindredServer server;
  private static Http http;

  @BeforeAll
  static void start() throws IOException {
    world = new SampleWorld(folder);
    model = world.imageCnn();
    server =
        KindredServer.start(
            ServerOptions.of(model)
                .withModel("item-knn", RunningServer.ITEM_KNN)
                .withImages(world.pictures)
                .withPort(0));
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String id(int item) {
    return world.data.items().id(item);
  }

  private static String history(int... items) {
    StringBuilder ids = new StringBuilder();
    for (int item : items) {
      ids.append(ids.isEmpty() ? "\"" : ", \"").append(id(item)).append('"');
    }
    return "\"history\": [" + ids + "]";
  }

  @Test
  void explain_networkThatSeesPictures_namesTheItemThatLooksAlike() {
    JsonNode similar = http.json("/v1/items/" + id(40) + "/similar?n=30").get("similar");
    int first = world.data.items().index(similar.at("/0/item").textValue());
    int later = world.data.items().index(similar.at("/9/item").textValue());
    double cosine = similar.at("/0/similarity").doubleValue();
    assertThat(cosine).isGreaterThan(0.5);
    JsonNode answer =
        http.json("/v1/explain", "{" + history(later, first) + ", \"item\": \"" + id(40) + "\"}");
    JsonNode like = answer.at("/explanation/looksLike");
    assertThat(like.get("item").textValue()).isEqualTo(id(first));
    assertThat(like.get("likeness").doubleValue()).isCloseTo(cosine, within(1e-5));
    assertThat(http.get(like.get("image").textValue()).statusCode()).isEqualTo(200);

    int unlike = -1;
    JsonNode all = http.json("/v1/items/" + id(40) + "/similar?n=1000").get("similar");
    for (JsonNode one : all) { // the last is the least similar
      unlike = world.data.items().index(one.get("item").textValue());
    }
    assertThat(all.get(all.size() - 1).get("similarity").doubleValue()).isLessThan(0.5);
    JsonNode none =
        http.json("/v1/explain", "{" + history(unlike) + ", \"item\": \"" + id(40) + "\"}");
    assertThat(none.get("explanation").has("looksLike")).isFalse();
  }

  @Test
  void saliency_ofAnItem_isAMapAndIsKept() {
    String question = "{" + history(3, 8) + ", \"item\": \"" + id(40) + "\"}";
    JsonNode map = http.json("/v1/saliency", question);
    assertThat(map.get("model").textValue()).isEqualTo("image-cnn");
    assertThat(map.get("width").intValue()).isEqualTo(24);
    assertThat(map.get("height").intValue()).isEqualTo(32);
    assertThat(map.get("values")).hasSize(24 * 32);
    double largest = 0;
    for (JsonNode value : map.get("values")) {
      largest = Math.max(largest, Math.abs(value.doubleValue()));
    }
    assertThat(largest).isPositive();
    assertThat(http.json("/v1/saliency", question)).isEqualTo(map);
    JsonNode other =
        http.json("/v1/saliency", "{" + history(50, 51) + ", \"item\": \"" + id(40) + "\"}");
    assertThat(other.get("values")).isNotEqualTo(map.get("values"));
  }

  @Test
  void saliency_manyAtOnce_areAnsweredOrToldWhenToAskAgain() throws Exception {
    ExecutorService people = Executors.newFixedThreadPool(40);
    try {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) { // twenty questions, each of two people
        String question = "{" + history(50 + i / 2) + ", \"item\": \"" + id(40) + "\"}";
        answers.add(people.submit(() -> http.post("/v1/saliency", question)));
      }
      int answered = 0;
      for (Future<HttpResponse<String>> future : answers) {
        HttpResponse<String> answer = future.get();
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
        if (answer.statusCode() == 503) {
          assertThat(answer.headers().firstValue("Retry-After")).contains("2");
          assertThat(answer.body()).contains("ask again in 2 seconds");
        } else {
          answered++;
          assertThat(Http.read(answer).get("values")).hasSize(24 * 32);
        }
      }
      assertThat(answered).isPositive();
      String last = "{" + history(69) + ", \"item\": \"" + id(40) + "\"}";
      assertThat(http.post("/v1/saliency", last).statusCode()).isEqualTo(200);
    } finally {
      people.shutdownNow();
    }
  }

  @Test
  void saliency_whatCannotBe_isSaid() throws IOException {
    assertProblem("{" + history(3) + ", \"item\": \"none\"}", 404, "knows no item 'none'");
    assertProblem(
        "{" + history(3) + ", \"item\": \"" + id(4) + "\", \"reasons\": 3}", 400, "/reasons");
    assertProblem("{\"item\": \"" + id(4) + "\"}", 400, "/history");
    assertProblem(
        "{\"history\": [\"none\"], \"item\": \"" + id(4) + "\"}", 400, "without a history");
    assertProblem(
        "{\"history\": [\"film-1\"], \"item\": \"film-2\", \"model\": \"item-knn\"}",
        501,
        "does not look at pictures");
    Files.delete(world.pictures.resolve("7.png"));
    assertProblem("{" + history(3) + ", \"item\": \"" + id(7) + "\"}", 404, "no picture of item");
    Files.writeString(world.pictures.resolve("9.png"), "no picture");
    assertProblem("{" + history(3) + ", \"item\": \"" + id(9) + "\"}", 400, "is no picture");
  }

  private static void assertProblem(String question, int status, String part) {
    HttpResponse<String> answer = http.post("/v1/saliency", question);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(part).doesNotContain(folder.toString());
  }

  @Test
  void newItems_networkThatSeesPictures_ranksThem() {
    JsonNode answer =
        http.json("/v1/new-items", "{" + history(3, 8) + ", \"mostInteractions\": 5}");
    assertThat(answer.get("model").textValue()).isEqualTo("image-cnn");
    assertThat(answer.get("items")).isNotEmpty();
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode item : answer.get("items")) {
      assertThat(item.get("interactions").intValue()).isLessThanOrEqualTo(5);
      assertThat(item.get("score").doubleValue()).isLessThanOrEqualTo(before);
      before = item.get("score").doubleValue();
    }
  }
}
