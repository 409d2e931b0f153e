package io.kindred.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomItemsTest {
  private static final int ITEMS = 10_000;
  private static final Dataset DATA = data();

  private static Dataset data() {
    Vocabulary users = Vocabulary.of(IntStream.range(0, 5).mapToObj(u -> "u" + u).toList());
    Vocabulary items = Vocabulary.of(IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList());
    return Dataset.of("none", users, items, Interactions.empty(5, ITEMS));
  }

  private static float[] scores(long seed, int user) {
    float[] scores = new float[ITEMS];
    new RandomItems()
        .train(DATA, TrainingContext.defaults().withSeed(seed))
        .scorer()
        .score(new Profile(user, History.empty()), scores);
    return scores;
  }

  @Test
  void score_sameSeedAndUser_sameScores() {
    assertThat(scores(1, 2))
        .isEqualTo(scores(1, 2))
        .isNotEqualTo(scores(1, 3))
        .isNotEqualTo(scores(2, 2));
    assertThat(scores(1, -1)).isNotEqualTo(scores(1, 0));
  }

  @Test
  void score_manyItems_areUniform() {
    float[] scores = scores(42, 0);
    int[] deciles = new int[10];
    for (float score : scores) {
      deciles[(int) (score * 10)]++;
    }
    // Each is binomial with mean 1000 and standard deviation 30.
    assertThat(Arrays.stream(deciles)).allMatch(count -> Math.abs(count - 1000) < 150);
  }

  @Test
  void score_twoUsers_areIndependent() {
    float[] a = scores(42, 0);
    float[] b = scores(42, 1);
    double product = 0;
    for (int i = 0; i < ITEMS; i++) {
      product += (a[i] - 0.5) * (b[i] - 0.5);
    }
    assertThat(product / ITEMS * 12).isCloseTo(0, within(0.05)); // correlation, standard error 0.01
  }
}
