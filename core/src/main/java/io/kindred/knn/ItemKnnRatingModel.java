package io.kindred.knn;

import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.RatingPredictor;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.similarity.Neighbors;
import java.util.List;
import java.util.Optional;

/**
 * The model of {@link ItemKnnRating}: a list of nearest neighbors for each item, and the levels of
 * ratings. Immutable, thread-safe.
 */
public final class ItemKnnRatingModel implements Model, RatingPredictor, Explainer, SimilarItems {
  private final ModelInfo info;
  private final Dataset data;
  private final ItemKnnRating trainer;
  private final Neighbors neighbors;
  private final RatingLevels levels;

  ItemKnnRatingModel(
      ModelInfo info,
      Dataset data,
      ItemKnnRating trainer,
      Neighbors neighbors,
      RatingLevels levels) {
    this.info = info;
    this.data = data;
    this.trainer = trainer;
    this.neighbors = neighbors;
    this.levels = levels;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** The neighbor lists of all items. */
  public Neighbors neighbors() {
    return neighbors;
  }

  @Override
  public float[] predict(Profile profile, int[] items) {
    Person person = new Person();
    person.enter(profile);
    float[] predictions = new float[items.length];
    for (int i = 0; i < items.length; i++) {
      double prediction = person.predict(items[i]);
      predictions[i] =
          levels.clip(Double.isNaN(prediction) ? person.baseline(items[i]) : prediction);
    }
    return predictions;
  }

  /** Predicted ratings as scores; items with too few neighbors in the history cannot be scored. */
  @Override
  public Scorer scorer() {
    int items = data.items().size();
    Person person = new Person();
    return (profiles, scores) -> {
      for (int row = 0; row < profiles.size(); row++) {
        person.enter(profiles.get(row));
        for (int item = 0; item < items; item++) {
          scores[row * items + item] = (float) person.predict(item);
        }
        Scorer.infinityToNaN(scores, row * items, (row + 1) * items);
        person.leave();
      }
    };
  }

  @Override
  public List<Neighbor> similarItems(int item, int n) {
    return ItemNeighbors.nearest(neighbors, data, item, n);
  }

  /**
   * The base is the item's level; each item of the history contributes its weighted deviation. They
   * sum to the prediction before it is clipped.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    Person person = new Person();
    person.enter(profile);
    if (Double.isNaN(person.predict(item))) {
      return Optional.empty();
    }
    Reasons reasons = new Reasons();
    for (int k = 0; k < person.used; k++) {
      int p = person.places[k];
      double contribution =
          person.spread(item)
              * neighbors.similarities()[p]
              * person.deviation(neighbors.indexes()[p])
              / person.weight;
      reasons.add(person.at[neighbors.indexes()[p]] - 1, neighbors.similarities()[p], contribution);
    }
    return Optional.of(reasons.becauseOfItems(data, person.history, person.level(item), limit));
  }

  /** One person with the history laid out by item, for many items. */
  private final class Person {
    private final int[] at =
        new int[data.items().size()]; // place in the history + 1, 0 = not in it
    private final int[] places =
        new int
            [Math.min(
                trainer.neighbors(),
                data.items().size())]; // in the neighbor lists: what the last prediction used
    private int used;
    private double weight;
    private History history = History.empty();
    private float bias;

    void enter(Profile profile) {
      history = profile.history().distinct();
      for (int h = 0; h < history.size(); h++) {
        at[history.items()[h]] = h + 1;
      }
      bias = levels.baselines().foldIn(history);
    }

    void leave() {
      for (int item : history.items()) {
        at[item] = 0;
      }
    }

    double baseline(int item) {
      return levels.baselines().estimate(bias, item);
    }

    double level(int item) {
      return switch (trainer.normalization()) {
        case NONE -> 0;
        case MEAN, Z_SCORE -> levels.mean(item);
        case BASELINE -> baseline(item);
      };
    }

    double spread(int item) {
      return trainer.normalization() == Normalization.Z_SCORE ? levels.spread(item) : 1;
    }

    /** What the person gave to an item of the history, above the item's level. */
    double deviation(int item) {
      return (history.values()[at[item] - 1] - level(item)) / spread(item);
    }

    /**
     * The prediction before it is clipped, NaN with too few neighbors; leaves the neighbors in
     * {@link #places}.
     */
    double predict(int item) {
      used = 0;
      weight = 0;
      double sum = 0;
      int end = neighbors.starts()[item + 1];
      for (int p = neighbors.starts()[item];
          p < end && used < places.length;
          p++) { // the most similar first
        int other = neighbors.indexes()[p];
        if (at[other] != 0) {
          double similarity = neighbors.similarities()[p];
          sum += similarity * deviation(other);
          weight += Math.abs(similarity);
          places[used++] = p;
        }
      }
      return used < trainer.minNeighbors() || weight == 0
          ? Double.NaN
          : level(item) + spread(item) * sum / weight;
    }
  }
}
