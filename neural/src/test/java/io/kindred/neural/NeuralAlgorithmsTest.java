package io.kindred.neural;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Algorithm;
import io.kindred.AlgorithmRegistry;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.registry.Algorithms;
import io.kindred.testkit.TrainerContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract of every trainer, for the algorithms of this module. */
class NeuralAlgorithmsTest {
  private static final AlgorithmRegistry REGISTRY = Algorithms.all();

  @TestFactory
  Stream<DynamicContainer> contract_everyAlgorithm_isKept() {
    return new NeuralAlgorithms()
        .algorithms().stream().map(algorithm -> contract(algorithm.name(), Parameters.none()));
  }

  @TestFactory
  Stream<DynamicContainer> contract_otherParameters_isKept() {
    Parameters none = Parameters.none();
    return Stream.of(
        contract(
            "sasrec",
            none.with("norm", "post")
                .with("positions", "relative")
                .with("heads", 2)
                .with("timeGaps", true)
                .with("loss", "sampled-softmax")
                .with("sampling", "mixed")),
        contract("gru4rec", none.with("cell", "lstm").with("layers", 2).with("tied", false)),
        contract(
            "gru4rec", none.with("cell", "rnn").with("targets", "last").with("loss", "bpr-max")),
        contract("gru4rec", none.with("loss", "gbce").with("sharedNegatives", false)),
        contract(
            "caser",
            none.with("longTerm", true)
                .with("window", 3)
                .with("targets", 2)
                .with("tied", false)
                .with("loss", "binary-cross-entropy")),
        contract("caser", none.with("vertical", 0).with("loss", "bpr")),
        contract("caser", none.with("horizontal", 0).with("maxLength", 5)));
  }

  /** Small and few epochs: the contract asks for behavior, not for accuracy. */
  private static DynamicContainer contract(String algorithm, Parameters parameters) {
    Parameters small = parameters.with("epochs", 2);
    Trainer<?> defaults = REGISTRY.trainer(algorithm, Parameters.none());
    for (String name : List.of("dimensions", "hidden")) {
      if (defaults.parameters().asMap().containsKey(name)) {
        small = small.with(name, 16);
      }
    }
    Trainer<?> trainer = REGISTRY.trainer(algorithm, small);
    return DynamicContainer.dynamicContainer(
        algorithm + " " + parameters,
        new TrainerContract(REGISTRY, trainer).withTolerance(1e-5).readingOrder().tests());
  }

  @Test
  void registry_linesOfThisModule_haveNameAndDescription() {
    List<Algorithm<?>> all = new NeuralAlgorithms().algorithms();
    assertThat(all).allMatch(algorithm -> algorithm.name().matches("[a-z0-9]+(-[a-z0-9]+)*"));
    assertThat(all).allMatch(algorithm -> algorithm.description().length() > 10);
  }
}
