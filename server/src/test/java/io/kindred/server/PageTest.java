package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files of the page, as the server hands them out. */
class PageTest {
  private static final Path WEB = Path.of("src/main/resources/web");
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

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(WEB)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> WEB.relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }

  @Test
  void everyFile_isServedWithItsTypeAndStrictHeaders() throws IOException {
    for (String file : files()) {
      HttpResponse<String> response = http.get("/" + (file.equals("index.html") ? "" : file));
      assertThat(response.statusCode()).as(file).isEqualTo(200);
      assertThat(response.body()).isEqualTo(Files.readString(WEB.resolve(file)));
      String type =
          file.endsWith(".js") ? "text/javascript" : file.endsWith(".css") ? "text/css" : "";
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .as(file)
          .startsWith(type);
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
    }
  }

  @Test
  void file_unchanged_is304() {
    String etag = http.get("/style.css").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again =
        http.send(HttpRequest.newBuilder().GET().header("If-None-Match", etag), "/style.css");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void files_askNothingOfOtherHosts() throws IOException {
    for (String file : files()) {
      String text = Files.readString(WEB.resolve(file)).replace("http://www.w3.org/", "");
      assertThat(text).as(file).doesNotContain("http://", "https://", "//cdn");
    }
    assertThat(Files.readString(WEB.resolve("index.html")))
        .doesNotContain(" style=", "onclick", "<style");
  }
}
