package io.kindred.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The models of gradient descent: {@link Bpr}, {@link Warp} and {@link LogisticMf}. */
class StochasticDescentTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, (s, d, t, n) -> {});

  /** Tastes in groups, 600 people, 300 items; the last item of each person is held out. */
  private static final World WORLD = World.make(600, 300, 6);

  private record World(Dataset train, int[] heldOut, List<Set<Integer>> done) {
    static World make(int users, int items, int groups) {
      Random random = new Random(9);
      Interactions.Builder rows = Interactions.builder();
      int[] heldOut = new int[users];
      List<Set<Integer>> all = new ArrayList<>();
      for (int user = 0; user < users; user++) {
        Set<Integer> done = new HashSet<>();
        while (done.size() < 40) {
          boolean own = random.nextInt(10) < 7;
          int item =
              random.nextInt(items / groups) * groups + (own ? user : random.nextInt(99)) % groups;
          if (done.add(item) && done.size() < 40) {
            rows.add(user, item, 1f);
          } else {
            heldOut[user] = item;
          }
        }
        done.remove(heldOut[user]);
        all.add(done);
      }
      return new World(
          Dataset.of("groups", ids("u", users), ids("i", items), rows.build(users, items)),
          heldOut,
          all);
    }

    /** The share of items not done that score below the held-out one, over all users. */
    double auc(FactorModel model) {
      double sum = 0;
      for (int user = 0; user < heldOut.length; user++) {
        float[] scores = ImplicitAlsTest.scores(model, new Profile(user, History.empty()));
        sum += auc(user, scores);
      }
      return sum / heldOut.length;
    }

    double auc(int user, float[] scores) {
      int below = 0;
      int others = 0;
      for (int item = 0; item < scores.length; item++) {
        if (item != heldOut[user] && !done.get(user).contains(item)) {
          others++;
          below += scores[item] < scores[heldOut[user]] ? 1 : 0;
        }
      }
      return (double) below / others;
    }
  }

  private static Vocabulary ids(String prefix, int count) {
    return Vocabulary.of(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
  }

  private static final Bpr BPR = new Bpr(16, 60, 0.05, 0.02);
  private static final Warp WARP = new Warp(16, 30, 0.005, 1, 1.5, 30);

  /** The loop of the paper, one thread, doubles, nothing clever. */
  @Test
  void bpr_oneThreadAndTwoWithoutLocks_reachTheAucOfThePlainLoop() {
    Random random = new Random(2);
    PositivePairs pairs = new PositivePairs(WORLD.train.interactions());
    double[][] users = normal(random, 600, 16);
    double[][] items = normal(random, 300, 16);
    for (int step = 0; step < BPR.epochs() * pairs.size(); step++) {
      int pair = random.nextInt(pairs.size());
      double[] x = users[pairs.users[pair]];
      double[] y = items[pairs.items[pair]];
      int other = random.nextInt(300);
      while (WORLD.done.get(pairs.users[pair]).contains(other)) {
        other = random.nextInt(300);
      }
      double[] z = items[other];
      double difference = 0;
      for (int k = 0; k < 16; k++) {
        difference += x[k] * y[k] - x[k] * z[k];
      }
      double g = 1 / (1 + Math.exp(difference));
      for (int k = 0; k < 16; k++) {
        double ofUser = x[k];
        x[k] += BPR.learningRate() * (g * (y[k] - z[k]) - BPR.regularization() * x[k]);
        y[k] += BPR.learningRate() * (g * ofUser - BPR.regularization() * y[k]);
        z[k] += BPR.learningRate() * (-g * ofUser - BPR.regularization() * z[k]);
      }
    }
    double plain = auc(users, items);
    assertThat(plain).isGreaterThan(0.71);
    for (int threads : new int[] {1, 2}) {
      assertThat(WORLD.auc(BPR.train(WORLD.train, pairs, CONTEXT, threads)))
          .as("%d threads", threads)
          .isCloseTo(plain, within(0.02));
    }
  }

  @Test
  void warp_oneThreadAndTwoWithoutLocks_reachTheAucOfThePlainLoop() {
    Random random = new Random(2);
    PositivePairs pairs = new PositivePairs(WORLD.train.interactions());
    double[][] users = normal(random, 600, 16);
    double[][] items = normal(random, 300, 16);
    for (int step = 0; step < WARP.epochs() * pairs.size(); step++) {
      int pair = random.nextInt(pairs.size());
      int user = pairs.users[pair];
      double[] x = users[user];
      double[] y = items[pairs.items[pair]];
      for (int drawn = 1; drawn <= WARP.maxSampled(); drawn++) {
        int other = random.nextInt(300);
        while (WORLD.done.get(user).contains(other)) {
          other = random.nextInt(300);
        }
        double[] z = items[other];
        if (dot(x, z) > dot(x, y) - WARP.margin()) {
          double weight = 0;
          for (int rank = 1; rank <= 299 / drawn; rank++) {
            weight += 1.0 / rank;
          }
          for (int k = 0; k < 16; k++) {
            double ofUser = x[k];
            x[k] += WARP.learningRate() * weight * (y[k] - z[k]);
            y[k] += WARP.learningRate() * weight * ofUser;
            z[k] -= WARP.learningRate() * weight * ofUser;
          }
          for (double[] vector : new double[][] {x, y, z}) {
            double length = Math.sqrt(dot(vector, vector));
            for (int k = 0; k < 16 && length > WARP.maxNorm(); k++) {
              vector[k] *= WARP.maxNorm() / length;
            }
          }
          break;
        }
      }
    }
    double plain = auc(users, items);
    assertThat(plain).isGreaterThan(0.71);
    for (int threads : new int[] {1, 2}) {
      FactorModel model = WARP.train(WORLD.train, pairs, CONTEXT, threads);
      assertThat(WORLD.auc(model)).as("%d threads", threads).isCloseTo(plain, within(0.02));
      for (float[] item : model.items()) {
        assertThat(ImplicitAlsTest.dot(item, item)).isLessThan(1.5 * 1.5 + 1e-4);
      }
    }
  }

  private static double auc(double[][] users, double[][] items) {
    double sum = 0;
    for (int user = 0; user < users.length; user++) {
      float[] scores = new float[items.length];
      for (int item = 0; item < scores.length; item++) {
        scores[item] = (float) dot(users[user], items[item]);
      }
      sum += WORLD.auc(user, scores);
    }
    return sum / users.length;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double[][] normal(Random random, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      Arrays.setAll(row, k -> random.nextGaussian() / Math.sqrt(columns));
    }
    return matrix;
  }

  /**
   * Half an epoch with so many draws that the estimate is exact to some percent: the step of the
   * formula, over all pairs.
   */
  @Test
  void logisticMf_firstStep_goesAlongTheGradientOverAllPairs() {
    LogisticMf trainer = new LogisticMf(4, 1, 0.1, 0.5, 2, Weighting.VALUE, 20_000);
    Dataset data = ImplicitAlsTest.events(12, 9);
    LogisticMf.Training training = trainer.new Training(data, CONTEXT);
    PositivePairs pairs = new PositivePairs(data.interactions());
    int n = 6;
    float[][] before = Arrays.stream(training.users).map(float[]::clone).toArray(float[][]::new);
    float[][] items = Arrays.stream(training.items).map(float[]::clone).toArray(float[][]::new);
    training.epoch(1);
    // AdaGrad's first step has the length of the learning rate: its direction is the sign
    int compared = 0;
    double ofAll = 20_000.0 * pairs.size() / (12 * 9);
    for (int user = 0; user < 12; user++) {
      double[] gradient = new double[n];
      for (int item = 0; item < 9; item++) {
        double p = 1 / (1 + Math.exp(-ImplicitAlsTest.dot(before[user], items[item])));
        float value = data.interactions().matrix().get(user, item);
        double slope = (value > 0 ? 2 * value * (1 - p) : 0) - ofAll * p;
        for (int k = 0; k < n; k++) {
          gradient[k] += slope * items[item][k];
        }
      }
      for (int k = 0; k < 5; k++) { // the fifth is the bias, the sixth stays 1
        double whole = gradient[k] - (k < 4 ? 0.5 * before[user][k] : 0);
        double noise = 0.05 * ofAll * 9 * 0.01;
        if (Math.abs(whole) > noise) {
          assertThat((double) training.users[user][k] - before[user][k])
              .isCloseTo(0.1 * Math.signum(whole), within(1e-3));
          compared++;
        }
      }
      assertThat(training.users[user][5]).isEqualTo(1f);
    }
    assertThat(compared).isGreaterThan(30);
  }

  @Test
  void logisticMf_groups_areFound() {
    LogisticMf trainer = new LogisticMf(16, 40, 0.2, 2, 1, Weighting.VALUE, 5);
    FactorModel model = trainer.train(WORLD.train, CONTEXT);
    assertThat(WORLD.auc(model)).isGreaterThan(0.71);
    assertThat(model.dimensions()).isEqualTo(17); // and the bias of the item
  }

  /** 600 people with 39 items each, 300 items with 78 people each: 0.43 (6.2 + 8.8). */
  @Test
  void logisticMf_regularizationLeftToTheData_isANumberInTheModel() {
    LogisticMf auto = LogisticMf.of(Parameters.of(Map.of("epochs", "1", "factors", "2")));
    assertThat(auto.parameters().asMap()).containsEntry("regularization", "auto");
    assertThat(auto.resolved(WORLD.train).regularization()).isCloseTo(6.48, within(0.01));
    assertThat(auto.train(WORLD.train, CONTEXT).info().parameters())
        .isEqualTo(auto.resolved(WORLD.train).parameters());
    LogisticMf given = LogisticMf.of(Parameters.of(Map.of("regularization", "0.7")));
    assertThat(given.resolved(WORLD.train)).isSameAs(given);
  }

  static Stream<Trainer<FactorModel>> trainers() {
    return Stream.of(BPR, WARP, new LogisticMf(16, 40, 0.2, 2, 1, Weighting.VALUE, 5));
  }

  /** Somebody unknown gets lists nearly as good as if training had known them. */
  @ParameterizedTest
  @MethodSource("trainers")
  void foldIn_unseenUser_isServedNearlyAsWell(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(WORLD.train, CONTEXT);
    double sum = 0;
    for (int user = 0; user < 600; user++) {
      Profile unseen = Profile.unseen(WORLD.train.interactions().history(user));
      sum += WORLD.auc(user, ImplicitAlsTest.scores(model, unseen));
    }
    assertThat(sum / 600).isGreaterThan(WORLD.auc(model) - 0.02);
  }

  /** A live event of a known person makes the list no worse than what training found. */
  @ParameterizedTest
  @MethodSource("trainers")
  void foldIn_knownUserWithLiveEvents_isServedAsWell(Trainer<FactorModel> trainer) {
    Interactions whole = WORLD.train.interactions();
    Interactions.Builder rows = Interactions.builder();
    for (int user = 0; user < 600; user++) {
      int end = whole.starts()[user + 1];
      for (int p = whole.starts()[user]; p < end - 2; p++) { // the last two come after training
        rows.add(user, whole.items()[p], 1f);
      }
    }
    FactorModel model = trainer.train(WORLD.train.withInteractions(rows.build(600, 300)), CONTEXT);
    double live = 0;
    for (int user = 0; user < 600; user++) {
      History before = model.data().interactions().history(user);
      float[] trained = ImplicitAlsTest.scores(model, new Profile(user, before));
      assertThat(ImplicitAlsTest.scores(model, Profile.live(user, before))).isEqualTo(trained);

      Profile now = Profile.live(user, whole.history(user));
      live += WORLD.auc(user, ImplicitAlsTest.scores(model, now));
    }
    assertThat(live / 600).isGreaterThan(0.97 * WORLD.auc(model));
  }

  /** A history that has nothing to do with the stored one is that of a stranger. */
  @ParameterizedTest
  @MethodSource("trainers")
  void foldIn_knownUserWithAnotherHistory_isServedAsAStranger(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(WORLD.train, CONTEXT);
    int[] others =
        IntStream.range(0, 300)
            .filter(item -> !WORLD.done.get(7).contains(item))
            .limit(9)
            .toArray();
    History history = History.of(others);
    assertThat(ImplicitAlsTest.scores(model, Profile.live(7, history)))
        .isEqualTo(ImplicitAlsTest.scores(model, Profile.unseen(history)));
    assertThat(ImplicitAlsTest.scores(model, Profile.live(7, History.empty())))
        .isEqualTo(ImplicitAlsTest.scores(model, Profile.unseen(History.empty())));
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void explain_knownAndUnseen_partsAndBaseSumToTheScore(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(WORLD.train, CONTEXT);
    History history = WORLD.train.interactions().history(5);
    History longer = History.of(IntStream.range(0, 60).toArray());
    for (Profile profile :
        List.of(new Profile(5, history), Profile.unseen(history), Profile.live(5, longer))) {
      float[] scores = ImplicitAlsTest.scores(model, profile);
      for (int item = 0; item < 300; item += 7) {
        var why = (Explanation.BecauseOfItems) model.explain(profile, item, 3).orElseThrow();
        double listed =
            why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
        assertThat(why.base() + listed + why.rest()).isCloseTo(scores[item], within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_onlyDislikesOrEverythingDone_servesNothingOrAll(Trainer<FactorModel> trainer) {
    Interactions.Builder dislikes = Interactions.builder();
    dislikes.add(0, 0, -1f);
    Dataset none = Dataset.of("dislikes", ids("u", 1), ids("i", 2), dislikes.build(1, 2));
    assertThat(
            ImplicitAlsTest.scores(trainer.train(none, CONTEXT), new Profile(0, History.empty())))
        .containsOnly(Float.NaN);
    Interactions.Builder everything = Interactions.builder();
    everything.add(0, 0, 1f);
    everything.add(0, 1, 1f);
    Dataset all = Dataset.of("all", ids("u", 1), ids("i", 2), everything.build(1, 2));
    for (float score :
        ImplicitAlsTest.scores(trainer.train(all, CONTEXT), new Profile(0, History.empty()))) {
      assertThat(score).isFinite();
    }
  }

  @Test
  void bpr_enormousLearningRate_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> new Bpr(16, 50, 1e4, 0).train(WORLD.train, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("bpr: the vectors grew beyond all bounds in epoch")
        .hasMessageContaining("smaller learningRate");
    assertThatThrownBy(() -> Bpr.of(Parameters.of(Map.of("learningRate", "0"))))
        .hasMessage("bpr: learningRate must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> Warp.of(Parameters.of(Map.of("maxSampled", "0"))))
        .hasMessage("warp: maxSampled must be at least 1, got 0");
    assertThatThrownBy(() -> LogisticMf.of(Parameters.of(Map.of("negatives", "0"))))
        .hasMessage("logistic-mf: negatives must be at least 1, got 0");
  }
}
