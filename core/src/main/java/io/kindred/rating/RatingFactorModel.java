package io.kindred.rating;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Cancellation;
import io.kindred.DatasetUpdate;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.IncrementalModel;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.RatingPredictor;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.ValueRange;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Vectors and biases of people and items, the model of {@link BiasedMf}, {@link SvdPlusPlus},
 * {@link ExplicitAls} and {@link Nmf}.
 *
 * <pre>r(u, i) = mean + b(u) + b(i) + q(i) . x(u)</pre>
 *
 * <p>Bias and vector of a person minimize the squared error over the history with all items held
 * still (see {@link BiasedMf}; with {@link Nmf} no number of the vector is below 0). Those of
 * people in the data are kept; anybody else, and anybody whose history has gone on, is solved for
 * when asked for, in the same way: the same history gives the same predictions. Costs O(history *
 * factors^2 + factors^3) for that, and O(factors) an item.
 *
 * <p>Somebody without history has no bias and a vector of zeros; items without ratings are
 * predicted by {@code mean + b(u)}, and cannot be scored. Immutable, thread-safe.
 */
public final class RatingFactorModel
    implements IncrementalModel, RatingPredictor, Explainer, SimilarItems {
  private static final int BLOCK = 16;

  private final ModelInfo info;
  private final Dataset data;
  private final ItemSide items;
  private final float[][] people; // [users][1 + factors]: b, x
  private final boolean[] rated;
  private final ValueRange range;

  private RatingFactorModel(ModelInfo info, Dataset data, ItemSide items, float[][] people) {
    this.info = info;
    this.data = data;
    this.items = items;
    this.people = people;
    int[] counts = data.interactions().itemCounts();
    rated = new boolean[counts.length];
    for (int item = 0; item < counts.length; item++) {
      rated[item] = counts[item] > 0;
    }
    range = ValueRange.of(data.interactions());
  }

  /** A model of given items: the people of the data are solved for. */
  static RatingFactorModel of(
      Function<Dataset, ModelInfo> info, Dataset data, ItemSide items, int threads) {
    Interactions interactions = data.interactions();
    float[][] people = new float[interactions.userCount()][];
    int[] all = IntStream.range(0, people.length).toArray();
    solve(all, user -> interactions.history(user).distinct(), items, people, threads);
    return new RatingFactorModel(info.apply(data), data, items, people);
  }

  /** Solves for bias and vector of some rows, the other side held still. */
  private static void solve(
      int[] which, IntFunction<History> ratings, ItemSide others, float[][] solved, int threads) {
    Parallel.forBlocks(
        threads,
        which.length,
        BLOCK,
        () -> {
          PersonSolver solver = new PersonSolver(others);
          return (from, to) -> {
            for (int w = from; w < to; w++) {
              solver.enter(ratings.apply(which[w]));
              solved[which[w]] = solver.solve();
            }
          };
        });
  }

  /**
   * Takes in ratings that came after training. Bias and vector of an item minimize the squared
   * error over those who rated it, with their biases and vectors held still and regularized as
   * people are: ridge regression. The mean stays, and where the model has a y, that of a new item
   * is 0. People of the delta, and those who rated an item that was solved for, are solved for
   * again. Costs O(n factors^2 + factors^3) for each row of n ratings that is solved for.
   */
  @Override
  public RatingFactorModel update(DatasetUpdate update, TrainingContext context) {
    update.checkIsOf(data);
    Dataset larger = update.after();
    Interactions all = larger.interactions();
    Ratings.checkRange(info.algorithm(), larger);
    float[][] newPeople = Arrays.copyOf(people, all.userCount());
    for (int user = people.length; user < newPeople.length; user++) {
      newPeople[user] = new float[factors() + 1];
    }
    ItemSide newItems = items.grown(all.itemCount());
    IntFunction<History> histories = user -> all.history(user).distinct();
    solve(update.users(), histories, newItems, newPeople, context.threads());

    Interactions.ByItem byItem = all.byItem();
    float[][] solved = new float[all.itemCount()][];
    solve(
        update.items(),
        item -> ratingsOf(item, all, byItem),
        ItemSide.ofPeople(items.mean(), newPeople, items.penalty()),
        solved,
        context.threads());
    BitSet moved = new BitSet();
    Arrays.stream(update.users()).forEach(moved::set);
    for (int item : update.items()) {
      newItems.biases()[item] = solved[item][0];
      newItems.factors()[item] = Arrays.copyOfRange(solved[item], 1, solved[item].length);
      for (int p = byItem.starts()[item]; p < byItem.starts()[item + 1]; p++) {
        moved.set(byItem.users()[p]);
      }
    }
    solve(moved.stream().toArray(), histories, newItems, newPeople, context.threads());
    return new RatingFactorModel(info.updated(larger), larger, newItems, newPeople);
  }

  /** Who rated an item, each once; of repeats the last rating counts. */
  private static History ratingsOf(int item, Interactions all, Interactions.ByItem byItem) {
    int from = byItem.starts()[item];
    int to = byItem.starts()[item + 1];
    float[] ratings = new float[to - from];
    for (int p = from; p < to; p++) {
      ratings[p - from] = all.values()[byItem.entries()[p]];
    }
    return new History(
            Arrays.copyOfRange(byItem.users(), from, to), ratings, new long[ratings.length])
        .distinct();
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** How long the vectors are. */
  public int factors() {
    return items.factorCount();
  }

  ItemSide items() {
    return items;
  }

  /** Bias and vector of a person, {@code float[1 + factors]}. */
  private float[] person(Profile profile) {
    if (profile.stored()) {
      return people[profile.user()];
    }
    PersonSolver solver = new PersonSolver(items);
    solver.enter(profile.history().distinct());
    return solver.solve();
  }

  private float rating(float[] person, int item) {
    float[] q = items.factors()[item];
    double sum = items.baseline(item) + person[0];
    for (int k = 0; k < q.length; k++) {
      sum += (double) q[k] * person[k + 1];
    }
    return (float) sum;
  }

  @Override
  public float[] predict(Profile profile, int[] asked) {
    float[] person = person(profile);
    float[] ratings = new float[asked.length];
    for (int i = 0; i < asked.length; i++) {
      ratings[i] = range.clip(rating(person, asked[i]));
    }
    return ratings;
  }

  /** Predicted ratings, not clipped, as scores; items without ratings cannot be scored. */
  @Override
  public Scorer scorer() {
    return (profiles, scores) -> {
      for (int row = 0; row < profiles.size(); row++) {
        float[] person = person(profiles.get(row));
        for (int item = 0; item < rated.length; item++) {
          scores[row * rated.length + item] = rated[item] ? rating(person, item) : Float.NaN;
        }
        Scorer.infinityToNaN(scores, row * rated.length, (row + 1) * rated.length);
      }
    };
  }

  /** The items with the largest cosines of vectors, those above 0 only. */
  @Override
  public List<Neighbor> similarItems(int item, int n) {
    TopN top = new TopN(n);
    double norm = Math.sqrt(dot(item, item));
    for (int other = 0; other < rated.length; other++) {
      double cosine = dot(item, other) / (norm * Math.sqrt(dot(other, other)));
      if (other != item && cosine > 0) {
        top.offer(other, (float) cosine);
      }
    }
    int size = top.sort();
    List<Neighbor> neighbors = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      neighbors.add(new Neighbor(data.items().id(top.items()[rank]), top.scores()[rank], -1));
    }
    return neighbors;
  }

  private double dot(int first, int second) {
    float[] a = items.factors()[first];
    float[] b = items.factors()[second];
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }

  /**
   * The base is the item's level, mean + b(i). The person's bias and vector are a linear function
   * of the ratings in the history, so that each of them has a part; they sum to the prediction
   * before it is clipped. The similarity is what a star more for the one would add to the other.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] asked, int limit) {
    History history = profile.history().distinct();
    PersonSolver solver = new PersonSolver(items);
    solver.enter(history);
    double[] parts = new double[history.size()];
    double[] similarities = new double[history.size()];
    List<Optional<Explanation>> explanations = new ArrayList<>();
    for (int item : asked) {
      Cancellation.check();
      if (history.isEmpty() || !rated[item]) {
        explanations.add(Optional.empty());
        continue;
      }
      solver.explain(item, parts, similarities);
      List<Explanation.ItemReason> reasons = new ArrayList<>();
      for (int h = 0; h < parts.length; h++) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(history.items()[h]),
                history.values()[h],
                similarities[h],
                parts[h]));
      }
      explanations.add(
          Optional.of(Explanation.BecauseOfItems.of(items.baseline(item), reasons, limit)));
    }
    return explanations;
  }

  @Override
  public String toString() {
    return info.algorithm() + " " + info.parameters();
  }

  /**
   * The arrays of a bundle.
   *
   * @param penalty of people, by the hyperparameters
   * @param hasImplicit whether there is a y
   */
  record Codec(Function<ModelInfo, PersonPenalty> penalty, boolean hasImplicit)
      implements ModelCodec<RatingFactorModel> {
    @Override
    public void write(RatingFactorModel model, ArrayWriter out) {
      out.floats("mean", new float[] {model.items.mean()});
      out.floats("item.biases", model.items.biases());
      write("item.factors", model.items.factors(), model.factors(), out);
      if (hasImplicit) {
        write("item.implicit", model.items.implicit(), model.factors(), out);
      }
      write("people", model.people, model.factors() + 1, out);
    }

    private static void write(String name, float[][] rows, int columns, ArrayWriter out) {
      float[] flat = new float[rows.length * columns];
      for (int row = 0; row < rows.length; row++) {
        System.arraycopy(rows[row], 0, flat, row * columns, columns);
      }
      out.floats(name, flat, rows.length, columns);
    }

    @Override
    public RatingFactorModel read(ModelInfo info, Dataset data, ArrayReader in) {
      int count = data.items().size();
      int[] shape = in.shape("item.factors");
      if (shape.length != 2) {
        throw in.wrong("item.factors", "has " + shape.length + " dimensions, not 2");
      }
      int factors = shape[1];
      ItemSide items =
          new ItemSide(
              in.floats("mean", 1)[0],
              in.floats("item.biases", count),
              rows("item.factors", in, count, factors),
              hasImplicit ? rows("item.implicit", in, count, factors) : new float[0][],
              penalty.apply(info));
      return new RatingFactorModel(
          info, data, items, rows("people", in, data.users().size(), factors + 1));
    }

    private static float[][] rows(String name, ArrayReader in, int count, int columns) {
      float[] flat = in.floats(name, count, columns);
      float[][] rows = new float[count][];
      for (int row = 0; row < count; row++) {
        rows[row] = Arrays.copyOfRange(flat, row * columns, (row + 1) * columns);
      }
      return rows;
    }
  }
}
