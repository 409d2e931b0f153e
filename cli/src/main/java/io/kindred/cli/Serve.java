package io.kindred.cli;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.data.FeatureColumn;
import io.kindred.recommend.CandidateIndexes;
import io.kindred.server.KindredServer;
import io.kindred.server.ServerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      "Prometheus at /metrics. Ctrl-C stops it."
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
    Map<String, Model> models = new LinkedHashMap<>();
    Map<String, CandidateIndex> indexes = new LinkedHashMap<>();
    try {
      return serve(models, indexes);
    } finally {
      indexes.values().forEach(CandidateIndex::close);
    }
  }

  private int serve(Map<String, Model> models, Map<String, CandidateIndex> indexes) {
    for (Path bundle : bundles) {
      Model model = Bundles.open(bundle);
      String name =
          bundles.size() == 1
              ? model.info().algorithm()
              : String.valueOf(bundle.toAbsolutePath().normalize().getFileName());
      if (models.put(name, model) != null) {
        throw new KindredException("two bundles are called '" + name + "'; rename one");
      }
      if (ann) {
        indexes.put(name, CandidateIndexes.open(model, bundle));
      }
    }
    ServerOptions options =
        new ServerOptions(models, host, port, images, showUsers, indexes, newItems);
    try (KindredServer server = KindredServer.start(options)) {
      if (json()) {
        Json.print(
            terminal(),
            new Result(server.uri().toString(), server.port(), List.copyOf(models.keySet())));
      } else {
        say("Serving %s on %s", String.join(", ", models.keySet()), server.uri());
        if (images == null && models.values().stream().anyMatch(Serve::namesPictures)) {
          note("The items have pictures; --images FOLDER, the folder they are in, shows them.");
        }
        note("Ctrl-C stops it.");
      }
      waitFor(server);
    }
    return ExitCode.OK;
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
