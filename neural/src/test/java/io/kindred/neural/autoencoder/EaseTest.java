package io.kindred.neural.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.sparse.TopN;
import io.kindred.testkit.SmallData;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EaseTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  /** The formula of the paper, dense and in double precision, by Gauss and Jordan. */
  private static double[][] reference(Dataset data, Ease ease) {
    int n = data.items().size();
    int users = data.users().size();
    float[] x =
        HistoryEncoder.of(ease.encoding(), data.interactions())
            .rows(data.interactions(), IntStream.range(0, users).toArray())
            .dense();
    double[][] g = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int u = 0; u < users; u++) {
          g[i][j] += (double) x[u * n + i] * x[u * n + j];
        }
      }
      g[i][i] += ease.regularization();
      g[i][n + i] = 1;
    }
    for (int pivot = 0; pivot < n; pivot++) {
      double scale = g[pivot][pivot];
      for (int j = 0; j < 2 * n; j++) {
        g[pivot][j] /= scale;
      }
      for (int i = 0; i < n; i++) {
        double factor = g[i][pivot];
        for (int j = 0; i != pivot && j < 2 * n; j++) {
          g[i][j] -= factor * g[pivot][j];
        }
      }
    }
    double[][] b = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i][j] = i == j ? 0 : -g[i][n + j] / g[j][n + j];
      }
    }
    return b;
  }

  @ParameterizedTest
  @EnumSource(Encoding.Kind.class)
  void train_smallRatings_isTheClosedForm(Encoding.Kind kind) {
    Dataset data = SmallData.ratings();
    Ease ease = new Ease(3, new Encoding(kind, 60));
    double[][] expected = reference(data, ease);
    EaseModel model = ease.train(data, CONTEXT);
    int n = data.items().size();
    assertThat(model.scored()).hasSize(n);
    for (int i = 0; i < n; i++) {
      assertThat(model.weights()[i * n + i]).isZero();
      for (int j = 0; j < n; j++) {
        assertThat((double) model.weights()[i * n + j])
            .as("B[%d, %d]", i, j)
            .isCloseTo(expected[i][j], within(1e-4));
      }
    }
  }

  @Test
  void train_moreItemsThanATile_isTheClosedForm() {
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 200; user++) {
      for (int step = 0; step < 12; step++) {
        columns.add(user, (user * 7 + step * step * 5) % 150, 1f);
      }
    }
    Dataset data =
        Dataset.of(
            "large", SmallData.ids("u", 200), SmallData.ids("i", 150), columns.build(200, 150));
    Ease ease = Ease.defaults().withRegularization(2);
    double[][] expected = reference(data, ease);
    EaseModel model = ease.train(data, CONTEXT);
    for (int i = 0; i < 150; i++) {
      for (int j = 0; j < 150; j++) {
        assertThat((double) model.weights()[i * 150 + j]).isCloseTo(expected[i][j], within(1e-4));
      }
    }
  }

  @Test
  void score_checkerboard_findsTheHole() {
    Dataset data = SmallData.checkerboard(20);
    EaseModel model = Ease.defaults().withRegularization(1).train(data, CONTEXT);
    float[] scores = new float[20];
    for (int user = 0; user < 20; user++) {
      History history = data.interactions().history(user);
      model.scorer().score(Profile.unseen(history), scores);
      TopN top = new TopN(1);
      top.exclude(history.distinct().items());
      top.select(scores);
      assertThat(top.items()[0]).isEqualTo(user);
    }
  }

  @Test
  void score_itemsThatNobodyDid_areNotScored() {
    Interactions.Builder columns = Interactions.builder();
    columns.add(0, 1, 1f);
    columns.add(0, 3, 1f);
    columns.add(1, 1, 1f);
    columns.add(1, 4, 1f);
    Dataset data =
        Dataset.of("gaps", SmallData.ids("u", 2), SmallData.ids("i", 6), columns.build(2, 6));
    EaseModel model = Ease.defaults().withRegularization(1).train(data, CONTEXT);
    assertThat(model.scored()).containsExactly(1, 3, 4);
    float[] scores = new float[6];
    model.scorer().score(Profile.unseen(History.of(1, 5)), scores);
    for (int item = 0; item < 6; item++) {
      assertThat(Float.isNaN(scores[item])).isEqualTo(item != 1 && item != 3 && item != 4);
    }
    assertThat(scores[3]).isPositive();
    model.scorer().score(Profile.unseen(History.of(5)), scores);
    for (float score : scores) {
      assertThat(score).isNaN();
    }
    assertThat(model.explain(Profile.unseen(History.of(1)), 5, 3)).isEmpty();
    assertThat(model.explain(Profile.unseen(History.of(5)), 1, 3)).isEmpty();
    assertThat(model.similarItems(5, 3)).isEmpty();
  }

  @Test
  void score_oneItem_scoresZero() {
    EaseModel model = Ease.defaults().train(SmallData.of("u i 1", "v i 1"), CONTEXT);
    float[] scores = new float[1];
    model.scorer().score(Profile.unseen(History.of(0)), scores);
    assertThat(scores).containsExactly(0f);
  }

  @Test
  void explain_leavingAnItemOut_lowersTheScoreByItsPart() {
    Dataset data = SmallData.ratings();
    EaseModel model = new Ease(5, new Encoding(Encoding.Kind.VALUE, 1)).train(data, CONTEXT);
    History whole = data.interactions().history(4).distinct();
    int n = data.items().size();
    float[] with = new float[n];
    float[] without = new float[n];
    model.scorer().score(Profile.unseen(whole), with);
    int last = whole.size() - 1;
    History less =
        new History(
            Arrays.copyOf(whole.items(), last),
            Arrays.copyOf(whole.values(), last),
            Arrays.copyOf(whole.times(), last));
    model.scorer().score(Profile.unseen(less), without);
    String left = data.items().id(whole.items()[last]);
    for (int item = 0; item < n; item++) {
      Explanation.BecauseOfItems why =
          (Explanation.BecauseOfItems)
              model.explain(Profile.unseen(whole), item, 100).orElseThrow();
      double part =
          Stream.concat(why.reasons().stream(), why.against().stream())
              .filter(reason -> reason.item().equals(left))
              .mapToDouble(Explanation.ItemReason::contribution)
              .sum();
      assertThat(part).isCloseTo((double) with[item] - without[item], within(1e-4));
      double against =
          why.against().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
      assertThat(why.rest()).isCloseTo(against, within(1e-9));
    }
  }

  @Test
  void similarItems_smallRatings_arePartialCorrelations() {
    Dataset data = SmallData.ratings();
    Ease ease = new Ease(3, Encoding.BINARY);
    double[][] b = reference(data, ease);
    EaseModel model = ease.train(data, CONTEXT);
    List<Neighbor> found = model.similarItems(2, 4);
    assertThat(found).isNotEmpty();
    for (Neighbor neighbor : found) {
      int other = data.items().index(neighbor.id());
      assertThat(neighbor.similarity())
          .isCloseTo(Math.sqrt(b[2][other] * b[other][2]), within(1e-4))
          .isBetween(0.0, 1.0);
    }
  }

  @Test
  void train_tooManyItems_areRefusedBeforeTheWork() {
    int many = Ease.MOST_ITEMS + 1;
    Interactions.Builder columns = Interactions.builder();
    for (int item = 0; item < many; item++) {
      columns.add(0, item, 1f);
    }
    Dataset data =
        Dataset.of("wide", SmallData.ids("u", 1), SmallData.ids("i", many), columns.build(1, many));
    assertThatThrownBy(() -> Ease.defaults().train(data, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'wide' has 20,001 items")
        .hasMessageContaining("1.6 GB")
        .hasMessageContaining("limit is 20,000")
        .hasMessageContaining("multi-vae");
    Ease.checkSize(Ease.MOST_ITEMS, "as many as fit", 4L << 30);
    assertThatThrownBy(() -> Ease.checkSize(Ease.MOST_ITEMS, "small heap", 1L << 30))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("The heap is 1.1 GB")
        .hasMessageContaining("-Xmx4g");
  }

  @Test
  void ease_regularizationOfZero_isRefused() {
    assertThatThrownBy(() -> new Ease(0, Encoding.BINARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("regularization")
        .hasMessageContaining("0");
  }
}
