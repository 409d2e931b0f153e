package io.kindred.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of the web page, held in memory: there is no path to traverse. Immutable. */
final class Page {
  /** Every file of the page. */
  static final List<String> FILES =
      List.of(
          "index.html",
          "style.css",
          "favicon.svg",
          "openapi.json",
          "js/theme.js",
          "js/app.js",
          "js/state.js",
          "js/address.js",
          "js/api.js",
          "js/dom.js",
          "js/combobox.js",
          "js/covers.js",
          "js/stars.js",
          "js/person.js",
          "js/recommendations.js",
          "js/reasons.js",
          "js/newitems.js",
          "js/saliency.js",
          "js/details.js",
          "js/charts.js",
          "js/quality.js",
          "js/data.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json");

  private final Map<String, Asset> assets = new LinkedHashMap<>();

  /** One file. */
  record Asset(byte[] bytes, String contentType, String etag) {}

  Page() {
    for (String file : FILES) {
      assets.put(file, load(file));
    }
  }

  Asset asset(String file) {
    Asset asset = assets.get(file);
    if (asset == null) {
      throw new IllegalArgumentException("the page has no file '" + file + "'");
    }
    return asset;
  }

  private static Asset load(String file) {
    try (InputStream in = Page.class.getResourceAsStream("/web/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the server's jar lacks web/" + file);
      }
      byte[] bytes = in.readAllBytes();
      String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
      if (type == null) {
        throw new IllegalStateException("no media type for web/" + file);
      }
      return new Asset(bytes, type, '"' + digest(bytes) + '"');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
