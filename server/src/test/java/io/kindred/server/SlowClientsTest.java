package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time cost others nothing. */
class SlowClientsTest {
  private static final int SLOW = 40;
  private static final String HOST = "Host: localhost\r\n";
  private static final String POST =
      "POST /v1/recommend HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";

  private final KindredServer server = KindredServer.start(RunningServer.options());
  private final List<RawConnection> slow = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (RawConnection one : slow) {
      one.close();
    }
    server.close();
  }

  private void open(String begin) throws IOException {
    RawConnection connection = new RawConnection(server.port());
    connection.send(begin);
    slow.add(connection);
  }

  private void assertOthersAreAnswered() throws IOException {
    try (RawConnection honest = new RawConnection(server.port())) {
      for (int i = 0; i < 5; i++) {
        honest.send("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(honest.read().status()).isEqualTo(200);
        String body = "{\"history\": [\"film-1\"]}";
        honest.send(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        assertThat(honest.read().body()).contains("\"servedBy\":\"history\"");
      }
    }
  }

  @Test
  void slowBodies_othersAreAnsweredAndTheyAreToo() throws IOException {
    for (int i = 0; i < SLOW; i++) {
      open(
          POST
              + (i % 2 == 0
                  ? "Content-Length: 2\r\n\r\n{"
                  : "Transfer-Encoding: chunked\r\n\r\n2\r\n{"));
    }
    assertOthersAreAnswered();
    for (int i = 0; i < SLOW; i++) {
      slow.get(i).send(i % 2 == 0 ? "}" : "}\r\n0\r\n\r\n");
    }
    for (RawConnection one : slow) {
      assertThat(one.read().status()).isEqualTo(200);
    }
  }

  @Test
  void slowHeadsAndIdleConnections_othersAreAnswered() throws IOException {
    for (int i = 0; i < SLOW; i++) {
      open(i % 2 == 0 ? "GET /health/li" : "");
    }
    assertOthersAreAnswered();
    for (int i = 0; i < SLOW; i++) {
      slow.get(i).send((i % 2 == 0 ? "" : "GET /health/li") + "ve HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(slow.get(i).read().status()).isEqualTo(200);
    }
  }

  /** Thousands of answers that nobody reads fill the buffers of the sockets and stay behind. */
  @Test
  void slowReaders_othersAreAnswered() throws IOException {
    String requests = ("GET /openapi.json HTTP/1.1\r\n" + HOST + "\r\n").repeat(20);
    for (int i = 0; i < SLOW; i++) {
      open("");
      slow.get(i).socket().setSoTimeout(200);
      for (int j = 0; j < 25; j++) {
        slow.get(i).send(requests);
      }
    }
    assertOthersAreAnswered();
    try {
      slow.get(0).socket().setSoTimeout(20_000);
      assertThat(slow.get(0).read().status()).isEqualTo(200);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("what was asked for is not answered", e);
    }
  }
}
