package io.kindred.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.similarity.Baselines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BiasTest {
  private static final Dataset DATA =
      Dataset.of(
          "three",
          List.of(
              new Interaction("u", "a", 5f),
              new Interaction("u", "b", 3f),
              new Interaction("v", "a", 1f)));
  private static final Bias ONE_EPOCH =
      new Bias(new Baselines.Options(Baselines.Method.ALS, 1, 1, 2, 0.1));
  private static final Bias.Fitted MODEL = ONE_EPOCH.train(DATA, TrainingContext.defaults());

  @Test
  void predict_knownUser_isMeanAndBiases() {
    // Worked out by hand in BaselinesTest: mean 3, user biases 2/3 and -1, item biases 0.
    assertThat(MODEL.predict(new Profile(0, DATA.interactions().history(0)), new int[] {0, 1}))
        .containsExactly(new float[] {3 + 2f / 3, 3 + 2f / 3}, within(1e-6f));
  }

  @Test
  void predict_liveHistory_isFoldedIn() {
    History loved = new History(new int[] {0, 1}, new float[] {5f, 5f}, new long[2]);
    assertThat(MODEL.predict(Profile.live(1, loved), new int[] {0})).containsExactly(3 + 4f / 3);
    assertThat(MODEL.predict(Profile.unseen(loved), new int[] {0})).containsExactly(3 + 4f / 3);
    assertThat(MODEL.predict(Profile.unseen(History.empty()), new int[] {0})).containsExactly(3f);
  }

  @Test
  void predict_beyondTheScale_isClipped() {
    History wild = new History(new int[] {0}, new float[] {100f}, new long[1]);
    assertThat(MODEL.predict(Profile.unseen(wild), new int[] {0})).containsExactly(5f);
    float[] scores = new float[2];
    MODEL.scorer().score(Profile.unseen(wild), scores);
    assertThat(scores[0]).isGreaterThan(5f);
  }

  @Test
  void of_method_bringsItsDefaults() {
    assertThat(Bias.of(Parameters.none())).isEqualTo(new Bias(Baselines.Options.ALS));
    assertThat(Bias.of(Parameters.of(Map.of("method", "sgd"))))
        .isEqualTo(new Bias(Baselines.Options.SGD));
    assertThat(Bias.of(ONE_EPOCH.parameters())).isEqualTo(ONE_EPOCH);
  }
}
