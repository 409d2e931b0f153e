package io.kindred.cli;

import io.kindred.DatasetUpdate;
import io.kindred.IncrementalModel;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.registry.Algorithms;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes new interactions into a trained model. */
@Command(
    name = "update",
    description = {
      "Take new interactions into a trained model, without training it again.",
      "DATA has what came since, of people and items that are known or new. Read it as the",
      "data of the training were read (--threshold, --duplicates, ...). What the bundle has",
      "already, at the same time with the same value, is left out. If anything is wrong, the",
      "bundle stays as it was."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred update model today.csv --output model",
      "  kindred update model today.csv --threshold 4 -o model-2",
      "  kindred update model today.csv --retrain -o model-2"
    })
final class Update extends ResultCommand {
  @Mixin private BundleArgument bundle;
  @Mixin private DataOptions data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "BUNDLE",
      required = true,
      description = "The folder of the updated bundle; it may be the same.")
  private Path output;

  @Option(
      names = "--growth",
      paramLabel = "SHARE",
      defaultValue = "" + DatasetUpdate.GROWTH,
      description = {
        "Solve again for items whose interactions grow by this share at least",
        "(default: ${DEFAULT-VALUE})."
      })
  private double growth;

  @Option(
      names = "--retrain",
      description = {
        "Train anew on the interactions of the bundle and the new ones, with the same",
        "algorithm, hyperparameters and seed. Any model can; features of users are not",
        "in a bundle."
      })
  private boolean retrain;

  @Mixin private ThreadsOption work;

  Update(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints. */
  record Result(
      String bundle,
      long bytes,
      String algorithm,
      boolean retrained,
      int updates,
      String fingerprint,
      int newInteractions,
      int goneInteractions,
      int newUsers,
      int newItems,
      int changedUsers,
      int users,
      int items,
      int interactions,
      double seconds) {}

  @Override
  public Integer call() {
    int threads = work.threads();
    if (!(growth >= 0)) {
      throw usage("--growth must be at least 0, got " + growth);
    }
    Bundles.refuseUnlessFree(output);
    Model model = bundle.open();
    if (!retrain && !(model instanceof IncrementalModel)) {
      throw new KindredException(
          "a model of '"
              + model.info().algorithm()
              + "' takes in nothing new without being trained again: use --retrain. Models of "
              + String.join(", ", Algorithms.incremental())
              + " can be updated");
    }
    DatasetUpdate update;
    Model updated;
    double seconds;
    try (ProgressBar progress = progress()) {
      TrainingContext context = new TrainingContext(model.info().seed(), threads, progress);
      DatasetFilter filter = data.filterSpec().filter();
      Dataset delta = data.unfiltered(this, threads, progress);
      long start = System.nanoTime();
      update = DatasetUpdate.of(model.data(), delta, growth, filter);
      updated = updated(model, update, context);
      seconds = (System.nanoTime() - start) / 1e9;
      Interruption.check();
      Bundles.save(updated, updated.info(), output);
    }
    report(updated.info(), update, seconds);
    return ExitCode.OK;
  }

  private Model updated(Model model, DatasetUpdate update, TrainingContext context) {
    if (!retrain && model instanceof IncrementalModel incremental) {
      return incremental.update(update, context);
    }
    return Algorithms.all()
        .trainer(model.info().algorithm(), model.info().parameters())
        .train(update.after(), context);
  }

  private void report(ModelInfo info, DatasetUpdate update, double seconds) {
    Dataset after = update.after();
    if (json()) {
      Json.print(
          terminal(),
          new Result(
              output.toString(),
              Bundles.size(output),
              info.algorithm(),
              retrain,
              info.updates(),
              info.fingerprint(),
              update.newInteractions(),
              update.goneInteractions(),
              update.newUsers(),
              update.newItems(),
              update.users().length,
              after.users().size(),
              after.items().size(),
              after.interactions().size(),
              seconds));
      return;
    }
    say(
        "%s %s with %,d new interactions of %,d people (%,d of them new) and %,d new items, in %s",
        retrain ? "Trained" : "Updated",
        info.algorithm(),
        update.newInteractions(),
        update.users().length,
        update.newUsers(),
        update.newItems(),
        Numbers.seconds(seconds));
    if (update.goneInteractions() > 0) {
      say("%,d earlier interactions gave way to later ones", update.goneInteractions());
    }
    say(
        "It has %,d people, %,d items and %,d interactions now",
        after.users().size(), after.items().size(), after.interactions().size());
    say("The bundle is in %s (%,d kB)", output, Bundles.size(output) >> 10);
  }
}
