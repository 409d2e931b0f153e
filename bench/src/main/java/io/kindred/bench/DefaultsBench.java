package io.kindred.bench;

import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.Validation;
import io.kindred.eval.Evaluation;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.metric.Metric;
import io.kindred.metric.Ndcg;
import io.kindred.metric.Recall;
import io.kindred.registry.Algorithms;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How good the defaults of algorithms are: beside popularity, and beside the best of some random
 * settings, on the validation parts of several data sets ({@link DefaultsData}). The test parts are
 * not looked at. Settings are drawn from {@link SearchSpaces}; each algorithm has the same ones on
 * all data sets. The best of many settings that were measured on the same people is somewhat lucky,
 * so that a ratio of 1 is more than can be expected of any default.
 *
 * <p>Arguments, all optional, as NAME=VALUE:
 *
 * <ul>
 *   <li>{@code algorithms=als,slim}: default als
 *   <li>{@code sets=ml-100k,generated}: default all
 *   <li>{@code trials=30}: random settings of each algorithm; 0: the defaults only
 *   <li>{@code seed=1}: of the settings, and of the training
 *   <li>{@code people=10000}: how many are asked at the most, drawn at random
 *   <li>{@code limit=120}: seconds of processor time that one setting may take; beyond it counts as
 *       not measured
 *   <li>{@code also='factors=128; factors=32 epochs=30'}: more settings, each in a column of its
 *       own
 *   <li>{@code results=FILE}: keeps what the random settings reached, and measures none twice
 *   <li>{@code threads=1}, {@code data=../shared/data}
 * </ul>
 *
 * <p>Prints a table in Markdown; what each setting reached goes to standard error.
 */
public final class DefaultsBench {
  private static final Metric NDCG = new Ndcg(10);
  private static final Metric RECALL = new Recall(10);

  private final Map<String, String> options;
  private final int trials;
  private final long seed;
  private final int people;
  private final double limit;
  private final int threads;
  private final Optional<Path> results;
  private final Map<String, Reached> kept = new HashMap<>();

  private DefaultsBench(Map<String, String> options) throws IOException {
    this.options = options;
    trials = Integer.parseInt(options.getOrDefault("trials", "30"));
    seed = Long.parseLong(options.getOrDefault("seed", "1"));
    people = Integer.parseInt(options.getOrDefault("people", "10000"));
    limit = Double.parseDouble(options.getOrDefault("limit", "120"));
    threads = Integer.parseInt(options.getOrDefault("threads", "1"));
    results = Optional.ofNullable(options.get("results")).map(Path::of);
    if (results.isPresent() && Files.exists(results.get())) {
      for (String line : Files.readAllLines(results.get())) {
        String[] cells = line.split("\t", -1);
        kept.put(cells[0], new Reached(Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
      }
    }
  }

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    Set<String> known =
        Set.of(
            "algorithms",
            "sets",
            "trials",
            "seed",
            "people",
            "limit",
            "also",
            "results",
            "threads",
            "data");
    for (String argument : args) {
      int equals = argument.indexOf('=');
      if (equals < 0 || !known.contains(argument.substring(0, equals))) {
        throw new IllegalArgumentException(
            "'" + argument + "' is none of NAME=VALUE with a name of " + known);
      }
      options.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    new DefaultsBench(options).run();
  }

  private void run() throws IOException {
    List<String> algorithms = List.of(options.getOrDefault("algorithms", "als").split(","));
    for (String algorithm : algorithms) {
      if (trials > 0 && !SearchSpaces.has(algorithm)) {
        throw new IllegalArgumentException("SearchSpaces has no ranges for '" + algorithm + "'");
      }
    }
    String wanted = options.getOrDefault("sets", "");
    for (String name : wanted.isEmpty() ? new String[0] : wanted.split(",")) {
      if (DefaultsData.ALL.stream().noneMatch(data -> data.name().equals(name))) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' is none of the sets "
                + DefaultsData.ALL.stream().map(DefaultsData::name).toList());
      }
    }
    Path folder = Path.of(options.getOrDefault("data", "../shared/data"));
    List<String> rows = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    for (DefaultsData data : DefaultsData.ALL) {
      if (wanted.isEmpty() || List.of(wanted.split(",")).contains(data.name())) {
        Split split = data.read(folder, threads);
        Panel panel = new Panel(data, split);
        protocols.add("- " + data.name() + ": " + data.protocol() + "; " + panel.size());
        for (String algorithm : algorithms) {
          rows.add(panel.row(algorithm));
        }
      }
    }
    say("ndcg@10 (recall@10) on the validation part:%n");
    protocols.forEach(line -> say("%s", line));
    StringBuilder also = new StringBuilder();
    also().forEach(parameters -> also.append(' ').append(text(parameters)).append(" |"));
    say("%n| data | algorithm | popularity | default | best of N | default / best |%s", also);
    say("|---|---|---|---|---|---|%s", "---|".repeat(also().size()));
    rows.forEach(row -> say("%s", row));
  }

  /** What a setting reached; NaN: nothing, since it took too long or was refused. */
  private record Reached(double ndcg, double recall) {
    static final Reached NOTHING = new Reached(Double.NaN, Double.NaN);

    @Override
    public String toString() {
      return Double.isNaN(ndcg) ? "none" : String.format(Locale.ROOT, "%.4f (%.4f)", ndcg, recall);
    }
  }

  /** A setting took longer than it may. */
  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** One data set. */
  private final class Panel {
    private final DefaultsData data;
    private final Split split;
    private final HeldOut part;
    private final Reached popularity;

    Panel(DefaultsData data, Split split) {
      this.data = data;
      this.split = split;
      part = DefaultsData.sample(split.part(Split.Part.VALIDATION), people);
      popularity = measure("popularity", Parameters.none());
    }

    String size() {
      return String.format(
          Locale.ROOT,
          "%,d users, %,d items, %,d train interactions, %,d people asked",
          split.train().users().size(),
          split.train().items().size(),
          split.train().interactions().size(),
          part.users());
    }

    String row(String algorithm) throws IOException {
      Reached byDefault = measure(algorithm, Parameters.none());
      Reached best = Reached.NOTHING;
      Parameters setting = Parameters.none();
      int measured = 0;
      for (Parameters parameters : settings(algorithm)) {
        Reached reached = reached(algorithm, parameters);
        measured += Double.isNaN(reached.ndcg) ? 0 : 1;
        if (!(reached.ndcg <= best.ndcg) && !Double.isNaN(reached.ndcg)) {
          best = reached;
          setting = parameters;
        }
      }
      StringBuilder also = new StringBuilder();
      for (Parameters parameters : also()) {
        also.append(' ').append(measure(algorithm, parameters)).append(" |");
      }
      return String.format(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s of %d: %s | %s |%s",
          data.name(),
          algorithm,
          popularity,
          byDefault,
          best,
          measured,
          text(setting),
          String.format(Locale.ROOT, "%.2f", byDefault.ndcg / best.ndcg),
          also);
    }

    /** From the file of results, if it is there. */
    private Reached reached(String algorithm, Parameters parameters) throws IOException {
      String key =
          String.join(
              " ",
              data.name(),
              String.valueOf(people),
              String.valueOf(seed),
              algorithm,
              text(parameters));
      Reached reached = kept.get(key);
      if (reached == null) {
        reached = measure(algorithm, parameters);
        kept.put(key, reached);
        if (results.isPresent()) {
          Files.writeString(
              results.get(),
              key + "\t" + reached.ndcg + "\t" + reached.recall + "\n",
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
        }
      }
      return reached;
    }

    private Reached measure(String algorithm, Parameters parameters) {
      double start = processorSeconds();
      ProgressListener clock =
          (phase, done, total, detail) -> {
            if (processorSeconds() - start > limit) {
              throw new TooLong();
            }
          };
      String failure = "";
      Reached reached = Reached.NOTHING;
      try {
        Trainer<?> trainer = Algorithms.all().trainer(algorithm, parameters);
        TrainingContext context =
            new TrainingContext(seed, threads, clock)
                .withValidation(new Validation(part.history(), part.targets()));
        Model model = trainer.train(split.train(), context);
        Evaluation evaluation =
            new Evaluator(Protocol.of(List.of(NDCG, RECALL)), threads)
                .evaluate(model, split.train(), part, clock);
        reached = new Reached(evaluation.value(NDCG), evaluation.value(RECALL));
      } catch (TooLong e) {
        failure = " took too long";
      } catch (KindredException e) {
        failure = " " + e.getMessage();
      }
      System.err.printf(
          Locale.ROOT,
          "%s %s %s, %.0f s of processor time: %s%s%n",
          data.name(),
          algorithm,
          reached,
          processorSeconds() - start,
          text(parameters),
          failure);
      return reached;
    }
  }

  /** The random settings of an algorithm, each once. */
  private Set<Parameters> settings(String algorithm) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Parameters> settings = new LinkedHashSet<>();
    for (int attempt = 0; attempt < 100 * trials && settings.size() < trials; attempt++) {
      settings.add(SearchSpaces.draw(algorithm, random));
    }
    return settings;
  }

  /** The settings that the caller asks for. */
  private List<Parameters> also() {
    List<Parameters> all = new ArrayList<>();
    for (String setting : options.getOrDefault("also", "").split(";", -1)) {
      Parameters parameters = Parameters.none();
      for (String pair : setting.isBlank() ? new String[0] : setting.strip().split("\\s+")) {
        int equals = pair.indexOf('=');
        parameters = parameters.with(pair.substring(0, equals), pair.substring(equals + 1));
      }
      if (!setting.isBlank()) {
        all.add(parameters);
      }
    }
    return all;
  }

  private static String text(Parameters parameters) {
    List<String> pairs = new ArrayList<>();
    parameters.asMap().forEach((name, value) -> pairs.add(name + "=" + value));
    return pairs.isEmpty() ? "default" : String.join(" ", pairs);
  }

  private static double processorSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : System.nanoTime() / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
