package io.kindred.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.sequence.Gru4Rec;
import io.kindred.neural.tensor.Optimizer;
import io.kindred.registry.Algorithms;
import io.kindred.store.CheckpointFile;
import io.kindred.testkit.SmallData;
import io.kindred.testkit.Warnings;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop: interruptions of all kinds, early stopping, and what users do wrong. */
class TrainingTest {
  private static final TrainingContext CONTEXT = new TrainingContext(7, 1, ProgressListener.NONE);

  @TempDir Path folder;

  private static Trainer<?> sasrec(String... parameters) {
    Parameters all = Parameters.none().with("dimensions", 16).with("epochs", 6);
    for (String parameter : parameters) {
      String[] words = parameter.split("=", 2);
      all = all.with(words[0], words[1]);
    }
    return Algorithms.all().trainer("sasrec", all);
  }

  private static Trainer<?> twoOfSasrec() {
    Parameters all = Parameters.none().with("1", "sasrec").with("1.runs", 2);
    for (Map.Entry<String, String> of : sasrec("patience=4").parameters().asMap().entrySet()) {
      all = all.with("1." + of.getKey(), of.getValue());
    }
    return Algorithms.all().trainer("blend", all);
  }

  private static List<Learning.Epoch> epochs(Trainer<?> trainer, TrainingContext context) {
    return ((Learning) trainer.train(SmallData.ratings(), context)).epochs();
  }

  private static List<String> figures(List<Learning.Epoch> epochs) {
    return epochs.stream().map(e -> e.number() + " " + e.loss() + " " + e.metric()).toList();
  }

  /** Another JVM that trains with checkpoints and says what it does and which epoch begins. */
  static final class Training {
    public static void main(String[] arguments) {
      Set<String> seen = new HashSet<>();
      TrainingContext context =
          CONTEXT
              .withCheckpoints(new CheckpointFile(Path.of(arguments[0])))
              .withProgress(
                  (stage, done, total, note) -> {
                    String epoch = note.replaceAll("/.*", "");
                    if (seen.add(stage + ", " + epoch)) {
                      System.out.println(stage + ", " + epoch);
                    }
                    if (Long.parseLong(epoch.replaceAll("\\D", "")) > 3) {
                      pause(); // so that the kill comes in the middle of an epoch
                    }
                  });
      (arguments[1].equals("blend") ? twoOfSasrec() : sasrec("patience=4"))
          .train(SmallData.ratings(), context);
    }

    private static void pause() {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void train_killedInTheMiddle_goesOnAsIfNothingHadHappened() throws Exception {
    Path state = folder.resolve("state");
    trainAndKill(state, "sasrec", "training sasrec, epoch 4");

    List<String> expected = figures(epochs(sasrec("patience=4"), CONTEXT));
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    List<Learning.Epoch> resumed =
        epochs(
            sasrec("patience=4"),
            CONTEXT
                .withCheckpoints(new CheckpointFile(state))
                .withProgress((stage, done, total, note) -> begun.add(done)));
    assertThat(figures(resumed)).isEqualTo(expected);
    assertThat(begun.get(0))
        .as("examples done at the first step of the resumed training")
        .isGreaterThan(SmallData.ratings().interactions().size());
  }

  /** Trains in another process, and kills it when it says something. */
  private void trainAndKill(Path state, String what, String when) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Training.class.getName(),
                state.toString(),
                what)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.equals(when)) {
        line = output.readLine();
      }
      assertThat(line).as(Files.readString(folder.resolve("errors"))).isEqualTo(when);
    } finally {
      process.destroyForcibly(); // SIGKILL
    }
    process.waitFor();
  }

  @Test
  void train_blendKilledInItsSecondMember_goesOnAsIfNothingHadHappened() throws Exception {
    Path state = folder.resolve("state");
    trainAndKill(state, "blend", "2/2 training sasrec, epoch 4");

    Model expected = twoOfSasrec().train(SmallData.ratings(), CONTEXT);
    List<String> begun = Collections.synchronizedList(new ArrayList<>());
    TrainingContext resuming =
        CONTEXT
            .withCheckpoints(new CheckpointFile(state))
            .withProgress((stage, done, total, note) -> begun.add(stage + ", " + note));
    Model resumed = twoOfSasrec().train(SmallData.ratings(), resuming);

    assertThat(begun.get(0)).startsWith("2/2 training sasrec, epoch 4");
    assertThat(begun).allMatch(stage -> stage.startsWith("2/2"));
    assertThat(scores(resumed)).isEqualTo(scores(expected));
    CheckpointFile done = new CheckpointFile(state);
    assertThatThrownBy(() -> epochs(sasrec("patience=4"), CONTEXT.withCheckpoints(done)))
        .isInstanceOf(KindredException.class);
    assertThatThrownBy(
            () ->
                twoOfSasrec().train(SmallData.ratings(), CONTEXT.withSeed(8).withCheckpoints(done)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("another training")
        .hasMessageContaining("seed 7");
  }

  private static float[] scores(Model model) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(new Profile(0, model.data().interactions().history(0)), scores);
    return scores;
  }

  @Test
  void train_checkpointOfAnotherTraining_isRefused() {
    CheckpointFile state = new CheckpointFile(folder.resolve("state"));
    epochs(sasrec("epochs=1"), CONTEXT.withCheckpoints(state));
    assertThatThrownBy(() -> epochs(sasrec("epochs=2"), CONTEXT.withCheckpoints(state)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("another training")
        .hasMessageContaining("epochs=1")
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> epochs(sasrec("epochs=1"), CONTEXT.withSeed(8).withCheckpoints(state)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("seed 7");
    assertThatThrownBy(
            () -> Gru4Rec.defaults().train(SmallData.ratings(), CONTEXT.withCheckpoints(state)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("another training");
  }

  @Test
  void train_learningRateTooLarge_saysWhereAndKeepsTheCheckpoint() {
    CheckpointFile state = new CheckpointFile(folder.resolve("state"));
    assertThatThrownBy(
            () ->
                epochs(
                    sasrec("learningRate=1e30", "optimizer=sgd", "epochs=50", "batchSize=8"),
                    CONTEXT.withCheckpoints(state)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("sasrec")
        .hasMessageContaining("step")
        .hasMessageContaining("1.0E30")
        .hasMessageContaining("smaller learningRate");
  }

  @ParameterizedTest
  @CsvSource({
    "learningRate=0,learningRate",
    "learningRate=-1,learningRate",
    "epochs=0,epochs",
    "batchSize=0,batchSize",
    "dropout=1,dropout",
    "maxLength=0,maxLength",
    "heads=3,multiple of heads",
    "negatives=0,negatives",
    "schedule=plateau,patience",
    "loss=cross,cross-entropy",
    "checkEvery=0,checkEvery"
  })
  void trainer_valueOutOfRange_isNamed(String parameter, String named) {
    assertThatThrownBy(() -> sasrec(parameter, "patience=0"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("sasrec")
        .hasMessageContaining(named);
  }

  @Test
  void train_metricStandsStill_stopsAndKeepsTheBest() {
    List<Learning.Epoch> epochs =
        epochs(sasrec("epochs=200", "patience=3", "learningRate=0.01"), CONTEXT);
    assertThat(epochs.size()).isBetween(4, 199);
    int best = 0;
    for (int e = 0; e < epochs.size(); e++) {
      best = epochs.get(e).metric() > epochs.get(best).metric() ? e : best;
    }
    assertThat(epochs).hasSize(best + 1 + 3);
  }

  @ParameterizedTest
  @CsvSource({
    "excludeSeen, true, true",
    "avoidPositives, true, true",
    "excludeSeen, true, false",
    "excludeSeen, false, true"
  })
  void train_seenItemsLeftOut_warnsWherePeopleComeBack(
      String option, String value, boolean comeBack) {
    Interactions.Builder plays = Interactions.builder();
    for (int user = 0; user < 20; user++) {
      for (int play = 0; play < 8; play++) {
        plays.add(
            user,
            comeBack && play == 7 ? user % 10 : (user + play) % 10,
            1f,
            1_600_000_000L + play);
      }
    }
    Dataset data =
        Dataset.of("plays", SmallData.ids("u", 20), SmallData.ids("i", 10), plays.build(20, 10));
    Warnings warnings = new Warnings();
    sasrec("epochs=1", "patience=0", option + "=" + value)
        .train(data, new TrainingContext(1, 1, warnings));
    if (comeBack && value.equals("true")) {
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .contains("sasrec", option + "=true", "13 % of the interactions");
    } else {
      assertThat(warnings.texts()).isEmpty();
    }
  }

  @Test
  void train_interrupted_stops() throws InterruptedException {
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              try {
                epochs(sasrec("epochs=100000", "patience=0"), CONTEXT);
              } catch (RuntimeException e) {
                thrown.add(e);
              }
            });
    thread.start();
    Thread.sleep(1500);
    thread.interrupt();
    thread.join(20_000);
    assertThat(thread.isAlive()).isFalse();
    assertThat(thrown).singleElement().asString().contains("interrupted");
  }

  /** Histories of no and one item, longer than the window, batches larger than the data. */
  @Test
  void train_oddSizes_areServed() {
    Dataset data = SmallData.ratings();
    for (Trainer<?> trainer :
        List.of(
            sasrec("maxLength=1", "epochs=1"),
            sasrec("maxLength=3", "epochs=1", "batchSize=100000"),
            sasrec("epochs=1", "loss=sampled-softmax", "negatives=5000"),
            sasrec("epochs=1", "loss=bpr", "sharedNegatives=false", "avoidPositives=true"))) {
      NeuralModel model = (NeuralModel) trainer.train(data, CONTEXT);
      float[] scores = new float[data.items().size()];
      model.scorer().score(Profile.unseen(History.of(1)), scores);
      assertThat(scores).doesNotContain(Float.NaN);
      model.scorer().score(Profile.unseen(History.empty()), scores);
      assertThat(scores).containsOnly(Float.NaN);
      int[] many = new int[500];
      for (int i = 0; i < many.length; i++) {
        many[i] = i % scores.length;
      }
      model.scorer().score(Profile.unseen(History.of(many)), scores);
      assertThat(scores).doesNotContain(Float.NaN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sgd,0.5",
    "momentum,0.1",
    "nesterov,0.1",
    "adagrad,0.05",
    "rmsprop,0.003",
    "adam,0.01",
    "adamw,0.01"
  })
  void train_everyOptimizer_lowersTheLoss(String optimizer, String rate) {
    List<Learning.Epoch> epochs =
        epochs(
            sasrec(
                "optimizer=" + optimizer,
                "learningRate=" + rate,
                "epochs=12",
                "batchSize=8",
                "dropout=0",
                "patience=0",
                "clip=5",
                "schedule=cosine",
                "warmup=3"),
            CONTEXT);
    assertThat(epochs.get(11).loss()).isLessThan(epochs.get(0).loss() - 0.05);
  }

  @Test
  void memory_moreThanIsFree_isRefusedWithTheEstimate() {
    long bytes = Memory.training(1_000_000_000L, Optimizer.Kind.ADAM);
    assertThat(bytes).isEqualTo(24_000_000_000L);
    assertThatThrownBy(() -> Memory.require("sasrec", bytes, OptionalLong.of(8L << 30)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("sasrec")
        .hasMessageContaining("22.4 GiB")
        .hasMessageContaining("8.0 GiB are free");
    Memory.require("sasrec", bytes, OptionalLong.of(23L << 30));
    Memory.require("sasrec", bytes, OptionalLong.empty());
  }
}
