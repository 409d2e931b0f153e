package io.kindred.neural.train;

import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.ModelInfo;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.model.Network;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** What the training of every network has around its task: the same for all that read sets. */
public final class NetworkTraining {
  private NetworkTraining() {}

  /**
   * Makes what is trained.
   *
   * @param <N> the kind of network
   */
  @FunctionalInterface
  public interface TaskBuilder<N extends Network> {
    /**
     * The task. It is run only if it has at least one batch.
     *
     * @param networks one for each part of a batch, the first the one that is trained
     * @param train what may be trained on
     * @param metric the validation metric of the weights as they are
     */
    TrainingLoop.Task<?> build(List<N> networks, Interactions train, DoubleSupplier metric);
  }

  /**
   * Trains a network.
   *
   * @param network makes one with the given weights; called once for each part of a batch
   * @param builder makes the task
   * @throws KindredException if the data has no interactions, if memory will not be enough, or if
   *     the training diverges
   */
  public static <N extends Network> NeuralModel train(
      Trainer<NeuralModel> trainer,
      TrainingOptions options,
      Dataset data,
      TrainingContext context,
      Function<Weights, N> network,
      TaskBuilder<N> builder) {
    long start = System.nanoTime();
    if (data.interactions().size() == 0) {
      throw new KindredException(
          trainer.algorithm() + ": '" + data.name() + "' has no interactions to learn from");
    }
    Validator validator = Validator.of(data, context, options.patience() > 0);
    return Torch.call(
        1,
        () -> {
          Weights weights = Weights.beginning(Seeds.of(context.seed(), 0));
          List<N> networks = new ArrayList<>();
          networks.add(network.apply(weights));
          Memory.require(
              trainer.algorithm(),
              Memory.training(weights.count(), options.optimizer()),
              Memory.free());
          for (int part = 1; part < TrainingLoop.PARTS; part++) {
            networks.add(network.apply(weights.replica()));
          }
          TrainingLoop.Task<?> task =
              builder.build(
                  networks,
                  validator.train(),
                  () ->
                      validator.ndcg(
                          NeuralModel.of(
                              ModelInfo.of(trainer, data, context, start),
                              data,
                              networks.get(0),
                              List.of()),
                          context.threads()));
          List<Learning.Epoch> epochs =
              task.batches() == 0
                  ? List.of()
                  : new TrainingLoop<>(
                          trainer.algorithm(),
                          trainer.parameters() + " on " + data.fingerprint(),
                          options,
                          context,
                          task)
                      .run();
          return NeuralModel.of(
              ModelInfo.of(trainer, data, context, start)
                  .withEpochSeconds(epochs.stream().map(Learning.Epoch::seconds).toList()),
              data,
              networks.get(0),
              epochs);
        });
  }
}
