package io.kindred.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Neighbor;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeightModel;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SlimTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  /** All weights, of the smallest loss. */
  private static final Slim EXACT =
      Slim.defaults().withNeighbors(1000).withSweeps(10_000, 1e-9).withRegularization(0.7, 1.3);

  /** One column by coordinate descent on the residuals of all people, dense, without G. */
  private static double[] column(double[][] a, int item, Slim slim) {
    int n = a[0].length;
    double[] w = new double[n];
    for (int sweep = 0; sweep < 5000; sweep++) {
      for (int j = 0; j < n; j++) {
        double z = 0;
        double square = 0;
        for (double[] person : a) {
          double foretold = 0;
          for (int k = 0; k < n; k++) {
            foretold += k == j ? 0 : person[k] * w[k];
          }
          z += person[j] * (person[item] - foretold);
          square += person[j] * person[j];
        }
        double size = Math.max(0, Math.abs(z) - slim.l1());
        w[j] =
            j == item || (slim.positive() && z < 0)
                ? 0
                : Math.signum(z) * size / (square + slim.l2());
      }
    }
    return w;
  }

  private static double[][] dense(Dataset data, HistoryValues values) {
    SparseMatrix matrix = data.interactions().matrix();
    double[][] a = new double[matrix.rowCount()][matrix.columnCount()];
    for (int u = 0; u < a.length; u++) {
      for (int i = 0; i < a[u].length; i++) {
        a[u][i] = values.of(matrix.get(u, i));
      }
    }
    return a;
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY, true, 3",
    "BINARY, false, 3",
    "VALUE, true, 3",
    "VALUE, false, 3",
    "VALUE, false, 1"
  })
  void train_anyKind_isTheMinimumThatADenseSolverFinds(
      HistoryValues values, boolean positive, int often) {
    Dataset data = events(40, 14, often);
    Slim slim = EXACT.withValues(values).withPositive(positive);
    SparseMatrix weights = slim.train(data, CONTEXT).weights();
    double[][] a = dense(data, values);
    int negative = 0;
    for (int i = 0; i < 14; i++) {
      double[] expected = column(a, i, slim);
      for (int j = 0; j < 14; j++) {
        assertThat((double) weights.get(j, i))
            .as("W[%d, %d]", j, i)
            .isCloseTo(expected[j], within(1e-5));
        negative += weights.get(j, i) < 0 ? 1 : 0;
      }
      assertThat(weights.get(i, i)).isZero();
    }
    assertThat(negative > 0).isEqualTo(!positive);
    assertThat(weights.size()).isLessThan(14 * 13); // l1 makes some weights 0
  }

  @Test
  void train_twoAlikeItems_hasTheWeightThatAPencilGives() {
    // three people did both, one did the first alone: G = [4 3; 3 3]
    Dataset data =
        Dataset.of(
            "pairs",
            List.of(
                new Interaction("u", "first", 5),
                new Interaction("u", "second", 2),
                new Interaction("v", "first", 1),
                new Interaction("v", "second", 1),
                new Interaction("w", "first", 1),
                new Interaction("w", "second", 1),
                new Interaction("x", "first", 1)));
    SparseMatrix weights = Slim.defaults().withRegularization(1, 2).train(data, CONTEXT).weights();
    assertThat(weights.get(0, 1)).isCloseTo((3f - 1) / (4 + 2), within(1e-6f));
    assertThat(weights.get(1, 0)).isCloseTo((3f - 1) / (3 + 2), within(1e-6f));
    assertThat(weights.size()).isEqualTo(2);
  }

  @Test
  void train_itemsOfTheSamePeople_haveTheSameWeights() {
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < 12; u++) {
      for (String item : u % 3 == 0 ? List.of("a", "b", "c") : List.of("c", "d" + u % 2)) {
        all.add(new Interaction("u" + u, item, 1));
      }
    }
    Dataset data = Dataset.of("twins", all);
    SparseMatrix weights = EXACT.train(data, CONTEXT).weights();
    int a = data.items().index("a");
    int b = data.items().index("b");
    int c = data.items().index("c");
    assertThat(weights.get(a, b)).isPositive().isCloseTo(weights.get(b, a), within(1e-6f));
    assertThat(weights.get(a, c)).isPositive().isCloseTo(weights.get(b, c), within(1e-6f));
  }

  @Test
  void train_fewNeighbors_keepsTheStrongestOfEachColumn() {
    Dataset data = events(40, 14, 3);
    Slim all = EXACT.withPositive(false);
    SparseMatrix whole = all.train(data, CONTEXT).weights().transpose();
    SparseMatrix some = all.withNeighbors(3).train(data, CONTEXT).weights().transpose();
    for (int i = 0; i < 14; i++) {
      assertThat(some.rowSize(i)).isEqualTo(3);
      double weakest = Double.POSITIVE_INFINITY;
      double dropped = 0;
      for (int j = 0; j < 14; j++) {
        if (some.get(i, j) != 0) {
          assertThat(some.get(i, j)).isEqualTo(whole.get(i, j));
          weakest = Math.min(weakest, Math.abs(some.get(i, j)));
        } else {
          dropped = Math.max(dropped, Math.abs(whole.get(i, j)));
        }
      }
      assertThat(weakest).isGreaterThanOrEqualTo(dropped);
    }
  }

  @ParameterizedTest
  @EnumSource
  void score_checkerboard_neverLeadsToTheOtherColor(HistoryValues values) {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 10; u++) {
      for (int i = 0; i < 10; i++) {
        if (u != i && (u + i) % 2 == 0) {
          board.add(new Interaction("u" + u, "i" + i, 2));
        }
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    ItemWeightModel model =
        Slim.defaults().withRegularization(0.1, 1).withValues(values).train(data, CONTEXT);
    for (int u = 0; u < 10; u++) {
      float[] scores = scores(model, data.interactions().history(data.users().index("u" + u)));
      for (int i = 0; i < 10; i++) {
        float score = scores[data.items().index("i" + i)];
        if ((u + i) % 2 == 0) {
          assertThat(score).isPositive();
        } else {
          assertThat(score).isNaN();
        }
      }
    }
  }

  @Test
  void scoreAndExplain_anyItem_areTheSumOfTheFormula() {
    Dataset data = events(40, 14, 3);
    ItemWeightModel model =
        EXACT.withPositive(false).withValues(HistoryValues.VALUE).train(data, CONTEXT);
    double[][] a = dense(data, HistoryValues.VALUE);
    for (int u = 0; u < 40; u++) {
      History history = data.interactions().history(u);
      float[] scores = scores(model, history);
      for (int i = 0; i < 14; i++) {
        double expected = 0;
        for (int j = 0; j < 14; j++) {
          expected += a[u][j] * model.weights().get(j, i);
        }
        var why =
            (Explanation.BecauseOfItems) model.explain(Profile.unseen(history), i, 2).orElse(null);
        if (Float.isNaN(scores[i])) {
          assertThat(expected).isZero();
          continue;
        }
        assertThat((double) scores[i]).isCloseTo(expected, within(1e-5));
        assertThat(why).isNotNull();
        assertThat(why.score()).isCloseTo(expected, within(1e-9));
        assertThat(
                why.rest()
                    + why.reasons().stream()
                        .mapToDouble(Explanation.ItemReason::contribution)
                        .sum())
            .isCloseTo(expected, within(1e-9));
        assertThat(why.reasons())
            .hasSizeLessThanOrEqualTo(2)
            .allMatch(reason -> reason.value() > 0);
      }
    }
  }

  @Test
  void train_moreThreads_sameWeights() {
    Dataset data = events(200, 90, 2);
    SparseMatrix one = Slim.defaults().train(data, CONTEXT.withThreads(1)).weights();
    SparseMatrix four = Slim.defaults().train(data, CONTEXT.withThreads(4)).weights();
    assertThat(four.columns()).isEqualTo(one.columns());
    assertThat(four.values()).isEqualTo(one.values());
  }

  @Test
  void similarItems_weightsBelow0_areNotAmongThem() {
    ItemWeightModel model = EXACT.withPositive(false).train(events(40, 14, 3), CONTEXT);
    for (int item = 0; item < 14; item++) {
      List<Neighbor> similar = model.similarItems(item, 100);
      int above0 = 0;
      for (int other = 0; other < 14; other++) {
        above0 += model.weights().get(item, other) > 0 ? 1 : 0;
      }
      assertThat(similar).hasSize(above0).allMatch(neighbor -> neighbor.similarity() > 0);
    }
  }

  @Test
  void train_peopleAndItemsWithoutPositiveValues_haveNoWeights() {
    Dataset data =
        Dataset.of(
            "with dislikes",
            List.of(
                new Interaction("u", "a", 1),
                new Interaction("u", "b", 1),
                new Interaction("u", "disliked", -1),
                new Interaction("v", "zero", 0)));
    for (boolean positive : new boolean[] {true, false}) {
      ItemWeightModel model =
          Slim.defaults().withRegularization(0, 1).withPositive(positive).train(data, CONTEXT);
      assertThat(model.weights().size()).isEqualTo(2);
      float[] scores = scores(model, History.of(IntStream.range(0, 4).toArray()));
      assertThat(scores[data.items().index("a")]).isPositive();
      assertThat(scores[data.items().index("disliked")]).isNaN();
      assertThat(scores[data.items().index("zero")]).isNaN();
    }
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
    assertThatThrownBy(() -> Slim.defaults().train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("slim: user 'v' with item 'j' has the value NaN");
    assertThatThrownBy(() -> Slim.defaults().train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("slim: 'empty' has no interactions to learn from");
  }

  @Test
  void checkMemory_productsThatDoNotFit_areRefusedWithTheEstimate() {
    int[] sizes = new int[50_000];
    Arrays.fill(sizes, 40_000); // dense: 10 GB
    assertThatThrownBy(() -> Slim.defaults().checkMemory(sizes, 2_000_000_000L))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("slim: the products of 50,000 items need 10.2 GB of memory")
        .hasMessageContaining("the heap is 2.0 GB")
        .hasMessageContaining("rp3-beta");
    Arrays.fill(sizes, 100); // sparse: 42 MB, and 80 MB of weights
    Slim.defaults().checkMemory(sizes, 2_000_000_000L);
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> Slim.of(Parameters.of(Map.of("l1", "-1"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("slim: l1 must be at least 0 and finite, got -1.0");
    assertThatThrownBy(() -> Slim.of(Parameters.of(Map.of("l2", "0"))))
        .hasMessage("slim: l2 must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> Slim.of(Parameters.of(Map.of("values", "loud"))))
        .hasMessageContaining("[binary, value]");
    assertThatThrownBy(() -> Slim.of(Parameters.of(Map.of("neighbors", "0"))))
        .hasMessage("slim: neighbors must be at least 1, got 0");
  }

  /** Events of some weight, with repeats and dislikes; two tastes. */
  private static Dataset events(int users, int items, int often) {
    Random random = new Random(4);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      all.add(new Interaction("u" + u, "i" + (u % items), 1));
      for (int i = 0; i < items; i++) {
        if (random.nextInt(10) < (u % 2 == i % 2 ? 2 * often : 1)) {
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

  private static float[] scores(ItemWeightModel model, History history) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(Profile.unseen(history), scores);
    return scores;
  }
}
