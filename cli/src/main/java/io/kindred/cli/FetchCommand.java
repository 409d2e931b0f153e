package io.kindred.cli;

import io.kindred.ingest.Fetch;
import io.kindred.ingest.PublicSet;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a public data set. */
@Command(
    name = "fetch",
    description = {
      "Download a public data set from its owner into the cache, checked and unpacked.",
      "Afterwards its name stands for it wherever data is asked for. Without a name, lists what",
      "there is. A download that broke off goes on where it ended."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred fetch",
      "  kindred fetch ml-latest-small",
      "  kindred fetch ml-1m --from Downloads/ml-1m.zip"
    })
final class FetchCommand extends ResultCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The data set.")
  private @Nullable String name;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Take this file, downloaded by hand, instead of the network.")
  private @Nullable Path from;

  FetchCommand(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints of one set. */
  record Result(String name, String path, boolean cached, String check, String license) {}

  @Override
  public Integer call() {
    if (name == null) {
      if (json()) {
        Json.print(terminal(), PublicSet.all().stream().map(PublicSet::name).toList());
      } else {
        PublicSet.all()
            .forEach(set -> say("%-18s %,6d MB  %s", set.name(), set.megabytes(), set.title()));
      }
      return ExitCode.OK;
    }
    PublicSet set = PublicSet.of(name);
    note("License of %s: %s", set.name(), set.license());
    Fetch.Fetched fetched;
    try (ProgressBar progress = progress()) {
      Fetch fetch = new Fetch(PublicData.folder(terminal()), progress);
      fetched = from == null ? fetch.fetch(set) : fetch.fetchFrom(set, from);
    }
    if (json()) {
      Json.print(
          terminal(),
          new Result(
              set.name(),
              fetched.path().toString(),
              fetched.cached(),
              fetched.check(),
              set.license()));
    } else {
      say("%s is in %s (%s)", set.name(), fetched.path(), fetched.check());
    }
    return ExitCode.OK;
  }
}
