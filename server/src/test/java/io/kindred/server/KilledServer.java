package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A server of the films in a process of its own that is killed while items come in. */
final class KilledServer {
  private static final int BEFORE = 20;

  private KilledServer() {}

  /**
   * Sends items one after the other and kills the server in the midst of them.
   *
   * @param images the folder of pictures
   * @param body of each request
   * @param id what is noted where it was answered with yes
   * @return what was noted, at least {@value #BEFORE}
   */
  static List<String> killed(
      Path file, Path images, IntFunction<String> body, IntFunction<String> id) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                file.toString(),
                images.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> kept = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      URI address = URI.create(out.readLine()).resolve("/v1/items");
      HttpClient client = HttpClient.newHttpClient();
      Thread killer = new Thread(() -> {});
      for (int i = 0; ; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.apply(i)))
                .build();
        if (i == BEFORE) { // in the midst of what follows
          killer =
              new Thread(
                  () -> {
                    try {
                      Thread.sleep(30);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    process.destroyForcibly();
                  });
          killer.start();
        }
        try {
          HttpResponse<String> answer =
              client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
          kept.add(id.apply(i));
        } catch (IOException e) {
          break; // it is gone
        }
      }
      killer.join();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(kept).hasSizeGreaterThanOrEqualTo(BEFORE);
    return kept;
  }

  /** A server of the films; prints its address. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
      KindredServer server =
          KindredServer.start(
              ServerOptions.of(AddItemsTest.films())
                  .withImages(Path.of(arguments[1]))
                  .withNewItems(Path.of(arguments[0]))
                  .withPort(0));
      System.out.println(server.uri());
      server.join();
    }
  }
}
