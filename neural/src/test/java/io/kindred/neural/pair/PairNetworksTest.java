package io.kindred.neural.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.Golden;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.model.Network;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.OutputLoss;
import io.kindred.registry.Algorithms;
import io.kindred.sparse.TopN;
import io.kindred.testkit.SmallData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairNetworksTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final int USERS = 5;
  private static final int ITEMS = 11;
  private static final Dataset DATA = Golden.data(USERS, ITEMS);

  private static void checkScores(Golden golden, Network network) {
    List<History> histories = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      histories.add(DATA.interactions().history(user));
    }
    try (Scope scope = Scope.withoutGradients()) {
      golden.check("scores", network.scores(histories).toFloats());
    }
  }

  private static MultiHot rows() {
    return HistoryEncoder.of(Encoding.BINARY, DATA.interactions())
        .rows(DATA.interactions(), IntStream.range(0, USERS).toArray());
  }

  private static long[] rowOfEach(MultiHot rows) {
    long[] rowOf = new long[rows.size()];
    for (int row = 0; row < rows.rows(); row++) {
      Arrays.fill(rowOf, (int) rows.starts()[row], (int) rows.starts()[row + 1], row);
    }
    return rowOf;
  }

  @Test
  void lightGcn_outputAndGradients_arePythons() {
    Golden golden = Golden.of("light-gcn");
    LightGcn options =
        LightGcn.of(
            Parameters.none()
                .with("dimensions", 3)
                .with("layers", 3)
                .with("loss", "cross-entropy"));
    LightGcn.Net net = new LightGcn.Net(options, DATA, Weights.stored(golden, "weight."));
    net.use(new Graph(DATA.interactions()));
    net.spread();
    checkScores(golden, net);
    MultiHot rows = rows();
    int[] users = Arrays.stream(rowOfEach(rows)).mapToInt(Math::toIntExact).toArray();
    LossOptions loss = options.loss();
    OutputLoss output = new OutputLoss(loss, ITEMS, loss.sampler(Interactions.empty(1, ITEMS)));
    try (Scope scope = Scope.open()) {
      LightGcn.Part part =
          new LightGcn.Part(
              users,
              new OutputLoss.Drawn(rows.items(), users, new long[0], new long[0]),
              1.0 / users.length);
      golden.check("loss", new float[] {(float) net.step(part, output)});
    }
    golden.checkGradients(net.weights());
  }

  @Test
  void neuMf_outputAndGradients_arePythons() {
    Golden golden = Golden.of("neu-mf");
    NeuMf options =
        NeuMf.of(
            Parameters.none()
                .with("dimensions", 3)
                .with("hidden", 4)
                .with("layers", 1)
                .with("negatives", 1));
    NeuMf.Net net = new NeuMf.Net(options, DATA, Weights.stored(golden, "weight."));
    checkScores(golden, net);
    MultiHot rows = rows();
    int positives = rows.size();
    long[] rowOf = Arrays.copyOf(rowOfEach(rows), 2 * positives);
    long[] items = Arrays.copyOf(rows.items(), 2 * positives);
    for (int p = 0; p < positives; p++) {
      rowOf[positives + p] = rowOf[p];
      items[positives + p] = (items[p] + 1) % ITEMS;
    }
    NeuMf.Task task = new NeuMf.Task(options, List.of(net), DATA.interactions(), () -> 0);
    try (Scope scope = Scope.open()) {
      NeuMf.Part part = new NeuMf.Part(rows, rowOf, items, positives, 1.0 / positives);
      golden.check("loss", new float[] {(float) task.step(0, part, Noise.NONE)});
    }
    golden.checkGradients(net.weights());
  }

  /** (spread(X), Y) = (X, spread(Y)): what the gradient relies on. */
  @Test
  void graph_spread_isItsOwnTranspose() {
    Graph graph = new Graph(DATA.interactions());
    int nodes = USERS + ITEMS;
    for (int layers = 1; layers <= 3; layers++) {
      for (int i = 0; i < nodes; i++) {
        float[] x = new float[nodes];
        x[i] = 1;
        float[] spreadX = graph.spread(x, 1, layers);
        for (int j = 0; j < nodes; j++) {
          float[] y = new float[nodes];
          y[j] = 1;
          assertThat(spreadX[j]).isCloseTo(graph.spread(y, 1, layers)[i], within(1e-6f));
        }
      }
    }
  }

  private static Model trained(String algorithm, Dataset data, String... pairs) {
    Parameters parameters =
        Parameters.none().with("dimensions", 16).with("learningRate", "0.01").with("patience", 0);
    for (int i = 0; i < pairs.length; i += 2) {
      parameters = parameters.with(pairs[i], pairs[i + 1]);
    }
    return Algorithms.all().trainer(algorithm, parameters).train(data, CONTEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"neu-mf", "light-gcn"})
  void train_checkerboard_foretellsTheHole(String algorithm) {
    Dataset data = SmallData.checkerboard(16);
    Model model = trained(algorithm, data, "epochs", "150", "batchSize", "32");
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
  @ValueSource(strings = {"neu-mf", "light-gcn"})
  void train_hardData_servesOrSaysWhyNot(String algorithm) {
    for (Dataset data :
        List.of(
            SmallData.of("u i 1"),
            SmallData.of("u i 1", "u j 1"),
            SmallData.of("u i 1", "v i 1"))) {
      Model model = trained(algorithm, data, "epochs", "2", "batchSize", "1000");
      float[] scores = new float[data.items().size()];
      model.scorer().score(Profile.unseen(History.of(0)), scores);
      for (float score : scores) {
        assertThat(score).isFinite();
      }
    }
    assertThatThrownBy(() -> trained(algorithm, Dataset.of("nothing", List.of())))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void records_outOfRange_areRefused() {
    assertThatThrownBy(() -> LightGcn.of(Parameters.none().with("layers", 0)))
        .hasMessageContaining("layers");
    assertThatThrownBy(() -> NeuMf.of(Parameters.none().with("hidden", 2).with("layers", 2)))
        .hasMessageContaining("hidden must be at least 4");
    assertThatThrownBy(() -> NeuMf.of(Parameters.none().with("negatives", 0)))
        .hasMessageContaining("negatives");
  }
}
