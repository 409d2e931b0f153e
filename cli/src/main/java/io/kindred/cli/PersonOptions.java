package io.kindred.cli;

import io.kindred.Query;
import io.kindred.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is asked for: a user, or somebody with a history. */
final class PersonOptions {
  @Option(
      names = {"-u", "--user"},
      paramLabel = "ID",
      description = "A user of the model.")
  private @Nullable String user;

  @Option(
      names = "--history",
      paramLabel = "ID[=VALUE],...",
      description = {
        "Items of somebody, known or not, oldest first; can be repeated. Without a value, an",
        "item counts as liked: as the highest rating, or as what is usual where the values",
        "are no ratings. Ids with commas stand in double quotes, or alone; '' is nothing."
      })
  private List<String> history = new ArrayList<>();

  /** Whether nobody is named. */
  boolean isNobody() {
    return user == null && history.isEmpty();
  }

  /**
   * The query, for all items that were not seen.
   *
   * @throws IllegalArgumentException if the history cannot be read
   */
  Query query(Dataset data) {
    Query query = user == null ? Query.ofItems(List.of()) : Query.ofUser(user);
    return history.isEmpty() ? query : query.withHistory(Ids.events(history, data.items()));
  }

  /** Who it is, for people. */
  String display(Dataset data) {
    if (!history.isEmpty()) {
      return user == null ? "somebody with this history" : "user " + user + " with this history";
    }
    if (user == null) {
      return "somebody unknown";
    }
    int index = data.users().index(user);
    return index < 0
        ? "user " + user + ", who is unknown"
        : BaseCommand.format(
            "user %s (%,d interactions)", user, data.interactions().userSize(index));
  }
}
