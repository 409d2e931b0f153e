package io.kindred.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Algorithm;
import io.kindred.AlgorithmRegistry;
import io.kindred.IncrementalModel;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.baseline.Bias;
import io.kindred.baseline.Popularity;
import io.kindred.registry.Algorithms;
import io.kindred.similarity.Baselines;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The contract, for all algorithms of the registry with their defaults, and for some with others.
 */
class AlgorithmsTest {
  private static final AlgorithmRegistry REGISTRY = Algorithms.all();

  @TestFactory
  Stream<DynamicContainer> contract_everyAlgorithm_isKept() {
    return REGISTRY.all().stream()
        .map(algorithm -> contract(REGISTRY.trainer(algorithm.name(), Parameters.none())));
  }

  @TestFactory
  Stream<DynamicContainer> contract_otherParameters_isKept() {
    return Stream.<Trainer<?>>of(
            new Popularity(Popularity.Mode.RECENT, 90, 30),
            new Popularity(Popularity.Mode.DECAYED, 30, 90),
            new Bias(Baselines.Options.SGD))
        .map(AlgorithmsTest::contract);
  }

  /** More neighbors than there are users or items, in a careless recipe or a hostile bundle. */
  @TestFactory
  Stream<DynamicContainer> contract_moreNeighborsThanAnything_isKept() {
    return REGISTRY.all().stream()
        .map(algorithm -> REGISTRY.trainer(algorithm.name(), Parameters.none()))
        .filter(trainer -> trainer.parameters().asMap().containsKey("neighbors"))
        .map(AlgorithmsTest::greedy)
        .map(AlgorithmsTest::contract);
  }

  private static Trainer<?> greedy(Trainer<?> trainer) {
    Parameters parameters = trainer.parameters();
    for (String name : new String[] {"neighbors", "kept"}) {
      parameters =
          parameters.asMap().containsKey(name)
              ? parameters.with(name, Integer.MAX_VALUE)
              : parameters;
    }
    return REGISTRY.trainer(trainer.algorithm(), parameters);
  }

  private static DynamicContainer contract(Trainer<?> trainer) {
    TrainerContract contract = new TrainerContract(REGISTRY, trainer);
    return DynamicContainer.dynamicContainer(
        trainer.algorithm() + " " + trainer.parameters(),
        (learnsPeople(trainer) ? contract.foldingInNearly() : contract).tests());
  }

  /** Whether people in the data have what descent found, which a history does not find again. */
  private static boolean learnsPeople(Trainer<?> trainer) {
    return List.of("bpr", "warp", "logistic-mf").contains(trainer.algorithm())
        || trainer.equals(new Bias(Baselines.Options.SGD));
  }

  /** The list of those that can be updated, which an error message shows, is the truth. */
  @Test
  void incremental_algorithms_areThoseWhoseModelsCan() {
    List<String> found =
        REGISTRY.all().stream()
            .map(algorithm -> REGISTRY.trainer(algorithm.name(), Parameters.none()))
            .filter(
                trainer ->
                    trainer.train(SmallData.ratings(), TrainingContext.defaults().withThreads(1))
                        instanceof IncrementalModel)
            .map(Trainer::algorithm)
            .toList();
    assertThat(found).isEqualTo(Algorithms.incremental());
  }

  @Test
  void registry_everyLine_hasNameAndDescription() {
    List<Algorithm<?>> all = REGISTRY.all();
    assertThat(all).hasSizeGreaterThan(3);
    assertThat(all)
        .allMatch(algorithm -> algorithm.name().matches("[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*"));
    assertThat(all).allMatch(algorithm -> algorithm.description().length() > 10);
  }
}
