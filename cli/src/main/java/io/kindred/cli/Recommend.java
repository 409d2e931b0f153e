package io.kindred.cli;

import io.kindred.CandidateIndex;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.explain.ExplanationText;
import io.kindred.recommend.CandidateIndexes;
import io.kindred.recommend.ModelRecommender;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Recommends items to one person. */
@Command(
    name = "recommend",
    description = "Recommend items to a user, or to somebody with a history.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred recommend model --user 42",
      "  kindred recommend model --user 42 -n 5 --explain",
      "  kindred recommend model --history 1,50=4.5,260 --json",
      "  kindred recommend model --user 42 --require genres=Comedy --exclude 296",
      "  kindred recommend model --history '\"Elder Scrolls, The\"=5,Portal'",
      "  kindred recommend model --user 42 --ann",
      "",
      "Exit code 3: the user is unknown and brings no history, or nothing is left to recommend."
    })
final class Recommend extends ResultCommand {
  @Mixin private BundleArgument bundle;
  @Mixin private PersonOptions person;

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "How many items (default: ${DEFAULT-VALUE}).")
  private int n;

  @Option(
      names = {"-e", "--explain"},
      description = "Say why.")
  private boolean explain;

  @Option(
      names = "--reasons",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "How many reasons an item (default: ${DEFAULT-VALUE}).")
  private int reasons;

  @Option(names = "--seen", description = "Also items of the history.")
  private boolean seen;

  @Option(
      names = "--exclude",
      paramLabel = "ID,...",
      description = "Items to leave out; can be repeated. Quotes as in --history.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "ID,...",
      description = "Items to choose from; can be repeated. '' is none.")
  private @Nullable List<String> only;

  @Option(
      names = "--require",
      paramLabel = "COLUMN=VALUE",
      description = {
        "What items must have: a category or tag; a number, or a comparison of numbers or",
        "dates such as 'year>=1990' or year=1990..1999. Can be repeated, once a column."
      })
  private List<String> require = new ArrayList<>();

  @Option(
      names = "--boost",
      paramLabel = "ID=FACTOR",
      description = "Multiplies the score of an item; can be repeated.")
  private List<String> boosts = new ArrayList<>();

  @Option(
      names = "--ann",
      description = {
        "Find candidates by the index of the bundle, instead of scoring",
        "all items; some of the best may be missing. See: kindred index."
      })
  private boolean ann;

  Recommend(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (n < 0) {
      throw usage("-n must be at least 0, got " + n);
    }
    if (reasons < 1) {
      throw usage("--reasons must be at least 1, got " + reasons);
    }
    if (person.isNobody()) {
      throw usage("for whom? Name somebody with --user, or give a --history");
    }
    Model model = bundle.open();
    Query query;
    try {
      query = query(model.data());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    Found.user(model.data(), query, "; to somebody new, recommend by --history");
    ModelRecommender recommender = ModelRecommender.of(model);
    if (!ann) {
      return answer(recommender, query);
    }
    try (CandidateIndex index = CandidateIndexes.open(model, bundle.path())) {
      return answer(recommender.withIndex(index), query);
    }
  }

  private Query query(Dataset data) {
    Query.Filter filter =
        new Query.Filter(
            !seen,
            new HashSet<>(Ids.list(exclude, data.items())),
            only == null ? null : new HashSet<>(Ids.list(only, data.items())),
            Ids.conditions(
                "--require",
                require,
                data.itemFeatures().columns().stream().map(FeatureColumn::name).toList()));
    return person
        .query(data)
        .withN(n)
        .withFilter(filter)
        .withBoosts(Ids.numbers("--boost", boosts));
  }

  private int answer(ModelRecommender recommender, Query query) {
    if (json()) {
      var answer = Answering.of(recommender).recommend(query, explain ? reasons : 0);
      Json.print(terminal(), answer);
      return answer.items().isEmpty() && n > 0 ? ExitCode.NOT_FOUND : ExitCode.OK;
    }
    Model model = recommender.model();
    RecommendationList list = recommender.recommend(query, explain ? reasons : 0);
    ModelInfo info = model.info();
    say("%s", terminal().bold("For " + person.display(model.data())));
    say("%s", terminal().dim(info.algorithm() + " trained on " + info.dataset()));
    say("");
    print(terminal(), recommender, query, list);
    notes(list);
    return list.items().isEmpty() && n > 0 ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  private void notes(RecommendationList list) {
    if (list.items().isEmpty() && n > 0) {
      terminal().err().println("kindred: nothing is left to recommend");
    }
    if (list.servedBy() == RecommendationList.ServedBy.POPULARITY) {
      note("Nothing is known of this person: these are what most people chose.");
    }
    if (!list.unknownItems().isEmpty()) {
      note("Unknown to the model and passed over: %s", String.join(", ", list.unknownItems()));
    }
    if (list.items().stream().anyMatch(RecommendationList.Item::filled)) {
      note("popular: filled up by popularity, where the model could score no more items");
    }
  }

  /**
   * Prints a list, with the reasons where there are some: predicted ratings, where the model
   * predicts ratings, else scores.
   */
  static void print(
      Terminal terminal, ModelRecommender recommender, Query query, RecommendationList list) {
    Dataset data = recommender.model().data();
    List<String> scored =
        list.items().stream()
            .filter(one -> !one.filled())
            .map(RecommendationList.Item::item)
            .toList();
    float[] ratings = recommender.predict(query, scored).orElse(null);
    boolean reasons = list.items().stream().anyMatch(one -> one.explanation().isPresent());
    ExplanationText text = reasons ? text(recommender, ratings != null) : null;
    int titles = Math.max(20, Math.min(60, terminal.width() - 30));
    Table table =
        new Table()
            .right("")
            .left("item")
            .left("title")
            .right(ratings == null ? "score" : "rating");
    int rank = 0;
    for (RecommendationList.Item one : list.items()) {
      String title = data.itemFeatures().title(data.items().index(one.item())).orElse("");
      String number =
          one.filled() ? "popular" : Numbers.figure(ratings == null ? one.score() : ratings[rank]);
      rank++; // what popularity fills in comes last
      if (text == null) {
        table.row(rank, one.item(), Table.cut(title, titles), number);
        continue;
      }
      terminal
          .out()
          .println(
              BaseCommand.format("%2d  ", rank)
                  + terminal.bold(Table.onOneLine(title.isEmpty() ? one.item() : title))
                  + terminal.dim("  " + number));
      one.explanation()
          .ifPresent(
              why -> {
                terminal.out().println("    " + Table.onOneLine(text.sentence(why)) + ".");
                text.details(why)
                    .forEach(
                        line ->
                            terminal.out().println(terminal.dim("      " + Table.onOneLine(line))));
              });
    }
    if (text == null && !list.items().isEmpty()) {
      table.print(terminal, "");
    }
  }

  private static ExplanationText text(ModelRecommender recommender, boolean predictions) {
    ExplanationText text = ExplanationText.of(recommender.model().data(), recommender.scale());
    return predictions ? text.withPredictions() : text;
  }
}
