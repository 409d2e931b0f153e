package io.kindred.neural.sequence;

import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.OutputLoss;
import io.kindred.neural.train.TrainingLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * Session-parallel batches (Hidasi et al., ICLR 2016, section 3.1): as many lanes as a batch is
 * large, each going through one history after another, one item a step. At each step the network
 * reads the next item of every lane from the state that the step before left, and learns what comes
 * after it; where a history ends, the next one begins with a state of zeros. Gradients do not go
 * back beyond a step.
 *
 * <p>An epoch has targets / lanes steps, rounded up, with the histories in random order. Lanes
 * whose histories were short by chance begin the first ones again rather than to stand still, so a
 * few interactions may be learned twice in an epoch and a few not. Between epochs states are zeros.
 */
final class SessionParallel implements TrainingLoop.Task<SessionParallel.Part> {
  /** A recurrent network that can go one step at a time. */
  interface Stepping {
    /** How many layers have a state. */
    int layers();

    /** The size of a layer's state. */
    int stateSize();

    /**
     * One step.
     *
     * @param items what is read, [lanes]
     * @param states of the layers; replaced by what they are after the step
     * @return the vectors that foretell the next item, [lanes, d]
     */
    Tensor step(long[] items, List<Tensor.State> states, Noise noise);
  }

  /**
   * One step of some lanes.
   *
   * @param fresh which of them begin a history
   * @param items what they read, [lanes]
   * @param drawn what comes next, with negatives
   * @param scale 1 / lanes of the whole batch
   */
  record Part(boolean[] fresh, long[] items, OutputLoss.Drawn drawn, double scale) {}

  private final List<? extends SequenceNetwork> networks;
  private final List<Stepping> stepping = new ArrayList<>(); // the same networks
  private final Interactions train;
  private final LossOptions options;
  private final Negatives negatives;
  private final List<OutputLoss> losses = new ArrayList<>();
  private final DoubleSupplier metric;
  private final int[] users; // with at least two interactions
  private final int[] lanes; // of each part
  private final int steps;
  private final float[][][] states; // of each part: output and memory of each layer, [lanes, size]

  <N extends SequenceNetwork & Stepping> SessionParallel(
      List<N> networks,
      Interactions train,
      LossOptions options,
      int batchSize,
      DoubleSupplier metric) {
    this.networks = networks;
    this.train = train;
    this.options = options;
    this.metric = metric;
    negatives = options.sampler(train);
    users =
        IntStream.range(0, train.userCount()).filter(user -> train.userSize(user) >= 2).toArray();
    int all = Math.min(batchSize, users.length);
    int parts = Math.min(TrainingLoop.PARTS, all);
    lanes = new int[parts];
    states = new float[parts][][];
    for (int part = 0; part < parts; part++) {
      lanes[part] = (all - part + parts - 1) / parts;
      N network = networks.get(part);
      stepping.add(network);
      states[part] = new float[2 * network.layers()][lanes[part] * network.stateSize()];
    }
    for (int part = 0; part < TrainingLoop.PARTS; part++) {
      losses.add(new OutputLoss(options, train.itemCount(), negatives));
    }
    steps = all == 0 ? 0 : (int) ((targets() + all - 1) / all);
  }

  private long targets() {
    long targets = 0;
    for (int user : users) {
      targets += train.userSize(user) - 1;
    }
    return targets;
  }

  @Override
  public Optional<String> warning() {
    return negatives.warning();
  }

  @Override
  public Iterator<List<Part>> epoch(long seed) {
    return new Walk(seed);
  }

  @Override
  public boolean resumesInside() {
    return false; // the states are not in a checkpoint
  }

  @Override
  public int examples(Part part) {
    return part.items.length;
  }

  @Override
  public double step(int replica, Part part, Noise noise) {
    SequenceNetwork network = networks.get(replica);
    int size = stepping.get(replica).stateSize();
    int count = part.items.length;
    List<Tensor.State> layers = new ArrayList<>();
    for (int layer = 0; layer < states[replica].length; layer += 2) {
      for (int half = layer; half < layer + 2; half++) {
        for (int lane = 0; lane < count; lane++) {
          if (part.fresh[lane]) {
            Arrays.fill(states[replica][half], lane * size, (lane + 1) * size, 0f);
          }
        }
      }
      layers.add(
          new Tensor.State(
              Tensor.of(states[replica][layer], count, size),
              Tensor.of(states[replica][layer + 1], count, size)));
    }
    network.begin(noise);
    Tensor hidden = stepping.get(replica).step(part.items, layers, noise);
    for (int layer = 0; layer < layers.size(); layer++) {
      layers.get(layer).output().copyTo(states[replica][2 * layer], 0);
      layers.get(layer).memory().copyTo(states[replica][2 * layer + 1], 0);
    }
    double loss =
        losses
            .get(replica)
            .backward(
                hidden, network.output(), network.bias().orElse(null), part.drawn, part.scale);
    network.end();
    return loss;
  }

  @Override
  public Weights weights(int replica) {
    return networks.get(replica).weights();
  }

  @Override
  public double metric() {
    networks.get(0).spread();
    return metric.getAsDouble();
  }

  @Override
  public int batches() {
    return steps;
  }

  @Override
  public long examples() {
    return targets();
  }

  /** The histories in random order, one behind the other, and where each lane stands. */
  private final class Walk implements Iterator<List<Part>> {
    private final long seed;
    private final int[] order;
    private final int[][] entry; // of each part and lane: the interaction that is read next
    private final int[][] end; // the last interaction of its history
    private int nextUser;
    private int step;

    Walk(long seed) {
      this.seed = seed;
      order = Batches.shuffled(users, seed);
      entry = new int[lanes.length][];
      end = new int[lanes.length][];
      for (int part = 0; part < lanes.length; part++) {
        entry[part] = new int[lanes[part]];
        end[part] = new int[lanes[part]];
      }
    }

    @Override
    public boolean hasNext() {
      return step < steps;
    }

    @Override
    public List<Part> next() {
      int count = lanes.length;
      int all = Arrays.stream(lanes).sum();
      long[][] items = new long[count][];
      long[][] targets = new long[count][];
      int[][] entries = new int[count][];
      boolean[][] fresh = new boolean[count][];
      for (int part = 0; part < count; part++) {
        items[part] = new long[lanes[part]];
        targets[part] = new long[lanes[part]];
        entries[part] = new int[lanes[part]];
        fresh[part] = new boolean[lanes[part]];
        for (int lane = 0; lane < lanes[part]; lane++) {
          if (entry[part][lane] >= end[part][lane]) {
            begin(part, lane);
            fresh[part][lane] = true;
          }
          int at = entry[part][lane]++;
          items[part][lane] = train.items()[at];
          targets[part][lane] = train.items()[at + 1];
          entries[part][lane] = at + 1;
        }
      }
      OutputLoss.Drawn[] drawn =
          OutputLoss.draw(options, negatives, targets, entries, Seeds.of(seed, step));
      List<Part> parts = new ArrayList<>();
      for (int part = 0; part < count; part++) {
        parts.add(new Part(fresh[part], items[part], drawn[part], 1.0 / all));
      }
      step++;
      return parts;
    }

    /** The next history; after the last one the first again, so that no lane stands still. */
    private void begin(int part, int lane) {
      int user = order[nextUser];
      nextUser = (nextUser + 1) % order.length;
      entry[part][lane] = train.starts()[user];
      end[part][lane] = train.starts()[user + 1] - 1;
    }
  }
}
