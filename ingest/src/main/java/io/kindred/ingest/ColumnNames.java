package io.kindred.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The usual names of columns, and the words in names that tell what a column holds. */
final class ColumnNames {
  static final List<String> USER =
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
          "clientid",
          "buyerid",
          "readerid",
          "listenerid",
          "viewerid",
          "sessionid",
          "session");
  static final List<String> ITEM =
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
          "postid",
          "sku",
          "skuid",
          "courseid",
          "poiid",
          "venueid",
          "restaurantid",
          "filmid",
          "albumid");
  static final List<String> VALUE =
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
  static final List<String> TIME =
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
  static final List<String> TYPE =
      List.of(
          "type",
          "event",
          "eventtype",
          "action",
          "actiontype",
          "behavior",
          "behaviour",
          "behaviortype",
          "interactiontype");

  private static final Set<String> VALUE_WORDS =
      Set.of(
          "rating",
          "ratings",
          "rate",
          "score",
          "scores",
          "stars",
          "ratio",
          "grade",
          "preference",
          "plays",
          "playcount",
          "listens");
  private static final Set<String> OF_THE_ITEM =
      Set.of(
          "critic",
          "critics",
          "avg",
          "average",
          "mean",
          "imdb",
          "tmdb",
          "metacritic",
          "global",
          "total",
          "max",
          "min",
          "exchange",
          "tax");
  private static final Set<String> TIME_WORDS =
      Set.of(
          "time",
          "timestamp",
          "date",
          "datetime",
          "ts",
          "at",
          "when",
          "day",
          "dt",
          "updated",
          "created",
          "watched",
          "played",
          "bought",
          "purchased",
          "viewed",
          "rated");
  private static final Set<String> OTHER_TIMES =
      Set.of(
          "birth",
          "birthday",
          "born",
          "dob",
          "release",
          "released",
          "publish",
          "published",
          "launch",
          "launched",
          "expiry",
          "expires",
          "join",
          "joined",
          "signup",
          "registered",
          "registration",
          "founded");
  private static final Set<String> NO_NUMBERS =
      Set.of(
          "id",
          "ids",
          "idx",
          "index",
          "code",
          "no",
          "key",
          "zip",
          "year",
          "age",
          "lat",
          "lon",
          "latitude",
          "longitude",
          "type",
          "status",
          "flag",
          "category",
          "duration",
          "price",
          "cost",
          "timestamp",
          "time",
          "date");
  private static final Set<String> OTHER_IDS =
      Set.of(
          "session",
          "order",
          "transaction",
          "invoice",
          "row",
          "index",
          "category",
          "cat",
          "brand",
          "seller",
          "shop",
          "store",
          "country",
          "city",
          "tag",
          "type",
          "event",
          "device",
          "channel",
          "region",
          "page",
          "request",
          "impression",
          "review",
          "log",
          "genre",
          "group",
          "user",
          "merchant",
          "sales");

  private ColumnNames() {}

  /** The place of the first of some usual names that there is, or -1. */
  static int find(List<String> names, List<String> usual) {
    for (String candidate : usual) {
      for (int i = 0; i < names.size(); i++) {
        if (Failures.normalized(names.get(i)).equals(candidate)) {
          return i;
        }
      }
    }
    return -1;
  }

  /** The words of a name: "myLast_updated (s)" has my, last, updated, s. */
  static List<String> words(String name) {
    String spaced = name.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2").toLowerCase(Locale.ROOT);
    return Arrays.stream(spaced.split("[^\\p{L}]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** Whether a name tells of a rating or a strength. */
  static boolean tellsValue(String name) {
    return tells(name, VALUE_WORDS, OF_THE_ITEM);
  }

  /** Whether a name tells of the time of an interaction. */
  static boolean tellsTime(String name) {
    return tells(name, TIME_WORDS, OTHER_TIMES);
  }

  /** Whether a name tells of a time that is none of an interaction, such as a date of birth. */
  static boolean tellsOtherTime(String name) {
    return words(name).stream().anyMatch(OTHER_TIMES::contains);
  }

  /** Whether numbers of this name could be ratings or strengths: no ids, years, prices. */
  static boolean mayBeValue(String name) {
    return words(name).stream()
        .noneMatch(
            word ->
                NO_NUMBERS.contains(word)
                    || OF_THE_ITEM.contains(word)
                    || (word.endsWith("id")
                        && OTHER_IDS.contains(word.substring(0, word.length() - 2))));
  }

  private static boolean tells(String name, Set<String> words, Set<String> not) {
    List<String> own = words(name);
    return own.stream().anyMatch(words::contains) && own.stream().noneMatch(not::contains);
  }

  /** The places of columns that are called an id of something that an item can be. */
  static List<Integer> itemIds(List<String> names, int user) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<String> words = words(names.get(i));
      if (i != user
          && words.size() > 1
          && words.get(words.size() - 1).equals("id")
          && words.stream().noneMatch(OTHER_IDS::contains)) {
        places.add(i);
      }
    }
    return places;
  }
}
