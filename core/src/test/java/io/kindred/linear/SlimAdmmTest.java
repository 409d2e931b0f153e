package io.kindred.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interaction;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeights;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlimAdmmTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final int ITEMS = 14;
  private static final SlimAdmm EXACT =
      SlimAdmm.defaults().withRegularization(0.7, 1.3).withIterations(400, 1e-7, 8);

  /**
   * The reference: projected gradient steps on the whole matrix, in doubles, without any inverse.
   */
  private static double[][] reference(double[][] g, SlimAdmm slim) {
    double trace = slim.l2();
    for (int i = 0; i < ITEMS; i++) {
      trace += g[i][i]; // at least the largest eigenvalue
    }
    double[][] w = new double[ITEMS][ITEMS];
    for (int turn = 0; turn < 20_000; turn++) {
      double[][] next = new double[ITEMS][ITEMS];
      for (int i = 0; i < ITEMS; i++) {
        for (int j = 0; j < ITEMS; j++) {
          double slope = slim.l2() * w[i][j] - g[i][j];
          for (int k = 0; k < ITEMS; k++) {
            slope += g[i][k] * w[k][j];
          }
          double z = w[i][j] - slope / trace;
          double size = Math.max(0, Math.abs(z) - slim.l1() / trace);
          next[i][j] = i == j || (slim.positive() && z < 0) ? 0 : Math.signum(z) * size;
        }
      }
      w = next;
    }
    return w;
  }

  private static double[][] gram(SparseMatrix rows) {
    double[][] g = new double[ITEMS][ITEMS];
    for (int u = 0; u < rows.rowCount(); u++) {
      for (int i = 0; i < ITEMS; i++) {
        for (int j = 0; j < ITEMS; j++) {
          g[i][j] += (double) rows.get(u, i) * rows.get(u, j);
        }
      }
    }
    return g;
  }

  /** Half of trace((I - W)^T G (I - W)), and the penalties. */
  private static double loss(double[][] g, float[][] w, SlimAdmm slim) {
    double loss = 0;
    for (int j = 0; j < ITEMS; j++) {
      for (int i = 0; i < ITEMS; i++) {
        for (int k = 0; k < ITEMS; k++) {
          loss += ((i == j ? 1 : 0) - w[i][j]) * g[i][k] * ((k == j ? 1 : 0) - w[k][j]) / 2;
        }
        loss += slim.l2() / 2 * w[i][j] * w[i][j] + slim.l1() * Math.abs(w[i][j]);
      }
    }
    return loss;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void train_anySign_isTheMinimumThatADenseSolverFinds(boolean positive) {
    Dataset data = events();
    SlimAdmm slim = EXACT.withPositive(positive);
    SparseMatrix weights = slim.train(data, CONTEXT).weights();
    SparseMatrix descent =
        new Slim(0.7, 1.3, positive, 200, 10_000, 1e-9, HistoryValues.BINARY)
            .train(data, CONTEXT)
            .weights();
    double[][] expected = reference(gram(rows(data)), slim);
    int negative = 0;
    for (int j = 0; j < ITEMS; j++) {
      for (int i = 0; i < ITEMS; i++) {
        assertThat((double) weights.get(j, i)).isCloseTo(expected[j][i], within(1e-4));
        assertThat(weights.get(j, i)).isCloseTo(descent.get(j, i), within(1e-4f));
        negative += weights.get(j, i) < 0 ? 1 : 0;
      }
      assertThat(weights.get(j, j)).isZero();
    }
    assertThat(negative > 0).isEqualTo(!positive);
    assertThat(weights.size()).isLessThan(ITEMS * (ITEMS - 1)); // l1 makes some weights 0
  }

  @Test
  void solve_moreIterations_lowersTheLoss() {
    SparseMatrix rows = rows(events());
    double[][] g = gram(rows);
    double before = Double.POSITIVE_INFINITY;
    for (int iterations : new int[] {1, 2, 4, 8, 16, 32}) {
      SlimAdmm slim = EXACT.withIterations(iterations, 1e-7, 8);
      double loss = loss(g, slim.solve(rows, 1, ProgressListener.NONE), slim);
      assertThat(loss).isLessThan(before + 1e-4);
      before = loss;
    }
  }

  @Test
  void solve_atTheGoal_ends() {
    List<Long> iterations = new ArrayList<>();
    ProgressListener count = (stage, done, total, note) -> iterations.add(done);
    float[][] few = EXACT.withIterations(400, 1e-5, 8).solve(rows(events()), 1, count);
    assertThat(iterations).hasSizeBetween(2, 100);
    float[][] all = EXACT.solve(rows(events()), 1, ProgressListener.NONE);
    for (int i = 0; i < ITEMS; i++) {
      assertThat(few[i]).containsExactly(all[i], within(1e-4f));
    }
  }

  @Test
  void train_moreThreads_sameWeights() {
    SparseMatrix one = EXACT.train(events(), CONTEXT.withThreads(1)).weights();
    SparseMatrix three = EXACT.train(events(), CONTEXT.withThreads(3)).weights();
    assertThat(three.values()).isEqualTo(one.values());
    assertThat(three.columns()).isEqualTo(one.columns());
  }

  @Test
  void checkMemory_tooManyItems_saysWhatWouldDo() {
    assertThatThrownBy(() -> EXACT.checkMemory(100_000, 4_000_000_000L))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("slim-admm: the dense matrices of 100,000 items need 160.0 GB")
        .hasMessageContaining("slim needs less where items have few neighbors");
    EXACT.checkMemory(10_000, 4_000_000_000L);
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> SlimAdmm.of(Parameters.of(Map.of("rho", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("slim-admm: rho must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> EXACT.train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("slim-admm: 'empty' has no interactions to learn from");
  }

  private static SparseMatrix rows(Dataset data) {
    return ItemWeights.positive("slim-admm", data, HistoryValues.BINARY);
  }

  /** People of two tastes, a third at random. */
  private static Dataset events() {
    Random random = new Random(2);
    List<Interaction> all = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      all.add(new Interaction("everything", "i" + i, 1));
    }
    for (int u = 0; u < 40; u++) {
      for (int i = 0; i < ITEMS; i++) {
        if (random.nextInt(10) < (u % 2 == i % 2 ? 6 : 2)) {
          all.add(new Interaction("u" + u, "i" + i, 1 + random.nextInt(5)));
        }
      }
    }
    return Dataset.of("events", all);
  }
}
