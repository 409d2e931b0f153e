package io.kindred.cli;

import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.Query;
import io.kindred.data.Dataset;
import io.kindred.recommend.ModelRecommender;
import io.kindred.server.answer.ServedModel;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the nearest neighbors of items or users. */
@Command(
    name = "similar",
    description = {
      "Show the items or users that are most similar.",
      "These are steps 1 and 2 of collaborative filtering on their own. Recommending from",
      "them is step 3: kindred recommend."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred similar item-model --items 1",
      "  kindred similar item-model --items 1,318 -n 5 --json",
      "  kindred similar user-model --users 42",
      "",
      "Which of the two a model knows follows from its algorithm: item-knn compares",
      "items, user-knn users. Exit code 3: an item or user is unknown."
    })
final class Similar extends ResultCommand {
  @Mixin private BundleArgument bundle;

  @ArgGroup(multiplicity = "1")
  private Whose whose;

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "How many neighbors (default: ${DEFAULT-VALUE}).")
  private int n;

  /** One of the two. */
  private static final class Whose {
    @Option(
        names = "--items",
        paramLabel = "ID,...",
        description = {
          "Of these items; can be repeated. Ids with commas stand in double quotes, or",
          "alone."
        })
    private List<String> items = new ArrayList<>();

    @Option(
        names = "--users",
        paramLabel = "ID,...",
        description = "Of these users; can be repeated.")
    private List<String> users = new ArrayList<>();
  }

  Similar(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (n < 0) {
      throw usage("-n must be at least 0, got " + n);
    }
    Model model = bundle.open();
    ModelRecommender recommender = ModelRecommender.of(model);
    List<String> items;
    List<String> users;
    try {
      items = Ids.list(whose.items, model.data().items());
      users = Ids.list(whose.users, model.data().users());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    items.forEach(item -> Found.item(recommender, item));
    users.forEach(user -> Found.user(model.data(), Query.ofUser(user)));
    if (json()) {
      ServedModel served = Answering.of(model, true);
      List<Object> answers = new ArrayList<>();
      items.forEach(item -> answers.add(served.similarItems(item, n)));
      users.forEach(user -> answers.add(served.similarUsers(user, n)));
      Json.print(terminal(), answers);
      return ExitCode.OK;
    }
    for (String item : items) {
      items(model.data(), item, recommender.similarItems(item, n));
    }
    for (String user : users) {
      users(model.data(), user, recommender.similarUsers(Query.ofUser(user), n));
    }
    return ExitCode.OK;
  }

  private void items(Dataset data, String item, List<Neighbor> neighbors) {
    say("%s", terminal().bold("Like " + titled(data, item)));
    Table table = new Table().left("item").left("title").right("similarity").right("in common");
    for (Neighbor neighbor : neighbors) {
      String title = data.itemFeatures().title(data.items().index(neighbor.id())).orElse("");
      table.row(
          neighbor.id(),
          Table.cut(title, Math.max(20, Math.min(60, terminal().width() - 40))),
          Numbers.figure(neighbor.similarity()),
          overlap(neighbor));
    }
    print(table, neighbors);
  }

  private void users(Dataset data, String user, List<Neighbor> neighbors) {
    say("%s", terminal().bold("Like user " + user));
    Table table = new Table().left("user").right("similarity").right("in common").right("history");
    for (Neighbor neighbor : neighbors) {
      int index = data.users().index(neighbor.id());
      table.row(
          neighbor.id(),
          Numbers.figure(neighbor.similarity()),
          overlap(neighbor),
          format("%,d", data.interactions().userSize(index)));
    }
    print(table, neighbors);
  }

  private void print(Table table, List<Neighbor> neighbors) {
    if (neighbors.isEmpty()) {
      say("  nobody and nothing is similar");
    } else {
      table.print(terminal(), "  ");
    }
    say("");
  }

  private static String overlap(Neighbor neighbor) {
    return neighbor.overlap() < 0 ? "-" : format("%,d", neighbor.overlap());
  }

  private static String titled(Dataset data, String item) {
    return data.itemFeatures()
        .title(data.items().index(item))
        .map(title -> title + " (item " + item + ")")
        .orElse("item " + item);
  }
}
