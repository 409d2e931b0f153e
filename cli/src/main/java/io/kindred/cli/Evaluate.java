package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.data.RatingScale;
import io.kindred.eval.Candidates;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.Experiment;
import io.kindred.eval.Protocol;
import io.kindred.ingest.ReadOptions;
import io.kindred.metric.Metric;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares models. */
@Command(
    name = "evaluate",
    description = {
      "Compare models, with 95 %% intervals and paired tests.",
      "They are trained on one part of the data and measured on another. What is compared",
      "stands in the options, in a recipe (a YAML file), or in both; options win."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred evaluate ml-latest-small",
      "  kindred evaluate ml-100k --split given-folds --task ratings",
      "  kindred evaluate ratings.csv -m popularity \\",
      "      -m 'item-knn neighbors=50 similarity=jaccard' --metrics ndcg@5,10,20",
      "  kindred evaluate recipe.yaml --html report.html",
      "  kindred evaluate ratings.csv --recipe recipe.yaml --json",
      "",
      "Splits: leave-one-out, temporal(0.8), ratio(0.8,0.1,0.1), k-fold(5),",
      "user-holdout(0.1,0.8), cold-items(0.2,0.1), new-items(0.8); given, given(u1)",
      "and given-folds for files that are split already.",
      "Metrics: ndcg recall recall_capped precision hr mrr map coverage gini novelty",
      "diversity popularity, each @k; auc, rmse, mae."
    })
final class Evaluate extends ResultCommand {
  private static final int CUTOFF = 10;
  private static final List<String> RANKING =
      List.of("random", "popularity", "user-knn", "item-knn");
  private static final List<String> RATINGS = List.of("bias", "user-knn-rating", "item-knn-rating");

  @Mixin private DataOptions data;

  @Option(
      names = {"-r", "--recipe"},
      paramLabel = "FILE",
      description = "A recipe; as DATA, a file that ends in .yaml or .yml is one, too.")
  private @Nullable Path recipeFile;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "SPEC",
      description = {
        "A model: '[NAME:] ALGORITHM [PARAMETER=VALUE ...]'; can be repeated",
        "(default: some baselines and collaborative filtering)."
      })
  private List<String> models = new ArrayList<>();

  @Option(
      names = {"-s", "--split"},
      paramLabel = "SPLIT",
      description = "How to split (default: leave-one-out).")
  private @Nullable String split;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = {
        "'ranking' or 'ratings': which models and metrics are the defaults",
        "(default: ratings for folds of ratings, else ranking)."
      })
  private @Nullable String task;

  @Option(
      names = "--metrics",
      paramLabel = "NAMES",
      description = "What to measure, the leading metric first, as in ndcg@5,10,recall@20.")
  private @Nullable String metrics;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "'test' (default), or 'validation' while choices are still made.")
  private @Nullable String part;

  @Option(
      names = "--refit",
      description = {
        "Train on the validation part, too, once choices are made. Networks that stop early",
        "hold out a tenth of the people's newest items for that; patience=0 trains on all."
      })
  private boolean refit;

  @Option(
      names = "--candidates",
      paramLabel = "SPEC",
      description = {
        "Among which items: all, cold (nobody has them in train), warm, several with commas",
        "(default: all; all,cold,warm where the split holds out items);",
        "sampled(99,uniform) to compare with papers that did so."
      })
  private @Nullable String candidates;

  @Option(
      names = "--as-served",
      description = {
        "Measure lists as they are served: filled up by popularity where a model can score",
        "too few items, as for people without history (default: what the model scores)."
      })
  private boolean asServed;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      split = ",",
      description = "Seeds of the training; the first one also splits (default: 42).")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to use (default: all processors).")
  private @Nullable Integer threads;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots.")
  private @Nullable String html;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all figures as CSV.")
  private @Nullable String csv;

  @Option(names = "--json-file", paramLabel = "FILE", description = "Write all of it as JSON.")
  private @Nullable String jsonFile;

  Evaluate(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Recipe recipe = recipe();
    DataSpec spec = recipe.data();
    if (spec == null || spec.source() == null) {
      throw usage("Missing required parameter: 'DATA'");
    }
    int workers = threads(recipe);
    List<Long> trainingSeeds =
        !seeds.isEmpty() ? seeds : recipe.seeds() == null ? List.of(42L) : recipe.seeds();
    models(recipe, false).forEach(ModelSpec::entrant); // refused before the data are read
    metrics(recipe, false);
    EvaluationReport report;
    try (ProgressBar progress = progress()) {
      String how = or(split, recipe.split(), "leave-one-out");
      Split.Part where = part(or(part, recipe.part(), "test"));
      boolean served = asServed || Boolean.TRUE.equals(recipe.asServed());
      String usual = holdsOutItems(how) && !served ? "all,cold,warm" : "all";
      List<Candidates> among = Candidates.parseAll(or(candidates, recipe.candidates(), usual));
      List<Split> splits = splits(recipe, spec, how, trainingSeeds.get(0), workers, progress);
      if (refit || Boolean.TRUE.equals(recipe.refit())) {
        if (where == Split.Part.VALIDATION) {
          throw usage("--refit trains on the validation part: nothing is left to choose by");
        }
        splits = splits.stream().map(Split::refit).toList();
      }
      boolean ratings = isRatings(or(task, recipe.task()), splits);
      Protocol protocol =
          Protocol.of(metrics(recipe, ratings))
              .withCandidates(among.get(0))
              .withViews(among.subList(1, among.size()))
              .withAsServed(served)
              .withSeed(trainingSeeds.get(0));
      Experiment experiment =
          new Experiment(
              models(recipe, ratings).stream().map(ModelSpec::entrant).toList(),
              splits,
              where,
              protocol,
              trainingSeeds,
              workers);
      report = experiment.run(progress);
    }
    write(report, recipe);
    if (json()) {
      terminal().out().print(report.toJson());
    } else {
      if (recipe.title() != null) {
        say("%s", terminal().bold(recipe.title()));
      }
      terminal().out().print(report.toText());
    }
    return ExitCode.OK;
  }

  private Recipe recipe() {
    DataSpec own = data.spec();
    String source = own.source();
    boolean sourceIsRecipe =
        source != null && source.toLowerCase(Locale.ROOT).matches(".*\\.ya?ml");
    if (sourceIsRecipe && recipeFile != null) {
      throw usage("two recipes: " + source + " and " + recipeFile);
    }
    Path file = sourceIsRecipe ? Path.of(source) : recipeFile;
    if (file == null) {
      return Recipe.EMPTY.withData(own);
    }
    if (!Files.exists(file)) {
      throw new KindredException("there is no recipe " + file);
    }
    Recipe recipe = Recipe.read(file);
    return sourceIsRecipe || source == null ? recipe : recipe.withData(own.over(recipe.data()));
  }

  private int threads(Recipe recipe) {
    Integer wanted = threads != null ? threads : recipe.threads();
    if (wanted != null && wanted < 1) {
      throw usage("--threads must be at least 1, got " + wanted);
    }
    return wanted != null ? wanted : Runtime.getRuntime().availableProcessors();
  }

  private List<Split> splits(
      Recipe recipe, DataSpec spec, String how, long seed, int workers, ProgressListener progress) {
    FilterSpec filter = data.filterSpec().over(recipe.filters());
    if (GivenSpec.isGiven(how)) {
      if (filter.kCore() != null) {
        throw new KindredException(
            "a k-core of files that are split already would differ between the parts");
      }
      ReadOptions options = spec.options(workers, progress).withFilter(filter.filter());
      return GivenSpec.read(
          spec.located(terminal()).path(), how, options, report -> DataSpec.tell(this, report));
    }
    Splitter splitter = Splitter.parse(how);
    return splitter.splits(spec.read(this, filter, workers, progress).dataset(), seed);
  }

  private static boolean holdsOutItems(String split) {
    return !GivenSpec.isGiven(split) && Splitter.parse(split).holdsOutItems();
  }

  private boolean isRatings(@Nullable String wanted, List<Split> splits) {
    if (wanted == null) {
      Dataset train = splits.get(0).train();
      return splits.size() > 1 && RatingScale.of(train).ratings();
    }
    return switch (wanted) {
      case "ratings" -> true;
      case "ranking" -> false;
      default -> throw usage("--task must be 'ranking' or 'ratings', got '" + wanted + "'");
    };
  }

  private Split.Part part(String name) {
    return switch (name) {
      case "test" -> Split.Part.TEST;
      case "validation" -> Split.Part.VALIDATION;
      default -> throw usage("--part must be 'test' or 'validation', got '" + name + "'");
    };
  }

  private List<Metric> metrics(Recipe recipe, boolean ratings) {
    if (metrics != null) {
      return Metric.parseAll(metrics);
    }
    if (recipe.metrics() != null) {
      return Metric.parseAll(String.join(" ", recipe.metrics()));
    }
    return ratings ? Metric.ofRatings() : Metric.ofLists(CUTOFF);
  }

  private List<ModelSpec> models(Recipe recipe, boolean ratings) {
    if (!models.isEmpty()) {
      return models.stream().map(ModelSpec::parse).toList();
    }
    List<ModelSpec> named = recipe.modelSpecs();
    return named != null
        ? named
        : (ratings ? RATINGS : RANKING).stream().map(ModelSpec::parse).toList();
  }

  private void write(EvaluationReport report, Recipe recipe) {
    Recipe.Files3 files = recipe.outputs();
    write(or(html, files == null ? null : files.html()), report::toHtml);
    write(or(csv, files == null ? null : files.csv()), report::toCsv);
    write(or(jsonFile, files == null ? null : files.json()), report::toJson);
  }

  private void write(@Nullable String file, java.util.function.Supplier<String> text) {
    if (file != null) {
      Outputs.file(Path.of(file), out -> out.write(text.get()));
      note("Wrote %s", file);
    }
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }

  private static String or(@Nullable String first, @Nullable String second, String otherwise) {
    String said = or(first, second);
    return said != null ? said : otherwise;
  }
}
