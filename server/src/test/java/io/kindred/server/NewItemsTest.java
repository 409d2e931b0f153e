package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Items that hardly anybody has done, over the socket. */
class NewItemsTest {
  private static KindredServer server;
  private static Http http;

  @BeforeAll
  static void start() {
    server = KindredServer.start(RunningServer.withNewItems());
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> ids(JsonNode answer) {
    return answer.get("items").findValuesAsText("item").stream()
        .filter(id -> !id.isEmpty())
        .toList();
  }

  @Test
  void newItems_modelNotNamed_theFirstThatCanRanksByTaste() {
    JsonNode answer =
        http.json("/v1/new-items", "{\"history\": [\"film-1\", \"film-2\"], \"explain\": true}");
    assertThat(answer.get("model").textValue()).isEqualTo("content-knn");
    assertThat(answer.at("/items/0/item").textValue()).isEqualTo("new-sea");
    assertThat(ids(answer)).doesNotContain("new-stars", "new-nothing");
    assertThat(answer.at("/items/0/interactions").intValue()).isZero();
    assertThat(answer.at("/items/0/explanation/kind").textValue()).isEqualTo("features");
    assertThat(answer.at("/items/0/explanation/reasons/0/column").textValue()).isEqualTo("genres");
    assertThat(answer.at("/items/0/explanation/reasons/0/feature").textValue()).isEqualTo("Sea");
    assertThat(answer.at("/items/0/explanation/sentence").textValue())
        .isEqualTo("Because it shares Sea with what you know.");
    JsonNode other = http.json("/v1/new-items", "{\"history\": [\"film-13\"]}");
    assertThat(other.at("/items/0/item").textValue()).isEqualTo("new-stars");
  }

  @Test
  void newItems_moreInteractionsAllowed_knownItemsCountToo() {
    JsonNode few = http.json("/v1/new-items", "{\"history\": [\"film-1\"], \"n\": 100}");
    JsonNode all =
        http.json(
            "/v1/new-items",
            "{\"history\": [\"film-1\"], \"n\": 100, \"mostInteractions\": 1000000}");
    assertThat(ids(few)).isNotEmpty().allMatch(id -> id.startsWith("new-"));
    assertThat(ids(all)).containsAll(ids(few)).contains("film-2").doesNotContain("film-1");
  }

  @Test
  void newItems_filter_holds() {
    JsonNode answer =
        http.json(
            "/v1/new-items",
            "{\"history\": [\"film-1\"], \"filter\": {\"exclude\": [\"new-sea\"], \"features\": {\"genres\": \"Sea\"}}}");
    assertThat(ids(answer)).isEmpty();
  }

  @Test
  void newItems_nothingKnownOfThePerson_isEmpty() {
    JsonNode answer = http.json("/v1/new-items", "{\"user\": \"nobody\"}");
    assertThat(ids(answer)).isEmpty();
    assertThat(answer.at("/notes/0").textValue()).isEqualTo("User 'nobody' is unknown.");
  }

  @Test
  void newItems_modelThatCannot_isSaid() {
    HttpResponse<String> answer =
        http.post("/v1/new-items", "{\"history\": [\"film-1\"], \"model\": \"item-knn\"}");
    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(Http.read(answer).get("detail").textValue())
        .isEqualTo("model 'item-knn' cannot score items that nobody has done");
    assertThat(http.json("/v1/models").at("/models/0/can").toString()).doesNotContain("new-items");
    assertThat(http.json("/v1/models").at("/models/1/can").toString()).contains("new-items");
  }

  @Test
  void newItems_wrongFields_areNamed() {
    HttpResponse<String> answer =
        http.post(
            "/v1/new-items", "{\"history\": [\"film-1\"], \"mostInteractions\": -1, \"most\": 3}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.read(answer).get("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/mostInteractions", "/most");
  }
}
