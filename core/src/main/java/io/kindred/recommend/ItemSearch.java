package io.kindred.recommend;

import io.kindred.data.Dataset;
import io.kindred.data.Vocabulary;
import io.kindred.sparse.TopN;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds items by what a person types: an id, a title, a part of one, or one with a slip of the
 * finger.
 *
 * <p>Letters match without case and accents. Ids and titles rank in this order: equal, beginning
 * with the text, having a word that begins with it, containing it, having all its words, and, where
 * nothing of that is found, at an edit distance of at most a quarter of its length. Equal ranks by
 * how often the item occurs in the data. Thread-safe. Cost O(characters of all titles).
 */
public final class ItemSearch {
  private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

  private final Vocabulary ids;
  private final List<String> texts = new ArrayList<>(); // the title of each item, normalized
  private final float[] popularity; // in [0, 1)

  /** Prepares the search. Memory O(characters of all ids and titles). */
  public ItemSearch(Dataset data) {
    ids = data.items();
    int[] counts = data.interactions().itemCounts();
    int most = Arrays.stream(counts).max().orElse(0);
    popularity = new float[counts.length];
    for (int item = 0; item < counts.length; item++) {
      popularity[item] = counts[item] / (most + 1f);
      texts.add(normalized(data.itemFeatures().title(item).orElse("")));
    }
  }

  private static String normalized(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    return ACCENTS.matcher(decomposed).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /**
   * The indexes of the best matches, best first.
   *
   * @param text what was typed; blank: nothing is found
   * @param n how many at the most
   */
  public List<Integer> find(String text, int n) {
    String wanted = normalized(text.strip());
    if (wanted.isEmpty()) {
      return List.of();
    }
    String[] words = wanted.split("\\s+");
    TopN best = new TopN(n);
    for (int item = 0; item < texts.size(); item++) {
      int match =
          Math.max(
              match(normalized(ids.id(item)), wanted, words),
              match(texts.get(item), wanted, words));
      if (match > 0) {
        best.offer(item, match + popularity[item]);
      }
    }
    if (best.size() == 0) {
      int limit = wanted.length() / 4;
      for (int item = 0; item < texts.size() && limit > 0; item++) {
        int distance =
            Math.min(
                distance(normalized(ids.id(item)), wanted, limit),
                distance(texts.get(item), wanted, limit));
        if (distance <= limit) {
          best.offer(item, popularity[item] - distance);
        }
      }
    }
    int found = best.sort();
    return Arrays.stream(best.items(), 0, found).boxed().toList();
  }

  /** 0 for no match, the better the higher. */
  private static int match(String text, String wanted, String[] words) {
    int at = text.indexOf(wanted);
    if (at == 0) {
      return text.length() == wanted.length() ? 5 : 4;
    }
    if (at > 0) {
      for (int p = at; p >= 0; p = text.indexOf(wanted, p + 1)) {
        if (!Character.isLetterOrDigit(text.charAt(p - 1))) {
          return 3;
        }
      }
      return 2;
    }
    return words.length > 1 && Arrays.stream(words).allMatch(text::contains) ? 1 : 0;
  }

  /**
   * The edit distance of the text, or of its beginning as long as what is wanted; more than the
   * limit where it is above.
   */
  private static int distance(String text, String wanted, int limit) {
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
}
