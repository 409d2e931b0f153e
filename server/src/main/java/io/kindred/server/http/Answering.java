package io.kindred.server.http;

import io.javalin.http.Context;
import io.kindred.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Writes answers in JSON within bounds: one answer has a largest size, and all large ones together
 * that are in memory, until their clients have read them. Thread-safe.
 */
final class Answering {
  /** Most bytes of one answer, where the heap is not small. */
  static final int MOST_BYTES = 16_000_000;

  private static final int SMALL = 100_000;

  private final int mostBytes;
  private final Semaphore free;

  /** One answer has a sixteenth of the heap at the most, and all large ones a quarter. */
  Answering() {
    this(Runtime.getRuntime().maxMemory());
  }

  /** The same for a heap of so many bytes. */
  Answering(long heap) {
    this.mostBytes = (int) Math.min(MOST_BYTES, heap / 16);
    this.free = new Semaphore((int) Math.min(Integer.MAX_VALUE, heap / 4));
  }

  /**
   * Answers with JSON.
   *
   * @throws Problem.Thrown if the answer is too large (400), or too many large ones are being read
   *     (503)
   */
  void json(Context ctx, Object answer) {
    byte[] bytes = bytes(answer);
    if (bytes.length > SMALL) {
      if (!free.tryAcquire(bytes.length)) {
        throw new Problem.Thrown(
            Problem.of(
                503,
                "Busy",
                "as many large answers are being read as can be; ask again, or for less"));
      }
      Request.addCompletionListener(
          ServletContextRequest.getServletContextRequest(ctx.req()),
          failure -> free.release(bytes.length));
    }
    ctx.contentType("application/json").result(bytes);
  }

  /** The JSON of an answer. */
  byte[] bytes(Object answer) {
    Bounded out = new Bounded();
    try {
      Json.write(answer, out);
    } catch (IOException e) {
      if (e.getCause() instanceof Problem.Thrown stopped) { // Jackson has wrapped it
        throw stopped;
      }
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Takes so many bytes and no more. */
  private final class Bounded extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      Cancellation.check();
      if (count + length > mostBytes) {
        throw new Problem.Thrown(
            new Problem(
                "urn:kindred:problem:too-costly",
                "Too costly",
                400,
                "the answer would have more than "
                    + mostBytes
                    + " bytes; ask for fewer items (n), reasons (explain) or events (limit)",
                List.of()));
      }
      super.write(bytes, offset, length);
    }
  }
}
