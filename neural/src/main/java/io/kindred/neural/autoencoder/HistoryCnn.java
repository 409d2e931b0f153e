package io.kindred.neural.autoencoder;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.GridLayout;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.RowHead;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * A convolutional network that reads a history as a picture: each item is a pixel of a square grid,
 * and items that the same people chose are neighbors there ({@link GridLayout}), so that a filter
 * sees taste in a region of the catalogue, whichever of its items it came by.
 *
 * <pre>
 * g = the encoded history on the grid, of length 1                  [1, side, side]
 * a = pool2(relu(F_1 * g + b_1))       3 x 3, 1 to channels         [channels, side/2, side/2]
 * c = pool2(relu(F_2 * a + b_2))       3 x 3, to 2 channels         [2 channels, side/4, side/4]
 * h = relu(W dropout(c) + b)                                        [dense]
 * score(i) = O[i] . dropout(h) + o[i]
 * loss = -mean over the items that followed of log softmax(score)
 * </pre>
 *
 * <p>An example is a person: in each epoch the history is cut at a random place, what is before is
 * read, and the next {@code targets} items after it are to be foretold (those that were not there
 * before). Somebody the model never saw is served from the history in the query, exactly as a known
 * user is. The layers are those of the classic network for small pictures (LeCun et al., Proc. IEEE
 * 86(11), 1998) with today's activation; that histories can be convolved as pictures is folklore,
 * there is no one paper.
 *
 * <p>Training costs O(people * (side^2 * channels^2 + items * dense)) an epoch, whatever the length
 * of the histories; W has side^2 / 8 * channels * dense numbers.
 *
 * @param grid the side of the grid; 0 for the smallest that has a cell for each item. A smaller one
 *     holds several items in a cell; at least 4
 * @param channels filters of the first layer, at least 1; the second has twice as many
 * @param dense size of h, at least 1
 * @param targets how many items after the cut are learned, at least 0; 0 for all
 * @param dropout of c and h, in [0, 1)
 * @param encoding what an item of a history weighs; time-decayed tells what is new
 * @param training how
 */
public record HistoryCnn(
    int grid,
    int channels,
    int dense,
    int targets,
    double dropout,
    Encoding encoding,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  private static final int SMALLEST = 4; // two poolings

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "history-cnn",
          "Convolutions over a history as a picture of the catalogue",
          HistoryCnn::of,
          new NeuralCodec(
              (parameters, data, weights) -> new Net(HistoryCnn.of(parameters), data, weights)));

  private static final HistoryCnn DEFAULTS =
      new HistoryCnn(
          0,
          16,
          128,
          5,
          0.2,
          Encoding.BINARY,
          TrainingOptions.DEFAULTS.withEpochs(50).withBatchSize(64));

  /** Checks the ranges. */
  public HistoryCnn {
    if (grid != 0) {
      Checks.atLeast("grid", grid, SMALLEST);
    }
    Checks.atLeast("channels", channels, 1);
    Checks.atLeast("dense", dense, 1);
    Checks.atLeast("targets", targets, 0);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(training);
  }

  /** 16 and 32 filters on the smallest grid that holds the catalogue. */
  public static HistoryCnn defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public HistoryCnn withTraining(TrainingOptions newTraining) {
    return new HistoryCnn(grid, channels, dense, targets, dropout, encoding, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static HistoryCnn of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("history-cnn");
    HistoryCnn read =
        new HistoryCnn(
            in.integer("grid", DEFAULTS.grid),
            in.integer("channels", DEFAULTS.channels),
            in.integer("dense", DEFAULTS.dense),
            in.integer("targets", DEFAULTS.targets),
            in.number("dropout", DEFAULTS.dropout),
            Encoding.of(in, DEFAULTS.encoding),
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
        encoding.addTo(
            Parameters.none()
                .with("grid", grid)
                .with("channels", channels)
                .with("dense", dense)
                .with("targets", targets)
                .with("dropout", dropout)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KindredException also if the grid is larger than the catalogue needs
   */
  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    int largest = Math.max(SMALLEST, GridLayout.sideFor(data.items().size()));
    if (grid > largest) {
      throw new KindredException(
          "history-cnn: grid=%d has %,d cells, but '%s' has only %,d items; at most %d is of use"
              .formatted(grid, (long) grid * grid, data.name(), data.items().size(), largest));
    }
    return NetworkTraining.train(
        this,
        training,
        data,
        context,
        weights -> new Net(this, data, weights),
        (networks, train, metric) -> new Task(this, networks, train, metric));
  }

  /** What followed a random cut is to be foretold. */
  static final class Task extends RowTask<Net> {
    private final Interactions train;
    private final int targets;

    Task(HistoryCnn options, List<Net> networks, Interactions train, DoubleSupplier metric) {
      super(
          networks,
          train,
          2,
          options.training.batchSize(),
          metric,
          () -> RowHead.multinomial(train.itemCount()));
      this.train = train;
      this.targets = options.targets;
    }

    @Override
    protected Part part(int[] chosen, double scale, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      List<History> read = new ArrayList<>();
      List<History> after = new ArrayList<>();
      int learned = 0;
      for (int user : chosen) {
        int from = train.starts()[user];
        int to = train.starts()[user + 1];
        int cut = from + 1 + random.nextInt(to - from - 1);
        History known = train.history(from, cut);
        History next = fresh(known, cut, to);
        read.add(known);
        after.add(next);
        learned += next.size();
      }
      MultiHot target = network(0).encoder().rows(after).binary();
      double mean = learned == 0 ? 0 : scale * chosen.length / learned;
      return new Part(network(0).input(network(0).encoder().rows(read)), target, mean);
    }

    /** The first different items of a stretch that are not known yet. */
    private History fresh(History known, int from, int to) {
      int[] sorted = known.items().clone();
      Arrays.sort(sorted);
      int limit = targets == 0 ? to - from : Math.min(targets, to - from);
      int[] found = new int[limit];
      int size = 0;
      for (int p = from; p < to && size < limit; p++) {
        int item = train.items()[p];
        boolean isNew = Arrays.binarySearch(sorted, item) < 0;
        for (int i = 0; i < size && isNew; i++) {
          isNew = found[i] != item;
        }
        if (isNew) {
          found[size++] = item;
        }
      }
      return History.of(Arrays.copyOf(found, size));
    }
  }

  /** The network. */
  static final class Net extends RowNetwork {
    private final HistoryCnn options;
    private final int side;
    private final int[] cells; // of each item
    private final Tensor first; // [channels, 9]
    private final Tensor firstBias;
    private final Tensor second; // [2 channels, channels * 9]
    private final Tensor secondBias;
    private final Tensor dense; // [dense, 2 channels * (side / 4)^2]
    private final Tensor denseBias;
    private final Tensor out; // [items, dense]
    private final Tensor outBias;

    Net(HistoryCnn options, Dataset data, Weights weights) {
      this(options, data, sideFor(options, data), weights);
    }

    private Net(HistoryCnn options, Dataset data, int side, Weights weights) {
      this(options, data, side, GridLayout.cells(data.interactions(), side), weights);
    }

    Net(HistoryCnn options, Dataset data, int side, int[] cells, Weights weights) {
      super(weights, HistoryEncoder.of(options.encoding, data.interactions()));
      this.options = options;
      this.side = side;
      this.cells = cells;
      int items = data.items().size();
      int n = options.channels;
      first = weights.uniform("first", Math.sqrt(6.0 / 9), n, 9);
      firstBias = weights.constant("first.bias", 0, n);
      second = weights.uniform("second", Math.sqrt(6.0 / (9 * n)), 2L * n, 9L * n);
      secondBias = weights.constant("second.bias", 0, 2L * n);
      long pooled = Math.multiplyExact(side / 4, side / 4);
      dense = weights.glorot("dense", options.dense, pooled * 2 * n);
      denseBias = weights.constant("dense.bias", 0, options.dense);
      out = weights.glorot("out", items, options.dense);
      outBias = weights.constant("out.bias", 0, items);
    }

    private static int sideFor(HistoryCnn options, Dataset data) {
      int smallest = Math.max(SMALLEST, GridLayout.sideFor(data.items().size()));
      return options.grid == 0 ? smallest : options.grid;
    }

    @Override
    MultiHot input(MultiHot rows) {
      return rows.normalized();
    }

    /** Rows as pictures, [rows, 1, side, side]. */
    private Tensor pictures(MultiHot rows) {
      int size = side * side;
      float[] pixels = new float[Math.multiplyExact(rows.rows(), size)];
      for (int row = 0; row < rows.rows(); row++) {
        for (int p = (int) rows.starts()[row]; p < rows.starts()[row + 1]; p++) {
          pixels[row * size + cells[(int) rows.items()[p]]] += rows.weights()[p];
        }
      }
      return Tensor.of(pixels, rows.rows(), 1, side, side);
    }

    @Override
    Tensor hidden(MultiHot input, Noise noise) {
      Tensor c =
          pictures(input)
              .conv2d(first, firstBias, 3, 3, 1)
              .relu()
              .maxPool2d(2)
              .conv2d(second, secondBias, 3, 3, 1)
              .relu()
              .maxPool2d(2)
              .reshape(input.rows(), -1);
      Tensor h = noise.dropout(c, options.dropout).linear(dense, denseBias).relu();
      return noise.dropout(h, options.dropout);
    }

    @Override
    Tensor output() {
      return out;
    }

    @Override
    Tensor outputBias() {
      return outBias;
    }
  }
}
