package io.kindred.eval;

import io.kindred.Model;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.RatingPredictor;
import io.kindred.Scorer;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.metric.Auc;
import io.kindred.metric.ItemStatistics;
import io.kindred.metric.ListMetric;
import io.kindred.metric.Metric;
import io.kindred.metric.RankedList;
import io.kindred.metric.RatingMetric;
import io.kindred.metric.SystemMetric;
import io.kindred.recommend.ModelRecommender;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.TopN;
import io.kindred.split.HeldOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model, or any source of lists, on a held-out part. Immutable, thread-safe.
 *
 * <p>Blocks of people are scored against the whole catalogue by several threads. One list a person,
 * as long as the largest cut-off, serves all list metrics. What a person has seen (the history of
 * the held-out part) is left out, NaN never enters a list, ties go to the lower item index. Values
 * do not depend on the number of threads.
 *
 * <p>A person with train interactions is scored as the user that the model knows, with the history
 * of the held-out part ({@link Profile#of}): where it has more in it than train, as the test part
 * has beside a validation part, every model goes by all of it. Anybody else is scored through
 * {@link Profile#unseen}, and counted apart. People without held-out items are left out and
 * counted.
 *
 * <p>Cost: what the model needs to score all people, plus O(items) a person for the list.
 */
public final class Evaluator {
  private static final int BLOCK_SCORES = 1 << 18;
  private static final int MOST_USERS = 128;

  private final Protocol protocol;
  private final int threads;

  /**
   * An evaluator.
   *
   * @param threads at least 1
   */
  public Evaluator(Protocol protocol, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    this.protocol = protocol;
    this.threads = threads;
  }

  /**
   * Measures a model. Metrics of ratings are measured where the model is a {@link RatingPredictor}.
   * Where the protocol wants lists as served, they come from a {@link ModelRecommender} that fills
   * them up by popularity, one person at a time; {@code auc} and ratings are of the model all the
   * same.
   *
   * @param train what the model was trained on
   * @param part what it is asked for
   * @throws IllegalArgumentException if the model's catalogue is not that of the data
   */
  public Evaluation evaluate(Model model, Dataset train, HeldOut part, ProgressListener progress) {
    if (model.data().items().size() != train.items().size()
        || model.data().users().size() != train.users().size()) {
      throw new IllegalArgumentException(
          "the model knows "
              + model.data().users().size()
              + " users and "
              + model.data().items().size()
              + " items, the data "
              + train.users().size()
              + " and "
              + train.items().size());
    }
    return new Run(new Source(model, null), train, part, progress).evaluation();
  }

  /**
   * Measures lists, among all items. {@code auc} and metrics of ratings cannot be measured.
   *
   * @param train what popularity and similarity of items are taken from
   * @param part what is asked for
   * @throws IllegalArgumentException if a list has an item twice, one from the history, or one that
   *     does not exist, or if candidates are others than all
   */
  public Evaluation evaluate(
      Ranker ranker, Dataset train, HeldOut part, ProgressListener progress) {
    if (!protocol.candidates().equals(Candidates.ALL)) {
      throw new IllegalArgumentException(
          "lists cannot be measured with candidates " + protocol.candidates().spec());
    }
    return new Run(new Source(null, ranker), train, part, progress).evaluation();
  }

  /** Where lists come from: one of the two. */
  private record Source(@Nullable Model model, @Nullable Ranker ranker) {}

  /** One evaluation. */
  private final class Run {
    private final Source source;
    private final Interactions train;
    private final HeldOut part;
    private final ProgressListener progress;
    private final List<Metric> metrics = protocol.metrics();
    private final int length = protocol.listLength();
    private final int itemCount;
    private final int[] catalogue; // what can be a candidate, ascending
    private final int[] never;
    private final int[] users;
    private final float[][] sums;
    private final int[] ratings;
    private final int[] lists;
    private final int[] historyLengths;
    private final boolean[] unseen;
    private final boolean[] shortList;
    private final boolean[] filled;
    private final @Nullable ModelRecommender served;
    private final ItemStatistics statistics;
    private final float lowest;
    private final float highest;
    private final AtomicInteger done = new AtomicInteger();

    Run(Source source, Dataset train, HeldOut part, ProgressListener progress) {
      this.source = source;
      this.train = train.interactions();
      statistics = ItemStatistics.of(this.train);
      catalogue = catalogue();
      never = complement(catalogue, train.items().size());
      this.part = never.length == 0 ? part : restricted(part);
      this.progress = progress;
      itemCount = train.items().size();
      users = usersWithTargets(this.part.targets());
      Model model = source.model();
      boolean predicts = model instanceof RatingPredictor && protocol.ofRatings();
      sums = new float[metrics.size()][];
      for (int m = 0; m < sums.length; m++) {
        Metric metric = metrics.get(m);
        boolean measured =
            metric instanceof ListMetric
                || (metric instanceof Auc && model != null)
                || (metric instanceof RatingMetric && predicts);
        sums[m] = measured ? Evaluation.missing(users.length) : new float[0];
      }
      ratings = new int[predicts ? users.length : 0];
      lists =
          new int
              [metrics.stream().anyMatch(SystemMetric.class::isInstance)
                  ? Math.multiplyExact(users.length, length)
                  : 0];
      historyLengths = new int[users.length];
      unseen = new boolean[users.length];
      shortList = new boolean[users.length];
      filled = new boolean[users.length];
      served = model != null && protocol.asServed() ? ModelRecommender.of(model) : null;
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (float value : this.train.values()) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      lowest = low;
      highest = high;
    }

    Evaluation evaluation() {
      long start = System.nanoTime();
      int block = Math.max(1, Math.min(MOST_USERS, BLOCK_SCORES / Math.max(1, itemCount)));
      Parallel.forBlocks(threads, users.length, block, Worker::new);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Evaluation(
          metrics,
          users,
          sums,
          ratings,
          lists,
          length,
          historyLengths,
          unseen,
          catalogue,
          itemCount,
          counts(),
          seconds);
    }

    private int[] catalogue() {
      Candidates candidates = protocol.candidates();
      boolean cold = candidates.equals(Candidates.COLD);
      boolean warm = candidates.equals(Candidates.WARM);
      return IntStream.range(0, train.itemCount())
          .filter(item -> cold == warm || cold == (statistics.count(item) == 0))
          .toArray();
    }

    /** The part with those targets that are in the catalogue; their times do not matter here. */
    private HeldOut restricted(HeldOut whole) {
      Interactions targets = whole.targets();
      int[] starts = new int[targets.userCount() + 1];
      int[] items = new int[targets.size()];
      float[] values = new float[targets.size()];
      int size = 0;
      for (int user = 0; user < targets.userCount(); user++) {
        for (int p = targets.starts()[user]; p < targets.starts()[user + 1]; p++) {
          if (Arrays.binarySearch(catalogue, targets.items()[p]) >= 0) {
            items[size] = targets.items()[p];
            values[size++] = targets.values()[p];
          }
        }
        starts[user + 1] = size;
      }
      Interactions kept =
          Interactions.ofColumns(
              targets.itemCount(),
              starts,
              Arrays.copyOf(items, size),
              Arrays.copyOf(values, size),
              null,
              0,
              null,
              List.of());
      return new HeldOut(whole.history(), kept);
    }

    private Evaluation.Counts counts() {
      Interactions targets = part.targets();
      int active = 0;
      for (int user = 0; user < targets.userCount(); user++) {
        active += train.userSize(user) > 0 || targets.userSize(user) > 0 ? 1 : 0;
      }
      int cold = 0;
      for (int item : targets.items()) {
        cold += statistics.count(item) == 0 ? 1 : 0;
      }
      return new Evaluation.Counts(
          users.length,
          active - users.length,
          count(unseen),
          count(shortList),
          targets.size(),
          cold,
          (int) Arrays.stream(historyLengths).filter(length -> length == 0).count(),
          count(filled),
          users.length);
    }

    /** What one thread owns. */
    private final class Worker implements Parallel.Body {
      private final @Nullable Scorer scorer;
      private final TopN top = new TopN(length);
      private final boolean[] hits = new boolean[length];
      private final ItemStatistics ownStatistics = statistics.forThread();
      private final NegativeSampler sampler = new NegativeSampler(train, protocol, never);
      private float[] scores = {};

      Worker() {
        Model model = source.model();
        scorer = model != null && needsScores() ? model.scorer() : null;
      }

      private boolean needsScores() {
        return (length > 0 && served == null) || metrics.stream().anyMatch(Auc.class::isInstance);
      }

      @Override
      public void run(int from, int to) {
        List<Profile> profiles = new ArrayList<>(to - from);
        for (int place = from; place < to; place++) {
          profiles.add(profile(place));
        }
        if (scorer != null) {
          if (scores.length != (to - from) * itemCount) {
            scores = new float[(to - from) * itemCount];
          }
          scorer.score(profiles, scores);
        }
        for (int place = from; place < to; place++) {
          measure(place, profiles.get(place - from), (place - from) * itemCount);
        }
        int measured = done.addAndGet(to - from);
        synchronized (progress) {
          progress.onProgress("evaluate", measured, users.length, "");
        }
      }

      private Profile profile(int place) {
        int user = users[place];
        History history = part.history().history(user);
        unseen[place] = train.userSize(user) == 0;
        return unseen[place] ? Profile.unseen(history) : Profile.of(user, history, train);
      }

      private void measure(int place, Profile profile, int offset) {
        int user = users[place];
        int from = part.targets().starts()[user];
        int to = part.targets().starts()[user + 1];
        int[] targets = Arrays.copyOfRange(part.targets().items(), from, to);
        Arrays.sort(targets);
        int[] seen = profile.history().distinct().items();
        historyLengths[place] = seen.length;
        int[] items = {};
        int size = 0;
        int[] excluded = sampler.excluded(user, seen, targets);
        if (source.ranker() != null && length > 0) {
          items = checked(source.ranker().rank(profile, length), seen, profile);
          size = Math.min(items.length, length);
        } else if (served != null && length > 0) {
          ServedList list = ServedList.of(served, profile, length, served.model().data());
          items = checked(list.items(), seen, profile);
          size = items.length;
          filled[place] = list.filled() > 0;
          shortList[place] = size < Math.min(length, itemCount - excluded.length);
        } else if (scorer != null) {
          top.exclude(excluded);
          size = top.select(scores, offset, itemCount);
          items = top.items();
          shortList[place] = size < Math.min(length, itemCount - excluded.length);
        }
        if (scorer != null) {
          rankAll(place, offset, targets, excluded);
        }
        if (length > 0) {
          measureList(place, targets, items, size);
        }
        if (ratings.length > 0) {
          measureRatings(place, profile, from, to);
        }
      }

      private void measureList(int place, int[] targets, int[] items, int size) {
        for (int rank = 0; rank < size; rank++) {
          hits[rank] = Arrays.binarySearch(targets, items[rank]) >= 0;
        }
        RankedList list = new RankedList(items, size, hits, targets.length, ownStatistics);
        for (int m = 0; m < sums.length; m++) {
          if (metrics.get(m) instanceof ListMetric metric) {
            sums[m][place] = (float) metric.of(list);
          }
        }
        if (lists.length > 0) {
          System.arraycopy(items, 0, lists, place * length, size);
          Arrays.fill(lists, place * length + size, (place + 1) * length, -1);
        }
      }

      private void rankAll(int place, int offset, int[] targets, int[] excluded) {
        for (int m = 0; m < sums.length; m++) {
          if (metrics.get(m) instanceof Auc auc) {
            sums[m][place] = (float) auc.of(scores, offset, targets, excluded, itemCount);
          }
        }
      }

      private void measureRatings(int place, Profile profile, int from, int to) {
        if (!(source.model() instanceof RatingPredictor predictor)) {
          return;
        }
        float[] predicted =
            predictor.predict(profile, Arrays.copyOfRange(part.targets().items(), from, to));
        for (int m = 0; m < sums.length; m++) {
          if (metrics.get(m) instanceof RatingMetric metric) {
            double sum = 0;
            for (int p = from; p < to; p++) {
              float clipped = Math.max(lowest, Math.min(highest, predicted[p - from]));
              sum += metric.loss(clipped, part.targets().values()[p]);
            }
            sums[m][place] = (float) sum;
          }
        }
        ratings[place] = to - from;
      }

      private int[] checked(int[] list, int[] seen, Profile profile) {
        int[] sorted = list.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
          String wrong =
              sorted[i] < 0 || sorted[i] >= itemCount
                  ? "which is outside [0, " + itemCount + ")"
                  : i > 0 && sorted[i] == sorted[i - 1]
                      ? "twice"
                      : Arrays.binarySearch(seen, sorted[i]) >= 0
                          ? "which is in the person's history"
                          : "";
          if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(
                "the list of user " + profile.user() + " has item " + sorted[i] + " " + wrong);
          }
        }
        return list;
      }
    }
  }

  private static int[] complement(int[] sorted, int count) {
    int[] others = new int[count - sorted.length];
    int next = 0;
    int size = 0;
    for (int item = 0; item < count; item++) {
      if (next < sorted.length && sorted[next] == item) {
        next++;
      } else {
        others[size++] = item;
      }
    }
    return others;
  }

  private static int[] usersWithTargets(Interactions targets) {
    int[] users = new int[targets.userCount()];
    int size = 0;
    for (int user = 0; user < users.length; user++) {
      if (targets.userSize(user) > 0) {
        users[size++] = user;
      }
    }
    return Arrays.copyOf(users, size);
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }
}
