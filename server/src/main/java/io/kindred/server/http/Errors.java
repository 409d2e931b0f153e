package io.kindred.server.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.kindred.KindredException;
import java.util.List;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes throw, as problem documents. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  /** When to ask again after a 503. */
  static final String RETRY_SECONDS = "2";

  private Errors() {}

  /**
   * Adds them.
   *
   * @param mostBytes of the body of a request to a path
   */
  static void configure(JavalinConfig config, ToIntFunction<String> mostBytes) {
    config.routes.exception(Problem.Thrown.class, (e, ctx) -> write(ctx, e.problem()));
    config.routes.exception(
        HttpResponseException.class, (e, ctx) -> write(ctx, problem(e, ctx, mostBytes)));
    config.routes.exception(
        KindredException.class,
        (e, ctx) -> write(ctx, Problem.invalid(String.valueOf(e.getMessage()), List.of())));
    config.routes.exception(
        Exception.class,
        (e, ctx) -> {
          LOG.error("{} {} failed", ctx.method(), ctx.path(), e);
          write(
              ctx,
              Problem.of(500, "Internal error", "the server failed to answer; its log says why"));
        });
  }

  private static Problem problem(
      HttpResponseException e, Context ctx, ToIntFunction<String> mostBytes) {
    return switch (e.getStatus()) {
      case 404 ->
          Problem.of(
              404,
              "Not found",
              "there is nothing at "
                  + Shorten.text(ctx.path())
                  + "; /openapi.json lists all addresses");
      case 405 -> {
        String allowed = e.getDetails().getOrDefault("availableMethods", "");
        ctx.header("Allow", allowed);
        yield Problem.of(
            405,
            "Method not allowed",
            ctx.method().name() + " is not answered here; allowed: " + allowed);
      }
      case 413 -> Intake.tooLarge(mostBytes.applyAsInt(ctx.path()));
      default -> Problem.of(e.getStatus(), "HTTP " + e.getStatus(), String.valueOf(e.getMessage()));
    };
  }

  private static void write(Context ctx, Problem problem) {
    if (problem.status() == 503) {
      ctx.header("Retry-After", RETRY_SECONDS);
    }
    ctx.status(problem.status()).contentType(Problem.MEDIA_TYPE).result(Json.write(problem));
  }
}
