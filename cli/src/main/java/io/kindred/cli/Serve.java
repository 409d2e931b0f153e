package io.kindred.cli;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.data.FeatureColumn;
import io.kindred.recommend.CandidateIndexes;
import io.kindred.server.KindredServer;
import io.kindred.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves models over HTTP until it is stopped. */
@Command(
    name = "serve",
    description = {
      "Serve models over HTTP, with a web page.",
      "The page is at /, the API under /v1, its description at /openapi.json, figures for",
      "Prometheus at /metrics. A bundle that is replaced on disk is loaded within seconds;",
      "SIGHUP has all loaded again. Ctrl-C stops it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred serve model",
      "  kindred serve model --port 9000 --images world",
      "  kindred serve item-model user-model --host 0.0.0.0",
      "  kindred serve als-model --ann",
      "  kindred serve content --new-items new.jsonl"
    })
final class Serve extends ResultCommand {
  /** What stopping takes at the most, and a little more. */
  private static final long STOP_SECONDS = 15;

  private static final Duration WARM_UP = Duration.ofSeconds(5);

  @Parameters(
      arity = "1..*",
      paramLabel = "BUNDLE",
      description = "Trained models; the first answers where a request names none.")
  private List<Path> bundles;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen (default: ${DEFAULT-VALUE}; 0.0.0.0 is everywhere).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      defaultValue = "8080",
      description = "On which port (default: ${DEFAULT-VALUE}; 0 takes any free one).")
  private int port;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "The folder in which the items' pictures are.")
  private @Nullable Path images;

  @Option(
      names = "--new-items",
      paramLabel = "FILE",
      description = {
        "Take new items at POST /v1/items and keep them in this file,",
        "their pictures in FILE.pictures; what is there is added at the start."
      })
  private @Nullable Path newItems;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description = {
        "A name by which the server may be asked, beside localhost, ADDRESS and",
        "addresses in numbers; can be repeated, * allows all."
      })
  private List<String> allowedHosts = List.of();

  @Option(names = "--show-users", description = "Name similar people by their ids.")
  private boolean showUsers;

  @Option(
      names = "--ann",
      description = {
        "Find candidates by the indexes of the bundles, instead of scoring",
        "all items. See: kindred index."
      })
  private boolean ann;

  Serve(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints once the server answers. */
  record Result(String address, int port, List<String> models) {}

  @Override
  public Integer call() {
    checkPort(this, port);
    Interruption.patience(STOP_SECONDS);
    Map<String, Path> named = new LinkedHashMap<>();
    AtomicReference<KindredServer> running = new AtomicReference<>();
    Hangup.handle(
        () -> { // before there is a server, the bundles are being loaded anyway
          KindredServer server = running.get();
          if (server != null) {
            server.reload();
          }
        });
    try (KindredServer server = started(named)) {
      server.watch(named, ann);
      running.set(server);
      if (json()) {
        Json.print(
            terminal(),
            new Result(server.uri().toString(), server.port(), List.copyOf(named.keySet())));
      } else {
        say("Serving %s on %s", String.join(", ", named.keySet()), server.uri());
        note("Ctrl-C stops it.");
      }
      waitFor(server);
    }
    return ExitCode.OK;
  }

  /**
   * A server of the bundles, which alone has the models and indexes: one whose bundle is replaced
   * leaves the memory.
   *
   * @param named receives the bundles by the names of their models
   */
  private KindredServer started(Map<String, Path> named) {
    Map<String, Model> models = new LinkedHashMap<>();
    Map<String, CandidateIndex> indexes = new LinkedHashMap<>();
    try {
      for (Path bundle : bundles) {
        Model model = Bundles.open(bundle);
        String name =
            bundles.size() == 1
                ? model.info().algorithm()
                : String.valueOf(bundle.toAbsolutePath().normalize().getFileName());
        if (named.put(name, bundle) != null) {
          throw new KindredException("two bundles are called '" + name + "'; rename one");
        }
        models.put(name, model);
        if (ann) {
          indexes.put(name, CandidateIndexes.open(model, bundle));
        }
      }
      if (!json() && images == null && models.values().stream().anyMatch(Serve::namesPictures)) {
        note("The items have pictures; --images FOLDER, the folder they are in, shows them.");
      }
      ServerOptions options =
          new ServerOptions(models, host, port, images, showUsers, indexes, newItems)
              .withAllowedHosts(Set.copyOf(allowedHosts));
      return KindredServer.start(options, WARM_UP);
    } catch (RuntimeException e) {
      indexes.values().forEach(CandidateIndex::close);
      throw e;
    }
  }

  private static boolean namesPictures(Model model) {
    return model.data().itemFeatures().columns().stream()
        .anyMatch(FeatureColumn.Image.class::isInstance);
  }

  /** Waits until the server is stopped, by Ctrl-C most often. */
  static void waitFor(KindredServer server) {
    try {
      server.join();
    } catch (InterruptedException e) {
      // Ctrl-C: the caller stops the server, for which the thread must not count as interrupted
    }
  }

  static void checkPort(BaseCommand command, int port) {
    if (port < 0 || port > 65_535) {
      throw command.usage("--port must be from 0 to 65535, got " + port);
    }
  }
}
