package io.kindred.factor;

import io.kindred.Cancellation;
import io.kindred.DatasetUpdate;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.IncrementalModel;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A vector for each user and each item; their inner product is the score. The model of all trainers
 * of this package. Immutable, thread-safe.
 *
 * <p>A known user is served by the vector that training found. Somebody unknown, or a user whose
 * history has gone on, is folded in: the vector is found from the history in the query by least
 * squares over all items, the vectors of the items held still, at O(history factors^2 + factors^3).
 * Gradient descent finds another vector than least squares. What it found of a user beyond these is
 * kept when the history goes on: with the history of training h and the one in the query h',
 *
 * <pre>
 * x = fold-in(h') + share (x(u) - fold-in(h)),  share = positive items of h that are in h' / those of h
 * </pre>
 *
 * <p>so that a history that did not change gives x(u), one more event moves it as it moves the
 * fold-in, and a history that has nothing to do with the stored one is folded in as that of
 * somebody unknown. Items that nobody did have no vector and cannot be scored (NaN), and where
 * nothing is known of the person no item can. Scoring costs O(items factors) a person.
 *
 * <p>Memory: 4 bytes a factor of each user, and 8 of each item once something was scored (a copy by
 * factor, in which scoring reads the memory in its order).
 */
public final class FactorModel
    implements IncrementalModel, VectorModel, Explainer, SimilarItems, SimilarUsers {
  /** Items that are scored at a time, so that their factors stay in the cache for all people. */
  private static final int BLOCK = 512;

  /** What is smaller in a score of an exact model is no base, but rounding. */
  private static final double ROUNDING = 1e-5;

  private final ModelInfo info;
  private final Dataset data;
  private final float[][] users;
  private final float[][] items;
  private final int factors;
  private final FoldIn foldIn;
  private final boolean exact;
  private final int[] unscored;
  private volatile float @Nullable [][] byFactor;

  /**
   * A model of given vectors, which are kept.
   *
   * @param users shape {@code float[users][dimensions]}, zeros where nothing is known
   * @param items shape {@code float[items][dimensions]}, zeros in the first factors where nothing
   *     is known
   * @param factors the first so many columns were learned of both sides; in what is beyond them the
   *     vectors of all users are 1
   * @param foldIn finds vectors from histories
   * @param exact whether the vectors of the users are those that {@code foldIn} finds from their
   *     histories
   */
  FactorModel(
      ModelInfo info,
      Dataset data,
      float[][] users,
      float[][] items,
      int factors,
      FoldIn foldIn,
      boolean exact) {
    this.info = info;
    this.data = data;
    this.users = users;
    this.items = items;
    this.factors = factors;
    this.foldIn = foldIn;
    this.exact = exact;
    int[] without = new int[items.length];
    int count = 0;
    for (int item = 0; item < items.length; item++) {
      if (isZero(items[item])) {
        without[count++] = item;
      }
    }
    unscored = Arrays.copyOf(without, count);
  }

  private boolean isZero(float[] vector) {
    for (int k = 0; k < factors; k++) {
      if (vector[k] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  float[][] users() {
    return users;
  }

  float[][] items() {
    return items;
  }

  FoldIn foldIn() {
    return foldIn;
  }

  int factors() {
    return factors;
  }

  /** Whether training finds the vectors of users as the fold-in does. */
  boolean exact() {
    return exact;
  }

  /** Whether nothing is known of an item. */
  boolean isUnscored(int item) {
    return isZero(items[item]);
  }

  /**
   * Takes in interactions that came after training. Of {@code als}, what is solved for is exactly
   * what an epoch would find for these rows; users of the delta and of items that were solved for
   * are solved again. Of the models of gradient descent, users of the delta are folded in as those
   * whose history has gone on, and items without a vector are folded in alike: ahead of the level
   * that items of their popularity have; items with a vector keep it. Costs O(n factors^2 +
   * factors^3) for each row of n interactions that is solved for, and O((users + items) factors^2 +
   * interactions) in all.
   */
  @Override
  public FactorModel update(DatasetUpdate update, TrainingContext context) {
    return new FactorUpdate(this, update, context).run();
  }

  @Override
  public int dimensions() {
    return items.length == 0 ? factors : items[0].length;
  }

  @Override
  public float[] queryVector(Profile profile) {
    float[] vector = new float[dimensions()];
    if (!vector(profile, vector)) {
      Arrays.fill(vector, Float.NaN);
    }
    return vector;
  }

  /**
   * The vectors of all items, row-major; a copy. Items that cannot be scored have zeros.
   *
   * @throws IllegalStateException if they do not fit in one array
   */
  @Override
  public float[] itemVectors() {
    float[] flat = flat(items, dimensions());
    for (int item : unscored) {
      Arrays.fill(flat, item * dimensions(), (item + 1) * dimensions(), 0f);
    }
    return flat;
  }

  static float[] flat(float[][] rows, int columns) {
    if ((long) rows.length * columns > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          rows.length + " vectors of " + columns + " do not fit in one array");
    }
    float[] flat = new float[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * columns, columns);
    }
    return flat;
  }

  /** Writes the vector of a person; false where nothing is known. */
  private boolean vector(Profile profile, float[] vector) {
    if (profile.stored() && profile.user() >= 0) {
      System.arraycopy(users[profile.user()], 0, vector, 0, vector.length);
      return !isZero(vector);
    }
    Arrays.fill(vector, factors, vector.length, 1f);
    if (exact || profile.user() < 0 || isZero(users[profile.user()])) {
      return foldIn.vector(profile.history(), vector);
    }
    History before = data.interactions().history(profile.user()).distinct();
    History now = profile.history().distinct();
    if (Arrays.equals(before.items(), now.items())
        && Arrays.equals(before.values(), now.values())) {
      System.arraycopy(users[profile.user()], 0, vector, 0, vector.length);
      return true;
    }
    boolean known = foldIn.vector(now, vector);
    addLearned(users[profile.user()], before, now, vector);
    return known;
  }

  /**
   * Adds what training found of a user beyond the fold-in of the history it had, as far as that
   * history is part of the new one.
   */
  void addLearned(float[] user, History before, History now, float[] vector) {
    float share = share(before, now);
    float[] folded = new float[vector.length];
    if (share > 0 && foldIn.vector(before, folded)) {
      Kernels.addScaled(vector, user, share, 0, factors);
      Kernels.addScaled(vector, folded, -share, 0, factors);
    }
  }

  /** The share of the positive items of one history that another has; both distinct. */
  private static float share(History of, History in) {
    int positive = 0;
    int both = 0;
    for (int h = 0; h < of.size(); h++) {
      if (of.values()[h] > 0) {
        positive++;
        int place = Arrays.binarySearch(in.items(), of.items()[h]);
        both += place >= 0 && in.values()[place] > 0 ? 1 : 0;
      }
    }
    return positive == 0 ? 0 : (float) both / positive;
  }

  @Override
  public Scorer scorer() {
    return new FactorScorer();
  }

  /** The items whose vectors have the largest cosines with that of the item. */
  @Override
  public List<Neighbor> similarItems(int item, int n) {
    return nearest(items[item], items, item, n, data.items()::id);
  }

  /** The known users whose vectors have the largest cosines with that of the person. */
  @Override
  public List<Neighbor> similarUsers(Profile profile, int n) {
    float[] vector = new float[dimensions()];
    return vector(profile, vector)
        ? nearest(vector, users, profile.user(), n, data.users()::id)
        : List.of();
  }

  private List<Neighbor> nearest(
      float[] to, float[][] rows, int self, int n, IntFunction<String> id) {
    if (isZero(to)) {
      return List.of();
    }
    double length = Math.sqrt(Kernels.dot(to, to, factors));
    TopN best = new TopN(n);
    for (int row = 0; row < rows.length; row++) {
      double own = Math.sqrt(Kernels.dot(rows[row], rows[row], factors));
      if (row != self && own > 0) {
        best.offer(row, (float) (Kernels.dot(to, rows[row], factors) / (own * length)));
      }
    }
    int size = best.sort();
    List<Neighbor> neighbors = new ArrayList<>(size);
    for (int rank = 0; rank < size; rank++) {
      neighbors.add(new Neighbor(id.apply(best.items()[rank]), best.scores()[rank], -1));
    }
    return neighbors;
  }

  /**
   * Each item of the history with its part of the score by the exact decomposition of the fold-in
   * (Hu, Koren and Volinsky 2008, section 5). What is not of the history is the base: the bias of
   * an item, what all people have in common, and what training found of the person beyond the
   * fold-in. The similarity is that of the two items as the person sees them, {@code y(i)^T A^-1
   * y(j)}.
   *
   * <p>A part is the share that an item has of the score, not what the score would lose without the
   * item: that would change A, too, and with it the parts of all other items.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] chosen, int limit) {
    float[] vector = new float[dimensions()];
    Optional<FoldIn.Contributions> parts =
        vector(profile, vector) ? foldIn.contributions(profile.history()) : Optional.empty();
    return Arrays.stream(chosen)
        .mapToObj(item -> parts.flatMap(found -> explain(profile, vector, found, item, limit)))
        .toList();
  }

  private Optional<Explanation> explain(
      Profile profile, float[] vector, FoldIn.Contributions parts, int item, int limit) {
    Cancellation.check();
    if (isZero(items[item])) {
      return Optional.empty();
    }
    double[] similarities = parts.similarities(item);
    double sum = 0;
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    for (int j = 0; j < parts.size(); j++) {
      double part = similarities[j] * parts.pull(j);
      sum += part;
      if (part != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(parts.item(j)), parts.value(j), similarities[j], part));
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    boolean solved = exact && (info.updates() == 0 || !profile.stored());
    double base = solved ? 0 : Kernels.dot(vector, items[item], vector.length) - sum;
    base = exact && Math.abs(base) < ROUNDING ? 0 : base; // solved for since
    return Optional.of(Explanation.BecauseOfItems.of(base, reasons, limit));
  }

  /** The vectors of the items, by factor: shape {@code float[dimensions][items]}. */
  private float[][] byFactor() {
    float[][] made = byFactor;
    if (made == null) {
      made = new float[dimensions()][items.length];
      for (int from = 0; from < items.length; from += BLOCK) {
        int to = Math.min(items.length, from + BLOCK);
        for (int k = 0; k < made.length; k++) {
          for (int item = from; item < to; item++) {
            made[k][item] = items[item][k];
          }
        }
      }
      byFactor = made;
    }
    return made;
  }

  @Override
  public String toString() {
    return info.algorithm() + " " + info.parameters();
  }

  /** Block by block of items, for all people of a batch. */
  private final class FactorScorer implements Scorer {
    private final float[] sums = new float[items.length];

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      float[][] columns = byFactor();
      int count = items.length;
      float[][] vectors = new float[profiles.size()][];
      for (int row = 0; row < vectors.length; row++) {
        float[] vector = new float[columns.length];
        vectors[row] = vector(profiles.get(row), vector) ? vector : new float[0];
      }
      for (int from = 0; from < count; from += BLOCK) {
        int to = Math.min(count, from + BLOCK);
        for (int row = 0; row < vectors.length; row++) {
          Arrays.fill(sums, from, to, vectors[row].length == 0 ? Float.NaN : 0f);
          Kernels.addColumns(sums, columns, vectors[row], from, to);
          System.arraycopy(sums, from, scores, row * count + from, to - from);
        }
      }
      Scorer.infinityToNaN(scores, 0, vectors.length * count);
      for (int row = 0; row < vectors.length; row++) {
        for (int item : unscored) {
          scores[row * count + item] = Float.NaN;
        }
      }
    }
  }
}
