package io.kindred.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.ItemReason;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.registry.Algorithms;
import io.kindred.testkit.SmallData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasons against scoring the history without each item, one by one. */
class NetworkExplanationTest {
  private static final int USERS = 60;
  private static final int ITEMS = 240;
  private static final int LONG = 200;
  private static final int ASKED = 7; // is in no history that is asked for

  @TempDir private Path folder;

  /** Everybody does items of one of three tastes, in random order. */
  private static Dataset data(int items) {
    SplittableRandom random = new SplittableRandom(5);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < USERS; user++) {
      for (int i = 0; i < 30; i++) {
        columns.add(user, (3 * random.nextInt(items / 3) + user % 3) % items, 1f);
      }
    }
    return Dataset.of(
        "tastes (generated)",
        SmallData.ids("u", USERS),
        SmallData.ids("i", items),
        columns.build(USERS, items));
  }

  private Dataset withPictures(Dataset data) throws IOException {
    List<String> paths = new ArrayList<>();
    for (int item = 0; item < data.items().size(); item++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 64; pixel++) {
        image.setRGB(pixel % 8, pixel / 8, item % 50 + (0xB0 << (8 * (item % 3))));
      }
      ImageIO.write(image, "png", folder.resolve(item + ".png").toFile());
      paths.add(item + ".png");
    }
    return data.withFeatures(
        Features.none(USERS),
        new Features(paths.size(), List.of(new FeatureColumn.Image("image", paths, folder))));
  }

  private static NeuralModel train(String recipe, Dataset data) {
    String[] words = recipe.split(" ");
    Parameters parameters = Parameters.none().with("epochs", 3).with("learningRate", 0.01);
    for (int w = 1; w < words.length; w++) {
      String[] pair = words[w].split("=");
      parameters = parameters.with(pair[0], pair[1]);
    }
    TrainingContext context = new TrainingContext(1, 1, ProgressListener.NONE);
    return (NeuralModel) Algorithms.all().trainer(words[0], parameters).train(data, context);
  }

  /** Some items in random order, without the one that is asked for. */
  private static int[] history(int items, int size) {
    int[] all = IntStream.range(0, items).filter(item -> item != ASKED).toArray();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < size; i++) {
      int other = i + random.nextInt(all.length - i);
      int item = all[other];
      all[other] = all[i];
      all[i] = item;
    }
    return Arrays.copyOf(all, size);
  }

  private static float[] scores(NeuralModel model, List<int[]> histories) {
    int items = model.data().items().size();
    float[] scores = new float[histories.size() * items];
    List<Profile> people =
        histories.stream().map(history -> Profile.unseen(History.of(history))).toList();
    model.scorer().score(people, scores);
    float[] asked = new float[people.size()];
    for (int row = 0; row < asked.length; row++) {
      asked[row] = scores[row * items + ASKED];
    }
    return asked;
  }

  private static int[] without(int[] history, int place) {
    return IntStream.range(0, history.length)
        .filter(p -> p != place)
        .map(p -> history[p])
        .toArray();
  }

  private static double[] differences(NeuralModel model, int[] history) {
    List<int[]> asked = new ArrayList<>();
    for (int place = 0; place < history.length; place++) {
      asked.add(without(history, place));
    }
    asked.add(history);
    float[] scores = scores(model, asked);
    return IntStream.range(0, history.length)
        .mapToDouble(place -> (double) scores[history.length] - scores[place])
        .toArray();
  }

  private static int strongest(double[] differences) {
    int best = 0;
    for (int place = 1; place < differences.length; place++) {
      best = Math.abs(differences[place]) > Math.abs(differences[best]) ? place : best;
    }
    return best;
  }

  private static BecauseOfItems explain(NeuralModel model, int[] history, int limit) {
    Explanation why =
        model.explain(Profile.unseen(History.of(history)), ASKED, limit).orElseThrow();
    return (BecauseOfItems) why;
  }

  /** The oldest of 200 items is the one that counts most, and every one has its difference. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "multi-dae latent=8",
        "multi-vae hidden=16 latent=8",
        "auto-rec hidden=16",
        "history-cnn channels=4 dense=16",
        "neu-mf hidden=16",
        "light-gcn dimensions=16",
        "two-tower dimensions=16",
        "vbpr dimensions=8 visual=8",
        "image-cnn dimensions=8 width=8 height=8 channels=4 layers=2",
      })
  void explain_decisiveItemIsTheOldest_isTheStrongestReason(String recipe) throws IOException {
    boolean sees = recipe.startsWith("vbpr") || recipe.startsWith("image-cnn");
    NeuralModel model = train(recipe, sees ? withPictures(data(ITEMS)) : data(ITEMS));
    int[] history = history(ITEMS, LONG);
    int decisive = strongest(differences(model, history));
    int item = history[decisive];
    history[decisive] = history[0];
    history[0] = item;

    checkEach(model, history);
    BecauseOfItems three = explain(model, history, 3);
    double difference = differences(model, history)[0];
    ItemReason first = (difference > 0 ? three.reasons() : three.against()).get(0);
    assertThat(first.item()).isEqualTo("i" + item);
    assertThat(first.contribution()).isCloseTo(difference, within(2e-5));
  }

  /** What comes first in a sequence need not count, but is looked at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasrec dimensions=16 maxLength=200",
        "gru4rec dimensions=16 maxLength=200",
        "caser dimensions=16 maxLength=200",
        "nextitnet dimensions=16 maxLength=200",
        "narm dimensions=16 maxLength=200",
        "bert4rec dimensions=16 maxLength=200",
        "two-tower dimensions=16 history=gru maxLength=200",
      })
  void explain_longSequence_looksAtEachItem(String recipe) {
    checkEach(train(recipe, data(ITEMS)), history(ITEMS, LONG));
  }

  private static void checkEach(NeuralModel model, int[] history) {
    double[] differences = differences(model, history);
    BecauseOfItems why = explain(model, history, history.length);
    Map<String, Double> told = new HashMap<>();
    why.reasons().forEach(reason -> told.put(reason.item(), reason.contribution()));
    why.against().forEach(reason -> told.put(reason.item(), reason.contribution()));
    double scale = Math.max(1, Math.abs(why.score()));
    for (int place = 0; place < history.length; place++) {
      assertThat(told.getOrDefault("i" + history[place], 0.0))
          .as("place %d", place)
          .isCloseTo(differences[place], within(2e-5 * scale));
    }
    assertThat(why.score()).isCloseTo(scores(model, List.of(history))[0], within(1e-5 * scale));
  }

  /** A history that is looked at in blocks first. */
  @Test
  void explain_veryLongHistory_findsTheStrongestOfEachSide() {
    NeuralModel model = train("multi-dae latent=8", data(1500));
    int[] history = history(1500, 1200);
    double[] differences = differences(model, history);
    BecauseOfItems why = explain(model, history, 1200);
    assertThat(why.reasons().size() + why.against().size()).isBetween(200, 300);
    int most = 0;
    int least = 0;
    for (int place = 0; place < differences.length; place++) {
      most = differences[place] > differences[most] ? place : most;
      least = differences[place] < differences[least] ? place : least;
    }
    assertThat(why.reasons().get(0).item()).isEqualTo("i" + history[most]);
    assertThat(why.against().get(0).item()).isEqualTo("i" + history[least]);
  }
}
