package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a table of interactions holds what.
 *
 * @param names the names of all columns
 * @param user place of the users' ids
 * @param item place of the items' ids
 * @param value place of the values, or -1
 * @param time place of the times, or -1
 * @param type place of the event types, or -1
 */
record ColumnRoles(List<String> names, int user, int item, int value, int time, int type) {
  private static final List<String> USER =
      List.of(
          "userid",
          "user",
          "uid",
          "useridx",
          "username",
          "reviewerid",
          "customerid",
          "customer",
          "visitorid",
          "memberid",
          "personid",
          "accountid",
          "sessionid",
          "session");
  private static final List<String> ITEM =
      List.of(
          "itemid",
          "item",
          "iid",
          "itemidx",
          "movieid",
          "movie",
          "productid",
          "product",
          "asin",
          "parentasin",
          "isbn",
          "bookid",
          "artistid",
          "trackid",
          "songid",
          "gameid",
          "appid",
          "businessid",
          "articleid",
          "newsid",
          "videoid",
          "recipeid",
          "animeid",
          "id");
  private static final List<String> VALUE =
      List.of(
          "rating",
          "value",
          "ratings",
          "score",
          "stars",
          "overall",
          "weight",
          "bookrating",
          "count",
          "playcount",
          "plays",
          "preference",
          "strength");
  private static final List<String> TIME =
      List.of(
          "timestamp",
          "time",
          "ts",
          "datetime",
          "date",
          "unixreviewtime",
          "eventtime",
          "createdat",
          "epoch",
          "when");
  private static final List<String> TYPE =
      List.of("type", "event", "eventtype", "action", "behavior", "behaviour", "interactiontype");

  int width() {
    return names.size();
  }

  /** Users, items, values and times by their places in a file without header. */
  static ColumnRoles byPlace(int width) {
    List<String> all = List.of("user", "item", "value", "time");
    return new ColumnRoles(
        all.subList(0, Math.min(width, 4)).size() == width
            ? all.subList(0, width)
            : padded(all, width),
        0,
        1,
        width > 2 ? 2 : -1,
        width > 3 ? 3 : -1,
        -1);
  }

  private static List<String> padded(List<String> names, int width) {
    List<String> padded = new java.util.ArrayList<>(names);
    while (padded.size() < width) {
      padded.add("column " + (padded.size() + 1));
    }
    return padded;
  }

  /** Whether names look like a header: one of them is a known name of a user or item column. */
  static boolean isHeader(List<String> names, ReadOptions options) {
    return names.stream()
        .anyMatch(
            name ->
                USER.contains(Failures.normalized(name))
                    || (ITEM.contains(Failures.normalized(name)))
                    || name.equals(options.userColumn())
                    || name.equals(options.itemColumn()));
  }

  /** Whether both a user and an item column are recognized. */
  static boolean isRecognized(List<String> names) {
    int user = find(names, USER);
    return user >= 0 && find(names, ITEM) >= 0;
  }

  /** The place of the column of item ids in a table of items. */
  static int itemId(List<String> names) {
    return find(names, ITEM);
  }

  /** The place of the column of user ids in a table of users. */
  static int userId(List<String> names) {
    int user = find(names, USER);
    return user >= 0 ? user : find(names, List.of("id"));
  }

  /**
   * Finds the columns by what the options say, else by their usual names.
   *
   * @throws KindredException if a column that is needed is missing, naming those that there are
   */
  static ColumnRoles of(String file, List<String> names, ReadOptions options) {
    Set<String> distinct = new HashSet<>();
    for (String name : names) {
      if (!distinct.add(name)) {
        throw new KindredException(
            file + ", line 1: two columns are called '" + name + "'; give each a name of its own");
      }
    }
    int user = needed(file, names, options.userColumn(), USER, "user", "--user-column");
    int item = needed(file, names, options.itemColumn(), ITEM, "item", "--item-column");
    int value = wanted(file, names, options.valueColumn(), VALUE, "--value-column");
    int time = wanted(file, names, options.timeColumn(), TIME, "--time-column");
    int type = wanted(file, names, options.typeColumn(), TYPE, "--type-column");
    if (user == item) {
      throw new KindredException(
          file + ": column '" + names.get(user) + "' cannot hold both users and items");
    }
    return new ColumnRoles(List.copyOf(names), user, item, value, time, type);
  }

  private static int needed(
      String file,
      List<String> names,
      @Nullable String said,
      List<String> usual,
      String what,
      String flag) {
    int at = wanted(file, names, said, usual, flag);
    if (at >= 0) {
      return at;
    }
    Optional<String> closest = Failures.closest(what + "id", names);
    throw new KindredException(
        file
            + ": no column of "
            + what
            + "s is recognized among "
            + names
            + "; name it with "
            + flag
            + closest.map(name -> " (is it '" + name + "'?)").orElse(""));
  }

  private static int wanted(
      String file, List<String> names, @Nullable String said, List<String> usual, String flag) {
    if (said == null) {
      return find(names, usual);
    }
    if (said.isEmpty()) {
      return -1;
    }
    int at = names.indexOf(said);
    if (at < 0) {
      for (int i = 0; i < names.size() && at < 0; i++) {
        at = names.get(i).equalsIgnoreCase(said) ? i : -1;
      }
    }
    if (at < 0 && said.matches("[1-9][0-9]{0,3}") && Integer.parseInt(said) <= names.size()) {
      at = Integer.parseInt(said) - 1;
    }
    if (at < 0) {
      throw new KindredException(
          file
              + ": there is no column '"
              + said
              + "' ("
              + flag
              + "); the columns are "
              + names
              + Failures.closest(said, names)
                  .map(name -> "; did you mean '" + name + "'?")
                  .orElse(""));
    }
    return at;
  }

  private static int find(List<String> names, List<String> usual) {
    for (String candidate : usual) {
      for (int i = 0; i < names.size(); i++) {
        if (Failures.normalized(names.get(i)).equals(candidate)) {
          return i;
        }
      }
    }
    return -1;
  }

  /** The columns as a person reads them. */
  String display() {
    StringBuilder display = new StringBuilder("user '").append(names.get(user)).append('\'');
    display.append(", item '").append(names.get(item)).append('\'');
    if (value >= 0) {
      display.append(", value '").append(names.get(value)).append('\'');
    }
    if (type >= 0) {
      display.append(", type '").append(names.get(type)).append('\'');
    }
    if (time >= 0) {
      display.append(", time '").append(names.get(time)).append('\'');
    }
    return display.toString();
  }
}
