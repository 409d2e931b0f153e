package io.kindred.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the body of one request into memory, whenever some of it is there: no thread waits for it.
 */
final class Body implements Invocable.Task {
  /**
   * So much of a body that is not wanted is read all the same: a client that is still sending does
   * not see an answer.
   */
  static final long MOST_DISCARDED = 16_000_000;

  private static final byte[] NONE = {};

  /**
   * What is kept for a byte, since an array that grows is up to twice as large as what is in it.
   */
  private static final int ROOM = 2;

  private final Request request;
  private final int mostBytes;
  private final Reader reader;
  private final Transfers.Transfer transfer;
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
  private final Thread first = Thread.currentThread();
  private boolean waited;
  private long discarded; // bytes; 0: none so far

  /** Is told how it ended, once. */
  interface Reader {
    /**
     * It is whole.
     *
     * @param here whether this is the thread that began to read
     */
    void whole(byte[] body, boolean here);

    /** It has more bytes than it may, and was read to its end or for long enough. */
    void tooLarge();

    /** It comes too slowly. */
    void tooSlow();

    /** There is no room for it. */
    void noRoom();

    /** It is no body, or its client has gone. */
    void broken(Throwable failure);
  }

  Body(Request request, int mostBytes, Transfers arriving, Reader reader) {
    this.request = request;
    this.mostBytes = mostBytes;
    this.reader = reader;
    this.transfer = arriving.begin(reader::tooSlow, reader::noRoom);
    // It stays in memory while it waits for its turn, and while it is answered
    Request.addCompletionListener(request, failure -> transfer.free());
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /** Reads what is there, and goes on when more is. */
  @Override
  public void run() {
    try {
      read();
    } catch (OutOfMemoryError e) {
      if (transfer.end()) {
        bytes = new ByteArrayOutputStream(0);
        reader.noRoom();
      }
    } catch (IllegalStateException e) {
      if (transfer.end()) { // else it was ended by others in the meantime
        throw e;
      }
    }
  }

  private void read() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        waited = true;
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failed(chunk.getFailure());
        return;
      }
      int length = chunk.remaining();
      if (length > 0) {
        append(chunk.getByteBuffer(), length);
      }
      boolean last = chunk.isLast();
      chunk.release();
      if (last || discarded > MOST_DISCARDED) {
        if (!transfer.end()) {
          return;
        }
        if (discarded > 0) {
          reader.tooLarge();
        } else {
          byte[] body = bytes.size() == 0 ? NONE : bytes.toByteArray();
          bytes = new ByteArrayOutputStream(0);
          reader.whole(body, !waited && Thread.currentThread() == first);
        }
        return;
      }
    }
  }

  private void append(ByteBuffer buffer, int length) {
    if (discarded > 0 || bytes.size() + length > mostBytes) {
      discarded += bytes.size() + length;
      transfer.hold(-ROOM * (long) bytes.size());
      transfer.moved(length);
      bytes = new ByteArrayOutputStream(0);
      return;
    }
    byte[] part = new byte[length];
    buffer.get(part);
    bytes.write(part, 0, length);
    transfer.moved(length);
    transfer.hold(ROOM * (long) length);
  }

  private void failed(Throwable failure) {
    if (transfer.end()) {
      if (failure instanceof TimeoutException) {
        reader.tooSlow();
      } else {
        reader.broken(failure);
      }
    }
  }
}
