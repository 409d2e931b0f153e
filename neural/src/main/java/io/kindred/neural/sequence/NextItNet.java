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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Dilated causal convolutions in residual blocks: each layer looks twice as far back as the one
 * before it (Yuan et al., WSDM 2019).
 *
 * <pre>
 * conv(x, l)[t] = W [x[t - (kernel - 1) l], .., x[t - l], x[t]] + b     zeros before the beginning
 * x = dropout(E[items])                                                 [batch, length, d]
 * for each block, with l = 1, 4, 16, ..:
 *   y = relu(norm(conv(x, l)))
 *   x = x + dropout(relu(norm(conv(y, 2 l))))
 * score(next = i) = (W_o dropout(x) + b_o) . O[i] + c[i]                O = E where weights are tied
 * </pre>
 *
 * <p>The newest {@code 1 + (kernel - 1) * repeats * (4^blocks - 1)} items reach a score: 31 by
 * default.
 *
 * <p>Deviations from the paper: dropout; the linear map of W_o lets input and output items share
 * their vectors, which is the default; the loss is free to choose.
 *
 * <p>An example is a window of at most {@code maxLength} items. Training costs O(places * kernel *
 * d^2) an epoch and layer, and the loss O(targets * items * d).
 *
 * @param dimensions d of the items' vectors and of all layers, at least 1
 * @param kernel places that a convolution looks at, at least 1
 * @param blocks of two convolutions, in [1, 8]
 * @param repeats how often the series of blocks stands one after another, at least 1
 * @param maxLength how many of the newest items are read, at least 1
 * @param dropout in [0, 1)
 * @param tied whether items have one vector as input and output
 * @param loss what is made small
 * @param training how
 */
public record NextItNet(
    int dimensions,
    int kernel,
    int blocks,
    int repeats,
    int maxLength,
    double dropout,
    boolean tied,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "nextitnet",
          "Dilated convolutions over the history, foretell the next item",
          NextItNet::of,
          new NeuralCodec(
              (parameters, data, weights) ->
                  new Net(NextItNet.of(parameters), weights, data.items().size())));

  private static final NextItNet DEFAULTS =
      new NextItNet(
          64,
          3,
          2,
          1,
          50,
          0.3,
          true,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(100).withPatience(10, 1));

  /** Checks the ranges. */
  public NextItNet {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("kernel", kernel, 1);
    Checks.between("blocks", blocks, 1, 8);
    Checks.atLeast("repeats", repeats, 1);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.dropout("dropout", dropout);
  }

  /** Dilations 1, 2, 4 and 8 over 50 items of 64 dimensions, cross-entropy, early stopping. */
  public static NextItNet defaults() {
    return DEFAULTS;
  }

  /** The same with another loss. */
  public NextItNet withLoss(LossOptions newLoss) {
    return new NextItNet(
        dimensions, kernel, blocks, repeats, maxLength, dropout, tied, newLoss, training);
  }

  /** The same with another way of training. */
  public NextItNet withTraining(TrainingOptions newTraining) {
    return new NextItNet(
        dimensions, kernel, blocks, repeats, maxLength, dropout, tied, loss, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static NextItNet of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("nextitnet");
    NextItNet read =
        new NextItNet(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("kernel", DEFAULTS.kernel),
            in.integer("blocks", DEFAULTS.blocks),
            in.integer("repeats", DEFAULTS.repeats),
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
                .with("kernel", kernel)
                .with("blocks", blocks)
                .with("repeats", repeats)
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

  /** The network. */
  private static final class Net extends SequenceNetwork {
    private final NextItNet options;
    private final Tensor item; // [items + 1, d]
    private final List<Layer> layers = new ArrayList<>(); // two of each block
    private final Tensor project; // W_o [d, d]
    private final Tensor projectBias;
    private final @Nullable Tensor out; // [items + 1, d]
    private final Tensor outBias; // [items]

    Net(NextItNet options, Weights weights, int items) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      item = weights.embeddings("item", 1 / Math.sqrt(d), items, d);
      for (int layer = 0; layer < 2 * options.blocks * options.repeats; layer++) {
        int dilation = 1 << (layer % (2 * options.blocks));
        layers.add(new Layer("layer" + layer + ".", weights, d, options.kernel, dilation));
      }
      project = weights.glorot("project", d, d);
      projectBias = weights.constant("project.bias", 0, d);
      out = options.tied ? null : weights.embeddings("out", 1 / Math.sqrt(d), items, d);
      outBias = weights.constant("out.bias", 0, items);
    }

    /** A convolution, W [d, kernel * d] with the oldest place first, and what follows it. */
    private record Layer(
        int dilation, Tensor conv, Tensor convBias, Tensor normWeight, Tensor normBias) {
      Layer(String name, Weights weights, int d, int kernel, int dilation) {
        this(
            dilation,
            weights.glorot(name + "conv", d, (long) kernel * d),
            weights.constant(name + "conv.bias", 0, d),
            weights.constant(name + "norm.weight", 1, d),
            weights.constant(name + "norm.bias", 0, d));
      }

      /** relu(norm(conv(x, dilation))), [batch, length, d]. */
      Tensor apply(Tensor x) {
        return x.causalConv1d(conv, convBias, dilation).layerNorm(normWeight, normBias).relu();
      }
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
    Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      Tensor x =
          item.embedding(Tensor.of(batch.items(), batch.rows(), batch.length()), itemCount());
      x = noise.dropout(x, options.dropout); // [batch, length, d]
      for (int layer = 0; layer < layers.size(); layer += 2) {
        Tensor y = layers.get(layer + 1).apply(layers.get(layer).apply(x));
        x = x.add(noise.dropout(y, options.dropout));
      }
      Tensor states =
          x.reshape(-1, options.dimensions).indexSelect(0, Tensor.of(places, places.length));
      return noise.dropout(states, options.dropout).linear(project, projectBias); // [P, d]
    }
  }
}
