package io.kindred.neural.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.NewItems;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.neural.model.NeuralModel;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence models that read what is said of items. */
class ItemFeaturesTest {
  private static final TrainingContext CONTEXT = new TrainingContext(3, 1, ProgressListener.NONE);
  private static final int KINDS = 3;
  private static final int ITEMS = 48; // the last sixth has no interactions
  private static final int WARM = 40;
  private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);

  /**
   * After an item of a kind comes one of the next kind; which one is chance. So the kind tells what
   * comes next, also of items that nobody has done.
   */
  private static Dataset kinds() {
    SplittableRandom random = new SplittableRandom(7);
    Interactions.Builder views = Interactions.builder();
    int users = 300;
    for (int user = 0; user < users; user++) {
      int kind = random.nextInt(KINDS);
      for (int step = 0; step < 8; step++) {
        int item = random.nextInt(WARM / KINDS) * KINDS + (kind + step) % KINDS;
        views.add(user, item, 1f, 1_600_000_000L + step);
      }
    }
    List<String> names = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      names.add("u" + user);
    }
    List<String> ids = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      ids.add("i" + item);
    }
    return Dataset.of(
            "kinds (generated)",
            Vocabulary.of(names),
            Vocabulary.of(ids),
            views.build(users, ITEMS))
        .withFeatures(Features.none(users), described(ITEMS));
  }

  /** Item n is of kind n modulo 3. */
  private static Features described(int items) {
    int[] codes = new int[items];
    for (int item = 0; item < items; item++) {
      codes[item] = item % KINDS;
    }
    Vocabulary kinds = Vocabulary.of(List.of("film", "book", "game"));
    return new Features(items, List.of(new FeatureColumn.Category("kind", codes, kinds)));
  }

  private static NeuralModel train(String recipe, Dataset data) {
    String[] words = recipe.split(" ");
    Parameters parameters =
        Parameters.none()
            .with("epochs", 15)
            .with("patience", 0)
            .with("dimensions", 16)
            .with("learningRate", 0.01)
            .with("dropout", 0.1)
            .with("maxLength", 8);
    for (int n = 1; n < words.length; n++) {
      String[] pair = words[n].split("=");
      parameters = parameters.with(pair[0], pair[1]);
    }
    return (NeuralModel) Algorithms.all().trainer(words[0], parameters).train(data, CONTEXT);
  }

  private static float[] scores(NeuralModel model, int... history) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(List.of(Profile.unseen(History.of(history))), scores);
    return scores;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasrec features=true",
        "sasrec features=true loss=sampled-softmax",
        "gru4rec features=true hidden=32",
        "gru4rec features=true hidden=32 tied=false",
        "gru4rec features=true hidden=32 batches=sessions"
      })
  void score_itemsWithoutInteractions_goByTheirKind(String recipe) {
    NeuralModel model = train(recipe, kinds());
    for (int last = 0; last < KINDS; last++) {
      int before = (last + KINDS - 1) % KINDS;
      int next = (last + 1) % KINDS;
      float[] scores = scores(model, before, last);
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int item = WARM; item < ITEMS; item++) {
        if (item % KINDS == next) {
          least = Math.min(least, scores[item]);
        } else {
          most = Math.max(most, scores[item]);
        }
      }
      assertThat(least).as(recipe + " after kind " + last).isGreaterThan(most);
    }
  }

  @Test
  void score_withoutFeatures_kindsOfNewItemsAreNotKnown() {
    NeuralModel model = train("sasrec", kinds());
    assertThat(model).isNotInstanceOf(NewItems.class);
    assertThat(model.network().weights().names()).noneMatch(name -> name.contains("marks"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sasrec features=true", "gru4rec features=true hidden=32 tied=false"})
  void withItems_newOnes_areScoredAsThoseThatWereThere(String recipe, @TempDir Path folder) {
    NeuralModel model = train(recipe + " epochs=3", kinds());
    Path bundle = folder.resolve("model");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(model, bundle);
    NeuralModel loaded = (NeuralModel) store.load(bundle);
    float[] before = scores(model, 0, 1);
    assertThat(scores(loaded, 0, 1)).isEqualTo(before);

    NeuralModel larger =
        (NeuralModel)
            ((NewItems) loaded).withItems(Vocabulary.of(List.of("n0", "n1", "n2")), described(3));
    float[] after = scores(larger, 0, 1);
    assertThat(after).hasSize(ITEMS + 3);
    for (int item = 0; item < ITEMS; item++) {
      assertThat(after[item]).isCloseTo(before[item], ROUNDING);
    }
    for (int fresh = 0; fresh < 3; fresh++) {
      // Both are known by their kind alone.
      int same = WARM + 2 + fresh; // 42 is of kind 0
      assertThat(after[ITEMS + fresh]).isCloseTo(before[same], ROUNDING);
      assertThat(scores(larger, 0, ITEMS + fresh)).isEqualTo(scores(larger, 0, same));
    }
    store.save(larger, folder.resolve("larger"));
    assertThat(scores((NeuralModel) store.load(folder.resolve("larger")), 0, 1)).isEqualTo(after);
  }

  @Test
  void train_unknownColumn_isSaid() {
    assertThatThrownBy(() -> train("sasrec features=true columns=color", kinds()))
        .isInstanceOf(KindredException.class)
        .hasMessage("sasrec: items have no column 'color' that can be compared; they have [kind]");
    assertThatThrownBy(() -> train("gru4rec idDropout=1", kinds()))
        .hasMessageContaining("idDropout");
  }
}
