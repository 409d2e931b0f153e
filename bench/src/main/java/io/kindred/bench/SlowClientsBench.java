package io.kindred.bench;

import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.ingest.Ingest;
import io.kindred.knn.ItemKnn;
import io.kindred.server.KindredServer;
import io.kindred.server.ServerOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What slow clients cost others: the time of honest requests, alone and beside 1,000 clients that
 * send a body one byte every four seconds, 1,000 that send a head so, and 1,000 that send nothing.
 * Server and clients are one process, on the loopback; it ends by itself.
 *
 * <p>Arguments: the folder of the data (default ../shared/data/ml-latest-small), the number of slow
 * clients (default 1000, at most 4000), the seconds of each measurement (default 10, at most 60),
 * and the honest clients (default 4, at most 16).
 */
public final class SlowClientsBench {
  private static final int BYTE_MILLIS = 4000;
  private static final String HOST = "Host: localhost\r\n";
  private static final String BODY =
      "POST /v1/recommend HTTP/1.1\r\n"
          + HOST
          + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n";

  private final int port;
  private final long nanos;
  private final int honest;

  private SlowClientsBench(int port, int seconds, int honest) {
    this.port = port;
    this.nanos = seconds * 1_000_000_000L;
    this.honest = honest;
  }

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-latest-small");
    int slow = args.length > 1 ? Math.min(4000, Integer.parseInt(args[1])) : 1000;
    int seconds = args.length > 2 ? Math.min(60, Integer.parseInt(args[2])) : 10;
    int honest = args.length > 3 ? Math.min(16, Integer.parseInt(args[3])) : 4;
    Dataset data = Ingest.read(folder).dataset();
    Model model = ItemKnn.defaults().train(data, TrainingContext.defaults());
    try (KindredServer server = KindredServer.start(ServerOptions.of(model).withPort(0))) {
      SlowClientsBench bench = new SlowClientsBench(server.port(), seconds, honest);
      bench.measure("warm-up", data);
      say("| beside | requests | p50 ms | p99 ms | health p99 ms |%n|---|---|---|---|---|");
      bench.measure("nobody", data);
      bench.beside(slow + " slow bodies", BODY, "{", slow, data);
      bench.measure("nobody", data);
      bench.beside(slow + " slow heads", "GET /health/live HTTP/1.1\r\nX: ", "a", slow, data);
      bench.measure("nobody", data);
      bench.beside(slow + " idle connections", "", "", slow, data);
      bench.measure("nobody", data);
    }
  }

  private void beside(String name, String begin, String more, int count, Dataset data)
      throws Exception {
    List<SocketChannel> all = new ArrayList<>();
    Thread sender = new Thread(() -> {});
    try {
      for (int i = 0; i < count; i++) {
        all.add(open(begin));
      }
      if (!more.isEmpty()) {
        sender = new Thread(() -> drip(all, begin, more), "slow clients");
        sender.start();
      }
      measure(name, data);
    } finally {
      sender.interrupt();
      sender.join();
      for (SocketChannel one : all) {
        one.close();
      }
    }
  }

  private SocketChannel open(String begin) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.write(ByteBuffer.wrap(begin.getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  /** Sends a byte on each, evenly over four seconds; one that the server ended is opened again. */
  private void drip(List<SocketChannel> all, String begin, String more) {
    byte[] one = more.getBytes(StandardCharsets.US_ASCII);
    try {
      while (true) {
        for (int i = 0; i < all.size(); i++) {
          try {
            all.get(i).write(ByteBuffer.wrap(one));
          } catch (IOException e) {
            all.get(i).close();
            all.set(i, open(begin));
          }
          if (i % 10 == 0) {
            Thread.sleep(Math.max(1, BYTE_MILLIS * 10L / all.size()));
          }
        }
      }
    } catch (InterruptedException e) {
      // it has been measured
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void measure(String name, Dataset data) throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + nanos;
    List<CompletableFuture<long[]>> clients = new ArrayList<>();
    for (int i = 0; i < honest; i++) {
      int client = i;
      clients.add(inThread(() -> ask(client, end, data)));
    }
    CompletableFuture<long[]> health = inThread(() -> askHealth(end));
    long[] times =
        clients.stream().flatMapToLong(one -> Arrays.stream(one.join())).sorted().toArray();
    long[] alive = Arrays.stream(health.get()).sorted().toArray();
    say(
        "| %s | %,d | %.2f | %.2f | %.2f |",
        name, times.length, millis(times, 0.5), millis(times, 0.99), millis(alive, 0.99));
  }

  @FunctionalInterface
  private interface Client {
    long[] run() throws IOException, InterruptedException;
  }

  private static CompletableFuture<long[]> inThread(Client client) {
    CompletableFuture<long[]> result = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                result.complete(client.run());
              } catch (IOException | InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            })
        .start();
    return result;
  }

  private long[] ask(int client, long end, Dataset data) throws IOException {
    List<Long> times = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = client; System.nanoTime() - end < 0; i++) {
        String user = data.users().id(i * 7 % data.users().size());
        String body = "{\"user\": \"" + user + "\", \"n\": 10}";
        times.add(
            one(
                socket,
                in,
                "POST /v1/recommend HTTP/1.1\r\n"
                    + HOST
                    + "Content-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body));
      }
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }

  private long[] askHealth(long end) throws IOException, InterruptedException {
    List<Long> times = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (System.nanoTime() - end < 0) {
        times.add(one(socket, in, "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n"));
        Thread.sleep(20);
      }
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }

  private static long one(Socket socket, InputStream in, String request) throws IOException {
    long begun = System.nanoTime();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the server has closed the connection after: " + head);
      }
      head.append((char) next);
    }
    if (!head.toString().startsWith("HTTP/1.1 200")) {
      throw new IOException("not answered: " + head);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ") + 16;
    in.skipNBytes(Long.parseLong(lower.substring(at, lower.indexOf("\r\n", at))));
    return System.nanoTime() - begun;
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
