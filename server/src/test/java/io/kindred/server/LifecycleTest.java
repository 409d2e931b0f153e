package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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

  @Test
  void stop_runningRequest_isFinished() throws Exception {
    KindredServer server = KindredServer.start(RunningServer.options());
    String body = "{\"history\": [\"film-1\"]}";
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
      socket.setSoTimeout(20_000);
      String head =
          "POST /v1/recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      socket
          .getOutputStream()
          .write((head + body.substring(0, 5)).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      awaitInFlight(server);
      CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);
      awaitRefusal(server.port());
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
}
