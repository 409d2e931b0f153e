package io.kindred.server.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of the web page and of the pictures. Thread-safe. */
final class StaticFiles {
  private final Page page = new Page();
  private final @Nullable Images images;

  StaticFiles(@Nullable Images images) {
    this.images = images;
  }

  /** Adds the routes of all files; those of the API to the list. */
  void configure(JavalinConfig config, List<Route> routes) {
    for (String file : Page.FILES) {
      if (!file.equals("openapi.json")) {
        config.routes.get("/" + (file.equals("index.html") ? "" : file), ctx -> asset(ctx, file));
      }
    }
    if (images != null) {
      routes.add(Route.get("/images/{path}"));
      config.routes.get("/images/<path>", ctx -> image(ctx, ctx.pathParam("path")));
    }
  }

  /** Answers with a file of the page. */
  void asset(Context ctx, String file) {
    Page.Asset asset = page.asset(file);
    ctx.header("Cache-Control", "no-cache");
    ctx.header("ETag", asset.etag());
    if (asset.etag().equals(ctx.header("If-None-Match"))) {
      ctx.status(304);
      return;
    }
    ctx.result(asset.bytes());
    ctx.contentType(asset.contentType());
  }

  private void image(Context ctx, String path) throws IOException {
    Images folder = images;
    Images.Image image = folder == null ? null : folder.find(path).orElse(null);
    if (image == null) {
      throw new Problem.Thrown(
          Problem.of(404, "Not found", "there is no picture '" + Shorten.text(path) + "'"));
    }
    String etag =
        "\""
            + Long.toHexString(image.modifiedMillis())
            + "-"
            + Long.toHexString(image.size())
            + '"';
    ctx.header("Cache-Control", "max-age=3600");
    ctx.header("ETag", etag);
    if (etag.equals(ctx.header("If-None-Match"))) {
      ctx.status(304);
      return;
    }
    ctx.contentType(image.contentType());
    ctx.result(Files.newInputStream(image.file()));
  }
}
