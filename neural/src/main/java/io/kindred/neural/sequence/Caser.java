package io.kindred.neural.sequence;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions over the newest items as over a picture of {@code window} rows and d columns:
 * filters of each height see items that follow one another, others weigh places (Tang and Wang,
 * WSDM 2018).
 *
 * <pre>
 * X = E[newest window items]                                            [window, d]
 * o = max over time of relu(F_h * X), h = 1 .. window, side by side       [window * horizontal]
 * v = V X                                                               [vertical * d]
 * z = relu(W_1 dropout([o, v]) + b_1)                                   [hidden]
 * score(next = i) = (W_2 dropout([z, u]) + b_2) . O[i] + c[i]           O = E where weights are tied
 * </pre>
 *
 * <p>Deviations from the paper: people are served by their history alone, so u is no vector of the
 * user but, with {@code longTerm}, the mean of E over the items before the newest {@code window}
 * ones, and without it there is no u. The linear map of W_2 lets input and output items share their
 * vectors, which is the default. The loss is free to choose (the paper's is binary cross-entropy).
 * All places of a stretch of {@code maxLength} items are learned at once; where fewer than {@code
 * window} items are known, the missing ones are zeros.
 *
 * <p>An example is a stretch of at most {@code maxLength} items. Training costs O(places * d *
 * (window^2 * horizontal + vertical * hidden)) an epoch, and the loss O(targets * items * d).
 *
 * @param dimensions d of the items' vectors, at least 1
 * @param window how many of the newest items are looked at (L of the paper), at least 1
 * @param horizontal filters of each height, at least 0
 * @param vertical filters over places, at least 0; not both 0
 * @param hidden size of z, at least 1
 * @param longTerm whether the items before the window count, by their mean
 * @param targets how many items that came next are learned at each place (T of the paper), at least
 *     1
 * @param maxLength how many of the newest items are read with {@code longTerm}, and the length of a
 *     stretch in training, at least {@code window}
 * @param dropout in [0, 1)
 * @param tied whether items have one vector as input and output
 * @param loss what is made small
 * @param training how
 */
public record Caser(
    int dimensions,
    int window,
    int horizontal,
    int vertical,
    int hidden,
    boolean longTerm,
    int targets,
    int maxLength,
    double dropout,
    boolean tied,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "caser",
          "Convolutions over the newest items, foretell the next ones",
          Caser::of,
          new NeuralCodec(
              (parameters, data, weights) ->
                  new Net(Caser.of(parameters), weights, data.items().size())));

  private static final Caser DEFAULTS =
      new Caser(
          64,
          5,
          16,
          4,
          128,
          false,
          1,
          50,
          0.3,
          true,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(100).withPatience(10, 1));

  /** Checks the ranges. */
  public Caser {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("window", window, 1);
    Checks.atLeast("horizontal", horizontal, 0);
    Checks.atLeast("vertical", vertical, horizontal == 0 ? 1 : 0);
    Checks.atLeast("hidden", hidden, 1);
    Checks.atLeast("targets", targets, 1);
    Checks.atLeast("maxLength", maxLength, window);
    Checks.dropout("dropout", dropout);
  }

  /** Sixteen filters of each height and four vertical ones over 5 items, cross-entropy. */
  public static Caser defaults() {
    return DEFAULTS;
  }

  /** The same with another loss. */
  public Caser withLoss(LossOptions newLoss) {
    return new Caser(
        dimensions,
        window,
        horizontal,
        vertical,
        hidden,
        longTerm,
        targets,
        maxLength,
        dropout,
        tied,
        newLoss,
        training);
  }

  /** The same with another way of training. */
  public Caser withTraining(TrainingOptions newTraining) {
    return new Caser(
        dimensions,
        window,
        horizontal,
        vertical,
        hidden,
        longTerm,
        targets,
        maxLength,
        dropout,
        tied,
        loss,
        newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Caser of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("caser");
    Caser read =
        new Caser(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("window", DEFAULTS.window),
            in.integer("horizontal", DEFAULTS.horizontal),
            in.integer("vertical", DEFAULTS.vertical),
            in.integer("hidden", DEFAULTS.hidden),
            in.flag("longTerm", DEFAULTS.longTerm),
            in.integer("targets", DEFAULTS.targets),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.number("dropout", DEFAULTS.dropout),
            in.flag("tied", DEFAULTS.tied),
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
        loss.addTo(
            Parameters.none()
                .with("dimensions", dimensions)
                .with("window", window)
                .with("horizontal", horizontal)
                .with("vertical", vertical)
                .with("hidden", hidden)
                .with("longTerm", longTerm)
                .with("targets", targets)
                .with("maxLength", maxLength)
                .with("dropout", dropout)
                .with("tied", tied)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    return SequenceTraining.train(
        this,
        maxLength,
        false,
        loss,
        training,
        data,
        context,
        (weights, items) -> new Net(this, weights, items));
  }

  /**
   * The network. Neighboring windows overlap, so they are not computed one by one: a row is cut
   * into segments of some places, and a filter goes once over a segment and the {@code window - 1}
   * items before it.
   */
  private static final class Net extends SequenceNetwork {
    private static final int SEGMENT = 16;

    private final Caser options;
    private final Tensor item; // [items + 1, d]
    private final List<Tensor> filters = new ArrayList<>(); // of height h: [horizontal, h, d]
    private final List<Tensor> filterBiases = new ArrayList<>(); // [horizontal]
    private final @Nullable Tensor weighing; // V [vertical, window]
    private final Tensor dense; // W_1 [hidden, window * horizontal + vertical * d]
    private final Tensor denseBias;
    private final Tensor project; // W_2 [d, hidden] or [d, hidden + d]
    private final Tensor projectBias;
    private final @Nullable Tensor out; // [items + 1, d]
    private final Tensor outBias; // [items]

    Net(Caser options, Weights weights, int items) {
      super(weights, items, options.longTerm ? options.maxLength : options.window);
      this.options = options;
      int d = options.dimensions;
      int n = options.horizontal;
      int length = options.window;
      item = weights.embeddings("item", 1 / Math.sqrt(d), items, d);
      for (int h = 1; h <= length && n > 0; h++) {
        filters.add(weights.uniform("filter" + h, Math.sqrt(3.0 / (h * d)), n, h, d));
        filterBiases.add(weights.constant("filter" + h + ".bias", 0, n));
      }
      weighing =
          options.vertical == 0
              ? null
              : weights.uniform("vertical", Math.sqrt(3.0 / length), options.vertical, length);
      dense =
          weights.glorot("dense", options.hidden, (long) length * n + (long) options.vertical * d);
      denseBias = weights.constant("dense.bias", 0, options.hidden);
      project = weights.glorot("project", d, options.hidden + (options.longTerm ? d : 0));
      projectBias = weights.constant("project.bias", 0, d);
      out = options.tied ? null : weights.embeddings("out", 1 / Math.sqrt(d), items, d);
      outBias = weights.constant("out.bias", 0, items);
    }

    @Override
    Tensor output() {
      return out == null ? item : out;
    }

    @Override
    public Optional<Tensor> bias() {
      return Optional.of(outBias);
    }

    /** At each place the next {@code targets} items, as far as the row goes. */
    @Override
    SequenceBatch prepared(SequenceBatch batch, long seed) {
      int most = options.targets;
      if (most == 1) {
        return batch;
      }
      int known = batch.places().length;
      long[] places = new long[known * most];
      long[] targets = new long[places.length];
      int[] entries = new int[places.length];
      int at = 0;
      for (int p = 0; p < known; p++) {
        long row = batch.places()[p] / batch.length();
        for (int q = p; q < p + most && q < known; q++) {
          if (batch.places()[q] / batch.length() == row) {
            places[at] = batch.places()[p];
            targets[at] = batch.targets()[q];
            entries[at++] = batch.entries()[q];
          }
        }
      }
      return batch.withTargets(
          batch.items(),
          Arrays.copyOf(places, at),
          Arrays.copyOf(targets, at),
          Arrays.copyOf(entries, at));
    }

    @Override
    Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      int length = options.window;
      long each = places.length / Math.max(1, (long) batch.rows() * options.targets);
      int width = (int) Math.max(1, Math.min(SEGMENT, each)); // C, places of a segment
      int span = width + length - 1; // S, items of a segment
      // A segment begins at a place that no segment holds yet.
      long[] starts = new long[places.length];
      long[] where = new long[places.length]; // of each place among those of all segments
      int n = 0;
      for (int p = 0; p < places.length; p++) {
        long place = places[p];
        if (n == 0
            || place >= starts[n - 1] + width
            || place / batch.length() != starts[n - 1] / batch.length()) {
          starts[n++] = place;
        }
        where[p] = (n - 1L) * width + place - starts[n - 1];
      }
      long[] items = new long[n * span];
      for (int segment = 0; segment < n; segment++) {
        long row = starts[segment] / batch.length();
        long column = starts[segment] % batch.length() - length + 1;
        for (int s = 0; s < span; s++) {
          boolean inside = column + s >= 0 && column + s < batch.length();
          items[segment * span + s] =
              inside ? batch.items()[(int) (row * batch.length() + column + s)] : itemCount();
        }
      }
      Tensor x = item.embedding(Tensor.of(items, n, span), itemCount()); // [n, S, d]
      List<Tensor> found = new ArrayList<>();
      if (!filters.isEmpty()) {
        horizontal(x, width, found);
      }
      if (weighing != null) {
        found.add(vertical(x, weighing, width));
      }
      Tensor chosen = Tensor.of(where, places.length);
      Tensor all =
          Tensor.concat(found, 2).reshape((long) n * width, -1).indexSelect(0, chosen); // [P, ..]
      Tensor z = noise.dropout(all, options.dropout).linear(dense, denseBias).relu();
      if (options.longTerm) {
        z = Tensor.concat(List.of(z, older(batch, places)), 1);
      }
      return noise.dropout(z, options.dropout).linear(project, projectBias); // [P, d]
    }

    /**
     * What the filters of each height find, the highest first, [n, C, horizontal] each. With F_h[j]
     * row j of a filter, the sums c_h[s] = sum over j of F_h[j] . x[s + j] of all heights together
     * come from the last row to the first: c[s] = F[j] . x[s] + c[s + 1].
     */
    private void horizontal(Tensor x, int width, List<Tensor> found) {
      int length = options.window;
      int n = options.horizontal;
      Tensor sums = Tensor.zeros(0);
      for (int j = length - 1; j >= 0; j--) {
        List<Tensor> rows = new ArrayList<>();
        for (int h = length; h > j; h--) {
          rows.add(filters.get(h - 1).select(1, j));
        }
        Tensor products = x.linear(Tensor.concat(rows, 0), null); // [n, S, (window - j) horizontal]
        sums = j == length - 1 ? products : products.add(sums.pad(0, n, -1, 1));
      }
      for (int h = length; h >= 1; h--) {
        found.add(
            sums.narrow(2, (long) (length - h) * n, n)
                .narrow(1, 0, width + length - h)
                .slidingMax(length - h + 1)
                .add(filterBiases.get(h - 1))
                .relu());
      }
    }

    /** The weighted sums over places, [n, C, vertical * d]: one product with a banded matrix. */
    private Tensor vertical(Tensor x, Tensor weights, int width) {
      int count = options.vertical;
      int span = width + options.window - 1;
      Tensor band =
          weights
              .pad(0, width, 0, 0) // [vertical, S + 1]
              .unsqueeze(1)
              .expand(count, width, span + 1)
              .reshape(count, -1)
              .narrow(1, 0, (long) width * span)
              .reshape(count, width, span) // each row one place further to the right
              .transpose(0, 1)
              .reshape(1, (long) width * count, span);
      return band.expand(x.size(0), -1, -1).matmul(x).reshape(x.size(0), width, -1);
    }

    /** The mean of what came before the window, zeros where nothing did, [P, d]. */
    private Tensor older(SequenceBatch batch, long[] places) {
      int length = batch.length();
      float[] shares = new float[length * length];
      for (int to = options.window; to < length; to++) {
        int count = to - options.window + 1;
        Arrays.fill(shares, to * length, to * length + count, 1f / count);
      }
      return Tensor.of(shares, 1, length, length)
          .expand(batch.rows(), -1, -1)
          .matmul(item.embedding(Tensor.of(batch.items(), batch.rows(), length), itemCount()))
          .reshape(-1, options.dimensions)
          .indexSelect(0, Tensor.of(places, places.length));
    }
  }
}
