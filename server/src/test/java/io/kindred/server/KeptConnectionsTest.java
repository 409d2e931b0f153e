package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each answer belongs to its own request, and no request is lost without notice. */
class KeptConnectionsTest {
  private static final int CLIENTS = 8;
  private static final int ROUNDS = 60;

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger broken = new AtomicInteger();

  @Test
  void mixedRequests_manyConnections_eachAnswerIsThatOfItsRequest() throws Exception {
    try (KindredServer server = KindredServer.start(RunningServer.options())) {
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int client = i;
          all.add(clients.submit(() -> talk(server.port(), client)));
        }
        for (Future<?> one : all) {
          one.get(60, TimeUnit.SECONDS);
        }
      } finally {
        clients.shutdownNow();
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(broken.get()).isGreaterThan(CLIENTS * ROUNDS / 10);
  }

  /** Sends requests on one connection, and opens another when it is told that it is closed. */
  private Void talk(int port, int client) throws IOException {
    Random random = new Random(client);
    RawConnection connection = new RawConnection(port);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        String mark = "echo-" + client + "-" + round + "x".repeat(random.nextInt(100));
        RawConnection.Answer answer = one(connection, random.nextInt(7), mark);
        if (answer.closes()) {
          if (connection.read() != null) {
            wrong.add("something after an answer that closes, for " + mark);
          }
          connection.close();
          connection = new RawConnection(port);
        }
      }
    } finally {
      connection.close();
    }
    return null;
  }

  private RawConnection.Answer one(RawConnection connection, int kind, String mark)
      throws IOException {
    String host = "Host: localhost\r\n";
    switch (kind) {
      case 0:
        broken.incrementAndGet();
        connection.send("GET /v1/items/%zz" + mark + " HTTP/1.1\r\n" + host + "\r\n");
        return checked(connection.read(), 400, "");
      case 1:
        broken.incrementAndGet();
        connection.send(
            "GET /images/%zz?a=" + mark + " HTTP/1.1\r\n" + host + "Expect: bytes=0-1\r\n\r\n");
        return checked(connection.read(), 400, "");
      case 2:
        String body = "{\"item\": \"film-1\", \"" + mark + "\": 1}";
        connection.send(
            "POST /v1/explain HTTP/1.1\r\n"
                + host
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        return checked(connection.read(), 400, mark.substring(0, Math.min(100, mark.length())));
      case 3:
        connection.send(
            "GET /v1/users/user-" + mark.length() % 60 + " HTTP/1.1\r\n" + host + "\r\n");
        return checked(connection.read(), 200, "\"user\":\"user-" + mark.length() % 60 + "\"");
      case 4: // two at once
        connection.send(
            "GET /v1/items/first-"
                + mark
                + " HTTP/1.1\r\n"
                + host
                + "\r\n"
                + "GET /v1/items/second-"
                + mark
                + " HTTP/1.1\r\n"
                + host
                + "\r\n");
        checked(connection.read(), 404, "'first-" + mark.substring(0, 8));
        return checked(connection.read(), 404, "'second-" + mark.substring(0, 8));
      default:
        connection.send("GET /v1/items/" + mark + " HTTP/1.1\r\n" + host + "\r\n");
        return checked(connection.read(), 404, "'" + mark.substring(0, 8));
    }
  }

  private RawConnection.Answer checked(RawConnection.Answer answer, int status, String part) {
    if (answer == null) {
      throw new AssertionError("a request was lost; expected " + status + " " + part);
    }
    if (answer.status() != status || !answer.body().contains(part)) {
      wrong.add("expected " + status + " with '" + part + "', got " + answer);
    }
    return answer;
  }
}
