package io.kindred.neural.autoencoder;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.neural.batch.Encoding;
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
import java.util.Objects;

/**
 * A denoising autoencoder with a multinomial likelihood (Mult-DAE of Liang et al., Variational
 * Autoencoders for Collaborative Filtering, WWW 2018).
 *
 * <pre>
 * z = tanh(W dropout(x / |x|) + b)                                     [rows, latent]
 * s = O z + c                                                          [rows, items]
 * loss = -sum over the items that the person did of log softmax(s)     (equation 2)
 * score(i) = s[i]
 * </pre>
 *
 * <p>The input x is the encoded history, the targets are 1 for each of its items, whatever the
 * encoding. Somebody the model never saw is served from the history in the query, exactly as a
 * known user is. Deviation from the paper: weight decay is the optimizer's, on the weights of both
 * layers.
 *
 * <p>An example is a person. Training costs O(people * items * latent) an epoch, a query O((history
 * + items) * latent).
 *
 * @param latent size of the code, at least 1
 * @param dropout of the items of the input, in [0, 1)
 * @param encoding what an item of a history weighs
 * @param training how
 */
public record MultiDae(int latent, double dropout, Encoding encoding, TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "multi-dae",
          "A denoising autoencoder of histories with a multinomial likelihood",
          MultiDae::of,
          new NeuralCodec(
              (parameters, data, weights) -> new Net(MultiDae.of(parameters), data, weights)));

  private static final MultiDae DEFAULTS =
      new MultiDae(
          200,
          0.5,
          Encoding.BINARY,
          TrainingOptions.DEFAULTS.withEpochs(50).withBatchSize(32).withLearningRate(0.003));

  /** Checks the ranges. */
  public MultiDae {
    Checks.atLeast("latent", latent, 1);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(training);
  }

  /** A code of 200, half of the input dropped, 50 epochs. */
  public static MultiDae defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public MultiDae withTraining(TrainingOptions newTraining) {
    return new MultiDae(latent, dropout, encoding, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static MultiDae of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("multi-dae");
    MultiDae read =
        new MultiDae(
            in.integer("latent", DEFAULTS.latent),
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
        encoding.addTo(Parameters.none().with("latent", latent).with("dropout", dropout)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    return NetworkTraining.train(
        this,
        training,
        data,
        context,
        weights -> new Net(this, data, weights),
        (networks, train, metric) ->
            new RowTask<>(
                networks,
                train,
                training.batchSize(),
                metric,
                () -> RowHead.multinomial(train.itemCount())));
  }

  /** The network. */
  static final class Net extends RowNetwork {
    private final double dropout;
    private final Tensor in; // [items, latent]
    private final Tensor inBias;
    private final Tensor out; // [items, latent]
    private final Tensor outBias;

    Net(MultiDae options, Dataset data, Weights weights) {
      super(weights, HistoryEncoder.of(options.encoding, data.interactions()));
      int items = data.items().size();
      dropout = options.dropout;
      in = weights.glorot("in", items, options.latent);
      inBias = weights.normal("in.bias", 0.001, options.latent);
      out = weights.glorot("out", items, options.latent);
      outBias = weights.normal("out.bias", 0.001, items);
    }

    @Override
    MultiHot input(MultiHot rows) {
      return rows.normalized();
    }

    @Override
    Tensor hidden(MultiHot input, Noise noise) {
      return times(input, in, dropout, noise).add(inBias).tanh();
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
