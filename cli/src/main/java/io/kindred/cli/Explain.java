package io.kindred.cli;

import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.Query;
import io.kindred.data.Dataset;
import io.kindred.explain.ExplanationText;
import io.kindred.recommend.ModelRecommender;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why an item is, or would be, recommended. */
@Command(
    name = "explain",
    description = "Say why an item is, or would be, recommended to somebody.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred explain model 42 318",
      "  kindred explain model 42 318 --reasons 10 --json",
      "  kindred explain model --history 1,50,260 --item 318",
      "",
      "Exit code 3: the user or the item is unknown, or nothing speaks for the item."
    })
final class Explain extends ResultCommand {
  @Mixin private BundleArgument bundle;

  @Parameters(index = "1", arity = "0..1", paramLabel = "USER", description = "A user.")
  private @Nullable String user;

  @Parameters(index = "2", arity = "0..1", paramLabel = "ITEM", description = "An item.")
  private @Nullable String item;

  @Option(names = "--item", paramLabel = "ID", description = "The item, where there is no USER.")
  private @Nullable String itemOption;

  @Mixin private PersonOptions person;

  @Option(
      names = "--reasons",
      paramLabel = "COUNT",
      defaultValue = "5",
      description = "How many reasons (default: ${DEFAULT-VALUE}).")
  private int reasons;

  @Option(
      names = "--show-users",
      description = "Name similar people by their ids; else they are anonymous.")
  private boolean showUsers;

  Explain(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (reasons < 1) {
      throw usage("--reasons must be at least 1, got " + reasons);
    }
    String wanted = item != null ? item : itemOption;
    if (wanted == null) {
      throw usage("which item? Give BUNDLE USER ITEM, or --history and --item");
    }
    if (user == null && person.isNobody()) {
      throw usage("for whom? Give BUNDLE USER ITEM, or --history and --item");
    }
    Model model = bundle.open();
    Dataset data = model.data();
    Query query;
    try {
      query = user == null ? person.query(data) : Query.ofUser(user);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    Found.user(data, query);
    ModelRecommender recommender = ModelRecommender.of(model);
    Found.item(recommender, wanted);
    Optional<Explanation> why = recommender.explain(query, wanted, reasons);
    if (json()) {
      Json.print(terminal(), Answering.of(model, showUsers).explain(query, wanted, reasons));
    } else {
      print(recommender, query, wanted, why);
    }
    return why.isPresent() ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private void print(
      ModelRecommender recommender, Query query, String wanted, Optional<Explanation> why) {
    Dataset data = recommender.model().data();
    String title = data.itemFeatures().title(data.items().index(wanted)).orElse(wanted);
    String whom = query.userId().map(id -> "user " + id).orElse("this history");
    Optional<float[]> rating = recommender.predict(query, List.of(wanted));
    String number = rating.map(one -> ": rating " + Numbers.figure(one[0])).orElse("");
    say("%s", terminal().bold(Table.onOneLine(title)) + " for " + Table.onOneLine(whom) + number);
    if (why.isEmpty()) {
      say("Nothing that the model knows of this person speaks for it.");
      return;
    }
    ExplanationText text = ExplanationText.of(data, recommender.scale());
    if (rating.isPresent()) {
      text = text.withPredictions();
    }
    if (showUsers) {
      text = text.withUserIds();
    }
    say("%s.", Table.onOneLine(text.sentence(why.get())));
    text.details(why.get()).forEach(line -> say("  %s", Table.onOneLine(line)));
  }
}
