package io.kindred.server.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that are not even HTTP, or whose address cannot be decoded: they reach no route.
 */
final class BrokenRequests extends ErrorHandler {
  /** The attribute of a request that counts already. */
  static final String COUNTED = "kindred.counted";

  private final Metrics metrics;

  BrokenRequests(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    if (request.getAttribute(COUNTED) == null) {
      metrics.begin();
      metrics.end(request.getMethod(), Metrics.UNMATCHED, status, 0);
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (!request
        .getConnectionMetaData()
        .isPersistent()) { // not said for a request line that is wrong
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    Problem problem = Problem.of(status, HttpStatus.getMessage(status), detail(status));
    response.write(true, ByteBuffer.wrap(Json.write(problem)), callback);
    return true;
  }

  private static String detail(int status) {
    return switch (status) {
      case 408 -> "the request came too slowly";
      case 414 -> "the address is too long; all that comes before the body may have 8192 bytes";
      case 417 -> "Expect may be 100-continue only";
      case 431 -> "the headers are too long; all that comes before the body may have 8192 bytes";
      case 426, 505 -> "this server speaks HTTP/1.1 and HTTP/1.0";
      default ->
          status < 500
              ? "the request line, a header or the address is not valid"
              : "the server failed to answer";
    };
  }
}
