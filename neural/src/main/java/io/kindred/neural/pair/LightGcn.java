package io.kindred.neural.pair;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.model.Bags;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.model.VectorNetwork;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.OutputLoss;
import io.kindred.neural.train.TrainingLoop;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings that are spread along the graph of who did what, with nothing else in between (He et
 * al., LightGCN, SIGIR 2020).
 *
 * <pre>
 * E^(0) = the embeddings, E^(k) = A E^(k-1)        A[u, i] = 1 / sqrt(n_u n_i) where u did i
 * v_i = (E^(0) + .. + E^(K))_i / (K + 1)
 * v_u = (E^(1) + .. + E^(K))_u / (K + 1)
 * score(i) = v_u . v_i
 * </pre>
 *
 * <p>Deviation from the paper: a person's own embedding takes part in what items are, but not in
 * the vector of that person. So v_u is a sum over the items of the history, and somebody the model
 * never saw is served from the history in the query just as a known user is. Embeddings decay by
 * the optimizer, all of them alike. Repeats of an item count once, values do not count. The loss is
 * free to choose (the paper's is {@code bpr} with one negative).
 *
 * <p>An example is an interaction. A step costs O(interactions * layers * dimensions) whatever the
 * batch, so batches are large. A query costs O((history + items) * dimensions). With the same
 * history a known and an unknown person get the same scores.
 *
 * @param dimensions of the embeddings, at least 1
 * @param layers K, at least 1
 * @param loss what is made small
 * @param training how
 */
public record LightGcn(int dimensions, int layers, LossOptions loss, TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "light-gcn",
          "Embeddings spread along the graph of people and items",
          LightGcn::of,
          new NeuralCodec(
              (parameters, data, weights) -> {
                Net net = new Net(LightGcn.of(parameters), data, weights);
                net.use(new Graph(data.interactions()));
                net.spread();
                return net;
              }));

  private static final LightGcn DEFAULTS =
      new LightGcn(
          64,
          2,
          LossOptions.CROSS_ENTROPY.withKind(LossOptions.Kind.SAMPLED_SOFTMAX).withNegatives(1024),
          TrainingOptions.DEFAULTS.withEpochs(40).withBatchSize(2048).withLearningRate(0.01));

  /** Checks the ranges. */
  public LightGcn {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("layers", layers, 1);
    Objects.requireNonNull(loss);
    Objects.requireNonNull(training);
  }

  /** 64 dimensions, two layers, sampled softmax with 1,024 shared negatives. */
  public static LightGcn defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public LightGcn withTraining(TrainingOptions newTraining) {
    return new LightGcn(dimensions, layers, loss, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static LightGcn of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("light-gcn");
    LightGcn read =
        new LightGcn(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("layers", DEFAULTS.layers),
            LossOptions.of(in, DEFAULTS.loss),
            TrainingOptions.of(in, DEFAULTS.training));
    in.finish();
    return read;
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return training.addTo(
        loss.addTo(Parameters.none().with("dimensions", dimensions).with("layers", layers)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    NeuralModel model =
        NetworkTraining.train(
            this,
            training,
            data,
            context,
            weights -> new Net(this, data, weights),
            (networks, train, metric) -> {
              Graph graph = new Graph(train);
              networks.forEach(net -> net.use(graph));
              return new Task(this, networks, train, metric);
            });
    // What was held out to stop the training is known from now on.
    Net net = (Net) model.network();
    net.use(new Graph(data.interactions()));
    net.spread();
    return model;
  }

  /**
   * A part of a batch.
   *
   * @param users of the pairs
   * @param drawn the items of the pairs, with negatives
   * @param scale 1 / pairs of the whole batch
   */
  record Part(int[] users, OutputLoss.Drawn drawn, double scale) {}

  /** Interactions in random order. */
  static final class Task implements TrainingLoop.Task<Part> {
    private final LightGcn options;
    private final List<Net> networks;
    private final Interactions train;
    private final int[] userOf; // of each interaction
    private final Negatives negatives;
    private final List<OutputLoss> losses = new ArrayList<>();
    private final DoubleSupplier metric;

    Task(LightGcn options, List<Net> networks, Interactions train, DoubleSupplier metric) {
      this.options = options;
      this.networks = networks;
      this.train = train;
      this.metric = metric;
      userOf = Batches.userOfEach(train);
      LossOptions loss = options.loss;
      negatives = loss.sampler(train);
      for (int part = 0; part < TrainingLoop.PARTS; part++) {
        losses.add(new OutputLoss(loss, train.itemCount(), negatives));
      }
    }

    @Override
    public Optional<String> warning() {
      return negatives.warning();
    }

    @Override
    public int batches() {
      return Batches.count(train.size(), options.training.batchSize());
    }

    @Override
    public long examples() {
      return train.size();
    }

    @Override
    public Iterator<List<Part>> epoch(long seed) {
      int[] order = new int[train.size()];
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      int batchSize = options.training.batchSize();
      return IntStream.range(0, batches())
          .mapToObj(b -> parts(Batches.cut(order, b, batchSize), Seeds.of(seed, b)))
          .iterator();
    }

    private List<Part> parts(int[] batch, long seed) {
      int[][] entries = Batches.deal(batch, Math.min(TrainingLoop.PARTS, batch.length));
      long[][] items = new long[entries.length][];
      int[][] users = new int[entries.length][];
      for (int part = 0; part < entries.length; part++) {
        items[part] = Arrays.stream(entries[part]).mapToLong(e -> train.items()[e]).toArray();
        users[part] = Arrays.stream(entries[part]).map(e -> userOf[e]).toArray();
      }
      OutputLoss.Drawn[] drawn = OutputLoss.draw(options.loss, negatives, items, entries, seed);
      List<Part> parts = new ArrayList<>();
      for (int part = 0; part < entries.length; part++) {
        parts.add(new Part(users[part], drawn[part], 1.0 / batch.length));
      }
      return parts;
    }

    @Override
    public int examples(Part part) {
      return part.users.length;
    }

    @Override
    public double step(int replica, Part part, Noise noise) {
      return networks.get(replica).step(part, losses.get(replica));
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
  }

  /** The embeddings, and what they are after the spreading. */
  static final class Net implements VectorNetwork {
    private final LightGcn options;
    private final Weights weights;
    private final int users;
    private final int items;
    private final HistoryEncoder encoder;
    private final Tensor embedding; // E^(0), [users + items, d]
    private @Nullable Graph graph;
    private @Nullable Tensor itemVectors; // v_i, [items, d]
    private @Nullable Tensor parts; // what an item adds to a person, [items, d]

    Net(LightGcn options, Dataset data, Weights weights) {
      this.options = options;
      this.weights = weights;
      users = data.users().size();
      items = data.items().size();
      encoder = HistoryEncoder.of(Encoding.BINARY, data.interactions());
      embedding = weights.normal("embedding", 0.1, (long) users + items, options.dimensions);
    }

    /** Goes by a graph in training. */
    void use(Graph newGraph) {
      graph = newGraph;
    }

    /** Makes what queries need, from the weights as they are; not inside a scope. */
    void spread() {
      int d = options.dimensions;
      float[] x = embedding.toFloats();
      Graph known = graph();
      itemVectors = Tensor.of(known.items(known.spread(x, d, options.layers), d), items, d);
      parts = Tensor.of(known.parts(x, d, options.layers), items, d);
    }

    private Graph graph() {
      return Objects.requireNonNull(graph, "no graph yet");
    }

    /** Spreads, takes the gradients of the loss there, and spreads them back. */
    double step(Part part, OutputLoss loss) {
      int d = options.dimensions;
      float[] all = graph().spread(embedding.toFloats(), d, options.layers);
      float[] rows = new float[part.users.length * d];
      for (int i = 0; i < part.users.length; i++) {
        System.arraycopy(all, part.users[i] * d, rows, i * d, d);
      }
      Tensor people = Tensor.of(rows, part.users.length, d).leaf();
      Tensor output = Tensor.of(graph().items(all, d), items, d).leaf();
      double value = loss.backward(people, output, null, part.drawn, part.scale);
      float[] gradient = new float[all.length];
      output.gradient().copyTo(gradient, users * d);
      float[] ofRows = people.gradient().toFloats();
      for (int i = 0; i < part.users.length; i++) {
        int at = part.users[i] * d;
        for (int k = 0; k < d; k++) {
          gradient[at + k] += ofRows[i * d + k];
        }
      }
      float[] back = graph().spread(gradient, d, options.layers);
      embedding.mul(Tensor.of(back, (long) users + items, d)).sum().backward();
      return value;
    }

    @Override
    public Weights weights() {
      return weights;
    }

    @Override
    public int window() {
      return Integer.MAX_VALUE;
    }

    @Override
    public Tensor queries(List<History> histories) {
      MultiHot rows = encoder.rows(histories).normalized(); // 1 / sqrt(n) each
      return Bags.sums(Objects.requireNonNull(parts), rows);
    }

    @Override
    public Tensor items() {
      return Objects.requireNonNull(itemVectors);
    }

    @Override
    public Optional<Tensor> bias() {
      return Optional.empty();
    }
  }
}
