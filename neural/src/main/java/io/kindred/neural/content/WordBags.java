package io.kindred.neural.content;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is said of items, as bags of numbered marks: each word of a text, each category, each tag,
 * and the tenth of all values in which a number lies. A mark is hashed to one of so many places
 * (Weinberger et al., ICML 2009), so that the network has a fixed size and a new word is no error.
 *
 * <pre>
 * words     ln(N / n) for each different word of a column, then scaled to length 1
 * category  1
 * tags      1 / sqrt(tags of the item)
 * number    1 for its tenth
 * </pre>
 *
 * <p>Words are runs of letters and digits in lower case; a character of Chinese or Japanese writing
 * is a word of its own. Of a text the first {@value #LONGEST} characters are read. An item of which
 * nothing is known has an empty bag.
 *
 * @param starts first mark of each item, {@code [items + 1]}
 * @param marks place of each mark
 * @param weights weight of each mark
 */
record WordBags(long[] starts, long[] marks, float[] weights) {
  private static final int LONGEST = 20_000;
  private static final int TENTHS = 10;

  /**
   * The bags of a data set.
   *
   * @param used which columns are read
   */
  static WordBags of(Dataset data, Predicate<FeatureColumn> used, int buckets) {
    Features features = data.itemFeatures();
    int items = features.size();
    List<List<Map<String, Double>>> columns = new ArrayList<>();
    for (FeatureColumn column : features.columns()) {
      if (!used.test(column)) {
        continue;
      }
      if (column instanceof FeatureColumn.Text text) {
        columns.add(texts(text));
      } else if (column instanceof FeatureColumn.Category category) {
        columns.add(
            each(
                items,
                item -> {
                  String value = category.display(item);
                  return value == null ? Map.of() : Map.of(value, 1.0);
                }));
      } else if (column instanceof FeatureColumn.Tags tags) {
        columns.add(each(items, item -> tags(tags, item)));
      } else if (column instanceof FeatureColumn.Numeric numeric) {
        columns.add(numbers(numeric));
      }
    }
    List<String> names =
        features.columns().stream()
            .filter(used)
            .filter(column -> !(column instanceof FeatureColumn.Image))
            .map(FeatureColumn::name)
            .toList();
    long[] starts = new long[items + 1];
    long[] marks = new long[Math.max(8, 8 * items)];
    float[] weights = new float[marks.length];
    int size = 0;
    for (int item = 0; item < items; item++) {
      for (int c = 0; c < columns.size(); c++) {
        for (Map.Entry<String, Double> mark : columns.get(c).get(item).entrySet()) {
          if (size == marks.length) {
            marks = Arrays.copyOf(marks, 2 * size);
            weights = Arrays.copyOf(weights, 2 * size);
          }
          marks[size] = DenseFeatures.bucket(names.get(c) + "=" + mark.getKey(), buckets);
          weights[size++] = mark.getValue().floatValue();
        }
      }
      starts[item + 1] = size;
    }
    return new WordBags(starts, Arrays.copyOf(marks, size), Arrays.copyOf(weights, size));
  }

  /** The marks of one item. */
  @FunctionalInterface
  private interface Marks {
    Map<String, Double> of(int item);
  }

  private static List<Map<String, Double>> each(int items, Marks marks) {
    List<Map<String, Double>> all = new ArrayList<>(items);
    for (int item = 0; item < items; item++) {
      all.add(marks.of(item));
    }
    return all;
  }

  private static Map<String, Double> tags(FeatureColumn.Tags tags, int item) {
    Map<String, Double> all = new LinkedHashMap<>();
    int count = tags.starts()[item + 1] - tags.starts()[item];
    for (int p = tags.starts()[item]; p < tags.starts()[item + 1]; p++) {
      all.put(tags.tags().id(tags.codes()[p]), 1 / Math.sqrt(count));
    }
    return all;
  }

  private static List<Map<String, Double>> numbers(FeatureColumn.Numeric numeric) {
    float[] sorted = numeric.numbers().clone();
    Arrays.sort(sorted); // NaN last
    int known = 0;
    while (known < sorted.length && !Float.isNaN(sorted[known])) {
      known++;
    }
    int count = known;
    return each(
        numeric.size(),
        item -> {
          float number = numeric.numbers()[item];
          if (Float.isNaN(number)) {
            return Map.of();
          }
          int at = Arrays.binarySearch(sorted, 0, count, number);
          int first = at;
          while (first > 0 && sorted[first - 1] == number) {
            first--;
          }
          return Map.of("tenth " + TENTHS * (long) first / count, 1.0);
        });
  }

  private static List<Map<String, Double>> texts(FeatureColumn.Text text) {
    List<Map<String, Double>> all =
        each(
            text.size(),
            item -> {
              Map<String, Double> words = new LinkedHashMap<>();
              String said = text.texts().get(item);
              if (said != null) {
                words(said).forEach(word -> words.put(word, 1.0));
              }
              return words;
            });
    Map<String, Integer> counts = new LinkedHashMap<>();
    all.forEach(words -> words.keySet().forEach(word -> counts.merge(word, 1, Integer::sum)));
    for (Map<String, Double> words : all) {
      words.replaceAll((word, one) -> Math.log((double) all.size() / counts.getOrDefault(word, 1)));
      double squares = words.values().stream().mapToDouble(rarity -> rarity * rarity).sum();
      double length = Math.sqrt(squares);
      words.replaceAll((word, rarity) -> length == 0 ? 0 : rarity / length);
    }
    return all;
  }

  /** The words of a text, in their order, repeats included. */
  static List<String> words(String text) {
    String lower = text.substring(0, Math.min(LONGEST, text.length())).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int at = 0; at <= lower.length(); ) {
      int letter = at == lower.length() ? ' ' : lower.codePointAt(at);
      boolean alone =
          Character.isIdeographic(letter)
              || Character.UnicodeScript.of(letter) == Character.UnicodeScript.HIRAGANA
              || Character.UnicodeScript.of(letter) == Character.UnicodeScript.KATAKANA;
      if (alone || !Character.isLetterOrDigit(letter)) {
        if (word.length() > 0) {
          words.add(word.toString());
          word.setLength(0);
        }
        if (alone) {
          words.add(Character.toString(letter));
        }
      } else {
        word.appendCodePoint(letter);
      }
      at += Character.charCount(letter);
    }
    return words;
  }
}
