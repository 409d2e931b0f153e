package io.kindred.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Biased matrix factorization and SVD++. */
class RatingFactorTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  static Stream<Trainer<RatingFactorModel>> trainers() {
    return Stream.of(
        BiasedMf.defaults().withFactors(6).withEpochs(60).withRegularization(0.03, 0.01),
        SvdPlusPlus.defaults().withFactors(6).withEpochs(60).withRegularization(0.03, 0.01));
  }

  /** Equation 17 as it stands: each rating moves every y of the person. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void descend_oneEpoch_isThePlainLoopOfThePaper(boolean withImplicit) {
    SparseMatrix ratings = tastes(20, 15, 0.5, 3).interactions().matrix();
    int factors = 5;
    RatingDescent fast = new RatingDescent(ratings, factors, withImplicit, 7);
    RatingDescent start = new RatingDescent(ratings, factors, withImplicit, 7);
    double rate = 0.05;
    double biasDecay = 0.02;
    double decay = 0.04;
    double implicitDecay = 0.3;
    RatingDescent.Regularization held =
        new RatingDescent.Regularization(biasDecay, decay, implicitDecay);
    double[] bu = new double[20];
    double[] bi = new double[ratings.columnCount()];
    double[][] p = doubles(start.userFactors);
    double[][] q = doubles(start.itemFactors);
    double[][] y = doubles(start.implicit);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int u = 19; u >= 0; u--) {
        int from = ratings.starts()[u];
        int n = ratings.rowSize(u);
        int[] order = new int[n];
        for (int at = 0; at < n; at++) {
          order[at] = from + (n - 1 - at + epoch) % n;
        }
        for (int place : order) {
          int i = ratings.columns()[place];
          double[] z = new double[factors];
          for (int at = from; at < from + n && withImplicit; at++) {
            for (int k = 0; k < factors; k++) {
              z[k] += y[ratings.columns()[at]][k] / Math.sqrt(n);
            }
          }
          double foretold = start.mean + bu[u] + bi[i];
          for (int k = 0; k < factors; k++) {
            foretold += q[i][k] * (p[u][k] + z[k]);
          }
          double e = ratings.values()[place] - foretold;
          bu[u] += rate * (e - biasDecay * bu[u]);
          bi[i] += rate * (e - biasDecay * bi[i]);
          for (int k = 0; k < factors; k++) {
            double before = q[i][k];
            for (int at = from; at < from + n && withImplicit; at++) {
              double[] row = y[ratings.columns()[at]];
              row[k] += rate * (e * before / Math.sqrt(n) - implicitDecay * row[k]);
            }
            q[i][k] += rate * (e * (p[u][k] + z[k]) - decay * before);
            p[u][k] += rate * (e * before - decay * p[u][k]);
          }
        }
        fast.descend(u, order, n, (float) rate, held);
      }
    }
    assertClose(fast.userFactors, p);
    assertClose(fast.itemFactors, q);
    assertClose(fast.implicit, y);
    assertClose(new float[][] {fast.userBias, fast.itemBias}, new double[][] {bu, bi});
  }

  /** In the minimum all derivatives are 0. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void solve_anyHistory_isTheMinimum(boolean withImplicit) {
    Random random = new Random(3);
    int factors = 4;
    ItemSide items =
        new ItemSide(
            3f,
            randoms(random, 1, 12)[0],
            randoms(random, 12, factors),
            withImplicit ? randoms(random, 12, factors) : new float[0][],
            new PersonPenalty(0.3, 0.2, false, 0));
    PersonSolver solver = new PersonSolver(items);
    for (int n : new int[] {1, 3, 12}) {
      float[] values = randoms(random, 1, n)[0];
      History history = new History(IntStream.range(0, n).toArray(), values, new long[n]);
      solver.enter(history);
      float[] person = solver.solve();
      double[] p = new double[factors];
      for (int k = 0; k < factors; k++) {
        p[k] = person[k + 1];
        for (int j = 0; j < n && withImplicit; j++) {
          p[k] -= items.implicit()[j][k] / Math.sqrt(n);
        }
      }
      double ofBias = -n * 0.3 * person[0];
      double[] ofVector = new double[factors];
      for (int j = 0; j < n; j++) {
        double error = values[j] - 3 - items.biases()[j] - person[0];
        for (int k = 0; k < factors; k++) {
          error -= items.factors()[j][k] * person[k + 1];
        }
        ofBias += error;
        for (int k = 0; k < factors; k++) {
          ofVector[k] += error * items.factors()[j][k];
        }
      }
      assertThat(ofBias).isCloseTo(0, within(1e-4));
      for (int k = 0; k < factors; k++) {
        assertThat(ofVector[k]).isCloseTo(n * 0.2 * p[k], within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void predict_unseenUserWithAKnownHistory_isThatOfTheKnownUser(
      Trainer<RatingFactorModel> trainer) {
    Dataset data = tastes(60, 40, 0.4, 1);
    RatingFactorModel model = trainer.train(data, CONTEXT);
    int[] all = IntStream.range(0, 40).toArray();
    for (int user = 0; user < 60; user++) {
      History history = data.interactions().history(user);
      assertThat(model.predict(Profile.unseen(history), all))
          .isEqualTo(model.predict(new Profile(user, history), all));
    }
  }

  /** Ten people are left out of the training, and folded in afterwards. */
  @ParameterizedTest
  @MethodSource("trainers")
  void predict_peopleWhoComeLater_isNearlyAsGoodAsAfterTrainingWithThem(
      Trainer<RatingFactorModel> trainer) {
    Dataset data = tastes(200, 40, 0.5, 1);
    Interactions all = data.interactions();
    Interactions.Builder allPeople = Interactions.builder();
    Interactions.Builder somePeople = Interactions.builder();
    for (int user = 0; user < 200; user++) {
      int end = all.starts()[user + 1] - (user < 10 ? 5 : 0); // five ratings are foretold
      for (int p = all.starts()[user]; p < end; p++) {
        allPeople.add(user, all.items()[p], all.values()[p]);
        if (user >= 10) {
          somePeople.add(user, all.items()[p], all.values()[p]);
        }
      }
    }
    RatingFactorModel with =
        trainer.train(data.withInteractions(allPeople.build(200, 40)), CONTEXT);
    RatingFactorModel without =
        trainer.train(data.withInteractions(somePeople.build(200, 40)), CONTEXT);
    double[] squares = new double[4];
    int count = 0;
    for (int user = 0; user < 10; user++) {
      History history = all.history(user);
      History known = all.history(all.starts()[user], all.starts()[user + 1] - 5);
      for (int h = history.size() - 5; h < history.size(); h++) {
        int[] item = {history.items()[h]};
        double truth = history.values()[h];
        double folded = without.predict(Profile.unseen(known), item)[0];
        double trained = with.predict(new Profile(user, known), item)[0];
        double level = without.predict(Profile.unseen(History.empty()), item)[0];
        squares[0] += (truth - folded) * (truth - folded);
        squares[1] += (truth - trained) * (truth - trained);
        squares[2] += (truth - level) * (truth - level);
        squares[3] += (folded - trained) * (folded - trained);
        count++;
      }
    }
    for (int s = 0; s < 4; s++) {
      squares[s] = Math.sqrt(squares[s] / count);
    }
    assertThat(squares[0]).isLessThan(1.15 * squares[1]);
    assertThat(squares[0]).isLessThan(0.6 * squares[2]); // far better than knowing nothing
    assertThat(squares[3]).isLessThan(0.25);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void predict_checkerboard_foretellsTheMissingSquares(Trainer<RatingFactorModel> trainer) {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 16; u++) {
      for (int i = 0; i < 16; i++) {
        if (u != i && u != i + 1) {
          board.add(new Interaction("u" + u, "i" + i, (u + i) % 2 == 0 ? 5 : 1));
        }
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    RatingFactorModel model = trainer.train(data, CONTEXT);
    for (int u = 1; u < 16; u++) {
      int user = data.users().index("u" + u);
      int[] items = {data.items().index("i" + u), data.items().index("i" + (u - 1))};
      float[] ratings = model.predict(new Profile(user, data.interactions().history(user)), items);
      assertThat(ratings[0]).isGreaterThan(4.2f);
      assertThat(ratings[1]).isLessThan(1.8f);
    }
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void explain_anyItem_partsSumToTheScore(Trainer<RatingFactorModel> trainer) {
    Dataset data = tastes(30, 20, 0.4, 1);
    RatingFactorModel model = trainer.train(data, CONTEXT);
    float[] scores = new float[20];
    for (int user = 0; user < 30; user++) {
      Profile profile = new Profile(user, data.interactions().history(user));
      model.scorer().score(profile, scores);
      for (int item = 0; item < 20; item++) {
        var why = (Explanation.BecauseOfItems) model.explain(profile, item, 3).orElseThrow();
        double listed =
            why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
        assertThat(why.base() + listed + why.rest()).isCloseTo(scores[item], within(1e-4));
        assertThat(why.reasons()).hasSizeLessThanOrEqualTo(3).allMatch(r -> r.contribution() > 0);
        assertThat(why.against()).hasSizeLessThanOrEqualTo(3).allMatch(r -> r.contribution() < 0);
        assertThat(why.reasons().size() + why.against().size()).isGreaterThanOrEqualTo(3);
      }
    }
    assertThat(model.explain(Profile.unseen(History.empty()), 1, 3)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_oneRatingEverywhere_isRefused(Trainer<RatingFactorModel> trainer) {
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < 8; u++) {
      for (int i = 0; i < 8; i++) {
        all.add(new Interaction("u" + u, "i" + i, 3));
      }
    }
    assertThatThrownBy(() -> trainer.train(Dataset.of("content", all), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("all 64 values of 'content' are 3.0");
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void predict_withoutRatings_fallsBackToTheLevel(Trainer<RatingFactorModel> trainer) {
    Interactions.Builder rows = Interactions.builder();
    for (int user = 0; user < 4; user++) {
      rows.add(user, 0, 5);
      rows.add(user, 1, 2);
    }
    Dataset data =
        Dataset.of(
            "idle",
            Vocabulary.of(List.of("a", "b", "c", "d", "idle")),
            Vocabulary.of(List.of("good", "bad", "unrated")),
            rows.build(5, 3));
    RatingFactorModel model = trainer.train(data, CONTEXT);
    float[] ratings = model.predict(new Profile(4, History.empty()), new int[] {0, 1, 2});
    assertThat(ratings[0]).isGreaterThan(ratings[2]);
    assertThat(ratings[1]).isLessThan(ratings[2]);
    assertThat(ratings[2]).isCloseTo(3.5f, within(1e-6f));
    float[] scores = new float[3];
    model.scorer().score(new Profile(0, data.interactions().history(0)), scores);
    assertThat(scores[2]).isNaN();
    assertThat(model.similarItems(2, 3)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_sameSeed_sameModelAndAnotherSeedAnother(Trainer<RatingFactorModel> trainer) {
    Dataset data = tastes(30, 20, 0.4, 1);
    int[] all = IntStream.range(0, 20).toArray();
    Profile profile = new Profile(3, data.interactions().history(3));
    float[] first = trainer.train(data, CONTEXT).predict(profile, all);
    assertThat(trainer.train(data, CONTEXT.withThreads(4)).predict(profile, all)).isEqualTo(first);
    assertThat(trainer.train(data, CONTEXT.withSeed(2)).predict(profile, all)).isNotEqualTo(first);
  }

  @Test
  void train_brokenData_saysWhatWouldBeRight() {
    Interactions.Builder broken = Interactions.builder();
    broken.add(0, 0, 1f);
    broken.add(1, 1, Float.NaN);
    Dataset data =
        Dataset.of(
            "broken",
            Vocabulary.of(List.of("u", "v")),
            Vocabulary.of(List.of("i", "j")),
            broken.build(2, 2));
    assertThatThrownBy(() -> SvdPlusPlus.defaults().train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("svd-plus-plus: user 'v' with item 'j' has the rating NaN");
    assertThatThrownBy(() -> BiasedMf.defaults().train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("biased-mf: 'empty' has no ratings to learn from");
    assertThatThrownBy(
            () -> BiasedMf.defaults().withFactors(1_000_000_000).train(tastes(9, 9, 1, 1), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("Fewer factors would be right");
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_ratingsOfTenThousands_saysThatTheDescentRanAway(Trainer<RatingFactorModel> trainer) {
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < 20; u++) {
      for (int i = 0; i < 20; i++) {
        all.add(new Interaction("u" + u, "i" + i, (u + i) % 2 == 0 ? 50_000 : 1));
      }
    }
    assertThatThrownBy(() -> trainer.train(Dataset.of("prices", all), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("the descent ran away")
        .hasMessageContaining("a learningRate below 0.0");
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> BiasedMf.of(Parameters.of(Map.of("factors", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("biased-mf: factors must be at least 1, got 0");
    assertThatThrownBy(() -> SvdPlusPlus.of(Parameters.of(Map.of("regularization", "0"))))
        .hasMessage("svd-plus-plus: regularization must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> SvdPlusPlus.of(Parameters.of(Map.of("decay", "1.5"))))
        .hasMessage("svd-plus-plus: decay must be in (0, 1], got 1.5");
  }

  /** Ratings of 1 to 5 by two hidden tastes, with some noise. */
  private static Dataset tastes(int users, int items, double share, long seed) {
    Random random = new Random(seed);
    float[][] people = randoms(random, users, 2);
    float[][] things = randoms(random, items, 2);
    Interactions.Builder rows = Interactions.builder();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        double taste = 1.2 * (people[u][0] * things[i][0] + people[u][1] * things[i][1]);
        double noise = 0.1 * random.nextGaussian();
        if (random.nextDouble() < share || i == u % items) {
          rows.add(u, i, (float) Math.max(1, Math.min(5, 3 + taste + noise)));
        }
      }
    }
    return Dataset.of(
        "tastes",
        Vocabulary.of(IntStream.range(0, users).mapToObj(u -> "u" + u).toList()),
        Vocabulary.of(IntStream.range(0, items).mapToObj(i -> "i" + i).toList()),
        rows.build(users, items));
  }

  private static float[][] randoms(Random random, int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  private static double[][] doubles(float[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      copy[r] = new double[rows[r].length];
      for (int k = 0; k < copy[r].length; k++) {
        copy[r][k] = rows[r][k];
      }
    }
    return copy;
  }

  private static void assertClose(float[][] actual, double[][] expected) {
    assertThat(actual.length).isEqualTo(expected.length);
    for (int r = 0; r < expected.length; r++) {
      for (int k = 0; k < expected[r].length; k++) {
        assertThat((double) actual[r][k]).isCloseTo(expected[r][k], within(1e-5));
      }
    }
  }
}
