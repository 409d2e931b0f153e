package io.kindred.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Whether the client of a request has gone, which nobody notices while the answer is being
 * computed: the socket is read only after it. Looks into the socket; what is there of a next
 * request is given to the connection, which reads it when its turn comes.
 *
 * <p>To be asked by the thread that computes the answer, once the body is read.
 */
final class ClientWatch implements BooleanSupplier {
  private final Connection connection;
  private boolean gone;

  ClientWatch(Context ctx) {
    this.connection =
        ServletContextRequest.getServletContextRequest(ctx.req())
            .getConnectionMetaData()
            .getConnection();
  }

  @Override
  public boolean getAsBoolean() {
    if (gone || !(connection instanceof HttpConnection http)) {
      return gone;
    }
    EndPoint socket = http.getEndPoint();
    if (!socket.isOpen() || socket.isInputShutdown()) {
      gone = true;
    } else if (http.isRequestBufferEmpty() && !http.getParser().inContentState()) {
      ByteBuffer next = ByteBuffer.allocateDirect(64).limit(0); // in Jetty, empty means so
      try {
        int count = socket.fill(next);
        if (count > 0) {
          http.onUpgradeTo(next);
        }
        gone = count < 0;
      } catch (IOException e) {
        gone = true;
      }
    }
    return gone;
  }
}
