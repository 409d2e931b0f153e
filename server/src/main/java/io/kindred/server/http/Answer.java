package io.kindred.server.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to one request: is kept until it is whole, then sent at the rate at which its client
 * reads. The thread that made it waits for nobody.
 */
final class Answer extends Response.Wrapper implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  private static final int SLICE = 65_536;

  private final Callback callback;
  private final Transfers leaving;
  private final BooleanSupplier closing;
  private final Deque<ByteBuffer> parts = new ArrayDeque<>();
  private long length;
  private boolean last;

  /**
   * The answer to a request.
   *
   * @param callback ends the exchange
   * @param closing whether the connection is to end with this answer
   */
  Answer(
      Request request,
      Response response,
      Callback callback,
      Transfers leaving,
      BooleanSupplier closing) {
    super(request, response);
    this.callback = callback;
    this.leaving = leaving;
    this.closing = closing;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void write(boolean isLast, ByteBuffer content, Callback written) {
    if (content != null && content.hasRemaining()) {
      ByteBuffer copy = ByteBuffer.allocate(content.remaining());
      copy.put(content).flip();
      parts.addLast(copy);
      length += copy.remaining();
    }
    last |= isLast;
    written.succeeded();
  }

  @Override
  public boolean hasLastWrite() {
    return last || super.hasLastWrite();
  }

  @Override
  public void reset() {
    parts.clear();
    length = 0;
    last = false;
    super.reset();
  }

  /** Answers with a problem. */
  void problem(Problem problem) {
    describe(problem);
    succeeded();
  }

  /** Answers with a problem and ends the connection, whatever comes on it. */
  void problemAndEnd(Problem problem) {
    describe(problem);
    getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    TimeoutException end = new TimeoutException(problem.title());
    super.write(
        true, parts.removeFirst(), Callback.from(() -> callback.failed(end), callback::failed));
  }

  private void describe(Problem problem) {
    parts.clear();
    byte[] json = Json.write(problem);
    parts.addLast(ByteBuffer.wrap(json));
    length = json.length;
    setStatus(problem.status());
    getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    getHeaders().put("X-Content-Type-Options", "nosniff");
    getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  /** Sends it. */
  @Override
  public void succeeded() {
    // A body that nobody has read stands before the next request
    if (!getWrapped().getRequest().consumeAvailable() || closing.getAsBoolean()) {
      getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    if (getStatus() == 0) {
      setStatus(HttpStatus.OK_200);
    }
    if (length == 0 || isCommitted() || HttpStatus.hasNoBody(getStatus())) {
      callback.succeeded();
      return;
    }
    getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    if (HttpMethod.HEAD.is(getWrapped().getRequest().getMethod())) {
      callback.succeeded();
      return;
    }
    new Sending().iterate();
  }

  @Override
  public void failed(Throwable failure) {
    LOG.debug("an answer failed", failure);
    callback.failed(failure);
  }

  private void sendNext(boolean end, ByteBuffer slice, Callback sent) {
    super.write(end, slice, sent);
  }

  /** Sends one slice after the other. */
  private final class Sending extends IteratingCallback {
    private final Transfers.Transfer transfer;
    private int sent;
    private boolean done;

    Sending() {
      this.transfer = leaving.begin(this::end, this::end);
      transfer.hold(length);
    }

    private void end() {
      getWrapped()
          .getRequest()
          .getConnectionMetaData()
          .getConnection()
          .getEndPoint()
          .close(new TimeoutException("the answer is read too slowly"));
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() {
      transfer.moved(sent);
      if (done) {
        return Action.SUCCEEDED;
      }
      ByteBuffer part = parts.getFirst();
      ByteBuffer slice = part.slice(part.position(), Math.min(SLICE, part.remaining()));
      sent = slice.remaining();
      part.position(part.position() + sent);
      if (!part.hasRemaining()) {
        parts.removeFirst();
      }
      done = parts.isEmpty();
      sendNext(done, slice, this);
      return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
      transfer.end();
      transfer.free();
      callback.succeeded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      transfer.end();
      transfer.free();
      LOG.debug("an answer was not read", cause);
      callback.failed(cause);
    }
  }
}
