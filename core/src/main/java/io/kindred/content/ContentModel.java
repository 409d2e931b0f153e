package io.kindred.content;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.NewItems;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Vocabulary;
import io.kindred.feature.FeatureEncoder;
import io.kindred.feature.FeatureOptions;
import io.kindred.feature.ItemRows;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model of {@link ContentKnn} and {@link Rocchio}: a vector of each item, and a rule that
 * weighs a history. Immutable, thread-safe.
 *
 * <pre>score(u, i) = sum over j in N(u, i) of weight(u, j) * cosine(j, i)</pre>
 *
 * <p>N(u, i) is the history, each item once, or the {@code neighbors} items of it that are most
 * like i, ties by item index. As the cosine is an inner product, the score is also one of i with
 * the weighted sum of these items, and so a sum over the words, tags and categories that i has:
 * that is its explanation. An item that shares nothing with the history cannot be scored.
 *
 * <p>A query costs O(entries of the history + entries of all items); with {@code neighbors}, O(sum
 * over the history of the entries of all items in its terms).
 */
public final class ContentModel implements Model, Explainer, SimilarItems, NewItems {
  private final ModelInfo info;
  private final Dataset data;
  private final FeatureEncoder encoder;
  private final ItemRows rows;
  private final ItemRows byTerm;
  private final HistoryWeights weights;
  private final int neighbors;
  private final @Nullable String[] names;

  ContentModel(
      ModelInfo info,
      Dataset data,
      FeatureEncoder encoder,
      ItemRows rows,
      HistoryWeights weights,
      int neighbors) {
    this.info = info;
    this.data = data;
    this.encoder = encoder;
    this.rows = rows;
    this.byTerm = rows.transposed();
    this.weights = weights;
    this.neighbors = neighbors;
    this.names = encoder.names();
  }

  /** Encodes the items of a data set. */
  static EncodedItems encode(String algorithm, Dataset data, FeatureOptions options) {
    FeatureEncoder encoder = FeatureEncoder.of(algorithm, data.itemFeatures(), options);
    return new EncodedItems(encoder, encoder.encode(data.itemFeatures()));
  }

  /** An encoder and what it made of the items. */
  record EncodedItems(FeatureEncoder encoder, ItemRows rows) {}

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** The vectors of all items. */
  public ItemRows rows() {
    return rows;
  }

  /** What made the vectors, and makes those of new items. */
  public FeatureEncoder encoder() {
    return encoder;
  }

  @Override
  public Scorer scorer() {
    return neighbors == 0 ? new WholeHistory() : new NearestOfHistory();
  }

  /** Goes by the weighted sum of the history. */
  private final class WholeHistory implements Scorer {
    private final double[] sum = new double[rows.termCount()];

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      for (int row = 0; row < profiles.size(); row++) {
        History history = profiles.get(row).history().distinct();
        Arrays.fill(sum, 0);
        addUp(history, weights.of(history), sum);
        for (int item = 0; item < rows.size(); item++) {
          scores[row * rows.size() + item] = product(sum, item);
        }
        Scorer.infinityToNaN(scores, row * rows.size(), (row + 1) * rows.size());
      }
    }
  }

  /** Adds the rows of a history, each by its weight. */
  private void addUp(History history, double[] weight, double[] sum) {
    for (int h = 0; h < history.size(); h++) {
      int item = history.items()[h];
      for (int p = rows.starts()[item]; weight[h] != 0 && p < rows.starts()[item + 1]; p++) {
        sum[rows.terms()[p]] += weight[h] * rows.weights()[p];
      }
    }
  }

  private float product(double[] sum, int item) {
    double score = 0;
    boolean shares = false;
    for (int p = rows.starts()[item]; p < rows.starts()[item + 1]; p++) {
      double part = sum[rows.terms()[p]];
      shares |= part != 0;
      score += part * rows.weights()[p];
    }
    return shares ? (float) score : Float.NaN;
  }

  /** Goes by the items of the history that are most like the item, one after the other. */
  private final class NearestOfHistory implements Scorer {
    private final double[] cosines = new double[rows.size()];

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      for (int row = 0; row < profiles.size(); row++) {
        History history = profiles.get(row).history().distinct();
        score(history, weights.of(history), scores, row * rows.size());
      }
    }

    private void score(History history, double[] weight, float[] scores, int offset) {
      int items = rows.size();
      int kept = Math.min(neighbors, history.size());
      double[] best = new double[Math.multiplyExact(items, kept)]; // cosines, falling
      double[] parts = new double[best.length];
      int[] sizes = new int[items];
      for (int h = 0; h < history.size(); h++) {
        cosines(history.items()[h], cosines);
        for (int item = 0; item < items; item++) {
          if (cosines[item] != 0 && kept > 0) {
            sizes[item] =
                insert(best, parts, item * kept, sizes[item], kept, cosines[item], weight[h]);
          }
        }
      }
      for (int item = 0; item < items; item++) {
        double score = 0;
        for (int n = 0; n < sizes[item]; n++) {
          score += parts[item * kept + n];
        }
        scores[offset + item] = sizes[item] == 0 ? Float.NaN : (float) score;
      }
      Scorer.infinityToNaN(scores, offset, offset + items);
    }
  }

  /** Puts a neighbor at its place; of equal ones the earlier stays first. */
  private static int insert(
      double[] best, double[] parts, int from, int size, int kept, double cosine, double weight) {
    int at = size;
    while (at > 0 && best[from + at - 1] < cosine) {
      at--;
    }
    if (at == kept) {
      return size;
    }
    int grown = Math.min(kept, size + 1);
    System.arraycopy(best, from + at, best, from + at + 1, grown - at - 1);
    System.arraycopy(parts, from + at, parts, from + at + 1, grown - at - 1);
    best[from + at] = cosine;
    parts[from + at] = weight * cosine;
    return grown;
  }

  /** The cosines of all items with one. */
  private void cosines(int item, double[] cosines) {
    Arrays.fill(cosines, 0);
    for (int p = rows.starts()[item]; p < rows.starts()[item + 1]; p++) {
      int term = rows.terms()[p];
      double weight = rows.weights()[p];
      for (int q = byTerm.starts()[term]; q < byTerm.starts()[term + 1]; q++) {
        cosines[byTerm.terms()[q]] += weight * byTerm.weights()[q];
      }
    }
  }

  /** The items with the largest cosines above 0. */
  @Override
  public List<Neighbor> similarItems(int item, int n) {
    double[] cosines = new double[rows.size()];
    cosines(item, cosines);
    float[] scores = new float[cosines.length];
    for (int other = 0; other < scores.length; other++) {
      scores[other] = other == item || cosines[other] <= 0 ? Float.NaN : (float) cosines[other];
    }
    TopN best = new TopN(n);
    best.select(scores);
    List<Neighbor> similar = new ArrayList<>();
    for (int rank = 0; rank < best.size(); rank++) {
      similar.add(new Neighbor(data.items().id(best.items()[rank]), best.scores()[rank], -1));
    }
    return similar;
  }

  /**
   * The words, tags and categories of the item that the history has too, each with its part of the
   * score. Vectors are one reason together, named after their column.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    History history = profile.history().distinct();
    double[] sum = new double[rows.termCount()];
    addUp(history, weightsFor(history, item), sum);
    double score = 0;
    Map<Object, Explanation.FeatureReason> reasons = new LinkedHashMap<>();
    for (int p = rows.starts()[item]; p < rows.starts()[item + 1]; p++) {
      int term = rows.terms()[p];
      double part = sum[term] * rows.weights()[p];
      if (sum[term] != 0) {
        score += part;
        String column = encoder.columns().get(encoder.column(term));
        String name = names[term];
        reasons.merge(
            name == null ? column : (Object) term,
            new Explanation.FeatureReason(column, name == null ? column : name, part),
            (a, b) ->
                new Explanation.FeatureReason(
                    column, a.value(), a.contribution() + b.contribution()));
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Explanation.SharedFeatures.of(score, reasons.values(), limit));
  }

  /**
   * The same score by the items of the history instead: which of them are like the item.
   *
   * @param limit how many at the most, the strongest first; the rest is summed up
   * @return empty where nothing in the history is like it
   */
  public Optional<Explanation.BecauseOfItems> becauseOfItems(Profile profile, int item, int limit) {
    History history = profile.history().distinct();
    double[] weight = weightsFor(history, item);
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    for (int h = 0; h < history.size(); h++) {
      double cosine = rows.cosine(history.items()[h], item);
      if (weight[h] * cosine != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(history.items()[h]),
                history.values()[h],
                cosine,
                weight[h] * cosine));
      }
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(Explanation.BecauseOfItems.of(0, reasons, limit));
  }

  /** The weights of the history, 0 for what is not among the neighbors of the item. */
  private double[] weightsFor(History history, int item) {
    double[] all = weights.of(history);
    if (neighbors == 0 || neighbors >= history.size()) {
      return all;
    }
    double[] cosines = new double[history.size()];
    List<Integer> order = new ArrayList<>();
    for (int h = 0; h < cosines.length; h++) {
      cosines[h] = rows.cosine(history.items()[h], item);
      if (cosines[h] != 0) {
        order.add(h);
      }
    }
    order.sort(Comparator.comparingDouble((Integer h) -> -cosines[h]).thenComparing(h -> h));
    double[] kept = new double[all.length];
    for (int h : order.subList(0, Math.min(neighbors, order.size()))) {
      kept[h] = all[h];
    }
    return kept;
  }

  @Override
  public ContentModel withItems(Vocabulary items, Features features) {
    ItemRows more = encoder.encode(features);
    Dataset larger = NewItems.enlarged(data, items, features);
    return new ContentModel(info, larger, encoder, rows.followedBy(more), weights, neighbors);
  }

  void write(ArrayWriter out) {
    encoder.write(out);
    out.ints("starts", rows.starts());
    out.ints("terms", rows.terms());
    out.floats("weights", rows.weights());
  }

  static EncodedItems read(FeatureOptions options, Dataset data, ArrayReader in) {
    FeatureEncoder encoder = FeatureEncoder.read(options, in);
    int[] starts = in.ints("starts", data.items().size() + 1);
    int[] terms = in.indexes("terms", encoder.termCount());
    for (int item = 0; item < starts.length - 1; item++) {
      if (starts[item] > starts[item + 1] || starts[item] < 0) {
        throw in.wrong("starts", "decreases at " + item);
      }
    }
    if (starts[0] != 0 || starts[starts.length - 1] != terms.length) {
      throw in.wrong("starts", "does not go from 0 to " + terms.length);
    }
    return new EncodedItems(
        encoder,
        new ItemRows(starts, terms, in.floats("weights", terms.length), encoder.termCount()));
  }
}
