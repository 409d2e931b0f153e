package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code kindred serve} as a process: bundles that change under it, signals, a small heap. */
@Timeout(180)
@DisabledOnOs(OS.WINDOWS)
class ServeTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;
  private Process process;
  private URI address;

  private void start(List<String> jvm, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    command.addAll(List.of("--port", "0", "--json"));
    process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    JsonNode started = null;
    while (started == null) {
      assertThat(process.isAlive()).as(log()).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
      String out = Files.readString(folder.resolve("stdout"), StandardCharsets.UTF_8);
      started = out.endsWith("}\n") ? new ObjectMapper().readTree(out) : null;
    }
    address = URI.create(started.get("address").textValue());
  }

  @AfterEach
  void stop() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("stderr"), StandardCharsets.UTF_8);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String json) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private String algorithm() throws Exception {
    return new ObjectMapper().readTree(get("/v1/model").body()).get("algorithm").textValue();
  }

  private void awaitLog(String text) throws Exception {
    while (!log().contains(text)) {
      assertThat(process.isAlive()).as(log()).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void hangUp() throws Exception {
    signal("HUP");
  }

  private void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Path copy(Path bundle, String name) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Puts a bundle in the place of another, as training does: by two renames. */
  private void rename(Path fresh, Path place) throws IOException {
    Files.move(place, folder.resolve("before-" + fresh.getFileName()));
    Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void manyConnectionsAtOnce_waitWhileTheServerIsBusy() throws Exception {
    start(List.of(), Samples.itemKnn());
    List<Socket> clients = new ArrayList<>();
    signal("STOP");
    try {
      for (int i = 0; i < 100; i++) {
        Socket client = new Socket();
        clients.add(client);
        client.connect(new InetSocketAddress(address.getHost(), address.getPort()), 900);
      }
    } finally {
      signal("CONT");
      for (Socket client : clients) {
        client.close();
      }
    }
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void bundleReplaced_isServedWithoutALostRequest() throws Exception {
    Path bundle = copy(Samples.itemKnn(), "bundle");
    start(List.of(), bundle);
    assertThat(algorithm()).isEqualTo("item-knn");
    AtomicBoolean replaced = new AtomicBoolean();
    CompletableFuture<Integer> asking =
        CompletableFuture.supplyAsync(
            () -> {
              int asked = 0;
              try {
                for (; !replaced.get(); asked++) {
                  assertThat(post("/v1/recommend", "{\"user\": \"nobody\"}").statusCode())
                      .isEqualTo(200);
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
              return asked;
            });

    rename(copy(Samples.userKnn(), "fresh"), bundle);
    awaitLog("bundle was loaded again");
    replaced.set(true);

    assertThat(asking.get(60, TimeUnit.SECONDS)).isPositive();
    assertThat(algorithm()).isEqualTo("user-knn");
    assertThat(get("/v1/models").body()).contains("user-knn").doesNotContain("item-knn");
    assertThat(get("/metrics").body())
        .contains("algorithm=\"user-knn\"")
        .doesNotContain("algorithm=\"item-knn\"");
  }

  @Test
  void hangUp_loadsAgain_andDoesNotEnd() throws Exception {
    start(List.of(), Samples.itemKnn(), Samples.userKnn());

    hangUp();

    awaitLog("item-knn was loaded again");
    awaitLog("user-knn was loaded again");
    assertThat(algorithm()).isEqualTo("item-knn");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void bundleDamaged_isRefusedInOneLine_andTheOneBeforeGoesOn() throws Exception {
    Path bundle = copy(Samples.itemKnn(), "bundle");
    start(List.of(), bundle);
    Path fresh = copy(Samples.userKnn(), "fresh");
    Path histories = fresh.resolve("histories.safetensors");
    byte[] bytes = Files.readAllBytes(histories);
    bytes[bytes.length / 2] ^= 1;
    Files.write(histories, bytes);

    rename(fresh, bundle);
    awaitLog("bundle was not loaded, the model before goes on: ");

    assertThat(log()).doesNotContain("\tat ", "Exception");
    assertThat(algorithm()).isEqualTo("item-knn");
    assertThat(post("/v1/recommend", "{\"user\": \"nobody\"}").statusCode()).isEqualTo(200);
    rename(copy(Samples.userKnn(), "whole"), bundle);
    awaitLog("bundle was loaded again");
    assertThat(algorithm()).isEqualTo("user-knn");
  }

  @Test
  void bundleReplaced_withIndex_needsItsIndex() throws Exception {
    Path bundle = copy(Samples.als(), "bundle");
    start(List.of(), bundle, "--ann");
    Path fresh = copy(Samples.als(), "fresh");
    Files.delete(fresh.resolve("items.ann"));

    rename(fresh, bundle);
    awaitLog("has no index; build it with");
    assertThat(Run.of("index", bundle).code()).isZero();
    awaitLog("bundle was loaded again");

    assertThat(post("/v1/recommend", "{\"user\": \"" + Samples.user(3) + "\"}").body())
        .contains("known-user");
  }

  @Test
  void smallHeap_manyCostlyRequests_areBounded_andTheServerGoesOn() throws Exception {
    start(List.of("-Xmx96m", "-XX:+UseSerialGC"), Samples.userKnn());
    String costly =
        "{\"user\": \""
            + Samples.user(3)
            + "\", \"n\": 10000, \"explain\": %d, \"filter\": {\"excludeSeen\": false}}";
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      int reasons = i % 2 == 0 ? 100 : 10;
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return post("/v1/recommend", costly.formatted(reasons));
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }

    for (CompletableFuture<HttpResponse<String>> one : all) {
      assertThat(one.get(120, TimeUnit.SECONDS).statusCode()).isIn(200, 400, 503);
    }
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(post("/v1/recommend", "{\"user\": \"nobody\"}").statusCode()).isEqualTo(200);
  }
}
