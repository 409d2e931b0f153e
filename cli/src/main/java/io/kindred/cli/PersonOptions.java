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
        "Items of somebody anonymous, oldest first; can be repeated. Without a value,",
        "an item counts as liked: as the highest rating, or 1 where there are none."
      })
  private List<String> history = new ArrayList<>();

  /** Whether nobody is named. */
  boolean isNobody() {
    return user == null && history.isEmpty();
  }

  /** The query, for all items that were not seen. */
  Query query(Dataset data) {
    Query query = user == null ? Query.ofItems(List.of()) : Query.ofUser(user);
    return history.isEmpty() ? query : query.withHistory(events(data));
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

  private List<Query.Event> events(Dataset data) {
    float liked = Values.liked(data);
    List<Query.Event> events = new ArrayList<>();
    for (String text : history) {
      if (data.items().contains(text)) {
        events.add(new Query.Event(text, liked, 0));
        continue;
      }
      for (String part : text.split(",", -1)) {
        if (!part.isBlank()) {
          events.add(event(part.strip(), data, liked));
        }
      }
    }
    return events;
  }

  private static Query.Event event(String text, Dataset data, float liked) {
    int equals = text.lastIndexOf('=');
    if (equals > 0 && !data.items().contains(text)) {
      try {
        float value = Float.parseFloat(text.substring(equals + 1));
        if (Float.isFinite(value)) {
          return new Query.Event(text.substring(0, equals), value, 0);
        }
      } catch (NumberFormatException e) {
        // the whole text is an id
      }
    }
    return new Query.Event(text, liked, 0);
  }
}
