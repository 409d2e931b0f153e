package io.kindred.neural;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Algorithm;
import io.kindred.AlgorithmRegistry;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.registry.Algorithms;
import io.kindred.testkit.TrainerContract;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract of every trainer, for the algorithms of this module. */
class NeuralAlgorithmsTest {
  private static final AlgorithmRegistry REGISTRY = Algorithms.all();
  private static final Map<String, Integer> SMALL =
      Map.of("epochs", 2, "dimensions", 16, "hidden", 16, "latent", 8, "dense", 16, "channels", 4);

  @TestFactory
  Stream<DynamicContainer> contract_everyAlgorithm_isKept() {
    return new NeuralAlgorithms()
        .algorithms().stream().map(algorithm -> contract(algorithm.name(), Parameters.none()));
  }

  @TestFactory
  Stream<DynamicContainer> contract_otherParameters_isKept() {
    Parameters none = Parameters.none();
    return Stream.of(
        contract("ease", none.with("encoding", "tf-idf").with("regularization", 5)),
        contract("ease", none.with("encoding", "time-decayed")),
        contract("auto-rec", none.with("encoding", "value").with("patience", 2)),
        contract("multi-vae", none.with("encoding", "count").with("annealing", 0)),
        contract(
            "history-cnn",
            none.with("grid", 4).with("targets", 0).with("encoding", "time-decayed")),
        contract("neu-mf", none.with("layers", 0).with("patience", 2)),
        contract("light-gcn", none.with("loss", "bpr").with("layers", 3).with("patience", 2)),
        contract(
            "sasrec",
            none.with("norm", "post")
                .with("positions", "relative")
                .with("heads", 2)
                .with("timeGaps", true)
                .with("loss", "sampled-softmax")
                .with("sampling", "mixed")),
        contract("sasrec", none.with("features", true).with("patience", 2)),
        contract("sasrec", none.with("norm", "query").with("kernel", 3).with("excludeSeen", true)),
        contract("gru4rec", none.with("features", true).with("tied", false)),
        contract(
            "gru4rec", none.with("features", true).with("batches", "sessions").with("loss", "bpr")),
        contract("gru4rec", none.with("cell", "lstm").with("layers", 2).with("tied", false)),
        contract(
            "gru4rec", none.with("cell", "rnn").with("targets", "last").with("loss", "bpr-max")),
        contract(
            "gru4rec", none.with("batches", "sessions").with("cell", "lstm").with("layers", 2)),
        contract("gru4rec", none.with("loss", "gbce").with("sharedNegatives", false)),
        contract(
            "caser",
            none.with("longTerm", true)
                .with("window", 3)
                .with("targets", 2)
                .with("tied", false)
                .with("loss", "binary-cross-entropy")),
        contract("caser", none.with("vertical", 0).with("loss", "bpr")),
        contract("caser", none.with("horizontal", 0).with("maxLength", 5)),
        contract("nextitnet", none.with("repeats", 2).with("kernel", 2).with("tied", false)),
        contract("narm", none.with("layers", 2).with("targets", "last")),
        contract("bert4rec", none.with("norm", "post").with("maskLast", 1)),
        contract("image-cnn", none.with("loss", "bpr").with("patience", 2)),
        contract("image-cnn", none.with("networks", 2)),
        contract("vbpr", none.with("loss", "sampled-softmax").with("patience", 2)),
        contract("two-tower", none.with("history", "gru").with("patience", 2)),
        contract("two-tower", none.with("history", "attention").with("loss", "bpr")),
        contract("two-tower", none.with("networks", 3).with("patience", 2)));
  }

  /** Small and few epochs: the contract asks for behavior, not for accuracy. */
  private static DynamicContainer contract(String algorithm, Parameters parameters) {
    Trainer<?> defaults = REGISTRY.trainer(algorithm, Parameters.none());
    Parameters small = parameters;
    for (Map.Entry<String, Integer> size : SMALL.entrySet()) {
      if (defaults.parameters().asMap().containsKey(size.getKey())) {
        small = small.with(size.getKey(), size.getValue());
      }
    }
    Trainer<?> trainer = REGISTRY.trainer(algorithm, small);
    TrainerContract contract = new TrainerContract(REGISTRY, trainer).withTolerance(1e-5);
    return DynamicContainer.dynamicContainer(
        algorithm + " " + parameters,
        (readsRepeats(trainer) ? contract.readingOrder() : contract).tests());
  }

  /** Sequences are read with their repeats, and so are two of the encodings of histories. */
  private static boolean readsRepeats(Trainer<?> trainer) {
    return trainer.getClass().getPackageName().endsWith(".sequence")
        || List.of("gru", "attention")
            .contains(trainer.parameters().asMap().getOrDefault("history", ""))
        || List.of("count", "tf-idf")
            .contains(trainer.parameters().asMap().getOrDefault("encoding", ""));
  }

  @Test
  void registry_linesOfThisModule_haveNameAndDescription() {
    List<Algorithm<?>> all = new NeuralAlgorithms().algorithms();
    assertThat(all).allMatch(algorithm -> algorithm.name().matches("[a-z0-9]+(-[a-z0-9]+)*"));
    assertThat(all).allMatch(algorithm -> algorithm.description().length() > 10);
  }
}
