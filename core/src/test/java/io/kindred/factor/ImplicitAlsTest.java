package io.kindred.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.metric.Ndcg;
import io.kindred.sparse.SparseMatrix;
import io.kindred.split.LeaveOneOut;
import io.kindred.split.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImplicitAlsTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, (s, d, t, n) -> {});

  /** One epoch is the closed form of equations 4 and 5, solved densely in doubles. */
  @ParameterizedTest
  @CsvSource({
    "CHOLESKY, 3, 1, 0.5, 0",
    "CHOLESKY, 3, 0.1, 0.02, 1",
    "CHOLESKY, 3, 0.3, 0.1, 0.5",
    "CG, 12, 0.3, 0.1, 0.5"
  })
  void epoch_denseReference_isEqual(
      ImplicitAls.Solver solver, int steps, double unobserved, double lambda, double exponent) {
    Dataset data = events(40, 25);
    ImplicitAls trainer =
        new ImplicitAls(6, 1, 2.5, Weighting.VALUE, unobserved, lambda, exponent, solver, steps);
    ImplicitAls.Training training = trainer.new Training(data, CONTEXT);
    double[][] items = doubles(training.items);

    training.epoch();

    SparseMatrix matrix = data.interactions().matrix();
    double[][] users = reference(trainer, matrix, items);
    items = reference(trainer, matrix.transpose(), users);
    assertClose(training.users, users, 1e-4);
    assertClose(training.items, items, 1e-4);
  }

  private static double[][] reference(ImplicitAls trainer, SparseMatrix matrix, double[][] others) {
    int f = trainer.factors();
    double[][] solved = new double[matrix.rowCount()][];
    for (int row = 0; row < solved.length; row++) {
      double[][] a = new double[f][f + 1]; // with b as the last column
      for (int other = 0; other < others.length; other++) {
        float value = matrix.get(row, other);
        double confidence = trainer.unobservedWeight() + trainer.alpha() * Math.abs(value);
        double preference = value > 0 ? 1 : 0;
        for (int k = 0; k < f; k++) {
          for (int l = 0; l < f; l++) {
            a[k][l] += confidence * others[other][k] * others[other][l];
          }
          a[k][f] += confidence * preference * others[other][k];
        }
      }
      double lambda =
          trainer.regularization()
              * Math.pow(
                  matrix.rowSize(row) + trainer.unobservedWeight() * others.length,
                  trainer.frequencyExponent());
      for (int k = 0; k < f; k++) {
        a[k][k] += lambda;
      }
      solved[row] = gauss(a);
    }
    return solved;
  }

  /** Gaussian elimination with pivots. */
  private static double[] gauss(double[][] a) {
    int n = a.length;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
      }
      double[] row = a[pivot];
      a[pivot] = a[k];
      a[k] = row;
      for (int i = 0; i < n; i++) {
        double factor = i == k ? 0 : a[i][k] / row[k];
        for (int j = k; j <= n; j++) {
          a[i][j] -= factor * row[j];
        }
      }
    }
    double[] x = new double[n];
    for (int k = 0; k < n; k++) {
      x[k] = a[k][n] / a[k][k];
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void epoch_everyOne_lowersTheLoss(ImplicitAls.Solver solver) {
    Dataset data = events(60, 40);
    for (double exponent : new double[] {0, 1}) {
      ImplicitAls trainer =
          new ImplicitAls(8, 1, 3, Weighting.VALUE, 0.2, 0.05, exponent, solver, 3);
      ImplicitAls.Training training = trainer.new Training(data, CONTEXT);
      double before = Double.POSITIVE_INFINITY;
      for (int epoch = 0; epoch < 12; epoch++) {
        training.epoch();
        double loss = loss(trainer, data.interactions().matrix(), training);
        assertThat(loss).isLessThan(before + 1e-6 * loss);
        before = loss;
      }
    }
  }

  /** The loss over all pairs (equation 3). */
  private static double loss(
      ImplicitAls trainer, SparseMatrix matrix, ImplicitAls.Training training) {
    double loss = 0;
    for (int u = 0; u < matrix.rowCount(); u++) {
      for (int i = 0; i < matrix.columnCount(); i++) {
        float value = matrix.get(u, i);
        double error = (value > 0 ? 1 : 0) - dot(training.users[u], training.items[i]);
        loss += (trainer.unobservedWeight() + trainer.alpha() * Math.abs(value)) * error * error;
      }
      loss +=
          lambda(trainer, matrix.rowSize(u), matrix.columnCount())
              * dot(training.users[u], training.users[u]);
    }
    int[] counts = matrix.columnSizes();
    for (int i = 0; i < matrix.columnCount(); i++) {
      loss +=
          lambda(trainer, counts[i], matrix.rowCount()) * dot(training.items[i], training.items[i]);
    }
    return loss;
  }

  private static double lambda(ImplicitAls trainer, int observed, int others) {
    return trainer.regularization()
        * Math.pow(observed + trainer.unobservedWeight() * others, trainer.frequencyExponent());
  }

  @ParameterizedTest
  @EnumSource
  void score_checkerboard_putsTheOwnColorFirstWithTheGap(ImplicitAls.Solver solver) {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 10; u++) {
      for (int i = 0; i < 10; i++) {
        if (u != i && (u + i) % 2 == 0) {
          board.add(new Interaction("u" + u, "i" + i, 1));
        }
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    FactorModel model =
        ImplicitAls.defaults().withFactors(2).withSolver(solver).train(data, CONTEXT);
    for (int u = 0; u < 10; u++) {
      float[] scores = scores(model, new Profile(data.users().index("u" + u), History.empty()));
      float lowestOfOwn = Float.POSITIVE_INFINITY;
      float highestOfOther = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < 10; i++) {
        float score = scores[data.items().index("i" + i)];
        if ((u + i) % 2 == 0) {
          lowestOfOwn = Math.min(lowestOfOwn, score);
        } else {
          highestOfOther = Math.max(highestOfOther, score);
        }
      }
      assertThat(lowestOfOwn).isGreaterThan(highestOfOther + 0.3f);
    }
  }

  @Test
  void score_unseenUserWithAKnownHistory_isThatOfTheKnownUser() {
    Dataset data = events(50, 30);
    FactorModel model = ImplicitAls.defaults().withFactors(7).train(data, CONTEXT);
    for (int user = 0; user < 50; user++) {
      History history = data.interactions().history(user);
      float[] known = scores(model, new Profile(user, history));
      float[] unseen = scores(model, Profile.unseen(history));
      for (int item = 0; item < known.length; item++) {
        assertThat(unseen[item]).isCloseTo(known[item], within(1e-4f));
      }
    }
  }

  @Test
  void explain_anyItem_partsSumToTheScoreAndDislikesAddNothing() {
    Dataset data = events(50, 30);
    FactorModel model = ImplicitAls.defaults().withFactors(7).train(data, CONTEXT);
    int explained = 0;
    for (int user = 0; user < 50; user++) {
      Profile profile = new Profile(user, data.interactions().history(user));
      float[] scores = scores(model, profile);
      for (int item = 0; item < scores.length; item++) {
        var why = (Explanation.BecauseOfItems) model.explain(profile, item, 2).orElseThrow();
        double listed =
            why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
        assertThat(why.base()).isZero();
        assertThat(listed + why.rest()).isCloseTo(scores[item], within(1e-4));
        assertThat(why.reasons()).allMatch(reason -> reason.value() > 0);
        explained++;
      }
    }
    assertThat(explained).isEqualTo(50 * 30);
  }

  @Test
  void train_usersAndItemsWithoutPositiveValues_cannotBeScored() {
    Dataset data =
        Dataset.of(
            "with dislikes",
            List.of(
                new Interaction("u", "liked", 2),
                new Interaction("v", "liked", 1),
                new Interaction("v", "other", 1),
                new Interaction("u", "disliked", -1),
                new Interaction("w", "disliked", -3),
                new Interaction("w", "zero", 0)));
    FactorModel model = ImplicitAls.defaults().withFactors(2).train(data, CONTEXT);
    float[] scores = scores(model, new Profile(data.users().index("u"), History.empty()));
    assertThat(scores[data.items().index("liked")]).isPositive();
    assertThat(scores[data.items().index("disliked")]).isNaN();
    assertThat(scores[data.items().index("zero")]).isNaN();
    assertThat(scores(model, new Profile(data.users().index("w"), History.empty())))
        .containsOnly(Float.NaN);
    assertThat(model.queryVector(Profile.unseen(History.empty()))).containsOnly(Float.NaN);
  }

  @Test
  void train_moreFactorsThanItems_worksWithRegularizationAndIsRefusedWithout() {
    Dataset data = events(12, 5);
    ImplicitAls trainer = ImplicitAls.defaults().withFactors(16);
    for (float score : scores(trainer.train(data, CONTEXT), new Profile(0, History.empty()))) {
      assertThat(score).isFinite();
    }
    assertThatThrownBy(() -> trainer.withRegularization(0, 0).train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("als: without regularization")
        .hasMessageContaining("vectors of the items (5) do not span 16 dimensions")
        .hasMessageContaining("regularization above 0, or fewer factors");
  }

  @Test
  void train_noRegularizationOnSoundData_works() {
    Dataset data = events(40, 25);
    FactorModel model =
        ImplicitAls.defaults().withFactors(4).withRegularization(0, 0).train(data, CONTEXT);
    for (float score : scores(model, new Profile(0, History.empty()))) {
      assertThat(score).isFinite();
    }
  }

  @Test
  void train_hugeWeights_areSolvedAndBeyondThatRefused() {
    Dataset data = events(40, 25);
    ImplicitAls strong =
        ImplicitAls.defaults().withWeights(1e6, Weighting.VALUE, 1e-3).withRegularization(0.02, 1);
    FactorModel model = strong.train(data, CONTEXT);
    for (int user = 0; user < 40; user++) {
      History history = data.interactions().history(user).distinct();
      float[] scores = scores(model, new Profile(user, History.empty()));
      for (int h = 0; h < history.size(); h++) {
        assertThat(scores[history.items()[h]])
            .isCloseTo(history.values()[h] > 0 ? 1 : 0, within(0.05f));
      }
    }
    assertThatThrownBy(
            () ->
                ImplicitAls.defaults().withWeights(1e300, Weighting.VALUE, 1).train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("at alpha 1.0E300 and weighting 'value'; it must be at most 1e+08")
        .hasMessageContaining("smaller alpha");
  }

  @Test
  void train_brokenValues_namesUserAndItem() {
    Interactions.Builder broken = Interactions.builder();
    broken.add(0, 0, 1f);
    broken.add(1, 1, Float.NaN);
    Dataset data =
        Dataset.of(
            "broken",
            Vocabulary.of(List.of("u", "v")),
            Vocabulary.of(List.of("i", "j")),
            broken.build(2, 2));
    assertThatThrownBy(() -> ImplicitAls.defaults().train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("user 'v' with item 'j' has the value NaN");
    assertThatThrownBy(() -> ImplicitAls.defaults().train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("als: 'empty' has no interactions to learn from");
    assertThatThrownBy(
            () -> ImplicitAls.defaults().withFactors(1_000_000_000).train(events(9, 4), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("Fewer factors");
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("factors", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("als: factors must be at least 1, got 0");
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("regularization", "-1"))))
        .hasMessage("als: regularization must be at least 0 and finite, got -1.0");
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("solver", "lu"))))
        .hasMessageContaining("[cg, cholesky]");
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("unobservedWeight", "0"))))
        .hasMessageContaining("unobservedWeight must be above 0");
  }

  /** Events of some weight, with repeats and some dislikes; two tastes. */
  static Dataset events(int users, int items) {
    Random random = new Random(4);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      all.add(new Interaction("u" + u, "i" + (u % items), 1));
      for (int i = 0; i < items; i++) {
        if (random.nextInt(10) < (u % 2 == i % 2 ? 5 : 1)) {
          float value = random.nextInt(8) == 0 ? -1 : 1 + random.nextInt(3);
          all.add(new Interaction("u" + u, "i" + i, value));
          if (random.nextInt(4) == 0) {
            all.add(new Interaction("u" + u, "i" + i, 2));
          }
        }
      }
    }
    return Dataset.of("events", all);
  }

  static float[] scores(FactorModel model, Profile profile) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(profile, scores);
    return scores;
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
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

  private static void assertClose(float[][] actual, double[][] expected, double tolerance) {
    for (int r = 0; r < expected.length; r++) {
      for (int k = 0; k < expected[r].length; k++) {
        assertThat((double) actual[r][k])
            .as("row %d, factor %d", r, k)
            .isCloseTo(expected[r][k], within(tolerance));
      }
    }
  }

  /** 3,000 people with eight items each of 3,000, the last one held out: as sparse as shops are. */
  private static Split sparse() {
    World world =
        new World(
            WorldConfig.ofInteractions(24_000)
                .withUsers(3_000)
                .withItems(3_000)
                .withInteractions(24_000));
    Dataset events = DatasetFilter.none().withMinValue(0.5f).apply(world.toDataset(2)).dataset();
    return new LeaveOneOut().splits(events, 1).get(0);
  }

  private static ProgressListener hearing(List<String> warnings) {
    return new ProgressListener() {
      @Override
      public void onProgress(String stage, long done, long total, String note) {}

      @Override
      public void onWarning(String text) {
        warnings.add(text);
      }
    };
  }

  @Test
  void defaults_sparseData_areAbovePopularityAndDoNotVanish() {
    Split split = sparse();
    List<String> warnings = new ArrayList<>();
    FactorModel model =
        ImplicitAls.defaults().train(split.train(), CONTEXT.withProgress(hearing(warnings)));
    assertThat(warnings).isEmpty();
    Ndcg ndcg = new Ndcg(10);
    Evaluator evaluator = new Evaluator(Protocol.of(List.of(ndcg)), 2);
    double als =
        evaluator.evaluate(model, split.train(), split.test(), ProgressListener.NONE).value(ndcg);
    double popularity =
        evaluator
            .evaluate(
                Popularity.ALL_TIME.train(split.train(), CONTEXT),
                split.train(),
                split.test(),
                ProgressListener.NONE)
            .value(ndcg);
    assertThat(als).isGreaterThan(1.5 * popularity);
    double sum = 0;
    Interactions train = split.train().interactions();
    for (int user = 0; user < train.userCount(); user++) {
      float[] scores = scores(model, new Profile(user, train.history(user)));
      for (int item : train.history(user).items()) {
        sum += scores[item];
      }
    }
    assertThat(sum / train.size()).isGreaterThan(0.1);
  }

  /** What the defaults of all data were before: the same items with scores of 0 for everybody. */
  @Test
  void train_weightsThatAreTooMuch_warnsWithWhatWouldBeRight() {
    Dataset data = sparse().train();
    ImplicitAls trainer =
        ImplicitAls.defaults()
            .withFactors(8)
            .withWeights(1, Weighting.VALUE, 0.1)
            .withRegularization(0.1, 1);
    List<String> warnings = new ArrayList<>();
    trainer.train(data, CONTEXT.withProgress(hearing(warnings)));
    ImplicitAls right = ImplicitAls.defaults().resolved(data);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("the vectors vanish")
        .contains("unobservedWeight=0.1 and regularization=0.1 are too much")
        .contains(right.unobservedWeight() + " and " + right.regularization() + ", which 'auto'");
  }

  @Test
  void resolved_whatWasGiven_staysAndTheRestIsFoundFromTheData() {
    Dataset data = events(40, 25);
    ImplicitAls auto = ImplicitAls.defaults().withFactors(4);
    ImplicitAls found = auto.resolved(data);
    assertThat(found.unobservedWeight()).isPositive().isFinite();
    assertThat(found.regularization()).isPositive().isFinite();
    assertThat(found.resolved(data)).isSameAs(found);

    ImplicitAls weight = auto.withWeights(1, Weighting.VALUE, 0.3).resolved(data);
    assertThat(weight.unobservedWeight()).isEqualTo(0.3);
    assertThat(weight.regularization()).isPositive().isNotEqualTo(found.regularization());
    ImplicitAls regularization = auto.withRegularization(0.07, 0.5).resolved(data);
    assertThat(regularization.regularization()).isEqualTo(0.07);
    assertThat(regularization.unobservedWeight()).isEqualTo(found.unobservedWeight());

    FactorModel model = auto.train(data, CONTEXT);
    assertThat(model.info().parameters()).isEqualTo(found.parameters());
    assertThat(model.info().parameters().asMap())
        .containsEntry("regularization", String.valueOf(found.regularization()));
    FactorModel again = ImplicitAls.of(model.info().parameters()).train(data, CONTEXT);
    assertThat(again.users()).isDeepEqualTo(model.users());
  }

  /** Ten times the values are the same data: all weights and lambda are ten times as large. */
  @Test
  void resolved_valuesTimesTen_giveTheSameModel() {
    Dataset data = events(40, 25);
    Interactions.Builder larger = Interactions.builder();
    Interactions rows = data.interactions();
    for (int user = 0; user < 40; user++) {
      for (int p = rows.starts()[user]; p < rows.starts()[user + 1]; p++) {
        larger.add(user, rows.items()[p], 10 * rows.values()[p]);
      }
    }
    ImplicitAls trainer = ImplicitAls.defaults().withFactors(4).withRegularization(Double.NaN, 0);
    FactorModel one = trainer.train(data, CONTEXT);
    FactorModel ten = trainer.train(data.withInteractions(larger.build(40, 25)), CONTEXT);
    for (int item = 0; item < 25; item++) {
      for (int k = 0; k < 4; k++) {
        assertThat(ten.items()[item][k]).isCloseTo(one.items()[item][k], within(0.01f));
      }
    }
  }

  @Test
  void of_autoAndNonsense_areReadAndRefused() {
    Parameters auto = Parameters.of(Map.of("unobservedWeight", "auto", "regularization", "Auto"));
    assertThat(ImplicitAls.of(auto)).isEqualTo(ImplicitAls.defaults());
    assertThat(ImplicitAls.of(ImplicitAls.defaults().parameters()))
        .isEqualTo(ImplicitAls.defaults());
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("regularization", "NaN"))))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "als: hyperparameter 'regularization' must be a finite number or 'auto', got 'NaN'");
    assertThatThrownBy(() -> ImplicitAls.of(Parameters.of(Map.of("factors", "auto"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'factors' must be a whole number");
  }
}
