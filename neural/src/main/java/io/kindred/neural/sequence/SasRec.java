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
import io.kindred.neural.tensor.Optimizer;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention over a history, each place seeing itself and those before it (Kang and McAuley,
 * ICDM 2018).
 *
 * <pre>
 * e = sqrt(d) E[items]                                                [batch, length, d]
 * e[t] = e[t] + dropout(C [e[t - kernel + 1], .., e[t]])              where kernel is above 1
 * x = dropout(e + P[positions])
 * for each layer, with pre-norm (others: {@link Norm}):
 *   x = x + dropout(W_o softmax(q k^T / sqrt(d / heads) + causal) v)    q, k, v of norm(x)
 *   x = x + dropout(W_2 dropout(relu(W_1 norm(x))))
 * score(next = i) = norm(x) . E[i]
 * </pre>
 *
 * <p>Deviations from the paper: the loss is free to choose (cross-entropy over the whole catalogue
 * by default, which is far better than the paper's binary cross-entropy; Klenitskiy and Vasilev,
 * RecSys 2023); positions are counted from the end; a long history gives several windows, cut
 * elsewhere in each epoch; attention weights are not dropped; both layers of the feed-forward part
 * may be wider; a causal convolution before the layers may mix each item with those just before it.
 *
 * <p>An example is a window of at most {@code maxLength} items. Training costs O(windows *
 * (maxLength * d^2 + maxLength^2 * d)) an epoch and layer, and the loss O(targets * items * d).
 *
 * @param dimensions d, a multiple of {@code heads}
 * @param layers of attention, at least 1
 * @param heads of attention, at least 1
 * @param feedForward width of the feed-forward part, in multiples of d, at least 1
 * @param maxLength how many of the newest items are read, at least 1
 * @param dropout in [0, 1)
 * @param norm where layers are normalized
 * @param positions how places are told apart
 * @param timeGaps whether the time since the item before is an input, where times are known
 * @param kernel how many items the convolution before the layers sees, itself included, at least 1:
 *     1 for none
 * @param features whether E is made of what is said of items, too
 * @param loss what is made small
 * @param training how
 */
public record SasRec(
    int dimensions,
    int layers,
    int heads,
    int feedForward,
    int maxLength,
    double dropout,
    Norm norm,
    Positions positions,
    boolean timeGaps,
    int kernel,
    ItemFeatures features,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** Where layers are normalized. */
  public enum Norm {
    /** Before attention and feed-forward: trains more steadily. */
    PRE,
    /** After them, as in the first transformers. */
    POST,
    /**
     * As in the program of SASRec's authors: before both, and what is added to is normalized, too;
     * keys and values are not.
     */
    QUERY
  }

  /** How places are told apart. */
  public enum Positions {
    /** A vector for each place, counted from the end. */
    LEARNED,
    /** A number for each distance and head, added to the attention (Raffel et al., JMLR 2020). */
    RELATIVE,
    /** Not at all: only causality. */
    NONE
  }

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "sasrec",
          "Self-attention over the history, foretells the next item",
          SasRec::of,
          new NeuralCodec(SasRec::stored));

  private static final SasRec DEFAULTS =
      new SasRec(
          64,
          2,
          1,
          1,
          50,
          0.3,
          Norm.PRE,
          Positions.LEARNED,
          false,
          1,
          ItemFeatures.NONE,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS
              .withEpochs(100)
              .withOptimizer(Optimizer.Kind.ADAM, 0)
              .withPatience(10, 1));

  private static SequenceNetwork stored(
      Parameters parameters, Dataset data, Weights weights, ArrayReader in) {
    SasRec options = SasRec.of(parameters);
    int items = data.items().size();
    return options.features.used()
        ? new Growing(
            options, weights, items, FeatureEncoder.read(options.features.options(), in), null)
        : new Net(options, weights, items, 0, null);
  }

  /** Checks the ranges. */
  public SasRec {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("layers", layers, 1);
    Checks.atLeast("heads", heads, 1);
    Checks.atLeast("feedForward", feedForward, 1);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.dropout("dropout", dropout);
    Checks.atLeast("kernel", kernel, 1);
    Objects.requireNonNull(features);
    if (dimensions % heads != 0) {
      throw new IllegalArgumentException(
          "dimensions must be a multiple of heads, got " + dimensions + " and " + heads);
    }
  }

  /** Two layers of 64 dimensions over 50 items, cross-entropy, early stopping. */
  public static SasRec defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public SasRec withTraining(TrainingOptions newTraining) {
    return new SasRec(
        dimensions,
        layers,
        heads,
        feedForward,
        maxLength,
        dropout,
        norm,
        positions,
        timeGaps,
        kernel,
        features,
        loss,
        newTraining);
  }

  /** The same with items read otherwise. */
  public SasRec withFeatures(ItemFeatures newFeatures) {
    return new SasRec(
        dimensions,
        layers,
        heads,
        feedForward,
        maxLength,
        dropout,
        norm,
        positions,
        timeGaps,
        kernel,
        newFeatures,
        loss,
        training);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static SasRec of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("sasrec");
    SasRec read =
        new SasRec(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("layers", DEFAULTS.layers),
            in.integer("heads", DEFAULTS.heads),
            in.integer("feedForward", DEFAULTS.feedForward),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.number("dropout", DEFAULTS.dropout),
            in.choice("norm", DEFAULTS.norm),
            in.choice("positions", DEFAULTS.positions),
            in.flag("timeGaps", DEFAULTS.timeGaps),
            in.integer("kernel", DEFAULTS.kernel),
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
                    .with("dimensions", dimensions)
                    .with("layers", layers)
                    .with("heads", heads)
                    .with("feedForward", feedForward)
                    .with("maxLength", maxLength)
                    .with("dropout", dropout)
                    .with("norm", norm)
                    .with("positions", positions)
                    .with("timeGaps", timeGaps)
                    .with("kernel", kernel))));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    ItemFeatures.Read read = features.used() ? features.read(algorithm(), data) : null;
    return SequenceTraining.spread(
        SequenceTraining.train(
            this,
            maxLength,
            false,
            loss,
            training,
            data,
            context,
            (weights, items) ->
                read == null
                    ? new Net(this, weights, items, 0, null)
                    : new Growing(this, weights, items, read.encoder(), read)));
  }

  /** The network. */
  private static class Net extends SequenceNetwork {
    final SasRec options;
    private final ItemTable item; // [items + 1, d]
    private final @Nullable Tensor position; // [maxLength, d] or [maxLength, heads]
    private final @Nullable Tensor gap; // [GAPS, d]
    private final @Nullable Tensor mix; // [d, kernel * d]
    private final List<TransformerLayer> layers = new ArrayList<>();
    private final Tensor normWeight;
    private final Tensor normBias;

    Net(SasRec options, Weights weights, int items, int terms, ItemFeatures.@Nullable Read read) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      double deviation = 1 / Math.sqrt(d) / 4;
      item = new ItemTable(options.features, weights, "item", deviation, items, d, terms, read);
      position =
          switch (options.positions) {
            case LEARNED -> weights.normal("position", 0.02, options.maxLength, d);
            case RELATIVE -> weights.normal("position", 0.02, options.maxLength, options.heads);
            case NONE -> null;
          };
      gap = options.timeGaps ? weights.normal("gap", 0.02, SequenceBatch.GAPS, d) : null;
      mix = options.kernel > 1 ? weights.glorot("mix", d, (long) options.kernel * d) : null;
      for (int layer = 0; layer < options.layers; layer++) {
        layers.add(
            new TransformerLayer(
                "layer" + layer + ".",
                weights,
                d,
                options.heads,
                d * options.feedForward,
                options.norm));
      }
      normWeight = weights.constant("norm.weight", 1, d);
      normBias = weights.constant("norm.bias", 0, d);
    }

    @Override
    final List<ItemTable> tables() {
      return List.of(item);
    }

    @Override
    final Tensor output() {
      return item.get();
    }

    @Override
    final Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      int d = options.dimensions;
      long[] shape = {batch.rows(), batch.length()};
      Tensor x =
          item.get()
              .embedding(Tensor.of(batch.items(), shape), itemCount())
              .mul(Math.sqrt(d)); // [batch, length, d]
      if (mix != null) {
        x = x.add(noise.dropout(x.causalConv1d(mix, null, 1), options.dropout));
      }
      if (position != null && options.positions == Positions.LEARNED) {
        x = x.add(position.embedding(Tensor.of(batch.positions(), shape)));
      }
      if (gap != null) {
        x = x.add(gap.embedding(Tensor.of(batch.gaps(), shape)));
      }
      Tensor mask = relative(batch.length());
      x = noise.dropout(x, options.dropout);
      return TransformerLayer.read(
              layers, x, batch, places, mask, Tensor::relu, options.dropout, noise)
          .layerNorm(normWeight, normBias); // [P, d]
    }

    /** What relative positions add to the attention, causality included: [heads, T, T]. */
    private @Nullable Tensor relative(int length) {
      if (position == null || options.positions != Positions.RELATIVE) {
        return null;
      }
      long[] distances = new long[length * length];
      float[] later = new float[length * length];
      for (int to = 0; to < length; to++) {
        for (int from = 0; from < length; from++) {
          distances[to * length + from] = Math.max(0, to - from);
          later[to * length + from] = from > to ? Float.NEGATIVE_INFINITY : 0f;
        }
      }
      return position
          .embedding(Tensor.of(distances, length, length)) // [T, T, heads]
          .transpose(1, 2)
          .transpose(0, 1)
          .add(Tensor.of(later, length, length));
    }
  }

  /** The network with features, which takes new items. */
  private static final class Growing extends Net implements GrowingNetwork {
    private final FeatureEncoder encoder;

    Growing(
        SasRec options,
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
