package io.kindred.recommend;

import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds items or users by what a person types: an id, a title, a part of one, or one with a slip of
 * the finger.
 *
 * <p>Letters match without case, accents and punctuation. Everything that has all the words of the
 * text in its id and title is found, in this order: the id or title is the text; it begins with the
 * text; each word of the text begins a word; anything else. Where nothing is found, ids and titles
 * at an edit distance of at most a quarter of the text's length are. Equal ranks by how often the
 * item or user occurs in the data, then by index.
 *
 * <p>The names lie behind each other in long strings, so that the search for the longest word is
 * one fast scan. Immutable, thread-safe. Memory O(characters of all ids and titles), cost of a
 * search the same at the most.
 */
public final class NameSearch {
  private static final int CHUNK = 1 << 20;
  private static final char FIELD = '\t'; // between title and id
  private static final char ROW = '\n';

  /** Letters that have no accent to take off. */
  private static final String[][] LETTERS = {
    {"ß", "ss"},
    {"æ", "ae"},
    {"œ", "oe"},
    {"ø", "o"},
    {"đ", "d"},
    {"ð", "d"},
    {"ł", "l"},
    {"þ", "th"},
    {"ı", "i"}
  };

  private final Vocabulary ids;
  private final int[] order; // of each row, the index of its item or user
  private final List<Chunk> chunks = new ArrayList<>();

  /** A run of rows, each ended by ROW. */
  private record Chunk(int firstRow, String text, int[] starts) {}

  private NameSearch(Vocabulary ids, Features features, int[] counts) {
    this.ids = ids;
    this.order = byCount(counts);
    StringBuilder text = new StringBuilder();
    int[] starts = new int[64];
    int rows = 0;
    for (int row = 0; row < order.length; row++) {
      if (rows == starts.length) {
        starts = Arrays.copyOf(starts, rows * 2);
      }
      starts[rows++] = text.length();
      features.title(order[row]).ifPresent(title -> text.append(normalized(title)).append(FIELD));
      text.append(normalized(ids.id(order[row]))).append(ROW);
      if (text.length() >= CHUNK || row + 1 == order.length) {
        chunks.add(new Chunk(row + 1 - rows, text.toString(), Arrays.copyOf(starts, rows)));
        text.setLength(0);
        rows = 0;
      }
    }
  }

  /** A search among the items of a data set. Cost O(characters + items log items). */
  public static NameSearch ofItems(Dataset data) {
    return new NameSearch(data.items(), data.itemFeatures(), data.interactions().itemCounts());
  }

  /** A search among the users of a data set. Cost O(characters + users log users). */
  public static NameSearch ofUsers(Dataset data) {
    int[] counts = new int[data.users().size()];
    for (int user = 0; user < counts.length; user++) {
      counts[user] = data.interactions().userSize(user);
    }
    return new NameSearch(data.users(), data.userFeatures(), counts);
  }

  /** All indexes, the largest count first, ties by index. */
  private static int[] byCount(int[] counts) {
    long[] keys = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      keys[i] = ((long) -counts[i] << 32) | i;
    }
    Arrays.sort(keys);
    int[] order = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** The indexes of those that occur most often in the data, the most frequent first. */
  public List<Integer> frequent(int offset, int n) {
    int from = Math.min(offset, order.length);
    int to = (int) Math.min((long) from + n, order.length);
    return Arrays.stream(order, from, to).boxed().toList();
  }

  /**
   * The indexes of the best matches, best first.
   *
   * @param text what was typed; blank: nothing is found
   * @param n how many at the most
   */
  public List<Integer> find(String text, int n) {
    if (text.isBlank() || n == 0) {
      return List.of();
    }
    List<Integer> found = new ArrayList<>();
    String wanted = normalized(text);
    if (!wanted.isEmpty()) {
      Ranks ranks = new Ranks(4, n);
      collect(wanted, ranks);
      found.addAll(ranks.best(order));
      if (found.isEmpty()) {
        found.addAll(misspelled(wanted, n));
      }
    }
    int exact = ids.index(text.strip()); // with its case and punctuation
    if (exact >= 0) {
      found.remove((Integer) exact);
      found.add(0, exact);
    }
    return List.copyOf(found.subList(0, Math.min(n, found.size())));
  }

  private void collect(String wanted, Ranks ranks) {
    String[] words = wanted.split(" ");
    String longest = words[0];
    for (String word : words) {
      longest = word.length() > longest.length() ? word : longest;
    }
    for (Chunk chunk : chunks) {
      String text = chunk.text;
      for (int at = text.indexOf(longest); at >= 0 && !ranks.full(0); ) {
        int row = Arrays.binarySearch(chunk.starts, at);
        row = row < 0 ? -row - 2 : row;
        int end = text.indexOf(ROW, at);
        int rank = rank(text.substring(chunk.starts[row], end), wanted, words);
        if (rank >= 0) {
          ranks.add(rank, chunk.firstRow + row);
        }
        at = text.indexOf(longest, end);
      }
    }
  }

  /** 0 is the best; -1: not all words are there. */
  private static int rank(String line, String wanted, String[] words) {
    int rank = 2;
    for (String word : words) {
      int at = line.indexOf(word);
      if (at < 0) {
        return -1;
      }
      while (at > 0 && line.charAt(at - 1) != ' ' && line.charAt(at - 1) != FIELD) {
        at = line.indexOf(word, at + 1);
      }
      rank = at < 0 ? 3 : rank;
    }
    int field = line.indexOf(FIELD) + 1; // the id, or the only field
    for (int start = 0; start <= field; start += Math.max(field, 1)) {
      if (line.startsWith(wanted, start)) {
        int end = start + wanted.length();
        if (end == line.length() || line.charAt(end) == FIELD) {
          return 0;
        }
        rank = Math.min(rank, 1);
      }
    }
    return rank;
  }

  private List<Integer> misspelled(String wanted, int n) {
    int limit = wanted.length() / 4;
    if (limit == 0) {
      return List.of();
    }
    Ranks ranks = new Ranks(limit + 1, n);
    for (Chunk chunk : chunks) {
      for (int row = 0; row < chunk.starts.length; row++) {
        int start = chunk.starts[row];
        int end = row + 1 < chunk.starts.length ? chunk.starts[row + 1] : chunk.text.length();
        int best = limit + 1;
        for (String field : chunk.text.substring(start, end - 1).split("\t", -1)) {
          best = Math.min(best, distance(field, wanted, limit));
        }
        if (best <= limit) {
          ranks.add(best, chunk.firstRow + row);
        }
      }
    }
    return ranks.best(order);
  }

  /**
   * The edit distance of the text, or of its beginning as long as what is wanted; more than the
   * limit where it is above.
   */
  private static int distance(String text, String wanted, int limit) {
    if (text.length() < wanted.length() - limit) {
      return limit + 1; // so many letters are missing at least
    }
    int[] row = new int[wanted.length() + 1];
    for (int w = 0; w < row.length; w++) {
      row[w] = w;
    }
    int best = Integer.MAX_VALUE;
    int length = Math.min(text.length(), wanted.length() + limit);
    for (int t = 1; t <= length; t++) {
      int diagonal = row[0];
      row[0] = t;
      int least = t;
      for (int w = 1; w < row.length; w++) {
        int changed = diagonal + (text.charAt(t - 1) == wanted.charAt(w - 1) ? 0 : 1);
        diagonal = row[w];
        row[w] = Math.min(changed, Math.min(row[w], row[w - 1]) + 1);
        least = Math.min(least, row[w]);
      }
      if (t == text.length() || t >= wanted.length() - limit) {
        best = Math.min(best, row[wanted.length()]);
      }
      if (least > limit) {
        break;
      }
    }
    return best;
  }

  /**
   * Lower case, without accents; punctuation and white space become single spaces; symbols such as
   * emoji stay.
   */
  private static String normalized(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
    StringBuilder kept = new StringBuilder(decomposed.length());
    boolean space = false;
    for (int i = 0; i < decomposed.length(); ) {
      int point = decomposed.codePointAt(i);
      i += Character.charCount(point);
      if (point == '\'' || point == '’' || isMark(point)) {
        continue; // "it's" is one word
      }
      if (isGap(point)) {
        space = true;
        continue;
      }
      if (space && kept.length() > 0) {
        kept.append(' ');
      }
      space = false;
      kept.appendCodePoint(point);
    }
    String result = kept.toString();
    for (String[] letter : LETTERS) {
      result = result.replace(letter[0], letter[1]);
    }
    return result;
  }

  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isGap(int point) {
    return switch (Character.getType(point)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** Collects rows by rank, at most {@code limit} of each, in the order in which they come. */
  private static final class Ranks {
    private final List<List<Integer>> rows = new ArrayList<>();
    private final int limit;

    Ranks(int ranks, int limit) {
      this.limit = limit;
      for (int rank = 0; rank < ranks; rank++) {
        rows.add(new ArrayList<>());
      }
    }

    void add(int rank, int row) {
      if (!full(rank)) {
        rows.get(rank).add(row);
      }
    }

    boolean full(int rank) {
      return rows.get(rank).size() >= limit;
    }

    List<Integer> best(int[] order) {
      return rows.stream().flatMap(List::stream).limit(limit).map(row -> order[row]).toList();
    }
  }
}
