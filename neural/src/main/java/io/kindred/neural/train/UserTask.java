package io.kindred.neural.train;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.model.Network;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * A task whose examples are people: each epoch sees everybody with enough interactions once, in
 * random order.
 *
 * @param <N> the kind of network
 * @param <B> a part of a batch
 */
public abstract class UserTask<N extends Network, B> implements TrainingLoop.Task<B> {
  private final List<N> networks;
  private final int[] users;
  private final int batchSize;
  private final DoubleSupplier metric;

  /**
   * A task.
   *
   * @param least interactions of a person who is an example
   */
  protected UserTask(
      List<N> networks, Interactions train, int least, int batchSize, DoubleSupplier metric) {
    this.networks = networks;
    this.batchSize = batchSize;
    this.metric = metric;
    users =
        IntStream.range(0, train.userCount())
            .filter(user -> train.userSize(user) >= least)
            .toArray();
  }

  /**
   * A part of a batch.
   *
   * @param chosen its users
   * @param scale 1 / users of the whole batch
   * @param seed of its random choices
   */
  protected abstract B part(int[] chosen, double scale, long seed);

  /** The network of a part's number. */
  protected final N network(int replica) {
    return networks.get(replica);
  }

  @Override
  public final int batches() {
    return Batches.count(users.length, batchSize);
  }

  @Override
  public final long examples() {
    return users.length;
  }

  @Override
  public final Iterator<List<B>> epoch(long seed) {
    int[] order = Batches.shuffled(users, seed);
    return IntStream.range(0, batches())
        .mapToObj(b -> parts(Batches.cut(order, b, batchSize), seed, b))
        .iterator();
  }

  private List<B> parts(int[] batch, long seed, int number) {
    int[][] dealt = Batches.deal(batch, Math.min(TrainingLoop.PARTS, batch.length));
    List<B> parts = new ArrayList<>();
    for (int part = 0; part < dealt.length; part++) {
      parts.add(part(dealt[part], 1.0 / batch.length, Seeds.of(seed, number, part)));
    }
    return parts;
  }

  @Override
  public final Weights weights(int replica) {
    return networks.get(replica).weights();
  }

  @Override
  public final double metric() {
    return metric.getAsDouble();
  }
}
