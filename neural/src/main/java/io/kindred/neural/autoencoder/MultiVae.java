package io.kindred.neural.autoencoder;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
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
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * A variational autoencoder with a multinomial likelihood (Mult-VAE of Liang et al., Variational
 * Autoencoders for Collaborative Filtering, WWW 2018).
 *
 * <pre>
 * h = tanh(W_1 dropout(x / |x|) + b_1)                        [rows, hidden]
 * m = W_m h + b_m,  v = W_v h + b_v                           [rows, latent]
 * z = m + e^(v / 2) n,  n standard normal                     z = m when the model is asked
 * g = tanh(W_2 z + b_2)                                       [rows, hidden]
 * s = O g + c                                                 [rows, items]
 * loss = -sum over the items that the person did of log softmax(s)
 *        + beta KL,   KL = sum of (e^v + m^2 - 1 - v) / 2     (equation 5)
 * score(i) = s[i]
 * </pre>
 *
 * <p>beta rises from 0 to its value along a line over the first part of all steps. The input x is
 * the encoded history, the targets are 1 for each of its items, whatever the encoding. Somebody the
 * model never saw is served from the history in the query, exactly as a known user is.
 *
 * <p>An example is a person. Training costs O(people * items * hidden) an epoch, a query O((history
 * + items) * hidden + hidden * latent).
 *
 * @param hidden size of the layers around the code, at least 1
 * @param latent size of the code, at least 1
 * @param dropout of the items of the input, in [0, 1)
 * @param beta weight of the divergence from the prior, at least 0
 * @param annealing share of all steps over which beta rises, in [0, 1]
 * @param encoding what an item of a history weighs
 * @param training how
 */
public record MultiVae(
    int hidden,
    int latent,
    double dropout,
    double beta,
    double annealing,
    Encoding encoding,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "multi-vae",
          "A variational autoencoder of histories with a multinomial likelihood",
          MultiVae::of,
          new NeuralCodec(
              (parameters, data, weights) -> new Net(MultiVae.of(parameters), data, weights)));

  private static final MultiVae DEFAULTS =
      new MultiVae(
          600, 200, 0.5, 0.2, 0.5, Encoding.BINARY, TrainingOptions.DEFAULTS.withEpochs(100));

  /** Checks the ranges. */
  public MultiVae {
    Checks.atLeast("hidden", hidden, 1);
    Checks.atLeast("latent", latent, 1);
    Checks.dropout("dropout", dropout);
    Checks.between("beta", beta, 0, 1e6);
    Checks.between("annealing", annealing, 0, 1);
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(training);
  }

  /** Layers of 600 around a code of 200, half of the input dropped, beta 0.2, 100 epochs. */
  public static MultiVae defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public MultiVae withTraining(TrainingOptions newTraining) {
    return new MultiVae(hidden, latent, dropout, beta, annealing, encoding, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static MultiVae of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("multi-vae");
    MultiVae read =
        new MultiVae(
            in.integer("hidden", DEFAULTS.hidden),
            in.integer("latent", DEFAULTS.latent),
            in.number("dropout", DEFAULTS.dropout),
            in.number("beta", DEFAULTS.beta),
            in.number("annealing", DEFAULTS.annealing),
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
                .with("hidden", hidden)
                .with("latent", latent)
                .with("dropout", dropout)
                .with("beta", beta)
                .with("annealing", annealing)));
  }

  /** beta at a step. */
  double beta(long step, long steps) {
    double rise = annealing * steps;
    return rise <= step ? beta : beta * step / rise;
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

  /** The likelihood and the divergence, whose weight rises. */
  static final class Task extends RowTask<Net> {
    private final MultiVae options;
    private double beta;

    Task(MultiVae options, List<Net> networks, Interactions train, DoubleSupplier metric) {
      super(
          networks,
          train,
          options.training.batchSize(),
          metric,
          () -> RowHead.multinomial(train.itemCount()));
      this.options = options;
    }

    @Override
    public void beginStep(long step, long steps) {
      beta = options.beta(step, steps);
    }

    @Override
    public double step(int replica, Part part, Noise noise) {
      Net network = network(replica);
      Code code = network.code(part.input(), noise);
      return head(replica)
          .backward(
              network.decoded(code.sample(noise)),
              network.output(),
              network.outputBias(),
              part.target().starts(),
              part.target().items(),
              part.target().weights(),
              part.scale(),
              code.divergence().mul(beta * part.scale()));
    }
  }

  /**
   * What is known of the code of each row.
   *
   * @param mean m, [rows, latent]
   * @param logVariance v, [rows, latent]
   */
  record Code(Tensor mean, Tensor logVariance) {
    /** z. */
    Tensor sample(Noise noise) {
      return mean.add(logVariance.mul(0.5).exp().mul(noise.normal(mean.shape())));
    }

    /** KL from the standard normal distribution, summed over rows. */
    Tensor divergence() {
      return logVariance.exp().add(mean.square()).add(-1).sub(logVariance).sum().mul(0.5);
    }
  }

  /** The network. */
  static final class Net extends RowNetwork {
    private final MultiVae options;
    private final Tensor in; // [items, hidden]
    private final Tensor inBias;
    private final Tensor mean; // [latent, hidden]
    private final Tensor meanBias;
    private final Tensor variance; // [latent, hidden]
    private final Tensor varianceBias;
    private final Tensor up; // [hidden, latent]
    private final Tensor upBias;
    private final Tensor out; // [items, hidden]
    private final Tensor outBias;

    Net(MultiVae options, Dataset data, Weights weights) {
      super(weights, HistoryEncoder.of(options.encoding, data.interactions()));
      this.options = options;
      int items = data.items().size();
      int h = options.hidden;
      int z = options.latent;
      in = weights.glorot("in", items, h);
      inBias = weights.normal("in.bias", 0.001, h);
      mean = weights.glorot("mean", z, h);
      meanBias = weights.normal("mean.bias", 0.001, z);
      variance = weights.glorot("variance", z, h);
      varianceBias = weights.normal("variance.bias", 0.001, z);
      up = weights.glorot("up", h, z);
      upBias = weights.normal("up.bias", 0.001, h);
      out = weights.glorot("out", items, h);
      outBias = weights.normal("out.bias", 0.001, items);
    }

    @Override
    MultiHot input(MultiHot rows) {
      return rows.normalized();
    }

    Code code(MultiHot input, Noise noise) {
      Tensor h = times(input, in, options.dropout, noise).add(inBias).tanh();
      return new Code(h.linear(mean, meanBias), h.linear(variance, varianceBias));
    }

    Tensor decoded(Tensor z) {
      return z.linear(up, upBias).tanh();
    }

    @Override
    Tensor hidden(MultiHot input, Noise noise) {
      return decoded(code(input, noise).sample(noise));
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
