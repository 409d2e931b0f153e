package io.kindred.server;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.recommend.CandidateIndexes;
import io.kindred.recommend.ModelRecommender;
import io.kindred.registry.Algorithms;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.HttpServer;
import io.kindred.store.ModelStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A running server: the HTTP API under {@code /v1} and the web page at {@code /}. Thread-safe. */
public final class KindredServer implements AutoCloseable {
  private final HttpServer http;
  private final ServedModel.Settings settings;
  private final Map<String, CandidateIndex> ownIndexes = new HashMap<>(); // guarded by itself
  private final Map<String, CandidateIndex> given = new HashMap<>(); // guarded by ownIndexes
  private @Nullable BundleWatch watch; // guarded by this

  private KindredServer(
      HttpServer http, ServedModel.Settings settings, Map<String, CandidateIndex> indexes) {
    this.http = http;
    this.settings = settings;
    this.given.putAll(indexes);
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
    return start(options, Duration.ZERO);
  }

  /**
   * The same, with a warm-up: the server listens, asks itself what it will be asked until that is
   * as fast as it gets, and is ready ({@code /health/ready}) when this returns.
   *
   * @param warmUp how long that may take; 0: ready at once
   */
  public static KindredServer start(ServerOptions options, Duration warmUp) {
    ServedModel.Settings settings =
        new ServedModel.Settings(options.imageFolder().isPresent(), options.showUsers());
    List<ServedModel> models = new ArrayList<>();
    options
        .models()
        .forEach(
            (name, model) ->
                models.add(served(name, model, options.indexes().get(name), settings)));
    HttpServer http =
        HttpServer.start(
            models,
            options.host(),
            options.port(),
            options.allowedHosts(),
            options.imageFolder(),
            options.itemFile(),
            warmUp);
    return new KindredServer(http, settings, options.indexes());
  }

  private static ServedModel served(
      String name, Model model, @Nullable CandidateIndex index, ServedModel.Settings settings) {
    ModelRecommender exact = ModelRecommender.of(model);
    return new ServedModel(name, index == null ? exact : exact.withIndex(index), settings);
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
   * Puts a model in the place of one that is served. Requests that run are finished by the one
   * before; the next ones are answered by this one. Items that came in while the server ran ({@link
   * ServerOptions#newItems}) are added to it; those that it knows by itself are left out with a
   * warning. The order of the models stays.
   *
   * @param served the name of the one before
   * @param name of the new one, most often the same
   * @param index finds its candidates; {@code null}: it scores all items. The server closes it
   * @throws KindredException if there is no model {@code served}, another one is called {@code
   *     name}, or the index is not one of the model; then nothing has changed
   */
  public void replace(String served, String name, Model model, @Nullable CandidateIndex index)
      throws InterruptedException {
    try {
      ServedModel next = served(name, model, index, settings);
      next.warmUp();
      http.replace(served, next);
    } catch (RuntimeException | Error e) {
      if (index != null) {
        index.close();
      }
      throw e;
    }
    CandidateIndex before;
    synchronized (ownIndexes) {
      given.remove(served);
      before = ownIndexes.remove(served);
      if (index != null) {
        ownIndexes.put(name, index);
      }
    }
    if (before != null) {
      http.awaitRunning();
      before.close();
    }
  }

  /**
   * Looks every two seconds whether bundles on disk have been replaced, loads those anew and {@link
   * #replace replaces} their models. What cannot be loaded is told in the log in one line, and the
   * model before goes on. Ends with the server; is called once. The indexes of the options are the
   * server's from now on, which closes them.
   *
   * @param bundles the bundles of models that are served, by the names of these. Where it is one
   *     alone, under the name of its algorithm, the name follows the algorithm
   * @param indexes whether their candidates are found by the indexes in their folders
   */
  public synchronized void watch(Map<String, Path> bundles, boolean indexes) {
    if (watch != null) {
      throw new IllegalStateException("bundles are watched already");
    }
    synchronized (ownIndexes) {
      ownIndexes.putAll(given);
      given.clear();
    }
    Map<Path, String> names = new HashMap<>();
    bundles.forEach((name, bundle) -> names.put(bundle, name));
    ModelStore store = ModelStore.of(Algorithms.all());
    boolean follows =
        bundles.size() == 1
            && bundles.keySet().stream()
                .allMatch(
                    name -> http.info(name).filter(is -> is.algorithm().equals(name)).isPresent());
    watch =
        new BundleWatch(
            List.copyOf(bundles.values()),
            bundle -> isServed(store, bundle, String.valueOf(names.get(bundle))),
            bundle -> {
              Model model = store.load(bundle);
              String served = String.valueOf(names.get(bundle));
              String name = follows ? model.info().algorithm() : served;
              replace(served, name, model, indexes ? CandidateIndexes.open(model, bundle) : null);
              names.put(bundle, name);
              return "%s, %,d users, %,d items, %,d interactions"
                  .formatted(
                      name,
                      model.data().users().size(),
                      model.data().items().size(),
                      model.data().interactions().size());
            });
  }

  /** Whether the model of a name is the one of a bundle on disk. */
  private boolean isServed(ModelStore store, Path bundle, String name) {
    try {
      return http.info(name).equals(Optional.of(store.info(bundle)));
    } catch (KindredException e) {
      return false; // it is being replaced, or gone: what is served goes on until it is there
    }
  }

  /**
   * Loads all watched bundles anew soon, changed or not; returns at once. Does nothing where none
   * are watched.
   */
  public synchronized void reload() {
    if (watch != null) {
      watch.loadAll();
    }
  }

  /**
   * Stops: takes no more connections, answers the requests on those that there are, bodies that are
   * still coming included (10 seconds at the most), and returns. Each of these answers says {@code
   * Connection: close}; a kept connection on which nothing comes for a second is closed. Stopping
   * twice does nothing.
   */
  public void stop() {
    synchronized (this) {
      if (watch != null) {
        watch.close();
      }
    }
    http.stop();
    synchronized (ownIndexes) {
      ownIndexes.values().forEach(CandidateIndex::close);
      ownIndexes.clear();
    }
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
