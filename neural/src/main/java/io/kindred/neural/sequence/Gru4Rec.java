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
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent network that reads the history item by item (Hidasi et al., ICLR 2016).
 *
 * <pre>
 * x = dropout(E[items])                                   [batch, length, d]
 * h = cell(... cell(x))                                   [batch, length, hidden]
 * score(next = i) = (W dropout(h) + b) . O[i] + c[i]       O = E where weights are tied
 * </pre>
 *
 * <p>The cell is a gated recurrent unit, a long short-term memory or the plain tanh unit.
 * Deviations from the paper: all places of a whole sequence are learned at once; {@code batches}
 * sessions is the paper's way ({@link SessionParallel}). The loss is free to choose (the paper's
 * TOP1 gave way to those of Hidasi and Karatzoglou, CIKM 2018, and cross-entropy is better still);
 * input and output items share their vectors by default.
 *
 * <p>An example is a window of at most {@code maxLength} items. Training costs O(places * hidden *
 * (d + hidden)) an epoch and layer, and the loss O(targets * items * d).
 *
 * @param cell the recurrent unit
 * @param dimensions d of the items' vectors, at least 1
 * @param hidden size of the state, at least 1
 * @param layers at least 1
 * @param maxLength how many of the newest items are read, at least 1
 * @param dropout of inputs, between layers and of outputs, in [0, 1)
 * @param targets which places of a window are learned
 * @param batches whole windows, or one step of many histories at a time; the latter learns all
 *     places
 * @param tied whether items have one vector as input and output
 * @param loss what is made small
 * @param training how
 */
public record Gru4Rec(
    Tensor.Cell cell,
    int dimensions,
    int hidden,
    int layers,
    int maxLength,
    double dropout,
    Targets targets,
    Batches batches,
    boolean tied,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** Which places of a window are learned. */
  public enum Targets {
    /** The next item at every place. */
    ALL,
    /** Only the last item. */
    LAST
  }

  /** How training goes through the histories. */
  public enum Batches {
    /** Whole windows side by side. */
    SEQUENCES,
    /** One step of many histories side by side, the states carried on (session-parallel). */
    SESSIONS
  }

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "gru4rec",
          "A recurrent network over the history, foretells the next item",
          Gru4Rec::of,
          new NeuralCodec(
              (parameters, data, weights) ->
                  new Net(Gru4Rec.of(parameters), weights, data.items().size())));

  private static final Gru4Rec DEFAULTS =
      new Gru4Rec(
          Tensor.Cell.GRU,
          64,
          128,
          1,
          50,
          0.3,
          Targets.ALL,
          Batches.SEQUENCES,
          true,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(100).withPatience(10, 1));

  /** Checks the ranges. */
  public Gru4Rec {
    Objects.requireNonNull(cell);
    Objects.requireNonNull(targets);
    if (batches == Batches.SESSIONS && targets == Targets.LAST) {
      throw new IllegalArgumentException(
          "batches sessions learns the next item at every step: targets must be all, got last");
    }
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("hidden", hidden, 1);
    Checks.atLeast("layers", layers, 1);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.dropout("dropout", dropout);
  }

  /** One layer of 128 gated units over 50 items of 64 dimensions, cross-entropy, early stopping. */
  public static Gru4Rec defaults() {
    return DEFAULTS;
  }

  /** The same with another cell. */
  public Gru4Rec withCell(Tensor.Cell newCell) {
    return new Gru4Rec(
        newCell,
        dimensions,
        hidden,
        layers,
        maxLength,
        dropout,
        targets,
        batches,
        tied,
        loss,
        training);
  }

  /** The same with another loss. */
  public Gru4Rec withLoss(LossOptions newLoss) {
    return new Gru4Rec(
        cell,
        dimensions,
        hidden,
        layers,
        maxLength,
        dropout,
        targets,
        batches,
        tied,
        newLoss,
        training);
  }

  /** The same with another way of training. */
  public Gru4Rec withTraining(TrainingOptions newTraining) {
    return new Gru4Rec(
        cell,
        dimensions,
        hidden,
        layers,
        maxLength,
        dropout,
        targets,
        batches,
        tied,
        loss,
        newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Gru4Rec of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("gru4rec");
    Gru4Rec read =
        new Gru4Rec(
            in.choice("cell", DEFAULTS.cell),
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("hidden", DEFAULTS.hidden),
            in.integer("layers", DEFAULTS.layers),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.number("dropout", DEFAULTS.dropout),
            in.choice("targets", DEFAULTS.targets),
            in.choice("batches", DEFAULTS.batches),
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
                .with("cell", cell)
                .with("dimensions", dimensions)
                .with("hidden", hidden)
                .with("layers", layers)
                .with("maxLength", maxLength)
                .with("dropout", dropout)
                .with("targets", targets)
                .with("batches", batches)
                .with("tied", tied)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    if (batches == Batches.SESSIONS) {
      return NetworkTraining.train(
          this,
          training,
          data,
          context,
          weights -> new Net(this, weights, data.items().size()),
          (networks, train, metric) ->
              new SessionParallel(networks, train, loss, training.batchSize(), metric));
    }
    return SequenceTraining.train(
        this,
        maxLength,
        targets == Targets.LAST,
        loss,
        training,
        data,
        context,
        (weights, items) -> new Net(this, weights, items));
  }

  /** The network. */
  private static final class Net extends SequenceNetwork implements SessionParallel.Stepping {
    private final Gru4Rec options;
    private final Tensor item; // [items + 1, d]
    private final List<List<Tensor>> layers = new ArrayList<>();
    private final Tensor project; // [d, hidden]
    private final Tensor projectBias;
    private final @Nullable Tensor out; // [items + 1, d]
    private final Tensor outBias; // [items]

    Net(Gru4Rec options, Weights weights, int items) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      int h = options.hidden;
      item = weights.embeddings("item", 1 / Math.sqrt(d), items, d);
      double bound = 1 / Math.sqrt(h);
      long rows = (long) options.cell.gates() * h;
      for (int layer = 0; layer < options.layers; layer++) {
        String name = "layer" + layer + ".";
        layers.add(
            List.of(
                weights.uniform(name + "input", bound, rows, layer == 0 ? d : h),
                weights.uniform(name + "state", bound, rows, h),
                weights.uniform(name + "input.bias", bound, rows),
                weights.uniform(name + "state.bias", bound, rows)));
      }
      project = weights.glorot("project", d, h);
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

    @Override
    public int layers() {
      return options.layers;
    }

    @Override
    public int stateSize() {
      return options.hidden;
    }

    @Override
    public Tensor step(long[] items, List<Tensor.State> states, Noise noise) {
      Tensor x = item.embedding(Tensor.of(items, items.length, 1), itemCount()); // [lanes, 1, d]
      for (int layer = 0; layer < layers.size(); layer++) {
        Tensor.Run run =
            noise
                .dropout(x, options.dropout)
                .recurrent(options.cell, layers.get(layer), states.get(layer));
        states.set(layer, run.last());
        x = run.states();
      }
      Tensor last = x.reshape(items.length, options.hidden);
      return noise.dropout(last, options.dropout).linear(project, projectBias); // [lanes, d]
    }

    @Override
    Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      Tensor x =
          item.embedding(Tensor.of(batch.items(), batch.rows(), batch.length()), itemCount());
      for (List<Tensor> layer : layers) {
        x = noise.dropout(x, options.dropout).recurrent(options.cell, layer);
      }
      Tensor states =
          x.reshape(-1, options.hidden).indexSelect(0, Tensor.of(places, places.length));
      return noise.dropout(states, options.dropout).linear(project, projectBias); // [P, d]
    }
  }
}
