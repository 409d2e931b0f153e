package io.kindred.cli;

import io.kindred.Algorithm;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.RatingPredictor;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.Experiment;
import io.kindred.eval.Protocol;
import io.kindred.metric.Metric;
import io.kindred.registry.Algorithms;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import io.kindred.store.CheckpointFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a model and keeps it. */
@Command(
    name = "train",
    description = {
      "Train a model and keep it as a bundle.",
      "A bundle is a folder that holds all that serving needs. One that is already there",
      "is replaced."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred train ratings.csv --output model",
      "  kindred train ml-latest-small -a user-knn -P neighbors=50 -o model",
      "  kindred train ratings.csv -a item-knn -P similarity=jaccard -o model \\",
      "      --measure",
      "  kindred train ratings.csv -a sasrec -o model --checkpoint state",
      "  kindred train --list"
    })
final class Train extends ResultCommand {
  private static final int CUTOFF = 10;

  @Mixin private DataOptions data;
  @Mixin private ModelOptions algorithm;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "BUNDLE",
      description = "The folder of the bundle.")
  private @Nullable Path output;

  @Option(
      names = "--measure",
      paramLabel = "SPLIT",
      arity = "0..1",
      fallbackValue = "leave-one-out",
      description = {
        "Also train on a part and measure on the rest (default: ${FALLBACK-VALUE});",
        "the figures become part of the bundle."
      })
  private @Nullable String measure;

  @Option(
      names = "--checkpoint",
      paramLabel = "FOLDER",
      description = {
        "Keep the state of a training in epochs in this folder, so that it can go on",
        "after a crash."
      })
  private @Nullable Path checkpoint;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoint that is there, with the same data and options.")
  private boolean resume;

  @Option(names = "--list", description = "List the algorithms and their hyperparameters.")
  private boolean list;

  @Mixin private WorkOptions work;

  Train(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints. */
  record Result(
      String bundle,
      long bytes,
      String algorithm,
      Map<String, String> parameters,
      long seed,
      String dataset,
      int users,
      int items,
      int interactions,
      double trainingSeconds,
      Map<String, Double> metrics) {}

  /** One algorithm; a line of what {@code --list --json} prints. */
  record Known(String name, String description, Map<String, String> defaults) {}

  @Override
  public Integer call() {
    if (list) {
      list();
      return ExitCode.OK;
    }
    if (output == null) {
      throw usage("Missing required option: '--output=BUNDLE'");
    }
    Trainer<?> trainer = algorithm.trainer();
    Splitter splitter = measure == null ? null : Splitter.parse(measure);
    Bundles.refuseUnlessFree(output);
    Dataset dataset;
    ModelInfo info;
    EvaluationReport measured = null;
    try (ProgressBar progress = progress()) {
      dataset = data.read(this, work.threads(), progress);
      TrainingContext context = work.context(progress);
      Model model = trainer.train(dataset, withCheckpoints(context));
      if (splitter != null) {
        measured = measured(trainer, metrics(model), splitter, dataset, context);
      }
      info =
          measured == null
              ? model.info()
              : model.info().withMetrics(Measured.metrics(measured.models().get(0)));
      Interruption.check();
      Bundles.save(model, info, output);
    }
    report(output, dataset, info);
    if (measured != null && !json()) {
      say("");
      terminal().out().print(measured.toText());
    }
    return ExitCode.OK;
  }

  private TrainingContext withCheckpoints(TrainingContext context) {
    if (checkpoint == null) {
      if (resume) {
        throw usage("--resume needs --checkpoint=FOLDER: where the checkpoint is");
      }
      return context;
    }
    CheckpointFile file = new CheckpointFile(checkpoint);
    if (file.exists() != resume) {
      throw new KindredException(
          resume
              ? "there is no checkpoint in '"
                  + checkpoint
                  + "'; without --resume, training begins anew"
              : "there is a checkpoint in '"
                  + checkpoint
                  + "': go on from it with --resume, choose another folder, or delete it");
    }
    return context.withCheckpoints(file);
  }

  private static List<Metric> metrics(Model model) {
    List<Metric> metrics = new ArrayList<>(Metric.ofLists(CUTOFF));
    if (model instanceof RatingPredictor) {
      metrics.addAll(Metric.ofRatings());
    }
    return metrics;
  }

  private static EvaluationReport measured(
      Trainer<?> trainer,
      List<Metric> metrics,
      Splitter splitter,
      Dataset dataset,
      TrainingContext context) {
    return new Experiment(
            List.of(new Experiment.Entrant(trainer.algorithm(), trainer)),
            splitter.splits(dataset, context.seed()),
            Split.Part.TEST,
            Protocol.of(metrics).withSeed(context.seed()),
            List.of(context.seed()),
            context.threads())
        .run(context.progress());
  }

  private void report(Path bundle, Dataset dataset, ModelInfo info) {
    if (json()) {
      Json.print(
          terminal(),
          new Result(
              bundle.toString(),
              Bundles.size(bundle),
              info.algorithm(),
              info.parameters().asMap(),
              info.seed(),
              dataset.name(),
              dataset.users().size(),
              dataset.items().size(),
              dataset.interactions().size(),
              info.trainingSeconds(),
              info.metrics()));
      return;
    }
    say(
        "Trained %s on %s: %,d people, %,d items, %,d interactions, in %s",
        info.algorithm(),
        dataset.name(),
        dataset.users().size(),
        dataset.items().size(),
        dataset.interactions().size(),
        Numbers.seconds(info.trainingSeconds()));
    say("The bundle is in %s (%,d kB)", bundle, Bundles.size(bundle) >> 10);
  }

  private void list() {
    List<Known> known = new ArrayList<>();
    for (Algorithm<?> one : Algorithms.all().all()) {
      Map<String, String> defaults = one.trainer().apply(Parameters.none()).parameters().asMap();
      known.add(new Known(one.name(), one.description(), defaults));
    }
    if (json()) {
      Json.print(terminal(), known);
      return;
    }
    for (Known one : known) {
      say("%s  %s", terminal().bold(one.name()), one.description());
      one.defaults().forEach((name, value) -> say("    -P %s=%s", name, value));
    }
  }
}
