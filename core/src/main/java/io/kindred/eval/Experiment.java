package io.kindred.eval;

import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.Model;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.Validation;
import io.kindred.eval.EvaluationReport.Cost;
import io.kindred.eval.EvaluationReport.Measured;
import io.kindred.eval.EvaluationReport.Setup;
import io.kindred.split.Split;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains several models on the same splits and measures them side by side: one run for each split
 * and seed. Figures are means over runs. Immutable.
 *
 * <p>The test part is meant to be scored once, when all choices are made; choices are made by
 * {@link Split.Part#VALIDATION}, see {@link Tuner}.
 *
 * @param entrants what is compared, under distinct names
 * @param splits of one data set: one, or the folds of a cross validation
 * @param part what is measured on
 * @param protocol what is measured
 * @param seeds of the training, at least one
 * @param threads of training and measuring
 */
public record Experiment(
    List<Entrant> entrants,
    List<Split> splits,
    Split.Part part,
    Protocol protocol,
    List<Long> seeds,
    int threads) {
  /** Checks names and sizes. */
  public Experiment {
    entrants = List.copyOf(entrants);
    splits = List.copyOf(splits);
    seeds = List.copyOf(seeds);
    if (entrants.isEmpty()
        || entrants.stream().map(Entrant::name).distinct().count() < entrants.size()) {
      throw new KindredException(
          "models to compare must be at least one, each under its own name, got "
              + entrants.stream().map(Entrant::name).toList());
    }
    if (splits.isEmpty() || seeds.isEmpty()) {
      throw new KindredException("an experiment needs at least one split and one seed");
    }
  }

  /** An experiment on the test part, with the protocol's seed and all processors. */
  public static Experiment of(List<Entrant> entrants, List<Split> splits, Protocol protocol) {
    return new Experiment(
        entrants,
        splits,
        Split.Part.TEST,
        protocol,
        List.of(protocol.seed()),
        Runtime.getRuntime().availableProcessors());
  }

  /** The same on another part. */
  public Experiment withPart(Split.Part newPart) {
    return new Experiment(entrants, splits, newPart, protocol, seeds, threads);
  }

  /** The same with other seeds of the training. */
  public Experiment withSeeds(List<Long> newSeeds) {
    return new Experiment(entrants, splits, part, protocol, newSeeds, threads);
  }

  /** The same with another number of threads. */
  public Experiment withThreads(int newThreads) {
    return new Experiment(entrants, splits, part, protocol, seeds, newThreads);
  }

  /**
   * One of the models to compare.
   *
   * @param name what it is called in the report
   * @param trainer what makes it
   */
  public record Entrant(String name, Trainer<?> trainer) {}

  /** Hears of each trained model before it is measured and let go. */
  @FunctionalInterface
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = (entrant, split, model) -> {};

    /** A model was trained. */
    void onModel(Entrant entrant, Split split, Model model);
  }

  /**
   * Trains and measures, one model after the other.
   *
   * <p>Each model is trained once and measured among all candidates of the protocol; those among
   * which nothing is held out have no report.
   *
   * @throws KindredException if a model cannot be trained on the data, naming the model, or if a
   *     split has no such part
   */
  public EvaluationReport run(ProgressListener progress) {
    return run(progress, Listener.NONE);
  }

  /** The same with a listener that hears of each model. */
  public EvaluationReport run(ProgressListener progress, Listener listener) {
    List<Candidates> views = new ArrayList<>(List.of(protocol.candidates()));
    views.addAll(protocol.views());
    List<Evaluator> evaluators =
        views.stream()
            .map(candidates -> new Evaluator(protocol.withCandidates(candidates), threads))
            .toList();
    splits.forEach(split -> split.part(part)); // fails before anything was trained
    splits.get(0).tieWarning(part).ifPresent(progress::onWarning);
    List<List<Measured>> measured = new ArrayList<>();
    views.forEach(view -> measured.add(new ArrayList<>()));
    long units = (long) entrants.size() * splits.size() * seeds.size();
    long done = 0;
    for (Entrant entrant : entrants) {
      List<List<Evaluation>> evaluations = new ArrayList<>();
      views.forEach(view -> evaluations.add(new ArrayList<>()));
      List<Learning.Epoch> epochs = List.of();
      double training = 0;
      long peak = 0;
      for (Split split : splits) {
        for (long seed : seeds) {
          progress.onProgress("models", done++, units, entrant.name());
          resetPeak();
          long start = System.nanoTime();
          Model model = train(entrant, split, contextOf(split, seed, progress));
          training += (System.nanoTime() - start) / 1e9;
          listener.onModel(entrant, split, model);
          if (evaluations.get(0).isEmpty() && model instanceof Learning learning) {
            epochs = learning.epochs();
          }
          for (int view = 0; view < evaluators.size(); view++) {
            evaluations
                .get(view)
                .add(
                    evaluators
                        .get(view)
                        .evaluate(model, split.train(), split.part(part), progress));
          }
          peak = Math.max(peak, peak());
        }
      }
      for (int view = 0; view < evaluators.size(); view++) {
        measured.get(view).add(measured(entrant, evaluations.get(view), training, peak, epochs));
      }
    }
    progress.onProgress("models", units, units, "");
    EvaluationReport report = EvaluationReport.of(setup(views.get(0)), measured.get(0));
    List<EvaluationReport> others = new ArrayList<>();
    for (int view = 1; view < views.size(); view++) {
      List<Measured> ofView = measured.get(view);
      if (ofView.get(0).evaluations().stream().allMatch(run -> run.users().length > 0)) {
        others.add(EvaluationReport.of(setup(views.get(view)), ofView));
      }
    }
    return report.withViews(others);
  }

  private static Measured measured(
      Entrant entrant,
      List<Evaluation> evaluations,
      double training,
      long peak,
      List<Learning.Epoch> epochs) {
    int runs = evaluations.size();
    double evaluating = evaluations.stream().mapToDouble(Evaluation::seconds).sum();
    return new Measured(
        entrant.name(),
        entrant.trainer().algorithm(),
        entrant.trainer().parameters().asMap(),
        evaluations,
        new Cost(training / runs, evaluating / runs, peak),
        epochs);
  }

  /** Early stopping may look at the validation part of the split. */
  private TrainingContext contextOf(Split split, long seed, ProgressListener progress) {
    TrainingContext context = new TrainingContext(seed, threads, progress);
    return split
        .validation()
        .map(part -> context.withValidation(new Validation(part.history(), part.targets())))
        .orElse(context);
  }

  private static Model train(Entrant entrant, Split split, TrainingContext context) {
    try {
      return entrant.trainer().train(split.train(), context);
    } catch (KindredException e) {
      throw new KindredException("model '" + entrant.name() + "': " + e.getMessage(), e);
    }
  }

  private Setup setup(Candidates candidates) {
    Split first = splits.get(0);
    List<String> names = new ArrayList<>();
    for (Split split : splits) {
      seeds.forEach(seed -> names.add(split.name()));
    }
    return new Setup(
        first.train().name(),
        first.train().fingerprint(),
        first.train().users().size(),
        first.train().items().size(),
        first.train().interactions().size(),
        names,
        part == Split.Part.TEST ? "test" : "validation",
        candidates.spec(),
        protocol.seed(),
        threads,
        splits.stream().mapToDouble(split -> split.ties(part)).average().orElse(0),
        protocol.asServed());
  }

  private static void resetPeak() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static long peak() {
    long sum = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      sum += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    return sum;
  }
}
