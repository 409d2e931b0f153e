package io.kindred.server.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.server.answer.ServedModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server what it will be asked, over a socket of its own, until the answers come fast: the
 * first ones load classes, and the next thousands are compiled. Not thread-safe.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private static final int LEAST_ROUNDS = 20;
  private static final int COMPARED = 100;
  private static final double NO_FASTER = 0.95;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final InetSocketAddress address;
  private final List<byte[]> requests = new ArrayList<>();

  /**
   * Requests to each of the models, on all addresses of the API that read.
   *
   * @param host where the server listens
   */
  WarmUp(String host, int port, List<ServedModel> models) throws IOException {
    InetAddress listening = InetAddress.getByName(host);
    this.address =
        new InetSocketAddress(
            listening.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listening, port);
    get("/");
    get("/v1/models");
    get("/metrics");
    for (ServedModel model : models) {
      ask(model);
    }
  }

  private void ask(ServedModel model) {
    String name = encoded(model.name());
    get("/v1/model?model=" + name);
    get("/v1/items?limit=20&model=" + name);
    get("/v1/items?query=a&limit=20&model=" + name);
    get("/v1/users?limit=20&model=" + name);
    List<String> items = model.frequentItems(5);
    for (String user : model.frequentUsers(3)) {
      get("/v1/users/" + encoded(user) + "?limit=50&model=" + name);
      recommend(model, user, List.of(), 10, 0);
      recommend(model, user, List.of(), 10, 3);
      if (model.knowsSimilarUsers()) {
        get("/v1/users/" + encoded(user) + "/similar?n=10&model=" + name);
      }
      if (!items.isEmpty()) {
        get(
            "/v1/explain?user="
                + encoded(user)
                + "&item="
                + encoded(items.get(0))
                + "&model="
                + name);
      }
    }
    if (!items.isEmpty()) {
      get("/v1/items/" + encoded(items.get(0)) + "?model=" + name);
      recommend(model, null, items, 10, 0);
      recommend(model, null, items, 10, 3);
      if (model.knowsSimilarItems()) {
        get("/v1/items/" + encoded(items.get(0)) + "/similar?n=10&model=" + name);
      }
    }
    recommend(model, "nobody", List.of(), 10, 0); // most often served by popularity
  }

  /** Warms a server up, and says so in the log. */
  static void log(String host, int port, List<ServedModel> models, Duration most) {
    long begun = System.nanoTime();
    try {
      int answered = new WarmUp(host, port, models).run(most);
      LOG.info(
          "warmed up by {} requests in {} ms", answered, (System.nanoTime() - begun) / 1_000_000);
    } catch (IOException e) {
      LOG.warn("not warmed up: {}", e.toString());
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String host() {
    return "127.0.0.1:" + address.getPort();
  }

  private void get(String path) {
    requests.add(
        ("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private void recommend(
      ServedModel model, @Nullable String user, List<String> history, int n, int reasons) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model.name()).put("n", n);
    if (reasons > 0) {
      body.put("explain", reasons);
    }
    if (user == null) {
      history.forEach(body.putArray("history")::add);
    } else {
      body.put("user", user);
    }
    byte[] json = Json.write(body);
    byte[] head =
        ("POST /v1/recommend HTTP/1.1\r\nHost: "
                + host()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(head, head.length + json.length);
    System.arraycopy(json, 0, request, head.length, json.length);
    requests.add(request);
  }

  /**
   * Asks everything in turn until that is not faster than it was a hundred turns before, or the
   * time is up.
   *
   * @return how many requests were answered
   */
  int run(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int answered = 0;
    try (Socket socket = new Socket()) {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      List<Long> rounds = new ArrayList<>();
      while (!settled(rounds)) {
        long round = System.nanoTime();
        for (byte[] request : requests) {
          if (System.nanoTime() - end >= 0) {
            return answered;
          }
          socket.getOutputStream().write(request);
          read(in);
          answered++;
        }
        rounds.add(System.nanoTime() - round);
      }
    } catch (IOException e) {
      LOG.debug("the warm-up ended early", e);
    }
    return answered;
  }

  /** Whether the last turns were hardly faster than those before, by the medians of both. */
  static boolean settled(List<Long> rounds) {
    int count = rounds.size();
    int compared = Math.min(COMPARED, count / 2);
    return count >= LEAST_ROUNDS
        && median(rounds.subList(count - compared, count))
            >= NO_FASTER * median(rounds.subList(count - 2 * compared, count - compared));
  }

  private static double median(List<Long> some) {
    return some.stream().sorted().skip(some.size() / 2).findFirst().orElse(0L);
  }

  /** Reads one answer whole. */
  private static void read(InputStream in) throws IOException {
    long length = 0;
    boolean chunked = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      }
      chunked |= header.startsWith("transfer-encoding:");
    }
    if (!chunked) {
      in.skipNBytes(length);
      return;
    }
    long chunk;
    do {
      chunk = Long.parseLong(line(in).strip(), 16);
      in.skipNBytes(chunk + 2); // and the end of the line
    } while (chunk > 0);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
