package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
  @Test
  void start_portZero_takesAFreeOne() {
    try (KindredServer server = KindredServer.start(RunningServer.options())) {
      assertThat(server.port()).isBetween(1024, 65_535);
      assertThat(server.uri()).hasToString("http://127.0.0.1:" + server.port() + "/");
      assertThat(new Http(server).get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void start_portInUse_saysWhichAndWhatToDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(
              () -> KindredServer.start(RunningServer.options().withPort(taken.getLocalPort())))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is already in use")
          .hasMessageContaining("another port");
    }
  }

  @Test
  void start_foreignHost_isRefused() {
    assertThatThrownBy(() -> KindredServer.start(RunningServer.options().withHost("192.0.2.1")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'192.0.2.1' is not an address of this machine");
    assertThatThrownBy(
            () -> KindredServer.start(RunningServer.options().withHost("no-such-host.invalid")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void start_imageFolderMissing_isRefused() {
    assertThatThrownBy(
            () ->
                KindredServer.start(
                    RunningServer.options().withImages(Path.of("no", "such", "folder"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no-such-folder".replace("-", java.io.File.separator));
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatThrownBy(() -> RunningServer.options().withPort(70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70000");
    assertThatThrownBy(() -> new ServerOptions(Map.of(), "127.0.0.1", 0, null, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * A body that comes in more than one piece leaves the parser of the connection at a beginning.
   */
  @Test
  void stop_connectionWaitsAfterALongBody_endsWithinSeconds() throws Exception {
    KindredServer server = KindredServer.start(RunningServer.options());
    String items = "\"film-1\", ".repeat(20_000);
    HttpResponse<String> answer =
        new Http(server).post("/v1/recommend", "{\"history\": [" + items + "\"film-1\"]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);

    stopping.get(6, TimeUnit.SECONDS); // ten, where it is taken for a request that comes
  }

  @Test
  void stop_runningRequest_isFinished() throws Exception {
    KindredServer server = KindredServer.start(RunningServer.options());
    String body = "{\"history\": [\"film-1\"]}";
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
      socket.setSoTimeout(20_000);
      String head =
          "POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      socket
          .getOutputStream()
          .write((head + body.substring(0, 5)).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      awaitInFlight(server);
      CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);
      awaitRefusal(server.port());
      Thread.sleep(1500); // longer than kept connections that wait have
      assertThat(stopping).isNotDone();
      socket.getOutputStream().write(body.substring(5).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      RawHttp.Answer answer = RawHttp.parse(socket);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("\"servedBy\":\"history\"");
      stopping.get(20, TimeUnit.SECONDS);
    }
    server.stop(); // a second time does nothing
  }

  @Test
  void stop_keptConnectionsUnderLoad_losesNoRequest() throws Exception {
    KindredServer server = KindredServer.start(RunningServer.options());
    int clients = 6;
    AtomicInteger answered = new AtomicInteger();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    CountDownLatch running = new CountDownLatch(clients);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int pause = i % 3 * 20;
      all.add(CompletableFuture.runAsync(() -> ask(server.port(), pause, answered, lost, running)));
    }
    running.await();
    server.stop();
    for (CompletableFuture<Void> one : all) {
      one.get(20, TimeUnit.SECONDS);
    }
    assertThat(lost).isEmpty();
    assertThat(answered.get()).isGreaterThan(clients);
  }

  /** Asks again and again until the server says that it ends, on a connection that is kept. */
  private static void ask(
      int port, int pause, AtomicInteger answered, Queue<String> lost, CountDownLatch running) {
    boolean told = false;
    try (RawConnection connection = new RawConnection(port)) {
      for (int i = 0; !told; i++) {
        String id = "item-" + pause + "-" + i;
        connection.send("GET /v1/items/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        RawConnection.Answer answer = connection.read();
        if (answer == null || !answer.body().contains("'" + id + "'")) {
          lost.add(id + ": " + answer);
          return;
        }
        told = answer.closes();
        answered.incrementAndGet();
        if (i == 5) {
          running.countDown();
        }
        Thread.sleep(pause);
      }
    } catch (IOException | InterruptedException e) {
      lost.add(e.toString());
    } finally {
      running.countDown();
    }
  }

  /** Waits until the half request is being answered. */
  private static void awaitInFlight(KindredServer server) throws InterruptedException {
    Http http = new Http(server);
    for (int i = 0; i < 200; i++) {
      if (http.get("/metrics")
          .body()
          .contains("kindred_http_requests_in_flight 2.0")) { // it and this one
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the request did not begin");
  }

  private static void awaitRefusal(int port) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      try {
        new Socket(InetAddress.getByName("127.0.0.1"), port).close();
      } catch (IOException e) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server still takes connections");
  }

  /** As while the server warms up: the watch begins after that. */
  @Test
  void watch_bundleReplacedBeforeItBegan_isLoaded(@TempDir Path folder) throws Exception {
    Path bundle = folder.resolve("bundle");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(RunningServer.USER_KNN, RunningServer.USER_KNN.info(), bundle);
    ServerOptions options = ServerOptions.of(RunningServer.ITEM_KNN).withPort(0);
    try (KindredServer server = KindredServer.start(options)) {
      assertThat(RawHttp.get(server.port(), "/v1/model").body()).contains("\"item-knn\"");
      server.watch(Map.of("item-knn", bundle), false);
      String model = "";
      for (int i = 0; i < 400 && !model.contains("\"user-knn\""); i++) {
        Thread.sleep(50);
        model = RawHttp.get(server.port(), "/v1/model").body();
      }
      assertThat(model).contains("\"user-knn\"");
    }
  }
}
