package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.NewItems;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.SaliencyMap;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.model.NeuralPictureModel;
import io.kindred.neural.tensor.Scope;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import io.kindred.testkit.SmallData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hybrid of ids and features, and factors beside visual features. */
class TwoTowerTest {
  private static final TrainingContext CONTEXT = new TrainingContext(3, 1, ProgressListener.NONE);
  private static final int ITEMS = 120;
  private static final String[] WORDS = {"whale harbor", "robot comet", "rose beehive"};

  @TempDir private Path folder;

  /**
   * Everybody does the items of one group; of each kind of feature some items lack it. The last
   * quarter of the items has no interactions.
   */
  private static Dataset groups(String... kinds) {
    Random random = new Random(5);
    List<@Nullable String> titles = new ArrayList<>();
    int[] codes = new int[ITEMS];
    int[] starts = new int[ITEMS + 1];
    int[] tags = new int[ITEMS];
    float[] years = new float[ITEMS];
    float[][] embedding = new float[2][ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      int group = item % 3;
      titles.add(item % 10 == 7 ? null : "The " + WORDS[group] + " no " + random.nextInt(50));
      codes[item] = item % 10 == 8 ? -1 : group;
      starts[item + 1] = starts[item] + (item % 10 == 9 ? 0 : 1);
      tags[starts[item]] = group;
      years[item] = item % 10 == 6 ? Float.NaN : 100 * group + random.nextInt(30);
      embedding[0][item] = (float) Math.cos(2.1 * group) + 0.1f * random.nextFloat();
      embedding[1][item] = (float) Math.sin(2.1 * group) + 0.1f * random.nextFloat();
    }
    Map<String, List<FeatureColumn>> all =
        Map.of(
            "text", List.of(new FeatureColumn.Text("title", titles)),
            "category",
                List.of(
                    new FeatureColumn.Category(
                        "kind", codes, Vocabulary.of(List.of("x", "y", "z")))),
            "tags",
                List.of(
                    new FeatureColumn.Tags(
                        "tags",
                        starts,
                        Arrays.copyOf(tags, starts[ITEMS]),
                        Vocabulary.of(List.of("p", "q", "r")))),
            "numeric", List.of(new FeatureColumn.Numeric("year", years)),
            "embedding",
                List.of(
                    new FeatureColumn.Numeric("e 1", embedding[0]),
                    new FeatureColumn.Numeric("e 2", embedding[1])));
    List<FeatureColumn> chosen = new ArrayList<>();
    for (String kind : kinds) {
      chosen.addAll(all.getOrDefault(kind, List.of()));
    }
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 60; user++) {
      for (int item = user % 3; item < ITEMS * 3 / 4; item += 3) {
        if (random.nextInt(3) == 0) {
          columns.add(user, item, 1f);
        }
      }
    }
    return Dataset.of(
            "groups (generated)",
            SmallData.ids("u", 60),
            SmallData.ids("i", ITEMS),
            columns.build(60, ITEMS))
        .withFeatures(Features.none(60), new Features(ITEMS, chosen));
  }

  private static NeuralModel train(Dataset data, String algorithm, Object... more) {
    Parameters parameters =
        Parameters.none().with("epochs", 25).with("batchSize", 256).with("dimensions", 8);
    for (int i = 0; i < more.length; i += 2) {
      parameters = parameters.with((String) more[i], more[i + 1]);
    }
    return (NeuralModel) Algorithms.all().trainer(algorithm, parameters).train(data, CONTEXT);
  }

  /** How often an item of the person's group is above one of another, among some items. */
  private static double share(NeuralModel model, int from, int to) {
    int right = 0;
    int all = 0;
    float[] scores = new float[ITEMS];
    for (int user = 0; user < 30; user++) {
      model
          .scorer()
          .score(List.of(Profile.unseen(model.data().interactions().history(user))), scores);
      for (int own = from; own < to; own++) {
        for (int other = from; other < to; other++) {
          if (own % 3 == user % 3 && other % 3 != user % 3) {
            all++;
            right += scores[own] > scores[other] ? 1 : 0;
          }
        }
      }
    }
    return (double) right / all;
  }

  @ParameterizedTest
  @CsvSource({
    "text,mean",
    "category,mean",
    "tags,mean",
    "numeric,mean",
    "category,gru",
    "category,attention"
  })
  void train_newItems_areRankedByEachKindOfFeature(String kind, String history) {
    NeuralModel model = train(groups(kind), "two-tower", "history", history);
    assertThat(share(model, 0, ITEMS * 3 / 4)).as("known").isGreaterThan(0.95);
    // A tenth of the items lacks the feature: with them about half of the pairs is right.
    assertThat(share(model, ITEMS * 3 / 4, ITEMS)).as("new").isGreaterThan(0.85);
  }

  @Test
  void train_partlyMissingFeatures_fillInForEachOther() {
    NeuralModel model = train(groups("text", "category", "tags", "numeric"), "two-tower");
    assertThat(share(model, ITEMS * 3 / 4, ITEMS)).isGreaterThan(0.97);
  }

  @ParameterizedTest
  @CsvSource({"two-tower", "vbpr"})
  void train_embeddingColumns_areRead(String algorithm) {
    NeuralModel model = train(groups("embedding"), algorithm, "embedding", "e");
    assertThat(share(model, ITEMS * 3 / 4, ITEMS)).isGreaterThan(0.97);
    assertThatThrownBy(() -> train(groups("embedding"), algorithm, "embedding", "none"))
        .hasMessageContaining("no embedding 'none'");
  }

  @ParameterizedTest
  @CsvSource({"two-tower", "vbpr"})
  void train_pictures_areRead(String algorithm) throws IOException {
    NeuralModel model = train(TestPictures.squares(folder, 60, ITEMS), algorithm, "epochs", 60);
    assertThat(share(model, ITEMS * 3 / 4, ITEMS)).isGreaterThan(0.8);
  }

  @Test
  void train_noFeatures_goesByIds() {
    NeuralModel model = train(groups(), "two-tower", "epochs", 150);
    assertThat(share(model, 0, ITEMS * 3 / 4)).isGreaterThan(0.95);
    assertThatThrownBy(() -> train(groups(), "vbpr")).hasMessageContaining("no pictures");
  }

  @Test
  void train_noIds_goesByFeatures() {
    NeuralModel model = train(groups("category"), "two-tower", "ids", false);
    assertThat(share(model, ITEMS * 3 / 4, ITEMS)).isGreaterThan(0.85);
  }

  @ParameterizedTest
  @CsvSource({"mean,1", "gru,1", "mean,3"})
  void withItems_laterItems_haveTheScoresOfThoseThatWereThere(String history, int networks) {
    Dataset whole = groups("text", "category", "tags", "numeric");
    NeuralModel model = train(whole, "two-tower", "history", history, "networks", networks);
    int[] again = {ITEMS - 3, ITEMS - 2, ITEMS - 1};
    NeuralModel saved = reloaded(model);
    NeuralModel more =
        (NeuralModel)
            ((NewItems) saved)
                .withItems(
                    Vocabulary.of(List.of("a", "b", "c")), whole.itemFeatures().select(again));

    assertThat(saved.data().items().size()).isEqualTo(ITEMS);
    NeuralModel twice = reloaded(more);
    float[] scores = new float[ITEMS + 3];
    float[] reread = new float[ITEMS + 3];
    for (int user = 0; user < 9; user++) {
      Profile person = Profile.unseen(whole.interactions().history(user));
      more.scorer().score(List.of(person), scores);
      twice.scorer().score(List.of(person), reread);
      assertThat(reread).containsExactly(scores);
      float[] before = new float[ITEMS];
      model.scorer().score(List.of(person), before);
      for (int item = 0; item < ITEMS; item++) {
        assertThat(scores[item]).isCloseTo(before[item], within(1e-5f));
      }
      for (int i = 0; i < again.length; i++) {
        assertThat(scores[ITEMS + i]).isCloseTo(before[again[i]], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"two-tower", "vbpr"})
  void withItems_embedding_isScaledAsThatOfTheTraining(String algorithm) {
    Dataset whole = groups("embedding");
    NeuralModel model = train(whole, algorithm, "embedding", "e");
    int[] again = {ITEMS - 3, ITEMS - 2, ITEMS - 1};
    Vocabulary ids = Vocabulary.of(List.of("a", "b", "c"));
    NeuralModel more =
        (NeuralModel)
            ((NewItems) reloaded(model)).withItems(ids, whole.itemFeatures().select(again));
    NeuralModel blank =
        (NeuralModel) ((NewItems) model).withItems(ids, Features.none(again.length));
    float[] before = new float[ITEMS];
    float[] scores = new float[ITEMS + 3];
    Profile person = Profile.unseen(whole.interactions().history(0));
    model.scorer().score(List.of(person), before);
    more.scorer().score(List.of(person), scores);
    for (int i = 0; i < again.length; i++) {
      assertThat(scores[ITEMS + i]).isCloseTo(before[again[i]], within(1e-5f));
    }
    blank.scorer().score(List.of(person), scores);
    assertThat(scores).doesNotContain(Float.NaN);
    Features other =
        new Features(3, List.of(new FeatureColumn.Numeric("e 1", new float[] {1, 2, 3})));
    assertThatThrownBy(() -> ((NewItems) model).withItems(ids, other))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("must have 2 numbers as before, got 1");
    assertThatThrownBy(
            () -> ((NewItems) model).withItems(Vocabulary.of(List.of("i1")), Features.none(1)))
        .hasMessageContaining("'i1' is in the catalogue of the model already");
  }

  @ParameterizedTest
  @CsvSource({"two-tower,1", "vbpr,1", "image-cnn,1", "two-tower,2", "vbpr,2", "image-cnn,2"})
  void withItems_picture_speaksForAnItemThatCameLater(String algorithm, int networks)
      throws IOException {
    Dataset whole = TestPictures.squares(folder, 60, ITEMS);
    NeuralModel model = train(whole, algorithm, "epochs", 4, "networks", networks);
    int[] again = {ITEMS - 2, ITEMS - 1};
    NeuralModel more =
        (NeuralModel)
            ((NewItems) model)
                .withItems(Vocabulary.of(List.of("a", "b")), whole.itemFeatures().select(again));
    float[] before = new float[ITEMS];
    float[] scores = new float[ITEMS + 2];
    Profile person = Profile.unseen(whole.interactions().history(0));
    model.scorer().score(List.of(person), before);
    more.scorer().score(List.of(person), scores);
    for (int i = 0; i < again.length; i++) {
      assertThat(scores[ITEMS + i]).isCloseTo(before[again[i]], within(1e-4f));
    }
    assertThat(((NeuralPictureModel) more).likeness(ITEMS + 1, ITEMS - 1))
        .isCloseTo(1, within(1e-4));
  }

  /** Of networks that were trained side by side, each is one by itself, and the mean counts. */
  @ParameterizedTest
  @CsvSource({"two-tower", "vbpr", "image-cnn"})
  void train_severalNetworks_scoreIsTheirMean(String algorithm) throws IOException {
    Dataset data = TestPictures.squares(folder, 30, 60);
    NeuralModel model = train(data, algorithm, "epochs", 2, "networks", 3);
    Ensemble<?, ?> networks = (Ensemble<?, ?>) reloaded(model).network();
    assertThat(networks.members()).hasSize(3);
    Profile person = Profile.unseen(data.interactions().history(0));
    float[] scores = new float[60];
    model.scorer().score(List.of(person), scores);
    float[] means = new float[60];
    float[] first = new float[60];
    try (Scope scope = Scope.withoutGradients()) {
      for (ItemVectors<?> member : networks.members()) {
        float[] own =
            member
                .queries(List.of(person.history()))
                .matmul(member.items().transpose(0, 1))
                .add(member.bias())
                .toFloats();
        first = first[0] == 0 ? own : first;
        for (int item = 0; item < 60; item++) {
          means[item] += own[item] / 3;
        }
      }
    }
    assertThat(scores).usingComparatorWithPrecision(1e-4f).containsExactly(means);
    assertThat(Math.abs(first[0] - means[0])).isGreaterThan(1e-4f); // they differ
    assertThatThrownBy(() -> train(data, algorithm, "networks", 0))
        .hasMessageContaining("networks must be at least 1, got 0");
  }

  private NeuralModel reloaded(NeuralModel model) {
    ModelStore store = ModelStore.of(Algorithms.all());
    Path to = folder.resolve("model");
    store.save(model, to);
    return (NeuralModel) store.load(to);
  }

  @Test
  void train_columns_areThoseThatAreNamed() {
    NeuralModel kind = train(groups("category", "numeric"), "two-tower", "columns", "kind");
    assertThat(kind.info().parameters().asMap()).containsEntry("columns", "kind");
    assertThatThrownBy(() -> train(groups("category"), "two-tower", "columns", "color"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("two-tower: items have no column 'color'");
  }

  @Test
  void record_otherLoss_isRefused() {
    assertThatThrownBy(() -> TwoTower.of(Parameters.none().with("loss", "hinge")))
        .hasMessageContaining("sampled-softmax or bpr");
    assertThatThrownBy(() -> Vbpr.of(Parameters.none().with("sharedNegatives", false)))
        .hasMessageContaining("sharedNegatives=true");
  }

  @ParameterizedTest
  @CsvSource({"vbpr,1", "vbpr,2", "two-tower,1", "two-tower,2"})
  void saliency_fallsOnWhatTellsThePicturesApart(String algorithm, int networks)
      throws IOException {
    Dataset data = TestPictures.squares(folder, 60, 120);
    NeuralPictureModel model =
        (NeuralPictureModel) train(data, algorithm, "epochs", 60, "networks", networks);
    int inside = 0;
    for (int item = 90; item < 120; item++) { // nobody did them
      Path file = folder.resolve(item + ".png");
      Profile person = Profile.unseen(data.interactions().history(item % 3));
      SaliencyMap map = model.saliency(person, file);
      assertThat(map.values()).hasSize(6 * 8);
      Picture picture = PictureFile.read(file); // 24 x 32: 4 x 4 pixels each
      int cell = map.strongest(1)[0];
      boolean colored = false;
      for (int y = cell / 6 * 4; y < cell / 6 * 4 + 4; y++) {
        for (int x = cell % 6 * 4; x < cell % 6 * 4 + 4; x++) {
          colored |= (picture.rgb()[3 * (y * 24 + x) + item % 3] & 0xff) == 250;
        }
      }
      inside += colored ? 1 : 0;
    }
    assertThat(inside).isGreaterThanOrEqualTo(30 * 3 / 4);
    assertThat(model.likeness(0, 0)).isCloseTo(1, within(1e-6));
    assertThat(model.likeness(0, 3)).isGreaterThan(model.likeness(0, 1));
    assertThatThrownBy(
            () -> model.saliency(Profile.unseen(History.empty()), folder.resolve("1.png")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("history");
  }
}
