package io.kindred.neural.train;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.model.Network;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
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
    return (users.length + batchSize - 1) / batchSize;
  }

  @Override
  public final long examples() {
    return users.length;
  }

  @Override
  public final Iterator<List<B>> epoch(long seed) {
    int[] order = users.clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < batches();
      }

      @Override
      public List<B> next() {
        int from = next * batchSize;
        int size = Math.min(batchSize, order.length - from);
        int count = Math.min(TrainingLoop.PARTS, size);
        List<B> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
          int[] chosen = new int[(size - part + count - 1) / count];
          for (int i = 0; i < chosen.length; i++) {
            chosen[i] = order[from + part + i * count];
          }
          parts.add(part(chosen, 1.0 / size, Seeds.of(seed, next, part)));
        }
        next++;
        return parts;
      }
    };
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
