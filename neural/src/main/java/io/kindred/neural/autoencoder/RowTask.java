package io.kindred.neural.autoencoder;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.RowHead;
import io.kindred.neural.train.TrainingLoop;
import io.kindred.neural.train.UserTask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** People's rows, each to be made again from itself. */
class RowTask<N extends RowNetwork> extends UserTask<N, RowTask.Part> {
  /**
   * A part of a batch.
   *
   * @param input rows as the network takes them
   * @param target rows with the values that are to be made again
   * @param scale 1 / rows of the whole batch
   */
  record Part(MultiHot input, MultiHot target, double scale) {}

  private final Interactions train;
  private final List<RowHead> heads = new ArrayList<>();

  RowTask(
      List<N> networks,
      Interactions train,
      int batchSize,
      DoubleSupplier metric,
      Supplier<RowHead> head) {
    this(networks, train, 1, batchSize, metric, head);
  }

  /** The same for people with at least {@code least} interactions. */
  RowTask(
      List<N> networks,
      Interactions train,
      int least,
      int batchSize,
      DoubleSupplier metric,
      Supplier<RowHead> head) {
    super(networks, train, least, batchSize, metric);
    this.train = train;
    for (int part = 0; part < TrainingLoop.PARTS; part++) {
      heads.add(head.get());
    }
  }

  @Override
  protected Part part(int[] chosen, double scale, long seed) {
    RowNetwork network = network(0);
    MultiHot rows = network.encoder().rows(train, chosen);
    return new Part(network.input(rows), target(rows), scale);
  }

  /** What is to be made again. */
  MultiHot target(MultiHot rows) {
    return rows.binary();
  }

  final RowHead head(int replica) {
    return heads.get(replica);
  }

  @Override
  public final int examples(Part part) {
    return part.input.rows();
  }

  @Override
  public double step(int replica, Part part, Noise noise) {
    N network = network(replica);
    return head(replica)
        .backward(
            network.hidden(part.input, noise),
            network.output(),
            network.outputBias(),
            part.target.starts(),
            part.target.items(),
            part.target.weights(),
            part.scale,
            null);
  }
}
