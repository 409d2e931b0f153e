package io.kindred.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Speaks to a running server over its socket. */
public final class Http {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;

  public Http(KindredServer server) {
    this.base = server.uri();
  }

  public HttpResponse<String> send(HttpRequest.Builder request, String path) {
    try {
      return client.send(
          request.uri(base.resolve(path)).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder().GET(), path);
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString(json))
            .header("Content-Type", "application/json"),
        path);
  }

  public JsonNode json(String path) {
    return read(get(path));
  }

  public JsonNode json(String path, String body) {
    return read(post(path, body));
  }

  public static JsonNode read(HttpResponse<String> response) {
    try {
      return MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "not JSON, status " + response.statusCode() + ": " + response.body(), e);
    }
  }

  /** An id as a segment of a path. */
  public static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
