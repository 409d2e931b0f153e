package io.kindred.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes that no client library would send. */
final class RawHttp {
  private RawHttp() {}

  /** A whole answer, as it came. */
  record Answer(int status, String head, String body) {}

  static Answer get(int port, String path) {
    return send(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  static Answer send(int port, String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return parse(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Answer parse(Socket socket) throws IOException {
    String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int end = all.indexOf("\r\n\r\n");
    return new Answer(
        Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
  }
}
