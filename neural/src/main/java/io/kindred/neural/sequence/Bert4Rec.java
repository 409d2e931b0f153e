package io.kindred.neural.sequence;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
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
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Self-attention in both directions that guesses masked items of a history; asked what comes next,
 * it guesses a masked item behind the history (Sun et al., CIKM 2019).
 *
 * <pre>
 * x = dropout(sqrt(d) E[items] + P[positions])       some items are the mask, a row of E of its own
 * for each layer, with pre-norm:
 *   x = x + dropout(attention(norm(x)))                 all places but padding are seen
 *   x = x + dropout(W_2 dropout(gelu(W_1 norm(x))))
 * score(masked = i) = gelu(W_p norm(x) + b_p) . E[i] + c[i]
 * </pre>
 *
 * <p>Deviations from the paper: items enter with sqrt(d), as in {@link SasRec}, and the last layer
 * is normalized; layers are normalized before by default; positions are counted from the end; a
 * long history gives several windows; attention weights are not dropped. As in the paper, some
 * windows have nothing but their last item masked, here half of them.
 *
 * <p>An example is a window of at most {@code maxLength + 1} items, masked anew in each epoch. Only
 * masked items are learned, so that it needs more epochs than a model that learns all places.
 * Training costs O(windows * (maxLength * d^2 + maxLength^2 * d)) an epoch and layer, and the loss
 * O(masked * items * d).
 *
 * @param dimensions d, a multiple of {@code heads}
 * @param layers of attention, at least 1
 * @param heads of attention, at least 1
 * @param feedForward width of the feed-forward part, in multiples of d, at least 1
 * @param maxLength how many of the newest items are read, at least 1
 * @param maskProbability with which an item is masked, above 0, at most 1; at least one of a window
 *     is
 * @param maskLast the share of the windows of which only the last item is masked, in [0, 1]
 * @param dropout in [0, 1)
 * @param norm where layers are normalized
 * @param loss what is made small
 * @param training how
 */
public record Bert4Rec(
    int dimensions,
    int layers,
    int heads,
    int feedForward,
    int maxLength,
    double maskProbability,
    double maskLast,
    double dropout,
    SasRec.Norm norm,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "bert4rec",
          "Self-attention in both directions, guesses masked items",
          Bert4Rec::of,
          new NeuralCodec(
              (parameters, data, weights) ->
                  new Net(Bert4Rec.of(parameters), weights, data.items().size())));

  private static final Bert4Rec DEFAULTS =
      new Bert4Rec(
          64,
          2,
          2,
          4,
          50,
          0.3,
          0.5,
          0.2,
          SasRec.Norm.PRE,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(200).withPatience(20, 1));

  /** Checks the ranges. */
  public Bert4Rec {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("layers", layers, 1);
    Checks.atLeast("heads", heads, 1);
    Checks.atLeast("feedForward", feedForward, 1);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.positive("maskProbability", maskProbability);
    Checks.between("maskProbability", maskProbability, 0, 1);
    Checks.between("maskLast", maskLast, 0, 1);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(norm);
    if (dimensions % heads != 0) {
      throw new IllegalArgumentException(
          "dimensions must be a multiple of heads, got " + dimensions + " and " + heads);
    }
  }

  /** Two layers of 64 dimensions and two heads over 50 items, cross-entropy, early stopping. */
  public static Bert4Rec defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public Bert4Rec withTraining(TrainingOptions newTraining) {
    return new Bert4Rec(
        dimensions,
        layers,
        heads,
        feedForward,
        maxLength,
        maskProbability,
        maskLast,
        dropout,
        norm,
        loss,
        newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Bert4Rec of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("bert4rec");
    Bert4Rec read =
        new Bert4Rec(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("layers", DEFAULTS.layers),
            in.integer("heads", DEFAULTS.heads),
            in.integer("feedForward", DEFAULTS.feedForward),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.number("maskProbability", DEFAULTS.maskProbability),
            in.number("maskLast", DEFAULTS.maskLast),
            in.number("dropout", DEFAULTS.dropout),
            in.choice("norm", DEFAULTS.norm),
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
                .with("layers", layers)
                .with("heads", heads)
                .with("feedForward", feedForward)
                .with("maxLength", maxLength)
                .with("maskProbability", maskProbability)
                .with("maskLast", maskLast)
                .with("dropout", dropout)
                .with("norm", norm)));
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

  /** The network. */
  private static final class Net extends SequenceNetwork {
    private final Bert4Rec options;
    private final Tensor item; // [items + 2, d]: padding and the mask are the last rows
    private final Tensor position; // [maxLength + 1, d]
    private final List<TransformerLayer> layers = new ArrayList<>();
    private final Tensor normWeight;
    private final Tensor normBias;
    private final Tensor project; // W_p [d, d]
    private final Tensor projectBias;
    private final Tensor outBias; // [items]

    Net(Bert4Rec options, Weights weights, int items) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      item = weights.embeddings("item", 1 / Math.sqrt(d) / 4, items + 1L, d);
      position = weights.normal("position", 0.02, options.maxLength + 1L, d);
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
      project = weights.glorot("project", d, d);
      projectBias = weights.constant("project.bias", 0, d);
      outBias = weights.constant("out.bias", 0, items);
    }

    @Override
    Tensor output() {
      return item;
    }

    @Override
    public Optional<Tensor> bias() {
      return Optional.of(outBias);
    }

    private long mask() {
      return itemCount() + 1L;
    }

    /** A history with the mask behind it. */
    @Override
    SequenceBatch encoded(List<History> histories) {
      long[] masks = new long[histories.size()];
      Arrays.fill(masks, mask());
      return super.encoded(histories).appended(masks, options.maxLength, itemCount());
    }

    /** Each window with its last target, some items masked: these are the targets. */
    @Override
    SequenceBatch prepared(SequenceBatch batch, long seed) {
      long[] last = new long[batch.rows()];
      int[] lastEntry = new int[batch.rows()];
      for (int t = 0; t < batch.targets().length; t++) { // the last one of a row stays
        int row = (int) (batch.places()[t] / batch.length());
        last[row] = batch.targets()[t];
        lastEntry[row] = batch.entries()[t];
      }
      SequenceBatch whole = batch.appended(last, options.maxLength, itemCount());
      SplittableRandom random = new SplittableRandom(seed);
      long[] items = whole.items().clone();
      long[] places = new long[items.length];
      long[] targets = new long[items.length];
      int[] entries = new int[items.length];
      int at = 0;
      for (int row = 0; row < whole.rows(); row++) {
        boolean lastOnly = random.nextDouble() < options.maskLast;
        int before = at;
        for (int column = 0; column < whole.lengths()[row]; column++) {
          boolean end = column == whole.lengths()[row] - 1;
          boolean drawn = random.nextDouble() < options.maskProbability && !lastOnly;
          if (drawn || (end && at == before)) { // at least one
            int place = row * whole.length() + column;
            places[at] = place;
            targets[at] = items[place];
            entries[at++] = lastEntry[row] - (whole.lengths()[row] - 1 - column);
            items[place] = mask();
          }
        }
      }
      return whole.withTargets(
          items, Arrays.copyOf(places, at), Arrays.copyOf(targets, at), Arrays.copyOf(entries, at));
    }

    @Override
    Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      int d = options.dimensions;
      long[] shape = {batch.rows(), batch.length()};
      Tensor x =
          item.embedding(Tensor.of(batch.items(), shape), itemCount())
              .mul(Math.sqrt(d))
              .add(position.embedding(Tensor.of(batch.positions(), shape)));
      x = noise.dropout(x, options.dropout); // [batch, length, d]
      Tensor mask = Tensor.of(batch.padding(), batch.rows(), 1, 1, batch.length());
      return TransformerLayer.read(
              layers, x, batch, places, mask, Tensor::gelu, options.dropout, noise)
          .layerNorm(normWeight, normBias)
          .linear(project, projectBias)
          .gelu(); // [P, d]
    }
  }
}
