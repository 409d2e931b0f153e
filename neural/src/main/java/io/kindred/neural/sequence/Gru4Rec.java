package io.kindred.neural.sequence;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.feature.FeatureEncoder;
import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.model.GrowingNetwork;
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
 * @param features whether E and O are made of what is said of items, too; then c is 0, since an
 *     item without interactions has none
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
    ItemFeatures features,
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
          new NeuralCodec(Gru4Rec::stored));

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
          ItemFeatures.NONE,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(100).withPatience(10, 1));

  private static SequenceNetwork stored(
      Parameters parameters, Dataset data, Weights weights, ArrayReader in) {
    Gru4Rec options = Gru4Rec.of(parameters);
    int items = data.items().size();
    return options.features.used()
        ? new Growing(
            options, weights, items, FeatureEncoder.read(options.features.options(), in), null)
        : new Net(options, weights, items, 0, null);
  }

  /** Checks the ranges. */
  public Gru4Rec {
    Objects.requireNonNull(cell);
    Objects.requireNonNull(targets);
    Objects.requireNonNull(features);
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
        features,
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
        features,
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
        features,
        loss,
        newTraining);
  }

  /** The same with items read otherwise. */
  public Gru4Rec withFeatures(ItemFeatures newFeatures) {
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
        newFeatures,
        loss,
        training);
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
            ItemFeatures.of(in, DEFAULTS.features),
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
            features.addTo(
                Parameters.none()
                    .with("cell", cell)
                    .with("dimensions", dimensions)
                    .with("hidden", hidden)
                    .with("layers", layers)
                    .with("maxLength", maxLength)
                    .with("dropout", dropout)
                    .with("targets", targets)
                    .with("batches", batches)
                    .with("tied", tied))));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    ItemFeatures.Read read = features.used() ? features.read(algorithm(), data) : null;
    if (batches == Batches.SESSIONS) {
      return SequenceTraining.spread(
          NetworkTraining.train(
              this,
              training,
              data,
              context,
              weights -> net(weights, data.items().size(), read),
              (networks, train, metric) ->
                  new SessionParallel(networks, train, loss, training.batchSize(), metric)));
    }
    return SequenceTraining.spread(
        SequenceTraining.train(
            this,
            maxLength,
            targets == Targets.LAST,
            loss,
            training,
            data,
            context,
            (weights, items) -> net(weights, items, read)));
  }

  private Net net(Weights weights, int items, ItemFeatures.@Nullable Read read) {
    return read == null
        ? new Net(this, weights, items, 0, null)
        : new Growing(this, weights, items, read.encoder(), read);
  }

  /** The network. */
  private static class Net extends SequenceNetwork implements SessionParallel.Stepping {
    final Gru4Rec options;
    private final ItemTable item; // [items + 1, d]
    private final List<List<Tensor>> layers = new ArrayList<>();
    private final Tensor project; // [d, hidden]
    private final Tensor projectBias;
    private final ItemTable out; // [items + 1, d]
    private final @Nullable Tensor outBias; // [items]

    Net(Gru4Rec options, Weights weights, int items, int terms, ItemFeatures.@Nullable Read read) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      int h = options.hidden;
      item = table("item", weights, items, terms, read);
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
      out = options.tied ? item : table("out", weights, items, terms, read);
      outBias = options.features.used() ? null : weights.constant("out.bias", 0, items);
    }

    private ItemTable table(
        String name, Weights weights, int items, int terms, ItemFeatures.@Nullable Read read) {
      int d = options.dimensions;
      return new ItemTable(
          options.features, weights, name, 1 / Math.sqrt(d), items, d, terms, read);
    }

    @Override
    final List<ItemTable> tables() {
      return out == item ? List.of(item) : List.of(item, out);
    }

    @Override
    final Tensor output() {
      return out.get();
    }

    @Override
    public final Optional<Tensor> bias() {
      return Optional.ofNullable(outBias);
    }

    @Override
    public final int layers() {
      return options.layers;
    }

    @Override
    public final int stateSize() {
      return options.hidden;
    }

    @Override
    public final Tensor step(long[] items, List<Tensor.State> states, Noise noise) {
      Tensor x =
          item.get().embedding(Tensor.of(items, items.length, 1), itemCount()); // [lanes, 1, d]
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
    final Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      Tensor x =
          item.get().embedding(Tensor.of(batch.items(), batch.rows(), batch.length()), itemCount());
      for (List<Tensor> layer : layers) {
        x = noise.dropout(x, options.dropout).recurrent(options.cell, layer);
      }
      Tensor states =
          x.reshape(-1, options.hidden).indexSelect(0, Tensor.of(places, places.length));
      return noise.dropout(states, options.dropout).linear(project, projectBias); // [P, d]
    }
  }

  /** The network with features, which takes new items. */
  private static final class Growing extends Net implements GrowingNetwork {
    private final FeatureEncoder encoder;

    Growing(
        Gru4Rec options,
        Weights weights,
        int items,
        FeatureEncoder encoder,
        ItemFeatures.@Nullable Read read) {
      super(options, weights, items, encoder.termCount(), read);
      this.encoder = encoder;
    }

    @Override
    public void write(ArrayWriter to) {
      encoder.write(to);
    }

    @Override
    public Growing withItems(Dataset larger, Features more) {
      return new Growing(
          options, withItems(encoder.encode(more)), larger.items().size(), encoder, null);
    }
  }
}
