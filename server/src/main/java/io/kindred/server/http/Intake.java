package io.kindred.server.http;

import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests in before they have a thread: refuses what no route answers, reads the body, waits
 * for a turn, and lets the answer be sent as its client reads. Thread-safe.
 */
final class Intake extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private static final String ROUTE = "kindred.route";

  private static final Set<String> UPGRADES =
      Set.of(
          "upgrade",
          "sec-websocket-version",
          "sec-websocket-key",
          "sec-websocket-protocol",
          "sec-websocket-extensions",
          "http2-settings");

  private final Limits limits;
  private final HostCheck hosts;
  private final Metrics metrics;
  private final BooleanSupplier counted;
  private final BooleanSupplier draining;

  /**
   * The bounds that requests share.
   *
   * @param arriving bodies
   * @param leaving answers
   * @param mostBytes of the body of a request to a path
   */
  record Limits(
      Turns turns, Transfers arriving, Transfers leaving, ToIntFunction<String> mostBytes) {}

  /**
   * An intake.
   *
   * @param counted whether requests count in the metrics yet
   * @param draining whether connections are to end with the next answer
   */
  Intake(
      Limits limits,
      HostCheck hosts,
      Metrics metrics,
      BooleanSupplier counted,
      BooleanSupplier draining) {
    this.limits = limits;
    this.hosts = hosts;
    this.metrics = metrics;
    this.counted = counted;
    this.draining = draining;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    begin(request, response);
    Answer answer = new Answer(request, response, callback, limits.leaving, draining);
    String path = String.valueOf(request.getHttpURI().getPath());
    Problem problem = problem(request, path);
    boolean computes = path.startsWith("/v1/") || path.startsWith("/images/");
    boolean reads =
        problem == null
            || (request.getLength() <= Body.MOST_DISCARDED
                && !request.getHeaders().contains(HttpHeader.EXPECT));
    if (computes && reads) {
      new Body(
              request,
              problem == null ? limits.mostBytes.applyAsInt(path) : 0,
              limits.arriving,
              new Taken(request, path, answer, problem))
          .run();
    } else if (problem != null) {
      answer.problem(problem);
    } else {
      route(new Whole(request, new byte[0]), answer);
    }
    return true;
  }

  private void begin(Request request, Response response) {
    request.setAttribute(BrokenRequests.COUNTED, true);
    HttpConnections.busy(request, true);
    long started = System.nanoTime();
    boolean counts = counted.getAsBoolean();
    if (counts) {
      metrics.begin();
    }
    AtomicBoolean ended = new AtomicBoolean();
    Request.addCompletionListener(
        request,
        failure -> {
          if (ended.compareAndSet(false, true)) {
            HttpConnections.busy(request, false);
            if (counts) {
              Object route = request.getAttribute(ROUTE);
              metrics.end(
                  request.getMethod(),
                  route == null ? Metrics.UNMATCHED : route.toString(),
                  response.getStatus(),
                  System.nanoTime() - started);
            }
          }
        });
  }

  private @Nullable Problem problem(Request request, String path) {
    String wrong = AddressCheck.wrong(path, request.getHttpURI().getQuery()).orElse(null);
    if (wrong != null) {
      return Problem.of(400, "Bad request", wrong);
    }
    String host = request.getHttpURI().getHost();
    if (!hosts.allows(host)) {
      return Problem.of(
          421,
          "Misdirected request",
          "this server does not answer for the host '"
              + Shorten.text(String.valueOf(host))
              + "'; ask for an address or localhost, or start it with --allow-host and the name");
    }
    HttpFields headers = request.getHeaders();
    String transfer = headers.get(HttpHeader.TRANSFER_ENCODING);
    if (transfer != null && !transfer.equalsIgnoreCase("chunked")) {
      return Problem.of(501, "Not implemented", "Transfer-Encoding must be chunked or left out");
    }
    String content = headers.get(HttpHeader.CONTENT_ENCODING);
    if (content != null && !content.equalsIgnoreCase("identity")) {
      return Problem.of(
          415,
          "Unsupported media type",
          "Content-Encoding must be left out, got '" + Shorten.text(content) + "'");
    }
    int most = limits.mostBytes.applyAsInt(path);
    return request.getLength() > most ? tooLarge(most) : null;
  }

  /** Says which route answers a request, for the metrics. */
  static void matched(Context ctx, String route) {
    Whole request =
        Request.as(ServletContextRequest.getServletContextRequest(ctx.req()), Whole.class);
    if (request != null) {
      request.setAttribute(ROUTE, route);
    }
  }

  static Problem tooLarge(int mostBytes) {
    return Problem.of(
        413, "Content too large", "the body may have at most " + mostBytes + " bytes");
  }

  private void route(Request request, Answer answer) {
    try {
      if (!getHandler().handle(request, answer, answer)) {
        Response.writeError(request, answer, answer, 404);
      }
    } catch (Throwable e) { // as Jetty does around handlers
      answer.failed(e);
    }
  }

  /** What becomes of one request once its body is there. */
  private final class Taken implements Body.Reader {
    private final Request request;
    private final String path;
    private final Answer answer;
    private final @Nullable Problem problem;

    Taken(Request request, String path, Answer answer, @Nullable Problem problem) {
      this.problem = problem;
      this.request = request;
      this.path = path;
      this.answer = answer;
    }

    @Override
    public void whole(byte[] body, boolean here) {
      if (problem != null) {
        answer.problem(problem);
        return;
      }
      limits.turns.take(
          here,
          () -> route(new Whole(request, body), answer),
          () -> {
            answer.getHeaders().put(HttpHeader.RETRY_AFTER, Errors.RETRY_SECONDS);
            answer.problem(
                Problem.of(503, "Busy", "too many requests wait for an answer; ask again"));
          });
    }

    @Override
    public void noRoom() {
      answer.getHeaders().put(HttpHeader.RETRY_AFTER, Errors.RETRY_SECONDS);
      answer.problemAndEnd(
          Problem.of(503, "Busy", "there is no room for more bodies of requests; ask again"));
    }

    @Override
    public void tooLarge() {
      answer.problem(
          problem == null ? Intake.tooLarge(limits.mostBytes.applyAsInt(path)) : problem);
    }

    @Override
    public void tooSlow() {
      answer.problemAndEnd(
          Problem.of(
              408,
              "Request timeout",
              "the body came too slowly; it must come at "
                  + Transfers.LEAST_BYTES_PER_SECOND
                  + " bytes a second at the least"));
    }

    @Override
    public void broken(Throwable failure) {
      LOG.debug("the body of {} {} is broken", request.getMethod(), path, failure);
      answer.problemAndEnd(
          Problem.of(
              400,
              "Bad request",
              "the body is broken: a chunk has no valid size, or the body ends before its length"));
    }
  }

  /** A request whose body is in memory, as the routes see it: HEAD as GET, and no upgrade. */
  private static final class Whole extends Request.Wrapper {
    private final byte[] body;
    private final HttpFields headers;
    private boolean read;

    Whole(Request request, byte[] body) {
      super(request);
      this.body = body;
      this.headers = withoutUpgrade(request.getHeaders());
    }

    private static HttpFields withoutUpgrade(HttpFields headers) {
      if (headers.stream().noneMatch(one -> UPGRADES.contains(one.getLowerCaseName()))) {
        return headers;
      }
      HttpFields.Mutable rest = HttpFields.build();
      for (HttpField one : headers) {
        if (!UPGRADES.contains(one.getLowerCaseName())) {
          rest.add(one);
        }
      }
      return rest.asImmutable();
    }

    @Override
    public String getMethod() {
      String method = super.getMethod();
      return HttpMethod.HEAD.is(method) ? HttpMethod.GET.asString() : method;
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }

    @Override
    public long getLength() {
      return body.length;
    }

    @Override
    public Content.Chunk read() {
      if (read || body.length == 0) {
        return Content.Chunk.EOF;
      }
      read = true;
      return Content.Chunk.from(ByteBuffer.wrap(body), true);
    }

    @Override
    public void demand(Runnable more) {
      more.run();
    }
  }
}
