package io.kindred.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeightModel;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both models of random walks. */
class RandomWalkTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  /** Each row divided by its sum, to the power of alpha; rows without anything stay zeros. */
  private static double[][] probabilities(double[][] x, double alpha) {
    double[][] p = new double[x.length][];
    for (int row = 0; row < x.length; row++) {
      double sum = Arrays.stream(x[row]).sum();
      p[row] = Arrays.stream(x[row]).map(v -> v == 0 ? 0 : Math.pow(v / sum, alpha)).toArray();
    }
    return p;
  }

  private static double[][] transposed(double[][] x) {
    double[][] t = new double[x[0].length][x.length];
    for (int u = 0; u < x.length; u++) {
      for (int i = 0; i < t.length; i++) {
        t[i][u] = x[u][i];
      }
    }
    return t;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  private static double[][] dense(Dataset data, HistoryValues values) {
    SparseMatrix matrix = data.interactions().matrix();
    double[][] x = new double[matrix.rowCount()][matrix.columnCount()];
    for (int u = 0; u < x.length; u++) {
      for (int i = 0; i < x[u].length; i++) {
        x[u][i] = values.of(matrix.get(u, i));
      }
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY, 1, 0",
    "BINARY, 1.7, 0.6",
    "VALUE, 1, 0",
    "VALUE, 0.5, 1",
    "VALUE, 2, 0.3",
    "BINARY, 0, 0"
  })
  void train_anyPowers_areTheDenseProducts(HistoryValues values, double alpha, double beta) {
    Dataset data = events(30, 12);
    double[][] x = dense(data, values);
    double[][] expected = product(probabilities(transposed(x), alpha), probabilities(x, alpha));
    SparseMatrix weights = new RP3Beta(alpha, beta, 1000, values).train(data, CONTEXT).weights();
    for (int j = 0; j < 12; j++) {
      for (int i = 0; i < 12; i++) {
        int column = i;
        long people = Arrays.stream(x).filter(row -> row[column] > 0).count();
        double weight = i == j ? 0 : expected[j][i] / Math.pow(people, beta);
        assertThat((double) weights.get(j, i))
            .as("W[%d, %d]", j, i)
            .isCloseTo(weight, within(1e-6 * Math.max(1, weight)));
      }
    }
  }

  @Test
  void score_p3Alpha_ranksAsTheThirdPowerOfTheWalk() {
    Dataset data = events(30, 12);
    double[][] x = dense(data, HistoryValues.VALUE);
    double alpha = 1.3;
    double[][] toItems = probabilities(x, alpha);
    double[][] toPeople = probabilities(transposed(x), alpha);
    ItemWeightModel model = new P3Alpha(alpha, 1000, HistoryValues.VALUE).train(data, CONTEXT);
    for (int u = 0; u < 30; u++) {
      double sum = Arrays.stream(x[u]).sum();
      float[] scores = scores(model, data.interactions().history(u));
      for (int i = 0; i < 12; i++) {
        if (x[u][i] > 0) {
          continue; // walks that come back to where they began count in the paper alone
        }
        double walks = 0;
        for (int j = 0; j < 12; j++) {
          for (int v = 0; v < 30; v++) {
            walks += toItems[u][j] * toPeople[j][v] * toItems[v][i];
          }
        }
        float score = Float.isNaN(scores[i]) ? 0 : scores[i];
        assertThat(score / Math.pow(sum, alpha)).isCloseTo(walks, within(1e-6));
      }
    }
  }

  @Test
  void train_betaOf0_isP3Alpha() {
    Dataset data = events(30, 12);
    SparseMatrix p3 = new P3Alpha(1.5, 5, HistoryValues.VALUE).train(data, CONTEXT).weights();
    SparseMatrix rp3 = new RP3Beta(1.5, 0, 5, HistoryValues.VALUE).train(data, CONTEXT).weights();
    assertThat(rp3.columns()).isEqualTo(p3.columns());
    assertThat(rp3.values()).isEqualTo(p3.values());
  }

  @Test
  void train_smallExample_isWhatAPencilGives() {
    // bread: u, v, w; butter: u, v; jam: w
    Dataset data =
        Dataset.of(
            "breakfast",
            List.of(
                new Interaction("u", "bread", 1),
                new Interaction("u", "butter", 1),
                new Interaction("v", "bread", 1),
                new Interaction("v", "butter", 1),
                new Interaction("w", "bread", 1),
                new Interaction("w", "jam", 1)));
    SparseMatrix walk = P3Alpha.defaults().withAlpha(1).train(data, CONTEXT).weights();
    int bread = data.items().index("bread");
    int butter = data.items().index("butter");
    int jam = data.items().index("jam");
    assertThat(walk.get(bread, butter)).isCloseTo(2 / 3f / 2, within(1e-6f));
    assertThat(walk.get(bread, jam)).isCloseTo(1 / 3f / 2, within(1e-6f));
    assertThat(walk.get(butter, bread)).isCloseTo(1 / 2f, within(1e-6f));
    assertThat(walk.get(butter, jam)).isZero();
    SparseMatrix less = new RP3Beta(1, 1, 10, HistoryValues.BINARY).train(data, CONTEXT).weights();
    assertThat(less.get(bread, butter)).isEqualTo(less.get(bread, jam)); // popularity taken off
  }

  @Test
  void train_fewNeighbors_keepsTheLargestOfEachItem() {
    Dataset data = events(30, 12);
    SparseMatrix all = RP3Beta.defaults().train(data, CONTEXT).weights();
    SparseMatrix some = RP3Beta.defaults().withNeighbors(3).train(data, CONTEXT).weights();
    for (int j = 0; j < 12; j++) {
      double[] row = new double[12];
      for (int i = 0; i < 12; i++) {
        row[i] = all.get(j, i);
      }
      Arrays.sort(row);
      assertThat(some.rowSize(j)).isEqualTo(3);
      for (int i = 0; i < 12; i++) {
        assertThat(some.get(j, i)).isEqualTo(all.get(j, i) >= row[9] ? all.get(j, i) : 0);
      }
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
    for (ItemWeightModel model :
        List.of(
            P3Alpha.defaults().withValues(values).train(data, CONTEXT),
            RP3Beta.defaults().withValues(values).train(data, CONTEXT))) {
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
  }

  @Test
  void train_powersThatUnderflow_leaveNoWeightAndNoError() {
    Dataset data = events(120, 60);
    ItemWeightModel model = new RP3Beta(10, 10, 1000, HistoryValues.VALUE).train(data, CONTEXT);
    for (float weight : model.weights().values()) {
      assertThat(weight).isPositive().isFinite();
    }
  }

  @Test
  void train_peopleAndItemsWithoutPositiveValues_areNoPartOfAnyWalk() {
    Dataset data =
        Dataset.of(
            "with dislikes",
            List.of(
                new Interaction("u", "a", 1),
                new Interaction("u", "b", 1),
                new Interaction("u", "disliked", -1),
                new Interaction("v", "zero", 0),
                new Interaction("v", "disliked", -2)));
    SparseMatrix weights = P3Alpha.defaults().withAlpha(1).train(data, CONTEXT).weights();
    assertThat(weights.size()).isEqualTo(2);
    assertThat(weights.get(data.items().index("a"), data.items().index("b"))).isEqualTo(0.5f);
    assertThatThrownBy(() -> RP3Beta.defaults().train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("rp3-beta: 'empty' has no interactions to learn from");
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> RP3Beta.of(Parameters.of(Map.of("beta", "-1"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("rp3-beta: beta must be in [0, 10], got -1");
    assertThatThrownBy(() -> P3Alpha.of(Parameters.of(Map.of("alpha", "11"))))
        .hasMessage("p3-alpha: alpha must be in [0, 10], got 11");
    assertThatThrownBy(() -> P3Alpha.of(Parameters.of(Map.of("neighbors", "0"))))
        .hasMessage("p3-alpha: neighbors must be at least 1, got 0");
    assertThatThrownBy(() -> P3Alpha.of(Parameters.of(Map.of("beta", "1"))))
        .hasMessageContaining("p3-alpha: unknown hyperparameter 'beta'");
  }

  /** Events of some weight, with dislikes; two tastes. */
  private static Dataset events(int users, int items) {
    Random random = new Random(4);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      all.add(new Interaction("u" + u, "i" + (u % items), 1));
      for (int i = 0; i < items; i++) {
        if (random.nextInt(10) < (u % 2 == i % 2 ? 5 : 1)) {
          float value = random.nextInt(8) == 0 ? -1 : 1 + random.nextInt(3);
          all.add(new Interaction("u" + u, "i" + i, value));
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
