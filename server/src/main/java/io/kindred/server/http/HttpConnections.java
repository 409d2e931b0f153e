package io.kindred.server.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 connections of a server: one thread at a time reads from each, their number is
 * bounded, and so is the time that the head of a request may take. Thread-safe.
 *
 * <p>Jetty (12.1.13 at least) answers a request that it cannot parse on another thread, and goes on
 * in the one that read it. Once the answer is written, a third thread reads from the connection
 * while the first may still be about to give its buffer back: the buffer is then in the pool and in
 * use at once, the next connection gets it, and bytes of one client become an answer to another.
 * Here the third thread waits until the first has left.
 */
final class HttpConnections extends HttpConnectionFactory {
  /** Most connections; with one more, those that have waited longest for a request are closed. */
  static final int MOST = 4096;

  private static final int ROOM = 64;
  private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long DRAIN_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int most;
  private final Set<OneReader> open = ConcurrentHashMap.newKeySet();

  HttpConnections(HttpConfiguration configuration) {
    this(configuration, MOST);
  }

  HttpConnections(HttpConfiguration configuration, int most) {
    super(configuration);
    this.most = most;
    // Lines end with CR LF: where a proxy sees one request and the server two, requests are
    // smuggled
    configuration.setHttpCompliance(
        HttpCompliance.RFC9110.without(
            "KINDRED",
            HttpCompliance.Violation.LF_HEADER_TERMINATION,
            HttpCompliance.Violation.LF_CHUNK_TERMINATION));
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    OneReader connection = new OneReader(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  /** Says that the connection of a request is busy until the answer is sent. */
  static void busy(Request request, boolean busy) {
    if (request.getConnectionMetaData().getConnection() instanceof OneReader connection) {
      connection.since = System.nanoTime();
      connection.busy = busy;
    }
  }

  /** Closes the connections whose head takes too long, and those that were ended but stay open. */
  void sweep() {
    long now = System.nanoTime();
    for (OneReader connection : open) {
      if (connection.headTakesTooLong(now) || connection.lingersTooLong(now)) {
        connection.getEndPoint().close();
      }
    }
  }

  /**
   * Closes the connections on which no request has come for a second.
   *
   * @return whether all have ended
   */
  boolean drain() {
    long now = System.nanoTime();
    boolean ended = true;
    for (OneReader connection : open) {
      if (connection.getEndPoint().isOutputShutdown() && !connection.busy) {
        continue; // told so
      }
      if (connection.waits() && now - connection.since > DRAIN_IDLE_NANOS) {
        connection.getEndPoint().close();
      } else {
        ended = false;
      }
    }
    return ended;
  }

  /** How many connections are open. */
  int count() {
    return open.size();
  }

  private void makeRoom() {
    List<OneReader> idle = new ArrayList<>();
    for (OneReader connection : open) {
      if (!connection.busy) {
        idle.add(connection);
      }
    }
    idle.sort(Comparator.comparingLong(connection -> connection.since));
    for (OneReader connection : idle.subList(0, Math.min(ROOM, idle.size()))) {
      connection.getEndPoint().close();
    }
  }

  private final class OneReader extends HttpConnection {
    // Whoever is next comes once the request before it is answered: nobody waits for an answer here
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean busy;
    private volatile long since =
        System.nanoTime(); // when it was opened, or a request began or ended
    private volatile boolean inHead;
    private volatile long headSince;
    private long shutSince; // of the sweeper
    private boolean shut;

    OneReader(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    @Override
    public void onFillable() {
      reading.lock();
      try {
        super.onFillable();
      } finally {
        reading.unlock();
      }
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new RequestHandler() {
        @Override
        public void messageBegin() {
          headSince = System.nanoTime();
          inHead = true;
          super.messageBegin();
        }

        @Override
        public boolean headerComplete() {
          boolean handle = super.headerComplete();
          inHead = false;
          return handle;
        }
      };
    }

    @Override
    public void onOpen() {
      if (open.size() >= most) {
        makeRoom();
      }
      open.add(this);
      super.onOpen();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
      open.remove(this);
      super.onClose(cause);
    }

    boolean waits() {
      return !busy && !headArrives();
    }

    boolean headTakesTooLong(long now) {
      return !busy && headArrives() && now - headSince > HEAD_NANOS;
    }

    /** The parser also says that a message begins where it looks for one and nothing is there. */
    private boolean headArrives() {
      return inHead && !getParser().isStart();
    }

    boolean lingersTooLong(long now) {
      if (busy || !getEndPoint().isOutputShutdown()) {
        return false;
      }
      if (!shut) {
        shut = true;
        shutSince = now;
      }
      return now - shutSince > LINGER_NANOS;
    }
  }
}
