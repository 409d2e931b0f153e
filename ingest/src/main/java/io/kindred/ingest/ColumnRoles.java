package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
 * @param header whether the names stand in the file, where they may be repeated
 * @param monthDay whether the times are months and days without a year
 */
record ColumnRoles(
    List<String> names,
    int user,
    int item,
    int value,
    int time,
    int type,
    boolean header,
    boolean monthDay) {
  int width() {
    return names.size();
  }

  /** The same with the names in the file, or not. */
  ColumnRoles withHeader(boolean newHeader) {
    return new ColumnRoles(names, user, item, value, time, type, newHeader, monthDay);
  }

  /**
   * Users, items, values and times of a file without header: users and items come first, then the
   * value and the time. What stands third is the time where it looks like one, and what stands
   * fourth does not.
   */
  static ColumnRoles byPlace(int width, ColumnSample sample) {
    int value = width > 2 ? 2 : -1;
    int time = width > 3 ? 3 : -1;
    if (width > 2 && sample.isTime(2) && (width == 3 || !sample.isTime(3))) {
      value = width > 3 && sample.isNumeric(3) ? 3 : -1;
      time = 2;
    }
    List<String> names = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      names.add(
          column == 0
              ? "user"
              : column == 1
                  ? "item"
                  : column == value ? "value" : column == time ? "time" : "column " + (column + 1));
    }
    return new ColumnRoles(
        names, 0, 1, value, time, -1, false, time >= 0 && sample.isMonthDay(time));
  }

  /** Whether names look like a header: one of them is a known name of a user or item column. */
  static boolean isHeader(List<String> names, ReadOptions options) {
    return names.stream()
        .anyMatch(
            name ->
                ColumnNames.USER.contains(Failures.normalized(name))
                    || ColumnNames.ITEM.contains(Failures.normalized(name))
                    || name.equals(options.userColumn())
                    || name.equals(options.itemColumn()));
  }

  /** Whether both a user and an item column are recognized. */
  static boolean isRecognized(List<String> names) {
    int user = ColumnNames.find(names, ColumnNames.USER);
    return user >= 0 && item(names, user) >= 0;
  }

  /** The place of the column of item ids in a table of items. */
  static int itemId(List<String> names) {
    int item = ColumnNames.find(names, ColumnNames.ITEM);
    return item >= 0 ? item : ColumnNames.find(names, List.of("id"));
  }

  /** The place of the column of user ids in a table of users. */
  static int userId(List<String> names) {
    int user = ColumnNames.find(names, ColumnNames.USER);
    return user >= 0 ? user : ColumnNames.find(names, List.of("id"));
  }

  private static int item(List<String> names, int user) {
    int usual = ColumnNames.find(names, ColumnNames.ITEM);
    List<Integer> ids = ColumnNames.itemIds(names, user);
    return usual >= 0 ? usual : ids.size() == 1 ? ids.get(0) : -1;
  }

  /**
   * Finds the columns by what the options say, else by their usual names, else by a word in their
   * name together with their look. A plain 'id' is no item: beside a user it numbers the rows.
   *
   * @throws KindredException if a column that is needed is missing, naming those that there are, or
   *     if several may be meant
   */
  static ColumnRoles of(String file, List<String> names, ColumnSample sample, ReadOptions options) {
    Set<String> distinct = new HashSet<>();
    for (String name : names) {
      if (!distinct.add(name)) {
        throw new KindredException(
            file + ", line 1: two columns are called '" + name + "'; give each a name of its own");
      }
    }
    int user = said(file, names, options.userColumn(), "--user-column");
    int item = said(file, names, options.itemColumn(), "--item-column");
    int value = said(file, names, options.valueColumn(), "--value-column");
    int time = said(file, names, options.timeColumn(), "--time-column");
    int type = said(file, names, options.typeColumn(), "--type-column");
    Set<Integer> taken = new HashSet<>(List.of(user, item, value, time, type));
    if (user < 0) {
      user = free(ColumnNames.find(names, ColumnNames.USER), taken);
    }
    if (item < 0) {
      item = free(item(names, user), taken);
    }
    if (user < 0) {
      throw missing(file, names, names, "user", "--user-column", options);
    }
    if (item < 0) {
      int known = user;
      List<String> others =
          IntStream.range(0, names.size())
              .filter(column -> column != known)
              .mapToObj(names::get)
              .toList();
      throw missing(file, names, others, "item", "--item-column", options);
    }
    if (user == item) {
      throw new KindredException(
          file + ": column '" + names.get(user) + "' cannot hold both users and items");
    }
    taken.add(user);
    taken.add(item);
    if (options.timeColumn() == null) {
      time = free(ColumnNames.find(names, ColumnNames.TIME), taken);
      if (time < 0) {
        time = timeByLook(file, names, sample, taken);
      }
      taken.add(time);
    }
    if (options.typeColumn() == null) {
      type = free(ColumnNames.find(names, ColumnNames.TYPE), taken);
      taken.add(type);
    }
    if (options.valueColumn() == null) {
      value = free(ColumnNames.find(names, ColumnNames.VALUE), taken);
      if (value < 0) {
        value =
            only(
                file,
                names,
                column ->
                    !taken.contains(column)
                        && ColumnNames.tellsValue(names.get(column))
                        && sample.isNumeric(column),
                "the values",
                "--value-column");
      }
    }
    return new ColumnRoles(
        List.copyOf(names),
        user,
        item,
        value,
        time,
        type,
        false,
        time >= 0 && sample.isMonthDay(time));
  }

  private static int free(int place, Set<Integer> taken) {
    return taken.contains(place) ? -1 : place;
  }

  /** A column of times whose name says so, else the only one that has dates. */
  private static int timeByLook(
      String file, List<String> names, ColumnSample sample, Set<Integer> taken) {
    int named =
        only(
            file,
            names,
            column ->
                !taken.contains(column)
                    && ColumnNames.tellsTime(names.get(column))
                    && sample.isTime(column),
            "the times",
            "--time-column");
    return named >= 0
        ? named
        : only(
            file,
            names,
            column ->
                !taken.contains(column)
                    && !ColumnNames.tellsOtherTime(names.get(column))
                    && !ColumnNames.words(names.get(column)).contains("id")
                    && sample.isDate(column),
            "the times",
            "--time-column");
  }

  /** The only column that is so, or -1 where none is. */
  private static int only(
      String file, List<String> names, IntPredicate so, String what, String flag) {
    List<Integer> found = IntStream.range(0, names.size()).filter(so).boxed().toList();
    if (found.size() > 1) {
      throw new KindredException(
          file
              + ": "
              + String.join(" and ", found.stream().map(at -> "'" + names.get(at) + "'").toList())
              + " may each be "
              + what
              + "; say which: "
              + flag
              + " NAME ('' for none)");
    }
    return found.isEmpty() ? -1 : found.get(0);
  }

  private static KindredException missing(
      String file,
      List<String> names,
      List<String> others,
      String what,
      String flag,
      ReadOptions options) {
    Optional<String> closest = Failures.closest(what + "id", others);
    return new KindredException(
        file
            + ": no column of "
            + what
            + "s is recognized among "
            + names
            + "; name it with "
            + flag
            + closest.map(name -> " (is it '" + name + "'?)").orElse("")
            + (options.header() == null && options.format() != Format.JSON_LINES
                ? ", or say --header no if the first line is a row"
                : ""));
  }

  /** The place of a column that the options name, or -1 where they name none. */
  private static int said(String file, List<String> names, @Nullable String said, String flag) {
    if (said == null || said.isEmpty()) {
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

  /** What a column holds, or "" where it is not used. */
  String role(int column) {
    return column == user
        ? "user"
        : column == item
            ? "item"
            : column == value ? "value" : column == time ? "time" : column == type ? "type" : "";
  }

  /**
   * What is said of numbers that are not used where there is no value: {@code null} if there are
   * none.
   */
  @Nullable String unusedNumbers(ColumnSample sample, ReadOptions options) {
    if (value >= 0 || options.valueColumn() != null) {
      return null;
    }
    List<String> numbers =
        IntStream.range(0, width())
            .filter(column -> role(column).isEmpty() && sample.isNumeric(column))
            .mapToObj(names::get)
            .filter(ColumnNames::mayBeValue)
            .map(name -> "'" + name + "'")
            .toList();
    return numbers.isEmpty()
        ? null
        : "no column is taken as the value; "
            + String.join(", ", numbers)
            + (numbers.size() == 1 ? " has numbers that are" : " have numbers that are")
            + " not used. If they are ratings or strengths: --value-column NAME ('' if not)";
  }
}
