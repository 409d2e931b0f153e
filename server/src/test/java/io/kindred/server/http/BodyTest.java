package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final int MOST_BYTES = 10_000;
  private static final String POST = "POST / HTTP/1.1\r\nHost: localhost\r\n";

  private final Transfers arriving = new Transfers(5 * MOST_BYTES);
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Callback> exchanges = new LinkedBlockingQueue<>();
  private final List<Socket> clients = new ArrayList<>();
  private final Server server = new Server();
  private final ServerConnector connector =
      new ServerConnector(server, new HttpConnections(new HttpConfiguration()));

  /** Says what became of each body, and ends no exchange. */
  private final class Reading extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      exchanges.add(callback);
      new Body(
              request,
              MOST_BYTES,
              arriving,
              new Body.Reader() {
                @Override
                public void whole(byte[] body, boolean here) {
                  events.add("whole");
                }

                @Override
                public void tooLarge() {
                  events.add("too large");
                }

                @Override
                public void tooSlow() {
                  events.add("too slow");
                }

                @Override
                public void noRoom() {
                  events.add("no room");
                  response.setStatus(503);
                  callback.succeeded();
                }

                @Override
                public void broken(Throwable failure) {
                  events.add("broken");
                }
              })
          .run();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Reading());
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket client : clients) {
      client.close();
    }
    server.stop();
  }

  private void send(String text) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    clients.add(client);
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void awaitBytes(long expected) throws InterruptedException {
    for (int i = 0; i < 500 && arriving.bytes() != expected; i++) {
      Thread.sleep(10);
    }
    assertThat(arriving.bytes()).isEqualTo(expected);
  }

  @Test
  void whole_countsUntilTheExchangeEnds_andOthersFindNoRoom() throws Exception {
    String whole = POST + "Content-Length: 10000\r\n\r\n" + "x".repeat(MOST_BYTES);
    send(whole);
    send(whole);
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("whole");
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("whole");
    awaitBytes(4 * MOST_BYTES); // an array that grows has room for twice as much
    send(whole);
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("no room");
    awaitBytes(4 * MOST_BYTES);
    for (Callback exchange : exchanges) {
      exchange.succeeded();
    }
    awaitBytes(0);
  }

  @Test
  void tooLarge_nothingOfItIsKeptWhileItComes() throws Exception {
    String large = POST + "Content-Length: 20000\r\n\r\n" + "x".repeat(MOST_BYTES);
    send(large);
    awaitBytes(2 * MOST_BYTES);
    clients.get(0).getOutputStream().write('x');
    awaitBytes(0);
    assertThat(events).isEmpty();
  }

  @Test
  void clientGoes_nothingIsKept() throws Exception {
    send(POST + "Content-Length: 20000\r\n\r\n" + "x".repeat(100));
    awaitBytes(200);
    clients.get(0).close();
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("broken");
    exchanges.remove().succeeded();
    awaitBytes(0);
  }
}
