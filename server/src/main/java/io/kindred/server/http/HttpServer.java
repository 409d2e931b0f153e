package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Query;
import io.kindred.server.answer.Answers;
import io.kindred.server.answer.BusyException;
import io.kindred.server.answer.ServedModel;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the API and of the page, on Javalin. Thread-safe. */
public final class HttpServer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  static final int MOST_BYTES = 1_000_000;
  static final int MOST_ITEM_BYTES = 8_000_000;
  private static final String ITEMS = "/v1/items";
  private static final Query ANYBODY =
      new Query(null, null, Query.Filter.ALL, Map.of(), 1); // is served by popularity
  private static final int MOST_FOUND = 1000;
  private static final int LONGEST_QUERY = 200;
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final Object adding = new Object();
  private final List<Route> routes = new ArrayList<>();
  private final Workload workload = new Workload();
  private final Answering answering = new Answering();
  private final Pulse pulse;
  private final Metrics metrics;
  private final @Nullable Images images;
  private final StaticFiles files;
  private final String host;
  private final Transport transport;
  private final Javalin javalin;
  private volatile int port; // the one it was bound to, also when it no longer listens
  private final @Nullable ItemLog newItems;
  private volatile Map<String, ServedModel> models; // replaced as a whole
  private volatile State state = State.STARTING;

  /** What {@code /health/ready} says. */
  private enum State {
    STARTING,
    READY,
    STOPPING
  }

  private HttpServer(
      List<ServedModel> served,
      String host,
      int port,
      Set<String> allowedHosts,
      Optional<Path> images,
      Optional<Path> newItems) {
    Map<String, ServedModel> byName = new LinkedHashMap<>();
    served.forEach(model -> byName.put(model.name(), model));
    this.models = byName;
    this.metrics = new Metrics(served.stream().map(ServedModel::line).toList());
    this.images =
        images
            .map(folder -> new Images(folder, newItems.map(HttpServer::broughtFolder).orElse(null)))
            .orElse(null);
    this.files = new StaticFiles(this.images);
    this.host = host;
    this.newItems = newItems.map(ItemLog::new).orElse(null);
    if (this.newItems != null) {
      try {
        this.models = NewItems.restored(byName, this.newItems.entries(), this.images);
      } catch (RuntimeException e) {
        this.newItems.close();
        throw e;
      }
    }
    this.transport =
        new Transport(
            host,
            port,
            allowedHosts,
            metrics,
            () -> state != State.STARTING, // what warms up is not counted
            HttpServer::mostBytes);
    this.javalin = Javalin.create(this::configure);
    this.pulse = new Pulse(() -> models.values().iterator().next().recommend(ANYBODY, 0));
  }

  /** The folder of the pictures that come with new items, beside the file of these. */
  private static Path broughtFolder(Path newItems) {
    return newItems.resolveSibling(newItems.getFileName() + ".pictures");
  }

  /** Starts, and is ready once it is warm; see {@code KindredServer}. */
  public static HttpServer start(
      List<ServedModel> models,
      String host,
      int port,
      Set<String> allowedHosts,
      Optional<Path> images,
      Optional<Path> newItems,
      Duration warmUp) {
    HttpServer server = new HttpServer(models, host, port, allowedHosts, images, newItems);
    try {
      server.javalin.start();
      server.port = server.javalin.port();
    } catch (JavalinBindException e) {
      server.stop();
      throw Transport.cannotListen(host, port, e);
    }
    if (!warmUp.isZero()) {
      WarmUp.log(host, server.port(), List.copyOf(server.models.values()), warmUp);
    }
    server.state = State.READY;
    return server;
  }

  /**
   * Puts a model in the place of another, with the items that came in before. Requests that run
   * finish on the other one.
   *
   * @param name of the other one
   * @param next the model, maybe of another name
   * @throws KindredException if there is no model of the name, or another one has that of the next
   */
  public void replace(String name, ServedModel next) {
    synchronized (adding) {
      boolean taken = !next.name().equals(name) && models.containsKey(next.name());
      if (!models.containsKey(name) || taken) {
        throw new KindredException(
            taken
                ? "there is a model '" + next.name() + "' already"
                : "there is no model '" + name + "'");
      }
      ServedModel whole = next;
      if (newItems != null) {
        Map<String, ServedModel> alone = Map.of(next.name(), next);
        whole =
            NewItems.restored(alone, newItems.entries(), images).getOrDefault(next.name(), next);
      }
      Map<String, ServedModel> all = new LinkedHashMap<>();
      for (ServedModel model : models.values()) {
        ServedModel one = model.name().equals(name) ? whole : model;
        all.put(one.name(), one);
      }
      metrics.models(all.values().stream().map(ServedModel::line).toList());
      models = all;
    }
  }

  /** Where the model of a name comes from; empty where there is none. */
  public Optional<ModelInfo> info(String name) {
    return Optional.ofNullable(models.get(name)).map(ServedModel::info);
  }

  /** Waits until the requests that run now have ended. */
  public void awaitRunning() throws InterruptedException {
    workload.awaitRunning();
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** The address of the page. */
  public URI uri() {
    String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    try {
      return new URI("http", null, name, port(), "/", null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops after the running requests. */
  public void stop() {
    state = State.STOPPING;
    transport.drain();
    pulse.close();
    javalin.stop();
    if (newItems != null) {
      newItems.close();
    }
  }

  /** Waits until it has stopped. */
  public void join() throws InterruptedException {
    javalin.jettyServer().server().join();
  }

  /** All addresses. */
  List<Route> routes() {
    return List.copyOf(routes);
  }

  /** Most bytes of the body of a request to a path. */
  private static int mostBytes(String path) {
    return path.equals(ITEMS) ? MOST_ITEM_BYTES : MOST_BYTES;
  }

  private void configure(JavalinConfig config) {
    transport.configure(config);
    config.http.maxRequestSize = MOST_ITEM_BYTES;
    config.http.prefer405over404 = true;
    config.http.generateEtags = false;
    config.router.ignoreTrailingSlashes = false;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.routes.before(HttpServer::begin);
    config.routes.after(HttpServer::end);
    Errors.configure(config, HttpServer::mostBytes);
    api(config);
    files.configure(config, routes);
  }

  private static void begin(Context ctx) {
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    ctx.header("Cross-Origin-Resource-Policy", "same-origin");
    ctx.header("Cache-Control", "no-store");
  }

  private static void end(Context ctx) {
    var endpoint = ctx.endpoints().matchedHttpEndpoint();
    if (endpoint != null) {
      Intake.matched(ctx, endpoint.path);
    }
  }

  // ----------------------------------------------------------------------------------------------------------------------------------- API

  private void api(JavalinConfig config) {
    post(config, "/v1/recommend", this::recommend);
    post(config, "/v1/new-items", this::newItems);
    get(config, Route.get("/v1/explain", "user", "item", "reasons", "model"), this::explainUser);
    post(config, "/v1/explain", this::explainHistory);
    post(config, "/v1/saliency", this::saliency);
    post(config, ITEMS, MOST_ITEM_BYTES, this::addItems);
    get(config, Route.get(ITEMS, "query", "limit", "model"), this::items);
    get(config, Route.get("/v1/items/{id}", "model"), this::item);
    get(config, Route.get("/v1/items/{id}/similar", "n", "model"), this::similarItems);
    get(config, Route.get("/v1/users", "query", "offset", "limit", "model"), this::users);
    get(config, Route.get("/v1/users/{id}", "limit", "model"), this::user);
    get(config, Route.get("/v1/users/{id}/similar", "n", "model"), this::similarUsers);
    get(config, Route.get("/v1/models"), (ctx, parameters) -> json(ctx, modelList(parameters)));
    get(
        config,
        Route.get("/v1/model", "model"),
        (ctx, parameters) -> json(ctx, chosen(parameters, any -> true).card()));
    get(config, Route.get("/health/live"), this::liveness);
    get(config, Route.get("/health/ready"), this::readiness);
    get(
        config,
        Route.get("/metrics"),
        (ctx, parameters) -> {
          ctx.result(metrics.write());
          ctx.res().setContentType(metrics.contentType());
        });
    get(config, Route.get("/openapi.json"), (ctx, parameters) -> files.asset(ctx, "openapi.json"));
  }

  /** Answers a request whose query parameters are known by name. */
  @FunctionalInterface
  private interface Action {
    void answer(Context ctx, Parameters parameters) throws IOException;
  }

  private void get(JavalinConfig config, Route route, Action action) {
    routes.add(route);
    config.routes.get(
        route.path(),
        ctx -> {
          Parameters parameters = new Parameters(ctx.queryParamMap(), route.parameters());
          if (route.path().startsWith("/v1/")) {
            workload.run(new ClientWatch(ctx), () -> action.answer(ctx, parameters));
          } else {
            action.answer(ctx, parameters);
          }
        });
  }

  private void post(JavalinConfig config, String path, Handler handler) {
    post(config, path, MOST_BYTES, handler);
  }

  private void post(JavalinConfig config, String path, int mostBytes, Handler handler) {
    routes.add(Route.post(path));
    config.routes.addHttpHandler(
        HandlerType.POST,
        path,
        ctx -> {
          new Parameters(ctx.queryParamMap(), Set.of()).finish();
          String type = ctx.header("Content-Type"); // as it was sent: its charset may be none
          if (type == null
              || !type.toLowerCase(Locale.ROOT)
                  .split(";", 2)[0]
                  .strip()
                  .equals("application/json")) {
            String given = type == null ? "none" : "'" + Shorten.text(type) + "'";
            throw new Problem.Thrown(
                Problem.of(
                    415,
                    "Unsupported media type",
                    "Content-Type must be application/json, got " + given));
          }
          if (ctx.bodyAsBytes().length > mostBytes) {
            throw new Problem.Thrown(Intake.tooLarge(mostBytes));
          }
          workload.run(new ClientWatch(ctx), () -> handler.handle(ctx));
        });
  }

  private void recommend(Context ctx) {
    RequestReader reader = new RequestReader(ctx.bodyAsBytes());
    ServedModel model = model(reader.model());
    int reasons = reader.reasons();
    Query query = reader.recommend(model);
    bound(Cost.of(model, query, reasons));
    Answers.Recommendations answer = model.recommend(query, reasons);
    metrics.recommended(answer);
    json(ctx, answer);
  }

  private void newItems(Context ctx) {
    RequestReader reader = new RequestReader(ctx.bodyAsBytes());
    ServedModel model = able(reader.model(), ServedModel::knowsNewItems);
    int reasons = reader.reasons();
    int most = reader.mostInteractions();
    Query query = reader.newItems(model);
    if (!model.knowsNewItems()) {
      throw new Problem.Thrown(
          Problem.notSupported(
              "model '" + model.name() + "' cannot score items that nobody has done"));
    }
    bound(Cost.of(model, query, reasons));
    Answers.Recommendations answer = model.newItems(query, most, reasons);
    metrics.recommended(answer);
    json(ctx, answer);
  }

  /** Refuses what costs too much, and lets only few of the costly ones go on at once. */
  private void bound(Cost cost) {
    if (cost.check().costly()) {
      workload.costly();
    }
  }

  private void explainHistory(Context ctx) {
    RequestReader reader = new RequestReader(ctx.bodyAsBytes());
    ServedModel model = model(reader.model());
    String item = reader.item();
    int reasons = reader.reasonCount();
    Query query = reader.explain();
    json(ctx, model.explain(query, knownItem(model, item), reasons));
  }

  private void saliency(Context ctx) {
    RequestReader reader = new RequestReader(ctx.bodyAsBytes());
    ServedModel model = able(reader.model(), ServedModel::looksAtPictures);
    String item = reader.item();
    Query query = reader.saliency();
    if (!model.looksAtPictures()) {
      throw new Problem.Thrown(
          Problem.notSupported("model '" + model.name() + "' does not look at pictures"));
    }
    Images folder = images;
    Images.Image picture =
        folder == null
            ? null
            : model.picture(knownItem(model, item)).flatMap(folder::find).orElse(null);
    if (picture == null) {
      throw new Problem.Thrown(
          Problem.of(
              404, "No picture", "there is no picture of item '" + Shorten.text(item) + "'"));
    }
    try {
      json(ctx, model.saliency(query, item, picture.file()));
    } catch (BusyException e) {
      throw new Problem.Thrown(
          Problem.of(
              503, "Busy", e.getMessage() + "; ask again in " + Errors.RETRY_SECONDS + " seconds"));
    } catch (KindredException e) { // says where the picture lies on this machine
      String file = String.valueOf(picture.file().getFileName());
      String message = String.valueOf(e.getMessage()).replace(picture.file().toString(), file);
      throw new Problem.Thrown(Problem.invalid(message, List.of()));
    }
  }

  private void explainUser(Context ctx, Parameters parameters) {
    String user = parameters.required("user", "the id of a user");
    String item = parameters.required("item", "the id of an item");
    int reasons = parameters.integer("reasons", 10, 1, RequestReader.MOST_REASONS);
    ServedModel model = chosen(parameters, any -> true);
    Query query = Query.ofUser(knownUser(model, user));
    json(ctx, model.explain(query, knownItem(model, item), reasons));
  }

  private void items(Context ctx, Parameters parameters) {
    int limit = parameters.integer("limit", 20, 0, MOST_FOUND);
    String query = parameters.text("query", LONGEST_QUERY);
    json(ctx, chosen(parameters, any -> true).searchItems(query == null ? "" : query, limit));
  }

  private void addItems(Context ctx) {
    ItemLog log = newItems;
    if (log == null) {
      throw new Problem.Thrown(
          Problem.of(
              403,
              "No new items",
              "this server takes no new items; start it with --new-items FILE"));
    }
    workload.costly();
    RequestReader reader = new RequestReader(ctx.bodyAsBytes());
    String name = reader.model();
    JsonNode items = reader.items();
    synchronized (adding) {
      ServedModel model = able(name, ServedModel::knowsNewItems);
      if (!model.knowsNewItems()) {
        throw new Problem.Thrown(
            Problem.notSupported("model '" + model.name() + "' cannot take new items"));
      }
      ItemReader read = new ItemReader(model, images);
      for (int i = 0; i < items.size(); i++) {
        read.read(items.get(i), "/items/" + i);
      }
      reader.finish(read.errors());
      ServedModel larger = kept(log, model, read);
      Map<String, ServedModel> next = new LinkedHashMap<>(models);
      next.put(larger.name(), larger);
      models = next;
      ctx.status(201);
      json(
          ctx,
          new Answers.Items(
              larger.name(),
              larger.itemCount(),
              read.ids().stream().map(larger::fullItem).toList()));
    }
  }

  /** The model with the items, once they are on the disk; else nothing of them is left there. */
  private ServedModel kept(ItemLog log, ServedModel model, ItemReader read) {
    List<String> written = new ArrayList<>();
    boolean done = false;
    try {
      for (Map.Entry<String, byte[]> picture : read.pictures().entrySet()) {
        if (images != null && images.keep(picture.getKey(), picture.getValue())) {
          written.add(picture.getKey());
        }
      }
      ServedModel larger = NewItems.larger(model, read);
      log.append(model.name(), read.json());
      done = true;
      return larger;
    } catch (IOException e) {
      LOG.error("new items cannot be kept", e);
      throw new Problem.Thrown(
          Problem.of(
              507, "Cannot be kept", "the items cannot be written to the disk; none was added"));
    } finally {
      if (!done && images != null) {
        written.forEach(images::discard);
      }
    }
  }

  private void item(Context ctx, Parameters parameters) {
    ServedModel model = chosen(parameters, any -> true);
    json(ctx, model.fullItem(knownItem(model, ctx.pathParam("id"))));
  }

  private void similarItems(Context ctx, Parameters parameters) {
    int n = parameters.integer("n", 10, 0, RequestReader.MOST_ITEMS);
    ServedModel model = chosen(parameters, ServedModel::knowsSimilarItems);
    if (!model.knowsSimilarItems()) {
      throw new Problem.Thrown(
          Problem.notSupported("model '" + model.name() + "' does not compare items"));
    }
    bound(new Cost(n, 0, 0));
    json(ctx, model.similarItems(knownItem(model, ctx.pathParam("id")), n));
  }

  private void users(Context ctx, Parameters parameters) {
    int limit = parameters.integer("limit", 20, 0, MOST_FOUND);
    int offset = parameters.integer("offset", 0, 0, Integer.MAX_VALUE);
    String query = parameters.text("query", LONGEST_QUERY);
    json(
        ctx,
        chosen(parameters, any -> true).searchUsers(query == null ? "" : query, offset, limit));
  }

  private void user(Context ctx, Parameters parameters) {
    int limit = parameters.integer("limit", MOST_FOUND, 0, RequestReader.MOST_EVENTS);
    ServedModel model = chosen(parameters, any -> true);
    bound(new Cost(limit, 0, 0));
    json(ctx, model.user(knownUser(model, ctx.pathParam("id")), limit));
  }

  private void similarUsers(Context ctx, Parameters parameters) {
    int n = parameters.integer("n", 10, 0, RequestReader.MOST_ITEMS);
    ServedModel model = chosen(parameters, ServedModel::knowsSimilarUsers);
    if (!model.knowsSimilarUsers()) {
      throw new Problem.Thrown(
          Problem.notSupported("model '" + model.name() + "' does not compare users"));
    }
    bound(new Cost(n, 0, 0));
    json(ctx, model.similarUsers(knownUser(model, ctx.pathParam("id")), n));
  }

  private Answers.Models modelList(Parameters parameters) {
    parameters.finish();
    return new Answers.Models(
        models.keySet().iterator().next(),
        models.values().stream().map(ServedModel::line).toList());
  }

  private void readiness(Context ctx, Parameters parameters) {
    parameters.finish();
    ctx.status(state == State.READY ? 200 : 503);
    json(ctx, Map.of("status", state.name().toLowerCase(Locale.ROOT)));
  }

  private void liveness(Context ctx, Parameters parameters) {
    parameters.finish();
    String failure = pulse.failure().orElse(null);
    ctx.status(failure == null ? 200 : 503);
    json(ctx, failure == null ? Map.of("status", "up") : Map.of("status", "down", "why", failure));
  }

  /**
   * The model that the parameter names; where there is none, the first that can do what is wanted,
   * else the first.
   */
  private ServedModel chosen(Parameters parameters, Predicate<ServedModel> wanted) {
    String name = parameters.text("model");
    parameters.finish();
    return able(name, wanted);
  }

  /** The model of a name; without one, the first that can do what is wanted, else the first. */
  private ServedModel able(@Nullable String name, Predicate<ServedModel> wanted) {
    return name == null
        ? models.values().stream().filter(wanted).findFirst().orElseGet(() -> model(null))
        : model(name);
  }

  private ServedModel model(@Nullable String name) {
    ServedModel model = name == null ? models.values().iterator().next() : models.get(name);
    if (model == null) {
      throw new Problem.Thrown(
          Problem.unknownModel(String.valueOf(name), List.copyOf(models.keySet())));
    }
    return model;
  }

  private static String knownItem(ServedModel model, String item) {
    if (!model.hasItem(item)) {
      throw new Problem.Thrown(Problem.unknown("item", item, model.name()));
    }
    return item;
  }

  private static String knownUser(ServedModel model, String user) {
    if (!model.hasUser(user)) {
      throw new Problem.Thrown(Problem.unknown("user", user, model.name()));
    }
    return user;
  }

  private void json(Context ctx, Object answer) {
    answering.json(ctx, answer);
  }
}
