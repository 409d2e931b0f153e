package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.knn.UserKnn;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request costs no more than a bound, and only as long as somebody waits for it. */
class CostTest {
  private static final int ITEMS = 1500;
  private static final Model MANY_ITEMS =
      UserKnn.defaults().train(manyItems(), TrainingContext.defaults().withThreads(1));
  private static final SlowModel SLOW =
      new SlowModel(RunningServer.USER_KNN, Duration.ofSeconds(1));
  private static final SlowModel ENDLESS =
      new SlowModel(RunningServer.USER_KNN, Duration.ofMinutes(10));

  private static KindredServer server;
  private static Http http;

  @BeforeAll
  static void start() {
    server =
        KindredServer.start(
            ServerOptions.of(MANY_ITEMS)
                .withModel("slow", SLOW)
                .withModel("endless", ENDLESS)
                .withPort(0));
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** 1,500 items and 50 people who did half of them, the first one all. */
  private static Dataset manyItems() {
    Vocabulary.Builder users = Vocabulary.builder();
    Vocabulary.Builder items = Vocabulary.builder();
    Interactions.Builder interactions = Interactions.builder();
    for (int item = 0; item < ITEMS; item++) {
      items.add("item-" + item);
    }
    Random random = new Random(3);
    for (int user = 0; user < 50; user++) {
      users.add("user-" + user);
      for (int item = 0; item < ITEMS; item++) {
        if (user == 0 || random.nextBoolean()) {
          interactions.add(user, item, 1f, 0L);
        }
      }
    }
    return Dataset.of("many", users.build(), items.build(), interactions.build(50, ITEMS));
  }

  @Test
  void recommend_itemsTimesReasonsAboveTheBound_saysHowManyWouldBeRight() {
    HttpResponse<String> answer =
        http.post(
            "/v1/recommend",
            "{\"history\": [\"item-1\"], \"n\": 1000, \"explain\": 100, \"filter\":"
                + " {\"excludeSeen\": false}}");

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode problem = Http.read(answer);
    assertThat(problem.get("type").textValue()).isEqualTo("urn:kindred:problem:too-costly");
    assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/explain");
    assertThat(problem.at("/errors/0/expected").textValue())
        .startsWith("at most 10 for a list of 1000 items");
    assertThat(
            http.post(
                    "/v1/recommend",
                    "{\"history\": [\"item-1\"], \"n\": 1000, \"explain\": 10, \"filter\":"
                        + " {\"excludeSeen\": false}}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void recommend_itemsTimesHistoryAboveTheBound_storedOrGiven_saysHowManyWouldBeRight() {
    String history =
        java.util.stream.IntStream.range(0, ITEMS)
            .mapToObj(item -> "\"item-" + item + "\"")
            .collect(java.util.stream.Collectors.joining(","));
    for (String person : List.of("\"user\": \"user-0\"", "\"history\": [" + history + "]")) {
      HttpResponse<String> answer =
          http.post("/v1/recommend", "{" + person + ", \"n\": 1000, \"explain\": 1}");

      assertThat(answer.statusCode()).isEqualTo(400);
      JsonNode problem = Http.read(answer);
      assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/n");
      assertThat(problem.at("/errors/0/expected").textValue())
          .startsWith("at most 666 with reasons for a history of 1500");
      assertThat(http.post("/v1/recommend", "{" + person + ", \"n\": 1000}").statusCode())
          .as("without reasons")
          .isEqualTo(200);
    }
  }

  @Test
  void search_textLongerThanAnyTitle_isRefused() {
    HttpResponse<String> answer = http.get("/v1/items?query=" + "x".repeat(201));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("a text of at most 200 characters");
  }

  @Test
  void body_ofCountlessParts_isRefused() {
    HttpResponse<String> answer =
        http.post("/v1/recommend", "{\"history\": [" + "{},".repeat(150_000) + "{}]}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("too many", "250000");
  }

  @Test
  void recommend_slowOnes_runOneAfterTheOther_andCheapOnesBesideThem() throws Exception {
    int slots = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
    for (int i = 0; i < slots + 10; i++) {
      slow.add(
          CompletableFuture.supplyAsync(
              () ->
                  http.post(
                      "/v1/recommend",
                      "{\"model\": \"slow\", \"user\": \"user-3\", \"n\": 4, \"explain\": 3}")));
    }
    boolean answeredBeside = false;
    while (slow.stream().anyMatch(one -> !one.isDone())) {
      boolean busy = SLOW.running.get() > 0;
      int status = http.post("/v1/recommend", "{\"user\": \"user-1\"}").statusCode();
      assertThat(status).isEqualTo(200);
      answeredBeside |= busy && SLOW.running.get() > 0;
      Thread.sleep(20);
    }
    assertThat(answeredBeside).isTrue();
    int answered = 0;
    for (CompletableFuture<HttpResponse<String>> one : slow) {
      HttpResponse<String> answer = one.get();
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
      if (answer.statusCode() == 200) {
        answered++;
      } else {
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(Http.read(answer).get("detail").textValue()).contains("costly requests");
      }
    }
    assertThat(answered).isGreaterThanOrEqualTo(slots);
  }

  @Test
  void recommend_clientHasGone_computingStops() throws Exception {
    String body = "{\"model\": \"endless\", \"user\": \"user-3\", \"explain\": 3}";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                      + " application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      await(1);
    }
    long begun = System.nanoTime();
    await(0);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void recommend_nextRequestComesEarly_isAnsweredInItsTurn() throws Exception {
    String body = "{\"model\": \"slow\", \"user\": \"user-3\", \"n\": 1, \"explain\": 3}";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                      + " application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(600); // it is looked for from 250 ms on
      String next = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n";
      socket.getOutputStream().write(next.getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(200);
      socket
          .getOutputStream()
          .write(
              "X-Filler: 12345678901234567890123456789012345678901234567890\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(both.split("HTTP/1.1 200 OK", -1)).hasSize(3);
      assertThat(both.indexOf("\"servedBy\"")).isLessThan(both.indexOf("\"models\""));
    }
  }

  /** Waits until so many endless computations run. */
  private static void await(int running) throws InterruptedException {
    for (int i = 0; i < 2000 && ENDLESS.running.get() != running; i++) {
      Thread.sleep(10);
    }
    assertThat(ENDLESS.running.get()).isEqualTo(running);
  }
}
