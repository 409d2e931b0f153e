package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a request is answered by a problem document that says so. */
class ProblemsTest {
  private static KindredServer server;
  private static Http http;

  @BeforeAll
  static void start() {
    server = KindredServer.start(RunningServer.options());
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode problem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = Http.read(response);
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("type").textValue()).isNotBlank();
    assertThat(problem.get("title").textValue()).isNotBlank();
    assertThat(problem.get("detail").textValue()).isNotBlank();
    assertThat(response.body()).doesNotContain("Exception", "at io.kindred", ".java:");
    return problem;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"n\": -1} | /n | a whole number from 0 to 10000",
        "{\"n\": 2.5} | /n | a whole number from 0 to 10000",
        "{\"n\": \"ten\"} | /n | a whole number from 0 to 10000",
        "{\"n\": 99999999999} | /n | a whole number from 0 to 10000",
        "{\"user\": 7} | /user | a text",
        "{\"model\": 7} | /model | a text",
        "{\"history\": \"film-1\"} | /history | a list of item ids",
        "{\"history\": [5]} | /history/0 | an item id or an object",
        "{\"history\": [{\"value\": 3}]} | /history/0/item | the id of an item",
        "{\"history\": [\"film-1\", {\"item\": \"film-2\", \"value\": \"good\"}]} | /history/1/value | a number from -1e15 to 1e15",
        "{\"history\": [{\"item\": \"film-2\", \"value\": 1e300}]} | /history/0/value | a number from -1e15 to 1e15",
        "{\"history\": [{\"item\": \"film-2\", \"time\": -5}]} | /history/0/time | epoch seconds",
        "{\"history\": [{\"item\": \"film-2\", \"time\": \"yesterday\"}]} | /history/0/time | ISO 8601",
        "{\"history\": [{\"item\": \"film-2\", \"stars\": 5}]} | /history/0/stars | [item, time, value]",
        "{\"explain\": \"yes\"} | /explain | true, false or the number of reasons",
        "{\"explain\": 1000} | /explain | from 0 to 100",
        "{\"filter\": []} | /filter | an object",
        "{\"filter\": {\"seen\": true}} | /filter/seen | excludeSeen",
        "{\"filter\": {\"excludeSeen\": 1}} | /filter/excludeSeen | true or false",
        "{\"filter\": {\"only\": \"film-1\"}} | /filter/only | a list of at most 10000 item ids",
        "{\"filter\": {\"exclude\": [1]}} | /filter/exclude/0 | the id of an item",
        "{\"filter\": {\"features\": {\"color\": \"red\"}}} | /filter/features/color | [title, genres, minutes, story, poster]",
        "{\"filter\": {\"features\": {\"genres\": 1}}} | /filter/features/genres | a text",
        "{\"filter\": {\"features\": {\"minutes\": \"<short\"}}} | /filter/features/minutes | a comparison such as <20",
        "{\"filter\": {\"features\": {\"genres\": \">=5\"}}} | /filter/features/genres | the column holds tags",
        "{\"boosts\": [1]} | /boosts | an object",
        "{\"boosts\": {\"a/b\": 0}} | /boosts/a~1b | a number from 0.000001 to 1,000,000",
        "{\"boosts\": {\"film-1\": 1e300}} | /boosts/film-1 | a number from 0.000001 to 1,000,000",
        "{\"histroy\": []} | /histroy | history",
        "[1, 2] | '' | a JSON object",
      })
  void recommend_wrongField_isNamedWithWhatWouldBeRight(
      String body, String pointer, String expected) {
    JsonNode problem = problem(http.post("/v1/recommend", body), 400);
    assertThat(problem.get("type").textValue()).isEqualTo("urn:kindred:problem:invalid-request");
    assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo(pointer);
    assertThat(problem.at("/errors/0/expected").textValue()).contains(expected);
  }

  @Test
  void recommend_severalWrongFields_allNamed() {
    JsonNode problem =
        problem(http.post("/v1/recommend", "{\"n\": -1, \"user\": 7, \"what\": 1}"), 400);
    assertThat(problem.get("errors")).hasSize(3);
    assertThat(problem.get("errors").toString())
        .contains("\"/n\"", "\"/user\"", "\"/what\"", "-1", "7");
  }

  @Test
  void recommend_wrongValue_isShownShortened() {
    JsonNode problem =
        problem(http.post("/v1/recommend", "{\"n\": \"" + "x".repeat(5000) + "\"}"), 400);
    assertThat(problem.at("/errors/0/value").textValue()).hasSizeLessThan(130).endsWith("…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"n\": 5,} | line 1, column 9",
        "{\"n\": 5 | line 1, column",
        "{\"n\": 5}{ | line 1, column",
        "{\"n\": NaN} | line 1, column",
        "{\"n\": 1, \"n\": 2} | Duplicate",
        "'' | empty",
      })
  void recommend_malformedJson_saysWhere(String body, String where) {
    JsonNode problem = problem(http.post("/v1/recommend", body), 400);
    assertThat(problem.get("title").textValue()).isEqualTo("Malformed JSON");
    assertThat(problem.get("detail").textValue()).contains(where);
  }

  @Test
  void recommend_malformedOnAnotherLine_saysTheLine() {
    assertThat(
            problem(http.post("/v1/recommend", "{\n  \"n\": 5,\n  oops\n}"), 400)
                .get("detail")
                .textValue())
        .contains("line 3, column 3");
  }

  @Test
  void recommend_deeplyNested_isRefused() {
    problem(http.post("/v1/recommend", "[".repeat(100_000)), 400);
  }

  @Test
  void recommend_invalidUtf8_isRefused() {
    byte[] body = "{\"user\": \"??\"}".getBytes(StandardCharsets.US_ASCII);
    body[10] = (byte) 0xff;
    body[11] = (byte) 0xfe;
    problem(
        http.send(
            HttpRequest.newBuilder()
                .POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/json"),
            "/v1/recommend"),
        400);
  }

  @Test
  void recommend_bodyAboveOneMegabyte_is413() {
    problem(http.post("/v1/recommend", "{\"user\": \"" + "x".repeat(1_000_001) + "\"}"), 413);
  }

  @Test
  void recommend_chunkedBodyAboveOneMegabyte_is413() {
    byte[] body =
        ("{\"user\": \"" + "x".repeat(3_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
            .header("Content-Type", "application/json");
    problem(http.send(request, "/v1/recommend"), 413);
  }

  @Test
  void recommend_historyAbove10000_isRefused() {
    String history = "\"film-1\",".repeat(10_001);
    JsonNode problem =
        problem(
            http.post(
                "/v1/recommend",
                "{\"history\": [" + history.substring(0, history.length() - 1) + "]}"),
            400);
    assertThat(problem.at("/errors/0/expected").textValue()).contains("at most 10000 events");
  }

  @Test
  void recommend_otherMediaType_is415() {
    HttpRequest.Builder form =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString("{}"))
            .header("Content-Type", "text/plain");
    assertThat(problem(http.send(form, "/v1/recommend"), 415).get("detail").textValue())
        .contains("application/json", "text/plain");
    problem(
        http.send(HttpRequest.newBuilder().POST(BodyPublishers.ofString("{}")), "/v1/recommend"),
        415);
    HttpRequest.Builder withCharset =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString("{}"))
            .header("Content-Type", "Application/JSON; charset=utf-8");
    assertThat(http.send(withCharset, "/v1/recommend").statusCode()).isEqualTo(200);
  }

  @Test
  void anyRoute_otherMethod_is405WithAllow() {
    HttpResponse<String> response = http.get("/v1/recommend");
    assertThat(problem(response, 405).get("detail").textValue()).contains("GET", "POST");
    assertThat(response.headers().firstValue("Allow").orElseThrow()).contains("POST");
    problem(http.send(HttpRequest.newBuilder().DELETE(), "/v1/items/film-1"), 405);
    problem(http.send(HttpRequest.newBuilder().method("PATCH", BodyPublishers.noBody()), "/"), 405);
  }

  @Test
  void noSuchAddress_is404() {
    assertThat(problem(http.get("/v2/nothing"), 404).get("detail").textValue())
        .contains("/v2/nothing", "/openapi.json");
    problem(http.get("/v1/items/film-1/"), 404);
    problem(http.get("/images/x.png"), 404);
    problem(http.get("/js/../index.html"), 404);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/items/nothing, urn:kindred:problem:unknown-item",
    "/v1/items/nothing/similar, urn:kindred:problem:unknown-item",
    "/v1/items/%F0%9F%8E%AC%2F%3Cscript%3E, urn:kindred:problem:unknown-item",
    "/v1/items/%2e%2e, urn:kindred:problem:unknown-item",
    "/v1/explain?user=user-1&item=nothing, urn:kindred:problem:unknown-item",
    "/v1/explain?user=nobody&item=film-1, urn:kindred:problem:unknown-user",
    "/v1/users/nobody, urn:kindred:problem:unknown-user",
    "/v1/users/nobody/similar, urn:kindred:problem:unknown-user",
    "/v1/model?model=nothing, urn:kindred:problem:unknown-model",
    "/v1/items?model=nothing, urn:kindred:problem:unknown-model",
  })
  void unknownThing_is404OfItsType(String path, String type) {
    JsonNode problem = problem(http.get(path), 404);
    assertThat(problem.get("type").textValue()).isEqualTo(type);
  }

  @Test
  void unknownModelInBody_namesThoseThatThereAre() {
    JsonNode problem = problem(http.post("/v1/recommend", "{\"model\": \"magic\"}"), 404);
    assertThat(problem.get("detail").textValue()).contains("magic", "item-knn", "user-knn");
  }

  @Test
  void modelThatCannot_is501() {
    assertThat(
            problem(http.get("/v1/users/user-1/similar?model=item-knn"), 501)
                .get("detail")
                .textValue())
        .contains("item-knn", "users");
    assertThat(
            problem(http.get("/v1/items/film-1/similar?model=user-knn"), 501)
                .get("detail")
                .textValue())
        .contains("user-knn", "items");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/items?limit=many | limit | a whole number from 0 to 1000",
        "/v1/items?limit=-1 | limit | a whole number from 0 to 1000",
        "/v1/items?limit=1001 | limit | a whole number from 0 to 1000",
        "/v1/items?q=heat | q | [limit, model, query]",
        "/v1/items?query=a&query=b | query | one value",
        "/v1/users?offset=x | offset | a whole number",
        "/v1/explain?user=user-1 | item | the id of an item",
        "/v1/explain?item=film-1 | user | the id of a user",
        "/v1/explain?user=user-1&item=film-1&reasons=0 | reasons | from 1 to 100",
        "/v1/models?x=1 | x | nothing",
        "/v1/items/film-1/similar?n=1e9 | n | a whole number from 0 to 10000",
      })
  void wrongParameter_isNamedWithWhatWouldBeRight(String path, String parameter, String expected) {
    JsonNode problem = problem(http.get(path), 400);
    assertThat(problem.at("/errors/0/parameter").textValue()).isEqualTo(parameter);
    assertThat(problem.at("/errors/0/expected").textValue()).contains(expected);
  }

  @Test
  void explain_withoutItemOrPerson_isNamed() {
    assertThat(
            problem(http.post("/v1/explain", "{\"history\": [\"film-1\"]}"), 400)
                .at("/errors/0/pointer")
                .textValue())
        .isEqualTo("/item");
    assertThat(
            problem(http.post("/v1/explain", "{\"item\": \"film-1\"}"), 400)
                .at("/errors/0/pointer")
                .textValue())
        .isEqualTo("/history");
    problem(http.post("/v1/explain", "{\"item\": \"nothing\", \"history\": [\"film-1\"]}"), 404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /v1/items/%zz HTTP/1.1",
        "GET /v1/items/%C3%28 HTTP/1.1",
        "GET /v1/items?query=%zz HTTP/1.1",
        "GET /v1/items/%00 HTTP/1.1",
        "BREW /v1/models HTTP/1.1",
        "GET v1 HTTP/1.1",
        "nonsense",
      })
  void brokenRequest_isAnsweredWithoutTraces(String line) {
    RawHttp.Answer answer =
        RawHttp.send(server.port(), line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer.status()).isBetween(200, 499);
    if (answer.status() != 200) {
      assertThat(answer.head()).contains("application/problem+json");
    }
    assertThat(answer.head() + answer.body())
        .doesNotContain("Exception", "at io.kindred", "at org.eclipse", "Jetty");
  }
}
