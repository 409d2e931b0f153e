package io.kindred.knn;

import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.RatingPredictor;
import io.kindred.Scorer;
import io.kindred.SimilarUsers;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.similarity.SimilarityIndex;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The model of {@link UserKnnRating}: the training data, ready to be searched. Immutable,
 * thread-safe.
 */
public final class UserKnnRatingModel implements Model, RatingPredictor, Explainer, SimilarUsers {
  /**
   * What the model is made of: ratings by user and by item, the index of users, and their levels.
   */
  record Parts(
      SparseMatrix ratings, SparseMatrix byItem, SimilarityIndex index, RatingLevels levels) {}

  private final ModelInfo info;
  private final Dataset data;
  private final UserKnnRating trainer;
  private final Parts parts;

  UserKnnRatingModel(ModelInfo info, Dataset data, UserKnnRating trainer, Parts parts) {
    this.info = info;
    this.data = data;
    this.trainer = trainer;
    this.parts = parts;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  @Override
  public float[] predict(Profile profile, int[] items) {
    Person person = new Person(profile);
    float[] predictions = new float[items.length];
    for (int i = 0; i < items.length; i++) {
      double prediction = person.predict(items[i]);
      predictions[i] =
          parts.levels.clip(Double.isNaN(prediction) ? person.baseline(items[i]) : prediction);
    }
    return predictions;
  }

  /** Predicted ratings as scores; items with too few neighbors cannot be scored. */
  @Override
  public Scorer scorer() {
    int items = data.items().size();
    return (profiles, scores) -> {
      for (int row = 0; row < profiles.size(); row++) {
        Person person = new Person(profiles.get(row));
        for (int item = 0; item < items; item++) {
          scores[row * items + item] = (float) person.predict(item);
        }
        Scorer.infinityToNaN(scores, row * items, (row + 1) * items);
      }
    };
  }

  @Override
  public List<Neighbor> similarUsers(Profile profile, int n) {
    return UserNeighbors.nearest(parts.index, data, parts.ratings, profile, n);
  }

  /**
   * The base is the person's level; each neighbor contributes its weighted deviation. They sum to
   * the prediction before it is clipped.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    Person person = new Person(profile);
    UserNeighbors.Shared shared = new UserNeighbors.Shared(data, parts.ratings, profile.history());
    return Arrays.stream(items).mapToObj(item -> explain(shared, person, item, limit)).toList();
  }

  private Optional<Explanation> explain(
      UserNeighbors.Shared shared, Person person, int item, int limit) {
    Cancellation.check();
    if (Double.isNaN(person.predict(item))) {
      return Optional.empty();
    }
    Reasons reasons = new Reasons();
    for (int k = 0; k < person.chosen.size(); k++) {
      int user = person.chosen.items()[k];
      double similarity = person.chosen.scores()[k];
      reasons.add(
          user,
          similarity,
          person.spread * similarity * person.deviation(user, item) / person.weight);
    }
    return Optional.of(
        reasons.becauseOfUsers(person.level(item), limit, reason -> shared.describe(item, reason)));
  }

  /** One person with the similarities to all users, for many items. */
  private final class Person {
    private final float[] similarity = new float[data.users().size()];
    private final TopN chosen = new TopN(trainer.neighbors());
    private final float bias;
    private final double mean;
    private final double spread;
    private double weight;

    Person(Profile profile) {
      History history = profile.history().distinct();
      SimilarityIndex.Search search = parts.index.search();
      search.find(history, profile.user());
      for (int f = 0; f < search.found(); f++) {
        similarity[search.candidates()[f]] = search.similarities()[f];
      }
      bias = parts.levels.baselines().foldIn(history);
      mean = parts.levels.mean(history);
      spread = trainer.normalization() == Normalization.Z_SCORE ? parts.levels.spread(history) : 1;
    }

    double baseline(int item) {
      return parts.levels.baselines().estimate(bias, item);
    }

    double level(int item) {
      return switch (trainer.normalization()) {
        case NONE -> 0;
        case MEAN, Z_SCORE -> mean;
        case BASELINE -> baseline(item);
      };
    }

    /** What a neighbor gave to an item, above the neighbor's own level. */
    double deviation(int user, int item) {
      return deviation(user, item, parts.ratings.get(user, item));
    }

    private double deviation(int user, int item, float rating) {
      RatingLevels levels = parts.levels;
      return switch (trainer.normalization()) {
        case NONE -> rating;
        case MEAN -> rating - levels.mean(user);
        case Z_SCORE -> (rating - levels.mean(user)) / levels.spread(user);
        case BASELINE ->
            rating - levels.baselines().estimate(levels.baselines().userBias()[user], item);
      };
    }

    /**
     * The prediction before it is clipped, NaN with too few neighbors; leaves the neighbors in
     * {@link #chosen}.
     */
    double predict(int item) {
      SparseMatrix byItem = parts.byItem;
      chosen.clear();
      for (int p = byItem.starts()[item]; p < byItem.starts()[item + 1]; p++) {
        float s = similarity[byItem.columns()[p]];
        if (s != 0) {
          chosen.offer(byItem.columns()[p], s);
        }
      }
      int count = chosen.sort();
      double sum = 0;
      weight = 0;
      for (int k = 0; k < count; k++) {
        double s = chosen.scores()[k];
        sum += s * deviation(chosen.items()[k], item);
        weight += Math.abs(s);
      }
      return count < trainer.minNeighbors() || weight == 0
          ? Double.NaN
          : level(item) + spread * sum / weight;
    }
  }
}
