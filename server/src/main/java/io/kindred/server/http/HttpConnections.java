package io.kindred.server.http;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 connections that one thread at a time reads from.
 *
 * <p>Jetty (12.1.13 at least) answers a request that it cannot parse on another thread, and goes on
 * in the one that read it. Once the answer is written, a third thread reads from the connection
 * while the first may still be about to give its buffer back: the buffer is then in the pool and in
 * use at once, the next connection gets it, and bytes of one client become an answer to another.
 * Here the third thread waits until the first has left.
 */
final class HttpConnections extends HttpConnectionFactory {
  HttpConnections(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new OneReader(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class OneReader extends HttpConnection {
    // Whoever is next comes once the request before it is answered: nobody waits for an answer here
    private final ReentrantLock reading = new ReentrantLock();

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
  }
}
