package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  @TempDir private Path folder;

  private ServerOptions options() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images/posters")).getParent();
    Files.write(images.resolve("posters/one two.png"), PNG);
    Files.writeString(images.resolve("notes.txt"), "private");
    Files.write(folder.resolve("secret.png"), PNG);
    return RunningServer.options().withImages(images);
  }

  @Test
  void item_withPicture_namesAnAddressThatServesIt() throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      JsonNode item = http.json("/v1/items/film-1");
      assertThat(item.get("image").textValue()).isEqualTo("/images/posters/one%20two.png");
      assertThat(http.json("/v1/items/film-2").has("image")).isFalse();
      HttpResponse<String> picture = http.get(item.get("image").textValue());
      assertThat(picture.statusCode()).isEqualTo(200);
      assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(picture.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      String etag = picture.headers().firstValue("ETag").orElseThrow();
      HttpRequest.Builder again = HttpRequest.newBuilder().GET().header("If-None-Match", etag);
      assertThat(http.send(again, "/images/posters/one%20two.png").statusCode()).isEqualTo(304);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/images/../secret.png",
        "/images/%2e%2e/secret.png",
        "/images/..%2fsecret.png",
        "/images/posters/..%2f..%2f..%2fsecret.png",
        "/images/..%5csecret.png",
        "/images/%252e%252e/secret.png",
        "/images//secret.png",
        "/images/link.png",
        "/images/notes.txt",
        "/images/posters",
        "/images/posters/",
        "/images/none.png",
        "/images/%00.png",
        "/images/",
      })
  void image_outsideOrNoPicture_isNotServed(String path) throws IOException {
    ServerOptions options = options();
    Files.createSymbolicLink(folder.resolve("images/link.png"), folder.resolve("secret.png"));
    try (KindredServer server = KindredServer.start(options)) {
      RawHttp.Answer answer = RawHttp.get(server.port(), path);
      assertThat(answer.status()).as(answer.head()).isIn(400, 404);
      assertThat(answer.head()).contains("application/problem+json");
      assertThat(answer.body()).doesNotContain("private", folder.toString());
    }
  }

  @Test
  void image_absolutePath_isNotServed() throws IOException {
    ServerOptions options = options();
    try (KindredServer server = KindredServer.start(options)) {
      String path = "/images/" + Http.segment(folder.resolve("secret.png").toString());
      assertThat(RawHttp.get(server.port(), path).status()).isEqualTo(404);
    }
  }
}
