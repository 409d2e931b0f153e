package io.kindred.cli;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import io.kindred.recommend.CandidateIndexes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds the index of candidates of a bundle. */
@Command(
    name = "index",
    description = {
      "Build the index that finds candidates without scoring all items.",
      "For models whose scores are inner products of vectors (als, bpr, warp, sasrec, ...), with",
      "catalogs of 100,000 items and more; smaller ones are scored as fast as they are searched.",
      "The index is the file items.ann of the bundle; 'recommend' and 'serve' use it with --ann.",
      "Training the bundle again takes it away: build it again."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  kindred index model", "  kindred serve model --ann"})
final class Index extends ResultCommand {
  @Mixin private BundleArgument bundle;

  @Option(
      names = "--threads",
      order = BaseCommand.LAST - 1,
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Threads to use (default: all processors). With 1, the same model",
        "gives the same file."
      })
  private int threads;

  Index(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints. */
  record Result(String index, long bytes, int items, int dimensions, double seconds) {}

  @Override
  public Integer call() {
    if (threads < 0) {
      throw usage("--threads must be at least 1, got " + threads);
    }
    Model model = bundle.open();
    long start = System.nanoTime();
    try (ProgressBar progress = progress()) {
      TrainingContext context = TrainingContext.defaults().withProgress(progress);
      CandidateIndexes.build(
          model, bundle.path(), threads == 0 ? context : context.withThreads(threads));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Path file = bundle.path().resolve(CandidateIndexes.FILE);
    int items;
    try (CandidateIndex index = CandidateIndexes.open(model, bundle.path())) {
      items = index.size();
    }
    long bytes = size(file);
    if (json()) {
      int dimensions = model instanceof VectorModel vectors ? vectors.dimensions() : 0;
      Json.print(terminal(), new Result(file.toString(), bytes, items, dimensions, seconds));
    } else {
      say("Indexed %,d items in %s", items, Numbers.seconds(seconds));
      say("The index is %s (%,d kB)", file, bytes >> 10);
    }
    return ExitCode.OK;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new KindredException("cannot read the index '" + file + "'", e);
    }
  }
}
