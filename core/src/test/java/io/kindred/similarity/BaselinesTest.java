package io.kindred.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.kindred.data.History;
import io.kindred.sparse.SparseMatrix;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselinesTest {
  /** Two users, two items, a third item that nobody rated. */
  private static final SparseMatrix FOUR =
      new SparseMatrix(3, new int[] {0, 2, 3}, new int[] {0, 1, 0}, new float[] {5f, 3f, 1f});

  private static SparseMatrix random(int users, int items) {
    Random random = new Random(7);
    int[] starts = new int[users + 1];
    int[] columns = new int[users * items];
    float[] values = new float[users * items];
    int size = 0;
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if (random.nextInt(4) == 0) {
          columns[size] = i;
          values[size++] =
              Math.max(
                  1, Math.min(5, Math.round(3 + (u % 3) - 1 + (i % 2) + random.nextGaussian())));
        }
      }
      starts[u + 1] = size;
    }
    return new SparseMatrix(
        items,
        starts,
        java.util.Arrays.copyOf(columns, size),
        java.util.Arrays.copyOf(values, size));
  }

  @Test
  void fit_oneEpochOfAls_matchesHand() {
    Baselines found =
        Baselines.fit(FOUR, new Baselines.Options(Baselines.Method.ALS, 1, 1, 2, 0.1), 1);
    // mean 3; items: (2 - 2) / (2 + 2), 0 / (2 + 1); users: (2 + 0) / (1 + 2), -2 / (1 + 1)
    assertThat(found.mean()).isEqualTo(3f);
    assertThat(found.itemBias()).containsExactly(0f, 0f, 0f);
    assertThat(found.userBias()).containsExactly(2f / 3f, -1f);
  }

  @Test
  void fit_oneEpochOfSgd_matchesHand() {
    Baselines found =
        Baselines.fit(FOUR, new Baselines.Options(Baselines.Method.SGD, 1, 0.5, 0.5, 0.1), 1);
    // (0, 0): error 2, both biases 0.2; (0, 1): error -0.2, user 0.2 + 0.1 (-0.2 - 0.1) = 0.17,
    // item -0.02
    // (1, 0): error -2.2, user -0.22, item 0.2 + 0.1 (-2.2 - 0.1) = -0.03
    assertThat(found.userBias()).containsExactly(new float[] {0.17f, -0.22f}, within(1e-6f));
    assertThat(found.itemBias()).containsExactly(new float[] {-0.03f, -0.02f, 0f}, within(1e-6f));
  }

  @Test
  void fit_als_isTheMinimumOfItsObjective() {
    SparseMatrix ratings = random(40, 30);
    Baselines.Options options = new Baselines.Options(Baselines.Method.ALS, 200, 15, 10, 0.1);
    Baselines found = Baselines.fit(ratings, options, 2);
    double least = objective(ratings, found);
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      float[] users = found.userBias().clone();
      float[] items = found.itemBias().clone();
      users[random.nextInt(users.length)] += (float) (0.01 * random.nextGaussian());
      items[random.nextInt(items.length)] += (float) (0.01 * random.nextGaussian());
      assertThat(objective(ratings, new Baselines(found.mean(), users, items, options)))
          .isGreaterThan(least - 1e-6);
    }
  }

  private static double objective(SparseMatrix ratings, Baselines b) {
    double sum = 0;
    for (int u = 0; u < ratings.rowCount(); u++) {
      sum += b.options().userRegularization() * b.userBias()[u] * b.userBias()[u];
      for (int p = ratings.starts()[u]; p < ratings.starts()[u + 1]; p++) {
        double error = ratings.values()[p] - b.estimate(b.userBias()[u], ratings.columns()[p]);
        sum += error * error;
      }
    }
    for (float bias : b.itemBias()) {
      sum += b.options().itemRegularization() * bias * bias;
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource
  void fit_moreThreads_sameBiases(Baselines.Method method) {
    SparseMatrix ratings = random(900, 40);
    assertThat(Baselines.fit(ratings, Baselines.Options.of(method), 3))
        .isEqualTo(Baselines.fit(ratings, Baselines.Options.of(method), 1));
  }

  @ParameterizedTest
  @EnumSource
  void fit_nothing_isZero(Baselines.Method method) {
    Baselines found =
        Baselines.fit(
            new SparseMatrix(2, new int[2], new int[0], new float[0]),
            Baselines.Options.of(method),
            2);
    assertThat(found.mean()).isZero();
    assertThat(found.userBias()).containsExactly(0f);
    assertThat(found.itemBias()).containsExactly(0f, 0f);
    assertThat(found.foldIn(History.empty())).isZero();
  }

  @Test
  void foldIn_historyOfTrainedUser_isTheFittedBias() {
    SparseMatrix ratings = random(40, 30);
    Baselines found = Baselines.fit(ratings, Baselines.Options.ALS, 1);
    for (int u = 0; u < ratings.rowCount(); u++) {
      assertThat(found.foldIn(row(ratings, u))).isEqualTo(found.userBias()[u]);
    }
  }

  @Test
  void foldIn_sgd_isNearTheFittedBias() {
    SparseMatrix ratings = random(40, 30);
    Baselines found =
        Baselines.fit(
            ratings, new Baselines.Options(Baselines.Method.SGD, 500, 0.02, 0.02, 0.005), 1);
    for (int u = 0; u < ratings.rowCount(); u++) {
      assertThat(found.foldIn(row(ratings, u))).isCloseTo(found.userBias()[u], within(0.02f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void foldIn_repeats_lastValueCounts(Baselines.Method method) {
    Baselines found = Baselines.fit(FOUR, Baselines.Options.of(method), 1);
    History repeated = new History(new int[] {0, 1, 0}, new float[] {1f, 2f, 5f}, new long[3]);
    History once = new History(new int[] {0, 1}, new float[] {5f, 2f}, new long[2]);
    assertThat(found.foldIn(repeated)).isEqualTo(found.foldIn(once));
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Baselines.Options(Baselines.Method.ALS, 0, 15, 10, 0.1))
        .withMessage("epochs must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Baselines.Options(Baselines.Method.ALS, 1, Double.NaN, 10, 0.1))
        .withMessageContaining("regularization");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Baselines.Options(Baselines.Method.SGD, 1, 15, 10, 0))
        .withMessageContaining("learningRate must be above 0, got 0.0");
  }

  private static History row(SparseMatrix ratings, int u) {
    int from = ratings.starts()[u];
    int to = ratings.starts()[u + 1];
    return new History(
        java.util.Arrays.copyOfRange(ratings.columns(), from, to),
        java.util.Arrays.copyOfRange(ratings.values(), from, to),
        new long[to - from]);
  }
}
