package io.kindred.neural.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.neural.NeuralAlgorithms;
import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.OutputLoss;
import io.kindred.store.CheckpointFile;
import io.kindred.testkit.SmallData;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The networks against the same ones written in plain PyTorch: outputs, loss and the gradient of
 * every weight. The files are made by {@code bench/python/golden_sequences.py}.
 */
class GoldenTest {
  private static final int ITEMS = 9;
  private static final int MAX_LENGTH = 7;
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasrec-pre",
        "sasrec-post",
        "sasrec-query",
        "sasrec-kernel",
        "gru4rec-rnn",
        "gru4rec-gru",
        "gru4rec-lstm",
        "caser",
        "caser-long",
        "nextitnet",
        "narm",
        "bert4rec",
      })
  void network_givenWeights_agreesWithPyTorch(String name) throws URISyntaxException {
    URL file = GoldenTest.class.getResource("/golden/" + name + "/checkpoint.safetensors");
    assertThat(file).as("golden file of %s", name).isNotNull();
    Path folder = Path.of(file.toURI()).getParent();
    Boolean checked = new CheckpointFile(folder).load(in -> check(name, in)).orElseThrow();
    assertThat(checked).isTrue();
  }

  /** A network that is asked computes its last layer at the ends alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasrec norm=pre",
        "sasrec norm=post timeGaps=true",
        "sasrec norm=query kernel=3",
        "sasrec positions=relative heads=2",
        "sasrec layers=1",
        "bert4rec"
      })
  void queries_ofSeveral_areWhatTheEndsAreAmongAllPlaces(String recipe) {
    String[] words = recipe.split(" ");
    Parameters parameters = Parameters.none().with("dimensions", 8).with("maxLength", MAX_LENGTH);
    for (int word = 1; word < words.length; word++) {
      String[] pair = words[word].split("=");
      parameters = parameters.with(pair[0], pair[1]);
    }
    parameters = parameters.with("epochs", 2).with("patience", 0).with("learningRate", 0.05);
    Interactions.Builder columns = Interactions.builder();
    Random random = new Random(2);
    for (int user = 0; user < 20; user++) {
      for (int step = 0; step < 3 + user % 9; step++) {
        columns.add(user, random.nextInt(ITEMS), 1f, 1_600_000_000L + random.nextInt(1 << step));
      }
    }
    Dataset data =
        Dataset.of(
            "random", SmallData.ids("u", 20), SmallData.ids("i", ITEMS), columns.build(20, ITEMS));
    NeuralModel model =
        (NeuralModel)
            line(words[0]).trainer().apply(parameters).train(data, TrainingContext.defaults());
    SequenceNetwork network = (SequenceNetwork) model.network();
    List<History> all = IntStream.range(0, 20).mapToObj(data.interactions()::history).toList();
    for (List<History> asked : List.of(all, all.subList(4, 5))) {
      try (Scope scope = Scope.withoutGradients()) {
        SequenceBatch batch = network.encoded(asked);
        long[] last = batch.lastPlaces();
        long[] more = Arrays.copyOf(last, last.length + 1); // one more: not the ends alone
        float[] expected = network.hidden(batch, more, Noise.NONE).toFloats();
        float[] ends = network.queries(asked).toFloats();
        assertClose("ends", ends, Arrays.copyOf(expected, ends.length));
      }
    }
  }

  private static boolean check(String name, ArrayReader in) {
    String algorithm = name.split("-")[0];
    SequenceNetwork network = network(algorithm, in);
    SequenceBatch batch = batch(in);
    long[] places = batch.places();
    LossOptions options = LossOptions.CROSS_ENTROPY;
    OutputLoss loss = new OutputLoss(options, ITEMS, options.sampler(Interactions.empty(1, ITEMS)));
    try (Scope scope = Scope.open()) {
      Tensor hidden = network.hidden(batch, places, Noise.NONE);
      assertClose("outputs", hidden.toFloats(), in.floats("hidden"));
      double value =
          loss.backward(
              hidden,
              network.output(),
              network.bias().orElse(null),
              new OutputLoss.Drawn(batch.targets(), batch.entries(), new long[0], new long[0]),
              1.0 / places.length);
      assertThat(value).isCloseTo(in.floats("loss")[0], within(TOLERANCE));
    }
    boolean any = false;
    for (String weight : network.weights().names()) {
      float[] expected = in.floats("gradient." + weight);
      float[] gradient = network.weights().get(weight).gradient().toFloats();
      assertClose("gradient of " + weight, gradient, expected);
      any |= !Arrays.equals(expected, new float[expected.length]);
    }
    return any;
  }

  private static Algorithm<?> line(String algorithm) {
    return new NeuralAlgorithms()
        .algorithms().stream()
            .filter(known -> known.name().equals(algorithm))
            .findFirst()
            .orElseThrow();
  }

  private static SequenceNetwork network(String algorithm, ArrayReader in) {
    Algorithm<?> line = line(algorithm);
    Parameters parameters =
        Parameters.none().with("dimensions", 4).with("maxLength", MAX_LENGTH).with("dropout", 0.5);
    for (String given : new String(in.bytes("parameters"), StandardCharsets.UTF_8).split("\n")) {
      String[] pair = given.split("=");
      parameters = parameters.with(pair[0], pair[1]);
    }
    Trainer<?> trainer = line.trainer().apply(parameters);
    return (SequenceNetwork)
        ((NeuralCodec) line.codec())
            .builder()
            .build(trainer.parameters(), catalog(), Weights.stored(in, "weight."), in);
  }

  private static Dataset catalog() {
    List<Interaction> all = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      all.add(new Interaction("somebody", "item-" + item, 1f, Instant.EPOCH, null));
    }
    return Dataset.of("catalog", all);
  }

  private static SequenceBatch batch(ArrayReader in) {
    int[] lengths = Arrays.stream(in.longs("lengths")).mapToInt(Math::toIntExact).toArray();
    long[] items = in.longs("items");
    long[] places = in.longs("places");
    return new SequenceBatch(
        lengths.length,
        items.length / lengths.length,
        items,
        in.longs("positions"),
        in.longs("gaps"),
        lengths,
        places,
        in.longs("targets"),
        new int[places.length]);
  }

  private static void assertClose(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .as("%s, place %d", what, i)
          .isCloseTo(expected[i], within(TOLERANCE));
    }
  }
}
