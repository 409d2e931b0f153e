package io.kindred.neural.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.SaliencyMap;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Vocabulary;
import io.kindred.neural.Golden;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.model.NeuralPictureModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Weights;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import io.kindred.testkit.RealData;
import io.kindred.testkit.SmallData;
import io.kindred.testkit.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The convolutional network against Python, and on pictures whose meaning is known. */
class ImageCnnTest {
  private static final TrainingContext CONTEXT = new TrainingContext(3, 1, ProgressListener.NONE);

  @TempDir private Path folder;

  private static ImageCnn small(Object... more) {
    Parameters parameters =
        Parameters.none()
            .with("dimensions", 8)
            .with("width", 24)
            .with("height", 32)
            .with("channels", 6)
            .with("layers", 3)
            .with("shift", 0)
            .with("epochs", 30)
            .with("batchSize", 64)
            .with("learningRate", 0.005);
    for (int i = 0; i < more.length; i += 2) {
      parameters = parameters.with((String) more[i], more[i + 1]);
    }
    return ImageCnn.of(parameters);
  }

  /** The pictures that the script knows. */
  private Dataset golden() throws IOException {
    Dataset bare = Golden.data(5, 11);
    List<@Nullable String> paths = new ArrayList<>();
    for (int item = 0; item < 11; item++) {
      byte[] rgb = new byte[8 * 12 * 3];
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 8; x++) {
          for (int c = 0; c < 3; c++) {
            rgb[(y * 8 + x) * 3 + c] = (byte) ((37 * item + 11 * y + 5 * x + 83 * c + x * y) % 256);
          }
        }
      }
      TestPictures.write(folder.resolve(item + ".png"), new Picture(8, 12, rgb));
      paths.add(item + ".png");
    }
    return bare.withFeatures(
        Features.none(5),
        new Features(11, List.of(new FeatureColumn.Image("image", paths, folder))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax", "bpr"})
  void network_outputsAndGradients_arePythons(String loss) throws IOException {
    Golden golden = Golden.of("image-cnn-" + loss);
    Dataset data = golden();
    ImageCnn options =
        ImageCnn.of(
            Parameters.none()
                .with("dimensions", 3)
                .with("width", 8)
                .with("height", 12)
                .with("channels", 2)
                .with("layers", 2)
                .with("shift", 0)
                .with("flip", false)
                .with("loss", loss));
    ImageCnn.Inputs inputs = options.read(data.itemFeatures(), 1, ProgressListener.NONE);
    Ensemble<ImageCnn.Net, ImageCnn.Inputs> networks =
        options.ensemble(
            Weights.stored(golden, "weight."),
            weights -> new ImageCnn.Net(options, data, weights, null));
    ImageCnn.Net net = networks.members().get(0);
    net.use(inputs);
    ImageCnn.Task task =
        new ImageCnn.Task(options, List.of(networks), inputs, data.interactions(), () -> 0);
    ImageCnn.Part part =
        task.part(
            IntStream.range(0, 11).toArray(),
            1.0 / data.interactions().size(),
            new SplittableRandom(1));
    try (Scope scope = Scope.withoutGradients()) {
      golden.check("vectors", net.vectors(part.pixels(), 11, Noise.NONE).toFloats());
    }
    try (Scope scope = Scope.open()) {
      golden.check("loss", new float[] {(float) task.step(0, part, Noise.NONE)});
    }
    golden.checkGradients(net.weights());
    net.spread();
    try (Scope scope = Scope.withoutGradients()) {
      float[] vectors = golden.floats("vectors");
      float[] kept = net.items().toFloats();
      for (int item = 0; item < 11; item++) {
        for (int d = 0; d < 3; d++) {
          assertThat(kept[item * 3 + d]).isCloseTo(vectors[item * 4 + d], within(1e-4f));
        }
      }
    }
  }

  /** Of items that nobody has done, those whose square has the right color come first. */
  private static double share(NeuralModel model, int items) {
    int right = 0;
    int all = 0;
    float[] scores = new float[items];
    for (int user = 0; user < 30; user++) {
      model
          .scorer()
          .score(List.of(new Profile(user, model.data().interactions().history(user))), scores);
      for (int own = items * 3 / 4; own < items; own++) {
        for (int other = items * 3 / 4; other < items; other++) {
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
  @ValueSource(strings = {"softmax", "bpr"})
  void train_newItems_areRankedByTheirPixels(String loss) throws IOException {
    Dataset data = TestPictures.squares(folder, 60, 120);
    NeuralModel model = small("loss", loss).train(data, CONTEXT);
    assertThat(share(model, 120)).isGreaterThan(0.95);
  }

  /** Covering the salient pixels lowers the score more than covering as many others. */
  @Test
  void saliency_masked_lowersTheScoreMoreThanChance() throws IOException {
    Dataset data = TestPictures.squares(folder, 60, 120);
    NeuralModel model = small().train(data, CONTEXT);
    Ensemble<?, ?> net = (Ensemble<?, ?>) model.network();
    SplittableRandom random = new SplittableRandom(1);
    int stronger = 0;
    int inside = 0;
    int items = 0;
    for (int item = 90; item < 120; item++, items++) {
      Picture picture = PictureFile.read(folder.resolve(item + ".png"));
      History history = data.interactions().history(item % 3); // of a person of the item's group
      SaliencyMap saliency = PictureSaliency.of(model, history, picture);
      List<Picture> shown = new ArrayList<>(List.of(picture));
      shown.add(covered(picture, saliency.strongest(64)));
      for (int turn = 0; turn < 10; turn++) {
        shown.add(covered(picture, random.ints(64, 0, 24 * 32).toArray()));
      }
      float[] scores = net.pictureScores(history, shown);
      assertThat(saliency.score()).isCloseTo(scores[0], within(1e-4));
      double chance = 0;
      for (int turn = 2; turn < shown.size(); turn++) {
        chance += (scores[0] - scores[turn]) / 10;
      }
      stronger += scores[0] - scores[1] > chance ? 1 : 0;
      int strongest = saliency.strongest(1)[0];
      int colored = 0;
      for (int channel = 0; channel < 3; channel++) {
        int value = picture.rgb()[3 * strongest + channel] & 0xff;
        colored += value == 250 || value == 10 ? 1 : 0;
      }
      inside += colored == 3 ? 1 : 0;
    }
    assertThat(stronger).isGreaterThanOrEqualTo(items * 9 / 10);
    assertThat(inside).isGreaterThanOrEqualTo(items * 3 / 4);
    assertThatThrownBy(
            () ->
                PictureSaliency.of(
                    model, History.empty(), PictureFile.read(folder.resolve("1.png"))))
        .hasMessageContaining("history");
  }

  /** With a pretrained network, its last block learns what tells these pictures apart. */
  @ParameterizedTest
  @CsvSource({"0,2", "0.2,1"})
  void train_encoder_lastBlockLearns(double tuning, int networks) throws IOException {
    String encoder = RealData.require("mobilenet-v2").toString();
    Dataset data = TestPictures.squares(folder, 60, 36);
    NeuralPictureModel model =
        (NeuralPictureModel)
            ImageCnn.of(
                    Parameters.none()
                        .with("encoder", encoder)
                        .with("tuning", tuning)
                        .with("networks", networks)
                        .with("dimensions", 8)
                        .with("batchSize", 6)
                        .with("epochs", 12)
                        .with("learningRate", 0.005))
                .train(data, CONTEXT);
    assertThat(share(model, 36)).isGreaterThan(0.7);
    Collection<String> names = model.network().weights().names();
    String changed = "end.depthwise";
    assertThat(names.stream().anyMatch(name -> name.endsWith(changed))).isEqualTo(tuning > 0);
    if (tuning > 0) {
      float[] change;
      try (Scope scope = Scope.withoutGradients()) {
        change = model.network().weights().get(changed).toFloats();
      }
      assertThat(change).isNotEqualTo(new float[change.length]);
    }
    Path bundle = folder.resolve("bundle");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(model, bundle);
    NeuralPictureModel loaded = (NeuralPictureModel) store.load(bundle);
    int d = model.dimensions();
    float[] known = model.itemVectors();
    assertThat(loaded.itemVectors()).isEqualTo(known);
    NeuralPictureModel larger =
        loaded.withItems(
            Vocabulary.of(List.of("new")),
            new Features(1, List.of(new FeatureColumn.Image("image", List.of("30.png"), folder))));
    assertThat(Arrays.copyOfRange(larger.itemVectors(), 36 * d, 37 * d))
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(Arrays.copyOfRange(known, 30 * d, 31 * d));
  }

  private static Picture covered(Picture picture, int[] places) {
    boolean[] mask = new boolean[picture.width() * picture.height()];
    for (int place : places) {
      mask[place] = true;
    }
    return PictureSaliency.masked(picture, mask, PictureSaliency.mean(picture));
  }

  @Test
  void store_withoutThePictures_answersTheSame() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Dataset data = TestPictures.squares(pictures, 30, 60);
    NeuralModel model = small("epochs", 3).train(data, CONTEXT);
    Path bundle = folder.resolve("bundle");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(model, bundle);
    for (int item = 0; item < 60; item++) {
      Files.delete(pictures.resolve(item + ".png"));
    }
    VectorModel loaded = (VectorModel) store.load(bundle);
    assertThat(loaded.itemVectors()).isEqualTo(((VectorModel) model).itemVectors());
  }

  @Test
  void train_itemWithoutPicture_hasTheMeanVector() throws IOException {
    Dataset data = TestPictures.squares(folder, 30, 60);
    Files.writeString(folder.resolve("5.png"), "damaged");
    Warnings warnings = new Warnings();
    VectorModel model =
        (VectorModel) small("epochs", 2).train(data, CONTEXT.withProgress(warnings));
    assertThat(warnings.texts()).hasSize(1);
    assertThat(warnings.texts().get(0)).contains("1 of 60 pictures").contains("5.png");
    float[] vectors = model.itemVectors();
    int d = model.dimensions();
    double mean = 0;
    for (int item = 0; item < 60; item++) {
      mean += item == 5 ? 0 : vectors[item * d] / 59.0;
    }
    assertThat((double) vectors[5 * d]).isCloseTo(mean, within(1e-5));
  }

  @Test
  void withItems_picturesOfNewItems_areSeenAsThoseOfTraining() throws IOException {
    Dataset data = TestPictures.squares(folder, 30, 60);
    NeuralPictureModel model =
        (NeuralPictureModel) small("epochs", 3, "shift", 2).train(data, CONTEXT);
    Files.copy(folder.resolve("50.png"), folder.resolve("new.png"));
    List<@Nullable String> paths = new ArrayList<>();
    paths.add("new.png");
    paths.add(null);
    NeuralPictureModel larger =
        model.withItems(
            Vocabulary.of(List.of("new", "bare")),
            new Features(2, List.of(new FeatureColumn.Image("image", paths, folder))));
    int d = model.dimensions();
    float[] known = model.itemVectors();
    float[] vectors = larger.itemVectors();
    assertThat(Arrays.copyOf(vectors, 60 * d)).isEqualTo(known);
    assertThat(Arrays.copyOfRange(vectors, 60 * d, 61 * d))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(Arrays.copyOfRange(known, 50 * d, 51 * d));
    double mean = 0;
    for (int item = 0; item < 60; item++) {
      mean += known[item * d] / 60.0;
    }
    assertThat((double) vectors[61 * d]).isCloseTo(mean, within(1e-5));
    assertThat(larger.likeness(60, 50)).isCloseTo(1, within(1e-4));

    Profile person = Profile.unseen(data.interactions().history(0));
    assertThat(larger.queryVector(person)).isEqualTo(model.queryVector(person));
    Path bundle = folder.resolve("bundle");
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(larger, bundle);
    assertThat(((VectorModel) store.load(bundle)).itemVectors()).isEqualTo(vectors);

    assertThatThrownBy(() -> model.withItems(Vocabulary.of(List.of("i5")), Features.none(1)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("i5");
  }

  @Test
  void train_noPictures_isRefused() {
    Dataset bare = SmallData.of("u a 1", "u b 1", "v a 1");
    assertThatThrownBy(() -> small().train(bare, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no pictures")
        .hasMessageContaining("--images");
  }

  @Test
  void record_outOfRange_isRefused() {
    assertThatThrownBy(() -> small("width", 4)).hasMessageContaining("width must be in [8, 1024]");
    assertThatThrownBy(() -> small("tuning", 2)).hasMessageContaining("tuning");
    assertThatThrownBy(() -> small("dropout", 1)).hasMessageContaining("dropout");
  }
}
