package io.kindred.content;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Scorer;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Vocabulary;
import io.kindred.feature.Analyzer;
import io.kindred.feature.Analyzers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Recommends to everybody the items of popular categories: what every content model must beat.
 *
 * <pre>score(i) = mean over the categories c of i of mean over j in c, n(j) above 0, of n(j)</pre>
 *
 * <p>n(j) is the number of users who did j in train. Categories are the values of category and tag
 * columns; the words of a text column (by the plain analyzer) are categories if it is named. An
 * item without a category, or whose categories have no item that anybody did, gets the mean of n
 * over all items that somebody did. An item's own n counts only inside these means, so new and
 * known items are treated alike.
 *
 * <p>Items of equal score are put in a random order, which follows the seed of the training: the
 * order in which items are read often follows their popularity, which nobody knows of new items.
 * For that, scores are raised by up to a ten-thousandth.
 *
 * <p>Training costs O(interactions + features).
 *
 * @param columns names of the category, tag and text columns that count; empty: all category and
 *     tag columns
 */
public record CategoryPopularity(List<String> columns)
    implements Trainer<CategoryPopularity.Fitted> {
  /** The line of the registry. */
  public static final Algorithm<Fitted> ALGORITHM =
      new Algorithm<>(
          "category-popularity",
          "Items of popular categories, the same for everybody",
          CategoryPopularity::of,
          new Codec());

  /** Copies. */
  public CategoryPopularity {
    columns = List.copyOf(columns);
  }

  /** From hyperparameters by name; what is not there has its default. */
  public static CategoryPopularity of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("category-popularity");
    CategoryPopularity made = new CategoryPopularity(names(in.string("columns", "")));
    in.finish();
    return made;
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return Parameters.none().with("columns", String.join(",", columns));
  }

  /**
   * Counts.
   *
   * @throws KindredException if a named column does not exist or holds no categories
   */
  @Override
  public Fitted train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    int items = data.items().size();
    int[] counts = data.interactions().matrix().columnSizes();
    double overall = Arrays.stream(counts).filter(count -> count > 0).average().orElse(0);
    double[] sums = new double[items];
    int[] parts = new int[items];
    for (FeatureColumn column : chosen(data)) {
      addMeans(column, counts, sums, parts);
    }
    float[] scores = new float[items];
    SplittableRandom random = new SplittableRandom(context.seed());
    for (int item = 0; item < items; item++) {
      double mean = parts[item] == 0 ? overall : sums[item] / parts[item];
      scores[item] = (float) (mean * (1 + 1e-4 * random.nextDouble()));
    }
    return new Fitted(ModelInfo.of(this, data, context, start), data, scores);
  }

  private List<FeatureColumn> chosen(Dataset data) {
    if (columns.isEmpty()) {
      return data.itemFeatures().columns().stream()
          .filter(CategoryPopularity::holdsCategories)
          .toList();
    }
    List<FeatureColumn> chosen = new ArrayList<>();
    for (String name : columns) {
      FeatureColumn column =
          data.itemFeatures()
              .column(name)
              .orElseThrow(
                  () ->
                      new KindredException(
                          "category-popularity: items have no column '"
                              + name
                              + "'; they have "
                              + data.itemFeatures().columns().stream()
                                  .map(FeatureColumn::name)
                                  .toList()));
      if (column instanceof FeatureColumn.Text text) {
        chosen.add(words(text));
      } else if (holdsCategories(column)) {
        chosen.add(column);
      } else {
        throw new KindredException(
            "category-popularity: column '" + name + "' has neither categories nor tags nor text");
      }
    }
    return chosen;
  }

  private static boolean holdsCategories(FeatureColumn column) {
    return column instanceof FeatureColumn.Category || column instanceof FeatureColumn.Tags;
  }

  /** Each different word of a text as a tag. */
  private static FeatureColumn words(FeatureColumn.Text text) {
    Analyzer analyzer = Analyzers.of(Analyzers.PLAIN);
    Vocabulary.Builder words = Vocabulary.builder();
    int[] starts = new int[text.size() + 1];
    IntStream.Builder codes = IntStream.builder();
    for (int item = 0; item < text.size(); item++) {
      String own = text.texts().get(item);
      Set<String> distinct = own == null ? Set.of() : new LinkedHashSet<>(analyzer.words(own));
      distinct.forEach(word -> codes.add(words.add(word)));
      starts[item + 1] = starts[item] + distinct.size();
    }
    return new FeatureColumn.Tags(text.name(), starts, codes.build().toArray(), words.build());
  }

  /** Adds the mean popularity of each category of an item to the sum of the item. */
  private static void addMeans(FeatureColumn column, int[] counts, double[] sums, int[] parts) {
    int categories =
        column instanceof FeatureColumn.Tags tags
            ? tags.tags().size()
            : ((FeatureColumn.Category) column).categories().size();
    double[] total = new double[categories];
    int[] items = new int[categories];
    for (int item = 0; item < counts.length; item++) {
      if (counts[item] > 0) {
        for (int category : categories(column, item)) {
          total[category] += counts[item];
          items[category]++;
        }
      }
    }
    for (int item = 0; item < counts.length; item++) {
      for (int category : categories(column, item)) {
        if (items[category] > 0) {
          sums[item] += total[category] / items[category];
          parts[item]++;
        }
      }
    }
  }

  private static int[] categories(FeatureColumn column, int item) {
    if (column instanceof FeatureColumn.Tags tags) {
      return Arrays.copyOfRange(tags.codes(), tags.starts()[item], tags.starts()[item + 1]);
    }
    int code = ((FeatureColumn.Category) column).codes()[item];
    return code < 0 ? new int[0] : new int[] {code};
  }

  /**
   * One score for each item, the same for everybody. Thread-safe.
   *
   * @param scores shape {@code float[items]}
   */
  public record Fitted(ModelInfo info, Dataset data, float[] scores) implements Model {
    @Override
    public Scorer scorer() {
      return (profiles, into) -> {
        for (int row = 0; row < profiles.size(); row++) {
          System.arraycopy(scores, 0, into, row * scores.length, scores.length);
        }
      };
    }
  }

  private static final class Codec implements ModelCodec<Fitted> {
    @Override
    public void write(Fitted model, ArrayWriter out) {
      out.floats("scores", model.scores());
    }

    @Override
    public Fitted read(ModelInfo info, Dataset data, ArrayReader in) {
      return new Fitted(info, data, in.floats("scores", data.items().size()));
    }
  }
}
