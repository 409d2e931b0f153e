package io.kindred.neural.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.Golden;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.RowHead;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.TrainingOptions;
import io.kindred.registry.Algorithms;
import io.kindred.sparse.TopN;
import io.kindred.testkit.SmallData;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowNetworksTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final Dataset DATA = Golden.data(5, 11);

  private static <N extends RowNetwork> void check(Golden golden, N network, RowTask<N> task) {
    List<History> histories = new ArrayList<>();
    for (int user = 0; user < 5; user++) {
      histories.add(DATA.interactions().history(user));
    }
    try (Scope scope = Scope.withoutGradients()) {
      golden.check("scores", network.scores(histories).toFloats());
    }
    RowTask.Part part = task.part(IntStream.range(0, 5).toArray(), 1.0 / 5, 1);
    task.beginStep(1, 1);
    try (Scope scope = Scope.open()) {
      golden.check("loss", new float[] {(float) task.step(0, part, Noise.NONE)});
    }
    golden.checkGradients(network.weights());
  }

  private static Parameters sizes(String... pairs) {
    Parameters parameters = Parameters.none();
    for (int i = 0; i < pairs.length; i += 2) {
      parameters = parameters.with(pairs[i], pairs[i + 1]);
    }
    return parameters;
  }

  @Test
  void multiVae_outputAndGradients_arePythons() {
    Golden golden = Golden.of("multi-vae");
    MultiVae options = MultiVae.of(sizes("hidden", "4", "latent", "3", "beta", "0.3"));
    MultiVae.Net net = new MultiVae.Net(options, DATA, Weights.stored(golden, "weight."));
    check(golden, net, new MultiVae.Task(options, List.of(net), DATA.interactions(), () -> 0));
  }

  @Test
  void multiDae_outputAndGradients_arePythons() {
    Golden golden = Golden.of("multi-dae");
    MultiDae options = MultiDae.of(sizes("latent", "3"));
    MultiDae.Net net = new MultiDae.Net(options, DATA, Weights.stored(golden, "weight."));
    check(
        golden,
        net,
        new RowTask<>(
            List.of(net), DATA.interactions(), 5, () -> 0, () -> RowHead.multinomial(11)));
  }

  @Test
  void autoRec_outputAndGradients_arePythons() {
    Golden golden = Golden.of("auto-rec");
    AutoRec options = AutoRec.of(sizes("hidden", "4", "unobserved", "0.25", "encoding", "value"));
    AutoRec.Net net = new AutoRec.Net(options, DATA, Weights.stored(golden, "weight."));
    check(golden, net, new AutoRec.Task(options, List.of(net), DATA.interactions(), () -> 0));
  }

  @Test
  void historyCnn_outputAndGradients_arePythons() {
    Golden golden = Golden.of("history-cnn");
    HistoryCnn options = HistoryCnn.of(sizes("channels", "2", "dense", "3", "encoding", "value"));
    int[] cells = IntStream.range(0, 11).map(item -> (7 * item + 3) % 64).toArray();
    HistoryCnn.Net net =
        new HistoryCnn.Net(options, DATA, 8, cells, Weights.stored(golden, "weight."));
    check(
        golden,
        net,
        new RowTask<>(
            List.of(net), DATA.interactions(), 5, () -> 0, () -> RowHead.multinomial(11)));
  }

  /** Items come in random order, for what was first in every history would never be a target. */
  @Test
  void historyCnn_twoTastes_areKeptApart() {
    SplittableRandom random = new SplittableRandom(2);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 60; user++) {
      int[] own = new int[20];
      for (int i = 0; i < 20; i++) {
        int j = random.nextInt(i + 1);
        own[i] = own[j];
        own[j] = 2 * i + user % 2;
      }
      for (int i = 0; i < 12; i++) {
        columns.add(user, own[i], 1f);
      }
    }
    Dataset data =
        Dataset.of(
            "two tastes", SmallData.ids("u", 60), SmallData.ids("i", 40), columns.build(60, 40));
    Model model =
        trainer("history-cnn", sizes("epochs", "60", "batchSize", "8", "learningRate", "0.003"))
            .train(data, CONTEXT);
    float[] scores = new float[40];
    for (int user = 0; user < 60; user++) {
      History history = data.interactions().history(user);
      model.scorer().score(Profile.unseen(history), scores);
      TopN top = new TopN(5);
      top.exclude(history.distinct().items());
      top.select(scores);
      for (int rank = 0; rank < 5; rank++) {
        assertThat(top.items()[rank] % 2).isEqualTo(user % 2);
      }
    }
  }

  @Test
  void historyCnn_gridLargerThanTheCatalogue_isRefused() {
    assertThatThrownBy(() -> trainer("history-cnn", sizes("grid", "20")).train(DATA, CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("grid=20 has 400 cells")
        .hasMessageContaining("only 11 items; at most 4");
  }

  @Test
  void multiVae_divergence_isThatOfNormalDistributions() {
    Weights weights = Weights.beginning(1);
    MultiVae.Code code =
        new MultiVae.Code(
            weights.given("m", new float[] {0, 2}, 1, 2),
            weights.given("v", new float[] {0, (float) Math.log(4)}, 1, 2));
    try (Scope scope = Scope.withoutGradients()) {
      // KL(N(2, 4) | N(0, 1)) = (4 + 4 - 1 - log 4) / 2
      assertThat(code.divergence().item()).isCloseTo((7 - Math.log(4)) / 2, within(1e-6));
      assertThat(code.sample(Noise.NONE).toFloats()).containsExactly(0, 2);
      Noise noise = Noise.source();
      double sum = 0;
      double squares = 0;
      for (int draw = 0; draw < 2000; draw++) {
        noise.seed(draw);
        double z = code.sample(noise).toFloats()[1];
        sum += z;
        squares += z * z;
      }
      assertThat(sum / 2000).isCloseTo(2, within(0.2));
      assertThat(squares / 2000 - 4).isCloseTo(4, within(0.8));
    }
  }

  @Test
  void multiVae_beta_risesAlongALine() {
    MultiVae options = MultiVae.of(sizes("beta", "0.4", "annealing", "0.5"));
    assertThat(options.beta(0, 100)).isZero();
    assertThat(options.beta(25, 100)).isCloseTo(0.2, within(1e-12));
    assertThat(options.beta(50, 100)).isCloseTo(0.4, within(1e-12));
    assertThat(options.beta(99, 100)).isCloseTo(0.4, within(1e-12));
    assertThat(MultiVae.of(sizes("annealing", "0")).beta(0, 100)).isEqualTo(0.2);
  }

  private static Trainer<?> trainer(String algorithm, Parameters parameters) {
    Parameters all = parameters.with("patience", 0);
    for (String size : List.of("hidden", "latent")) {
      if (Algorithms.all()
          .trainer(algorithm, Parameters.none())
          .parameters()
          .asMap()
          .containsKey(size)) {
        all = all.with(size, 16);
      }
    }
    return Algorithms.all().trainer(algorithm, all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi-vae", "multi-dae", "auto-rec"})
  void train_checkerboard_foretellsTheHole(String algorithm) {
    Dataset data = SmallData.checkerboard(16);
    Model model =
        trainer(
                algorithm,
                sizes("epochs", "150", "batchSize", "4", "learningRate", "0.01", "dropout", "0.3"))
            .train(data, CONTEXT);
    float[] scores = new float[16];
    for (int user = 0; user < 16; user++) {
      History history = data.interactions().history(user);
      model.scorer().score(Profile.unseen(history), scores);
      TopN top = new TopN(1);
      top.exclude(history.distinct().items());
      top.select(scores);
      assertThat(top.items()[0]).isEqualTo(user);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi-vae", "multi-dae", "auto-rec", "history-cnn"})
  void train_hardData_servesOrSaysWhyNot(String algorithm) {
    Trainer<?> trainer = trainer(algorithm, sizes("epochs", "2", "batchSize", "1000"));
    for (Dataset data :
        List.of(
            SmallData.of("u i 1"),
            SmallData.of("u i 1", "u j 1"),
            SmallData.of("u i 1", "v i 1"))) {
      Model model = trainer.train(data, CONTEXT);
      float[] scores = new float[data.items().size()];
      model.scorer().score(Profile.unseen(History.of(0)), scores);
      for (float score : scores) {
        assertThat(score).isFinite();
      }
    }
    assertThatThrownBy(() -> trainer.train(Dataset.of("nothing", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void autoRec_learningRateTooLarge_isSaid() {
    Trainer<?> trainer =
        trainer("auto-rec", sizes("learningRate", "1e30", "epochs", "20", "optimizer", "sgd"));
    assertThatThrownBy(() -> trainer.train(SmallData.ratings(), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("learningRate");
  }

  @Test
  void records_outOfRange_areRefused() {
    TrainingOptions training = TrainingOptions.DEFAULTS;
    assertThatThrownBy(() -> new MultiDae(0, 0.5, Encoding.BINARY, training))
        .hasMessageContaining("latent");
    assertThatThrownBy(() -> new MultiDae(5, 1, Encoding.BINARY, training))
        .hasMessageContaining("dropout");
    assertThatThrownBy(() -> new MultiVae(5, 5, 0.5, -1, 0, Encoding.BINARY, training))
        .hasMessageContaining("beta");
    assertThatThrownBy(() -> new MultiVae(5, 5, 0.5, 1, 2, Encoding.BINARY, training))
        .hasMessageContaining("annealing");
    assertThatThrownBy(() -> new AutoRec(5, 0.5, 2, Encoding.BINARY, training))
        .hasMessageContaining("unobserved");
  }
}
