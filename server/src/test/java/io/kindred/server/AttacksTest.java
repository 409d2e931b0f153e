package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may send to harm the server or the people behind it. */
class AttacksTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String JSON = HOST + "Content-Type: application/json\r\n";

  private static KindredServer server;

  @BeforeAll
  static void start() {
    server = KindredServer.start(RunningServer.options());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawConnection.Answer ask(String request) throws IOException {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.send(request);
      return connection.read();
    }
  }

  private static String metrics() throws IOException {
    return ask("GET /metrics HTTP/1.1\r\n" + HOST + "\r\n").body();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/%u0041 | '%u0'",
        "/v1/items/%u0041 | '%u0'",
        "/v1/items?query=%zz | '%zz'",
        "/v1/items?query=100% | '%'",
        "/v1/items/%C3%28 | UTF-8",
        "/v1/items?query=%FF | UTF-8",
        "/v1/users/%ED%A0%80 | UTF-8",
      })
  void address_percentOfNothing_is400WithItsReason(String address, String reason)
      throws IOException {
    RawConnection.Answer answer = ask("GET " + address + " HTTP/1.1\r\n" + HOST + "\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Content-Length and Transfer-Encoding that proxies may read otherwise
        "Content-Length: 5~Transfer-Encoding: chunked~~2~{}~0~~ | 400",
        "Content-Length: 5~Content-Length: 2~~{} | 400",
        "Content-Length: +2~~{} | 400",
        "Content-Length: -2~~{} | 400",
        "Transfer-Encoding: xchunked~~2~{}~0~~ | 400",
        "Transfer-Encoding: chunked~Transfer-Encoding: identity~~2~{}~0~~ | 400",
        "Transfer-Encoding: gzip, chunked~~2~{}~0~~ | 501",
        "Transfer-Encoding : chunked~~2~{}~0~~ | 400",
        // bodies that are none
        "Transfer-Encoding: chunked~~xyz~{}~0~~ | 400",
        "Transfer-Encoding: chunked~~-1~{}~0~~ | 400",
        "Transfer-Encoding: chunked~~FFFFFFFFFFFFFFFF~{}~0~~ | 400",
        "Content-Encoding: gzip~Content-Length: 2~~{} | 415",
        "Content-Length: 70000000~~{} | 413",
        "Expect: nothing~Content-Length: 2~~{} | 417",
        // a type with a character set that there is not
        "Content-Type: application/json; charset=none~Content-Length: 1~~{ | 400",
      })
  void body_thatIsNone_isRefusedAndNothingOfItIsARequest(String rest, int status)
      throws IOException {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.send(
          "POST /v1/recommend HTTP/1.1\r\n"
              + JSON
              + rest.replace("~", "\r\n")
              + "GET /v1/items/smuggled HTTP/1.1\r\n"
              + HOST
              + "\r\n");
      RawConnection.Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.head()).contains("application/problem+json");
      if (answer.closes()) {
        assertThat(connection.read()).isNull();
      } else { // the whole body was understood: what follows is a request
        assertThat(connection.read().body()).contains("smuggled");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health/live HTTP/1.1\nHost: localhost\n\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n",
        "GET /health/live HTTP/1.1\r\n\r\n",
        "GET http://example.org/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health/live;a=b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET //health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  void head_thatProxiesReadOtherwise_isRefused(String request) throws IOException {
    RawConnection.Answer answer = ask(request);
    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.head()).contains("application/problem+json");
  }

  @Test
  void head_tooLong_isRefused() throws IOException {
    String headers = "X: " + "a".repeat(20_000) + "\r\n";
    assertThat(ask("GET / HTTP/1.1\r\n" + HOST + headers + "\r\n").status()).isEqualTo(431);
    assertThat(ask("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n").status())
        .isEqualTo(414);
  }

  @Test
  void body_tooLargeOrNotWanted_isAnsweredOnceItIsSent() throws IOException {
    for (String rest : List.of("", "Content-Encoding: gzip\r\n")) {
      try (RawConnection connection = new RawConnection(server.port())) {
        connection.send(
            "POST /v1/recommend HTTP/1.1\r\n" + JSON + rest + "Content-Length: 6000000\r\n\r\n");
        connection.send("x".repeat(6_000_000));
        assertThat(connection.read().status()).isEqualTo(rest.isEmpty() ? 413 : 415);
      }
    }
  }

  @Test
  void expect_bodyTooLarge_is413AndNoContinue() throws IOException {
    RawConnection.Answer answer =
        ask(
            "POST /v1/recommend HTTP/1.1\r\n"
                + JSON
                + "Expect: 100-continue\r\nContent-Length: 70000000\r\n\r\n");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.closes()).isTrue();
  }

  @Test
  void expect_bodyFits_isAnswered() throws IOException {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.send(
          "POST /v1/recommend HTTP/1.1\r\n"
              + JSON
              + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.send("{}");
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Test
  void abortedBody_isNoFaultOfTheServer() throws Exception {
    for (String length : List.of("Content-Length: 500", "Transfer-Encoding: chunked")) {
      for (int i = 0; i < 5; i++) {
        try (RawConnection connection = new RawConnection(server.port())) {
          connection.send("POST /v1/recommend HTTP/1.1\r\n" + JSON + length + "\r\n\r\n");
          connection.send(length.startsWith("C") ? "{\"user\"" : "7\r\n{\"us");
          if (i % 2 == 0) {
            connection.socket().shutdownOutput();
            assertThat(connection.read().status()).isEqualTo(400);
          } else {
            connection.socket().setSoLinger(true, 0); // a reset
          }
        }
      }
    }
    assertThat(metrics()).doesNotContain("status=\"500\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/items",
        "/v1/items/film-1",
        "/v1/items/nothing",
        "/v2/x",
        "/v1/recommend",
        "/health/live",
        "/v1/items?limit=many",
        "/openapi.json",
        "/v1/items/%u0041"
      })
  void headMethod_answersAsGetWithoutTheBody(String path) throws IOException {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.send("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
      RawConnection.Answer get = connection.read();
      connection.send("HEAD " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
      RawConnection.Answer head = connection.readHead();
      assertThat(head.status()).isEqualTo(get.status());
      assertThat(withoutDate(head.head())).isEqualTo(withoutDate(get.head()));
      connection.send("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n"); // nothing stands before it
      assertThat(connection.read().body()).contains("up");
    }
  }

  private static String withoutDate(String head) {
    return head.replaceAll("Date: [^\r]*\r\n", "");
  }

  @Test
  void upgrade_isAnsweredAsAnOrdinaryRequest() throws IOException {
    String socket =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    String http2 =
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
    for (String upgrade : List.of(socket, http2)) {
      for (String path : List.of("/v1/items/film-1", "/", "/v1/nothing")) {
        try (RawConnection connection = new RawConnection(server.port())) {
          connection.send("GET " + path + " HTTP/1.1\r\n" + HOST + upgrade + "\r\n");
          RawConnection.Answer answer = connection.read();
          assertThat(answer.status()).isEqualTo(path.endsWith("nothing") ? 404 : 200);
          assertThat(answer.head()).doesNotContainIgnoringCase("Set-Cookie"); // no session
          connection.send("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n");
          assertThat(connection.read().status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void randomMethodsAndPaths_areFewSeries() throws IOException {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.send("GET /v1/models HTTP/1.1\r\n" + HOST + "\r\n");
      connection.read();
      for (int i = 0; i < 60; i++) {
        String word = Integer.toString(100_000 + i, 26).toUpperCase(java.util.Locale.ROOT);
        word = word.replaceAll("[0-9]", "Z");
        connection.send(word + "X" + " /v1/items HTTP/1.1\r\n" + HOST + "\r\n");
        connection.read();
        connection.send("GET /" + word + " HTTP/1.1\r\n" + HOST + "\r\n");
        connection.read();
      }
    }
    List<String> series = new ArrayList<>();
    metrics()
        .lines()
        .filter(line -> line.startsWith("kindred_http_requests_total"))
        .forEach(series::add);
    assertThat(series).hasSizeLessThan(60);
    assertThat(series)
        .anyMatch(line -> line.contains("method=\"OTHER\"") && line.contains("status=\"405\""))
        .anyMatch(line -> line.contains("route=\"unmatched\"") && line.contains("\"GET\""))
        .anyMatch(line -> line.contains("route=\"/v1/models\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "app.localhost", "127.0.0.1:80", "[::1]", "10.1.2.3"})
  void host_ownName_isAnswered(String host) throws IOException {
    assertThat(ask("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "localhost.example.org", "127.0.0.1.example.org", "1.2.3", "x"})
  void host_foreignName_is421(String host) throws IOException {
    for (String path : List.of("/", "/v1/models", "/metrics")) {
      RawConnection.Answer answer = ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(answer.status()).isEqualTo(421);
      assertThat(answer.body()).contains(host, "--allow-host");
    }
  }

  @Test
  void host_allowedName_isAnswered() throws IOException {
    ServerOptions options =
        RunningServer.options().withAllowedHosts(Set.of("Shop.Example", "other"));
    try (KindredServer allowing = KindredServer.start(options);
        RawConnection connection = new RawConnection(allowing.port())) {
      for (String host : List.of("shop.example", "SHOP.example.:8080", "other")) {
        connection.send("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(connection.read().status()).isEqualTo(200);
      }
      connection.send("GET /v1/models HTTP/1.1\r\nHost: x.other\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(421);
    }
  }
}
