package io.kindred.server;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection to a server, which is kept from request to request. Not thread-safe. */
final class RawConnection implements Closeable {
  private final Socket socket;
  private final InputStream in;

  /** One answer. */
  record Answer(int status, String head, String body) {
    /** Whether it says that the connection ends with it. */
    boolean closes() {
      return head.toLowerCase(Locale.ROOT).contains("connection: close");
    }
  }

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next answer, of a known length; {@code null} where the connection has ended before it. */
  Answer read() throws IOException {
    return read(true);
  }

  /** The answer to HEAD, which says the length of a body that does not follow. */
  Answer readHead() throws IOException {
    return read(false);
  }

  private Answer read(boolean withBody) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        if (head.isEmpty()) {
          return null;
        }
        throw new EOFException("an answer ends in its head: " + head);
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ");
    int length =
        at < 0 || !withBody
            ? 0
            : Integer.parseInt(lower.substring(at + 16, lower.indexOf("\r\n", at)).strip());
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("an answer ends after " + body.length + " of " + length + " bytes");
    }
    return new Answer(
        Integer.parseInt(head.substring(9, 12)),
        head.toString(),
        new String(body, StandardCharsets.UTF_8));
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
