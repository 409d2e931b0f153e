package io.kindred.neural.pair;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.model.Bags;
import io.kindred.neural.model.Network;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.TrainingOptions;
import io.kindred.neural.train.UserTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Neural matrix factorization: a product of embeddings beside a perceptron over them (NeuMF of He
 * et al., Neural Collaborative Filtering, WWW 2017).
 *
 * <pre>
 * p = sum over j in the history of P[j] / sqrt(n)      q = Q[i]        p', q' likewise
 * z_0 = relu(W_p p' + W_q q' + b_0)                                    [hidden]
 * z_l = relu(W_l dropout(z_(l-1)) + b_l)                               [hidden / 2^l]
 * score(i) = g . (p * q) + m . z_L + c[i]
 * loss = mean over interactions of -log sigmoid(s+) - sum over negatives of log sigmoid(-s-)
 * </pre>
 *
 * <p>Deviations from the paper: a person is not a row of a table but the sum of rows of the items
 * of the history (as in FISM; Kabbur et al., KDD 2013), so that somebody the model never saw is
 * served from the history in the query, exactly as a known user is; in training, the item that is
 * learned is left out of that sum. Items have a bias. Both halves begin at random and are trained
 * together.
 *
 * <p>An example is a person, with at most {@value #MOST} interactions an epoch, drawn at random,
 * and {@code negatives} items at random for each. Training costs O(interactions * negatives *
 * (dimensions * hidden)) an epoch, a query O(items * hidden^2): the score is no inner product, so
 * there are no vectors to search.
 *
 * @param dimensions of the embeddings, at least 1
 * @param hidden size of z_0, at least 2^layers
 * @param layers L, layers after z_0, at least 0
 * @param negatives for each interaction, at least 1
 * @param dropout inside the perceptron, in [0, 1)
 * @param training how
 */
public record NeuMf(
    int dimensions, int hidden, int layers, int negatives, double dropout, TrainingOptions training)
    implements Trainer<NeuralModel> {
  private static final int MOST = 64;

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "neu-mf",
          "Matrix factorization beside a perceptron",
          NeuMf::of,
          new NeuralCodec(
              (parameters, data, weights) -> new Net(NeuMf.of(parameters), data, weights)));

  private static final NeuMf DEFAULTS =
      new NeuMf(64, 64, 2, 4, 0.2, TrainingOptions.DEFAULTS.withEpochs(40).withBatchSize(64));

  /** Checks the ranges. */
  public NeuMf {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.between("layers", layers, 0, 20);
    Checks.atLeast("hidden", hidden, 1L << layers);
    Checks.atLeast("negatives", negatives, 1);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(training);
  }

  /** 64 dimensions, a perceptron of 64, 32 and 16, four negatives. */
  public static NeuMf defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public NeuMf withTraining(TrainingOptions newTraining) {
    return new NeuMf(dimensions, hidden, layers, negatives, dropout, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static NeuMf of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("neu-mf");
    NeuMf read =
        new NeuMf(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("hidden", DEFAULTS.hidden),
            in.integer("layers", DEFAULTS.layers),
            in.integer("negatives", DEFAULTS.negatives),
            in.number("dropout", DEFAULTS.dropout),
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
        Parameters.none()
            .with("dimensions", dimensions)
            .with("hidden", hidden)
            .with("layers", layers)
            .with("negatives", negatives)
            .with("dropout", dropout));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    return NetworkTraining.train(
        this,
        training,
        data,
        context,
        weights -> new Net(this, data, weights),
        (networks, train, metric) -> new Task(this, networks, train, metric));
  }

  /**
   * A part of a batch: pairs of a row and an item, those with label 1 first.
   *
   * @param histories whole rows
   * @param rows row of each pair
   * @param items item of each pair
   * @param positives how many pairs have label 1: the item is in the row
   * @param scale 1 / people of the whole batch / positives of a person
   */
  record Part(MultiHot histories, long[] rows, long[] items, int positives, double scale) {}

  /** Interactions of people, with negatives. */
  static final class Task extends UserTask<Net, Part> {
    private final NeuMf options;
    private final Interactions train;

    Task(NeuMf options, List<Net> networks, Interactions train, DoubleSupplier metric) {
      super(networks, train, 2, options.training.batchSize(), metric);
      this.options = options;
      this.train = train;
    }

    @Override
    protected Part part(int[] chosen, double scale, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      MultiHot histories = network(0).encoder.rows(train, chosen);
      long[] rows = new long[chosen.length * MOST];
      long[] items = new long[rows.length];
      int positives = 0;
      for (int row = 0; row < chosen.length; row++) {
        int from = (int) histories.starts()[row];
        long[] own = Arrays.copyOfRange(histories.items(), from, (int) histories.starts()[row + 1]);
        for (int k = 0; k < Math.min(MOST, own.length); k++) {
          int other = k + random.nextInt(own.length - k);
          long item = own[other];
          own[other] = own[k];
          rows[positives] = row;
          items[positives++] = item;
        }
      }
      int pairs = positives * (1 + options.negatives);
      rows = Arrays.copyOf(rows, pairs);
      items = Arrays.copyOf(items, pairs);
      for (int at = positives; at < pairs; at++) {
        rows[at] = rows[at % positives];
        items[at] = negative(histories, (int) rows[at], random);
      }
      return new Part(
          histories, rows, items, positives, scale * chosen.length / Math.max(1, positives));
    }

    /** An item that is not in the row; any, where the row is nearly the whole catalogue. */
    private static long negative(MultiHot histories, int row, SplittableRandom random) {
      int from = (int) histories.starts()[row];
      int to = (int) histories.starts()[row + 1];
      long item = random.nextInt(histories.itemCount());
      for (int again = 0;
          again < 20 && Arrays.binarySearch(histories.items(), from, to, item) >= 0;
          again++) {
        item = random.nextInt(histories.itemCount());
      }
      return item;
    }

    @Override
    public int examples(Part part) {
      return part.histories.rows();
    }

    @Override
    public double step(int replica, Part part, Noise noise) {
      if (part.positives == 0) {
        return 0;
      }
      Tensor scores = network(replica).pairs(part, noise);
      int negatives = part.rows.length - part.positives;
      Tensor loss =
          scores
              .narrow(0, 0, part.positives)
              .neg()
              .softplus()
              .sum()
              .add(scores.narrow(0, part.positives, negatives).softplus().sum())
              .mul(part.scale);
      loss.backward();
      return loss.item();
    }
  }

  /** The network. */
  static final class Net implements Network {
    private final NeuMf options;
    private final Weights weights;
    private final HistoryEncoder encoder;
    private final Tensor read; // P and P' side by side, [items, 2 d]
    private final Tensor item; // Q and Q', [items, 2 d]
    private final Tensor fromPerson; // W_p [hidden, d]
    private final Tensor fromItem; // W_q [hidden, d]
    private final Tensor firstBias;
    private final List<Tensor> deep = new ArrayList<>();
    private final List<Tensor> deepBiases = new ArrayList<>();
    private final Tensor products; // g [1, d]
    private final Tensor top; // m [1, hidden / 2^layers]
    private final Tensor bias; // c [items]

    Net(NeuMf options, Dataset data, Weights weights) {
      this.options = options;
      this.weights = weights;
      encoder = HistoryEncoder.of(Encoding.BINARY, data.interactions());
      int d = options.dimensions;
      int items = data.items().size();
      read = weights.normal("read", 0.1, items, 2L * d);
      item = weights.normal("item", 0.1, items, 2L * d);
      fromPerson = weights.glorot("person", options.hidden, d);
      fromItem = weights.glorot("first", options.hidden, d);
      firstBias = weights.constant("first.bias", 0, options.hidden);
      for (int layer = 1; layer <= options.layers; layer++) {
        int out = options.hidden >> layer;
        deep.add(weights.glorot("deep" + layer, out, options.hidden >> (layer - 1)));
        deepBiases.add(weights.constant("deep" + layer + ".bias", 0, out));
      }
      products = weights.constant("products", 1, 1, d);
      top = weights.glorot("top", 1, options.hidden >> options.layers);
      bias = weights.constant("bias", 0, items);
    }

    /** The scores of pairs, [pairs]. */
    Tensor pairs(Part part, Noise noise) {
      int pairs = part.rows.length;
      MultiHot histories = part.histories;
      float[] sizes = new float[histories.rows()];
      for (int row = 0; row < sizes.length; row++) {
        sizes[row] = histories.starts()[row + 1] - histories.starts()[row];
      }
      float[] shares = new float[pairs];
      float[] own = new float[pairs];
      for (int p = 0; p < pairs; p++) {
        boolean positive = p < part.positives;
        float others = sizes[(int) part.rows[p]] - (positive ? 1 : 0);
        shares[p] = (float) (1 / Math.sqrt(Math.max(1, others)));
        own[p] = positive ? 1 : 0;
      }
      Tensor chosen = Tensor.of(part.items, pairs);
      Tensor sums = Bags.sums(read, histories).indexSelect(0, Tensor.of(part.rows, pairs));
      Tensor left = read.embedding(chosen).mul(Tensor.of(own, pairs, 1));
      Tensor p = sums.sub(left).mul(Tensor.of(shares, pairs, 1)); // [pairs, 2 d]
      Tensor q = item.embedding(chosen);
      int d = options.dimensions;
      Tensor product = p.narrow(1, 0, d).mul(q.narrow(1, 0, d)).linear(products, null);
      Tensor first =
          p.narrow(1, d, d)
              .linear(fromPerson, firstBias)
              .add(q.narrow(1, d, d).linear(fromItem, null));
      return product.add(perceptron(first, noise)).reshape(pairs).add(bias.indexSelect(0, chosen));
    }

    /** m . z_L of what enters the first activation, [.., 1]. */
    private Tensor perceptron(Tensor first, Noise noise) {
      Tensor z = first.relu();
      for (int layer = 0; layer < deep.size(); layer++) {
        z = noise.dropout(z, options.dropout).linear(deep.get(layer), deepBiases.get(layer)).relu();
      }
      return z.linear(top, null);
    }

    @Override
    public Weights weights() {
      return weights;
    }

    @Override
    public int window() {
      return Integer.MAX_VALUE;
    }

    /** One history after another: a layer of all items is held for one at a time. */
    @Override
    public Tensor scores(List<History> histories) {
      MultiHot rows = encoder.rows(histories).normalized(); // 1 / sqrt(n) each
      int d = options.dimensions;
      Tensor p = Bags.sums(read, rows);
      Tensor products = p.narrow(1, 0, d).mul(this.products);
      Tensor linear = products.matmul(item.narrow(1, 0, d).transpose(0, 1)).add(bias);
      Tensor people = p.narrow(1, d, d).linear(fromPerson, firstBias); // [rows, hidden]
      Tensor items = item.narrow(1, d, d).linear(fromItem, null); // [items, hidden]
      List<Tensor> deepScores = new ArrayList<>();
      for (int row = 0; row < rows.rows(); row++) {
        Tensor first = items.add(people.narrow(0, row, 1));
        deepScores.add(perceptron(first, Noise.NONE).reshape(1, -1));
      }
      return linear.add(Tensor.concat(deepScores, 0));
    }

    /** One item after another, so that a score does not depend on the others. */
    @Override
    public Tensor scores(List<History> histories, int[] items) {
      int d = options.dimensions;
      Tensor p = Bags.sums(read, encoder.rows(histories).normalized());
      Tensor products = p.narrow(1, 0, d).mul(this.products);
      Tensor people = p.narrow(1, d, d).linear(fromPerson, firstBias); // [rows, hidden]
      List<Tensor> columns = new ArrayList<>();
      for (int one : items) {
        Tensor index = Tensor.of(new long[] {one}, 1);
        Tensor q = item.indexSelect(0, index); // [1, 2 d]
        Tensor first = people.add(q.narrow(1, d, d).linear(fromItem, null));
        columns.add(
            products
                .matmul(q.narrow(1, 0, d).transpose(0, 1)) // [rows, 1]
                .add(bias.indexSelect(0, index))
                .add(perceptron(first, Noise.NONE)));
      }
      return Tensor.concat(columns, 1);
    }
  }
}
