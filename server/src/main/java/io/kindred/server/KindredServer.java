package io.kindred.server;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.recommend.ModelRecommender;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.HttpServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A running server: the HTTP API under {@code /v1} and the web page at {@code /}. Thread-safe. */
public final class KindredServer implements AutoCloseable {
  private final HttpServer http;

  private KindredServer(HttpServer http) {
    this.http = http;
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws KindredException if the address cannot be listened on (the port is taken, the host is
   *     not of this machine), saying what to do, if the folder of images does not exist, if an
   *     index is one of a model whose scores are no inner products, or if the file of new items
   *     cannot be used
   */
  public static KindredServer start(ServerOptions options) {
    ServedModel.Settings settings =
        new ServedModel.Settings(options.imageFolder().isPresent(), options.showUsers());
    List<ServedModel> models = new ArrayList<>();
    options
        .models()
        .forEach(
            (name, model) -> {
              ModelRecommender exact = ModelRecommender.of(model);
              CandidateIndex index = options.indexes().get(name);
              models.add(
                  new ServedModel(name, index == null ? exact : exact.withIndex(index), settings));
            });
    return new KindredServer(
        HttpServer.start(
            models, options.host(), options.port(), options.imageFolder(), options.itemFile()));
  }

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  /** The address of the page. */
  public URI uri() {
    return http.uri();
  }

  /**
   * Stops: takes no more requests, finishes those that are running (10 seconds at the most), and
   * returns. Stopping twice does nothing.
   */
  public void stop() {
    http.stop();
  }

  /** Waits until the server has stopped. */
  public void join() throws InterruptedException {
    http.join();
  }

  @Override
  public void close() {
    stop();
  }
}
