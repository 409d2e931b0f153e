package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.History;
import io.kindred.data.RatingScale;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.eval.Experiment;
import io.kindred.eval.Figure;
import io.kindred.eval.Protocol;
import io.kindred.explain.ExplanationText;
import io.kindred.metric.Metric;
import io.kindred.neural.NeuralAlgorithms;
import io.kindred.recommend.ModelRecommender;
import io.kindred.server.KindredServer;
import io.kindred.server.ServerOptions;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import java.awt.Desktop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows everything once, on real data. */
@Command(
    name = "demo",
    description = {
      "Show all of it on real data: read, learn, measure, recommend, say why, serve.",
      "Without --data it takes MovieLens latest-small, which is downloaded once; without",
      "a network, a generated world."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred demo",
      "  kindred demo --data my-ratings.csv --no-serve",
      "  kindred demo --generated --port 9000 --open"
    })
final class Demo extends BaseCommand {
  private static final String SPLIT = "ratio(0.8,0.2,time)";
  private static final List<ModelSpec> RANKING =
      specs("random", "popularity", "user-knn", "item-knn");
  private static final List<ModelSpec> RATINGS =
      specs("bias", "user-knn-rating", "item-knn-rating");

  /**
   * A network that reads histories in their order, trained for about half a minute. Small batches:
   * what a thousand windows teach in so short a time is limited by the number of steps.
   */
  private static final ModelSpec SEQUENCE =
      ModelSpec.parse(
          "sasrec: sasrec loss=sampled-softmax negatives=512 maxLength=50 kernel=3 batchSize=16"
              + " learningRate=0.003 epochs=6 patience=0");

  private static final List<String> LIST_METRICS =
      List.of("ndcg@10", "recall@10", "hr@10", "coverage@10");
  private static final List<String> RATING_METRICS = List.of("rmse", "mae");
  private static final int PLEASANT_HISTORY = 40;
  private static final int SHOWN = 5;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Your own data: a file or a folder, or the name of a public set.")
  private @Nullable String data;

  @Option(names = "--generated", description = "Take a generated world.")
  private boolean generated;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "ID",
      description = "Whom to recommend to (default: somebody with a history of about 40).")
  private @Nullable String user;

  @Option(names = "--no-serve", description = "End before the web page.")
  private boolean noServe;

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      defaultValue = "8080",
      description = "Port of the web page (default: ${DEFAULT-VALUE}; 0 takes any free one).")
  private int port;

  @Option(names = "--open", description = "Open the page in a browser.")
  private boolean open;

  @Mixin private WorkOptions work;

  private final List<ModelSpec> ranking = new ArrayList<>(RANKING);
  private final List<ModelSpec> kept = new ArrayList<>(specs("item-knn", "user-knn"));
  private int chapter;
  private long chapterStart;

  Demo(Terminal terminal) {
    super(terminal);
  }

  private static List<ModelSpec> specs(String... algorithms) {
    return Arrays.stream(algorithms).map(ModelSpec::parse).toList();
  }

  @Override
  public Integer call() {
    Serve.checkPort(this, port);
    if (data != null && generated) {
      throw usage("--data and --generated are two wishes; give one");
    }
    final long start = System.nanoTime();
    try (ProgressBar progress = progress()) {
      chapter("Data");
      DemoData.Found found = DemoData.find(this, data, generated, work, progress);
      Dataset dataset = found.dataset();
      describe(dataset, progress);
      Split split = Splitter.parse(SPLIT).splits(dataset, work.seed()).get(0);
      boolean ratings = RatingScale.of(dataset).ratings();

      chapter("Learning from each other, and how well it works");
      Optional<String> missing = NeuralAlgorithms.unavailable();
      if (missing.isEmpty()) {
        ranking.add(SEQUENCE);
        kept.add(SEQUENCE);
      } else {
        tell(progress, "Without the sequence model: %s", missing.get());
      }
      Map<String, Model> onTrain = new LinkedHashMap<>();
      EvaluationReport lists = measure(split, ranking, LIST_METRICS, progress, onTrain);
      EvaluationReport stars =
          ratings ? measure(split, RATINGS, RATING_METRICS, progress, onTrain) : null;
      tables(split, lists, stars, progress);

      chapter("Kept");
      Map<String, Path> bundles = keep(dataset, lists, progress);
      tell(
          progress,
          "%s, learned again from everything, are in %s (%,d MB, %s).",
          String.join(", ", bundles.keySet()),
          DemoData.folder(terminal(), "models"),
          bundles.values().stream().mapToLong(Bundles::size).sum() >> 20,
          elapsed());

      chapter("Somebody");
      Map<String, Model> models = new LinkedHashMap<>();
      bundles.forEach((name, path) -> models.put(name, Bundles.open(path)));
      String person = person(dataset, split);
      history(dataset, person, progress);

      chapter("Recommended, and why");
      for (Map.Entry<String, Model> one : models.entrySet()) {
        recommend(one.getKey(), one.getValue(), person, progress);
      }
      if (ratings) {
        chapter("What would they give it?");
        predict(onTrain, split, person, progress);
      }
      progress.clear();
      say("");
      say("All of that took %s. Go on with", Numbers.seconds((System.nanoTime() - start) / 1e9));
      Path bundle = bundles.values().iterator().next();
      say("  kindred recommend %s --user %s --explain", bundle, person);
      say("  kindred evaluate %s --html report.html", found.source());
      if (noServe) {
        return ExitCode.OK;
      }
      chapter("The page");
      serve(models, found.images(), progress);
    }
    return ExitCode.OK;
  }

  // ----------------------------------------------------------------------------------- chapters

  private void chapter(String title) {
    chapter++;
    chapterStart = System.nanoTime();
    say("");
    say("%s", terminal().bold(chapter + ". " + title));
  }

  /** A line of the story, after the bar is taken away. */
  private void tell(ProgressBar progress, String format, Object... values) {
    progress.clear();
    say("   " + format, values);
  }

  private String elapsed() {
    return Numbers.seconds((System.nanoTime() - chapterStart) / 1e9);
  }

  private void describe(Dataset dataset, ProgressBar progress) {
    int people = dataset.users().size();
    int[] lengths =
        IntStream.range(0, people).map(dataset.interactions()::userSize).sorted().toArray();
    double density =
        100.0 * dataset.interactions().size() / ((double) people * dataset.items().size());
    RatingScale scale = RatingScale.of(dataset);
    tell(
        progress,
        "%s: %,d people, %,d items, %s (%.2f %% of all pairs)",
        dataset.name(),
        people,
        dataset.items().size(),
        format(
            "%,d %s", dataset.interactions().size(), scale.ratings() ? "ratings" : "interactions"),
        density);
    String values =
        scale.lowest() < scale.highest()
            ? "from " + Numbers.text(scale.lowest()) + " to " + Numbers.text(scale.highest()) + ", "
            : "";
    String times = "";
    if (dataset.interactions().hasTimes()) {
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (int entry = 0; entry < dataset.interactions().size(); entry++) {
        first = Math.min(first, dataset.interactions().time(entry));
        last = Math.max(last, dataset.interactions().time(entry));
      }
      times = day(first) + " to " + day(last) + ", ";
    }
    tell(
        progress,
        "%s%shalf of the people have %,d or more. Read in %s.",
        values,
        times,
        lengths[people / 2],
        elapsed());
  }

  private static String day(long second) {
    return Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  private EvaluationReport measure(
      Split split,
      List<ModelSpec> specs,
      List<String> metrics,
      ProgressListener progress,
      Map<String, Model> models) {
    return new Experiment(
            specs.stream().map(ModelSpec::entrant).toList(),
            List.of(split),
            Split.Part.TEST,
            Protocol.of(metrics.stream().map(Metric::parse).toList()).withSeed(work.seed()),
            List.of(work.seed()),
            work.threads())
        .run(progress, (entrant, part, model) -> models.put(entrant.name(), model));
  }

  private void tables(
      Split split, EvaluationReport lists, @Nullable EvaluationReport stars, ProgressBar progress) {
    tell(
        progress,
        "The newest fifth of what each person did is held out: %,d of %,d people have such a part.",
        split.test().users(),
        split.train().users().size());
    tell(
        progress,
        "Each model learns from the rest, then ranks all %,d items but those the person knows.",
        split.train().items().size());
    say("");
    table(lists);
    tell(
        progress, "ndcg, recall, hr: does the list of ten hit what was held out, and how high up?");
    tell(progress, "coverage: the share of all items that somebody is recommended.");
    if (stars != null) {
      say("");
      table(stars);
      tell(
          progress,
          "rmse, mae: how far the predicted ratings are from the %,d held-out ones.",
          split.test().targets().size());
    }
    tell(progress, "± is the 95 %% interval over people; * the best. This took %s.", elapsed());
  }

  private void table(EvaluationReport report) {
    Table table = new Table().left("model");
    report.metrics().forEach(table::right);
    table.right("learned in");
    for (ModelResult model : report.models()) {
      List<Object> row = new ArrayList<>(List.of(model.name()));
      for (String metric : report.metrics()) {
        Figure figure = model.figures().get(metric);
        Optional<ModelResult> best = report.best(Metric.parse(metric));
        String mark = best.isPresent() && best.get().name().equals(model.name()) ? "*" : " ";
        row.add(
            figure == null
                ? "-"
                : format("%.4f ±%.4f%s", figure.value(), (figure.high() - figure.low()) / 2, mark));
      }
      row.add(Numbers.seconds(model.cost().trainingSeconds()));
      table.row(row.toArray());
    }
    table.print(terminal(), "   ");
  }

  /** Trains on all data and keeps the models as bundles, with what was measured. */
  private Map<String, Path> keep(
      Dataset dataset, EvaluationReport report, ProgressListener progress) {
    Path folder = DemoData.folder(terminal(), "models");
    TrainingContext context = work.context(progress);
    Map<String, Path> bundles = new LinkedHashMap<>();
    for (ModelSpec spec : kept) {
      String name = spec.name();
      Model model = spec.entrant().trainer().train(dataset, context);
      ModelInfo info = model.info();
      for (ModelResult result : report.models()) {
        if (result.name().equals(name)) {
          info = info.withMetrics(Measured.metrics(result));
        }
      }
      Path bundle = folder.resolve(name);
      Interruption.check();
      Bundles.save(model, info, bundle);
      bundles.put(name, bundle);
    }
    return bundles;
  }

  /** Somebody with held-out interactions and a history that can be overlooked. */
  private String person(Dataset dataset, Split split) {
    if (user != null) {
      if (!dataset.users().contains(user)) {
        throw new NotFoundException(
            "no user '" + user + "' among the " + dataset.users().size() + " of the data");
      }
      return user;
    }
    int best = -1;
    for (int one = 0; one < dataset.users().size(); one++) {
      boolean heldOut = split.test().targets().userSize(one) > 0;
      if (heldOut && (best < 0 || distance(dataset, one) < distance(dataset, best))) {
        best = one;
      }
    }
    if (best < 0) {
      throw new KindredException("nobody in " + dataset.name() + " has enough of a history");
    }
    return dataset.users().id(best);
  }

  private static int distance(Dataset dataset, int user) {
    return Math.abs(dataset.interactions().userSize(user) - PLEASANT_HISTORY);
  }

  private void history(Dataset dataset, String person, ProgressBar progress) {
    History history = dataset.interactions().history(dataset.users().index(person));
    boolean ratings = RatingScale.of(dataset).ratings();
    tell(
        progress,
        "User %s has a history of %,d. %s:",
        person,
        history.size(),
        ratings ? "Rated highest" : "Last");
    Integer[] order = IntStream.range(0, history.size()).boxed().toArray(Integer[]::new);
    Comparator<Integer> newest = Comparator.reverseOrder();
    Arrays.sort(
        order,
        ratings
            ? Comparator.<Integer>comparingDouble(at -> -history.values()[at]).thenComparing(newest)
            : newest);
    for (int at : Arrays.stream(order).limit(SHOWN).toList()) {
      String value = ratings ? Numbers.text(history.values()[at]) + "  " : "";
      tell(progress, "  %s%s", value, title(dataset, history.items()[at]));
    }
  }

  private void recommend(String name, Model model, String person, ProgressBar progress) {
    ModelRecommender recommender = ModelRecommender.of(model);
    long start = System.nanoTime();
    RecommendationList list = recommender.recommend(Query.ofUser(person).withN(SHOWN), 3);
    double millis = (System.nanoTime() - start) / 1e6;
    ExplanationText text = ExplanationText.of(model.data(), recommender.scale());
    String how =
        switch (name) {
          case "item-knn" -> "by items like theirs";
          case "user-knn" -> "by people like them";
          default -> "by what comes next";
        };
    tell(
        progress,
        "%s",
        terminal().bold(how) + terminal().dim(format("  (%s, %.0f ms)", name, millis)));
    int rank = 1;
    for (RecommendationList.Item one : list.items()) {
      tell(progress, "%d  %s", rank++, title(model.data(), model.data().items().index(one.item())));
      one.explanation()
          .ifPresent(why -> tell(progress, "     %s.", terminal().dim(text.sentence(why))));
    }
    list.items().stream()
        .findFirst()
        .flatMap(RecommendationList.Item::explanation)
        .ifPresent(
            why -> {
              tell(progress, "The numbers behind the first one:");
              text.details(why).forEach(line -> tell(progress, "     %s", line));
            });
    say("");
  }

  private void predict(
      Map<String, Model> models, Split split, String person, ProgressBar progress) {
    Model model = models.get("item-knn-rating");
    if (!(model instanceof RatingPredictor predictor)) {
      return;
    }
    Dataset train = split.train();
    HeldOut test = split.test();
    int index = train.users().index(person);
    int from = test.targets().starts()[index];
    int to = Math.min(test.targets().starts()[index + 1], from + SHOWN);
    int[] items = Arrays.copyOfRange(test.targets().items(), from, to);
    float[] predicted =
        predictor.predict(new Profile(index, train.interactions().history(index)), items);
    tell(progress, "Ratings of user %s that item-knn-rating never saw:", person);
    Table table = new Table().right("predicted").right("given").left("");
    for (int at = 0; at < items.length; at++) {
      table.row(
          format("%.1f", predicted[at]),
          Numbers.text(test.targets().values()[from + at]),
          title(train, items[at]));
    }
    table.print(terminal(), "   ");
  }

  private void serve(Map<String, Model> models, @Nullable Path images, ProgressBar progress) {
    boolean pictures =
        models.values().iterator().next().data().itemFeatures().columns().stream()
            .anyMatch(FeatureColumn.Image.class::isInstance);
    ServerOptions options =
        new ServerOptions(models, "127.0.0.1", port, pictures ? images : null, false);
    try (KindredServer server = KindredServer.start(options)) {
      tell(progress, "%s", terminal().bold(server.uri().toString()));
      tell(progress, "Choose a person or build a history, and watch the reasons. Ctrl-C stops it.");
      if (open) {
        openInBrowser(server.uri());
      }
      Serve.waitFor(server);
    }
  }

  private void openInBrowser(URI address) {
    try {
      Desktop.getDesktop().browse(address);
    } catch (IOException | UnsupportedOperationException e) {
      note("No browser could be opened.");
    }
  }

  private static String title(Dataset data, int item) {
    return data.itemFeatures().title(item).orElse("item " + data.items().id(item));
  }
}
