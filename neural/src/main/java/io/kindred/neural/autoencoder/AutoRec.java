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
 * An autoencoder with squared error (U-AutoRec of Sedhain et al., AutoRec: Autoencoders Meet
 * Collaborative Filtering, WWW 2015).
 *
 * <pre>
 * h = sigmoid(V dropout(r) + m)                                        [rows, hidden]
 * s = W h + b                                                          [rows, items]
 * loss = sum over items of the history of (r - s)^2
 *        + unobserved * sum over all other items of s^2
 * score(i) = s[i]
 * </pre>
 *
 * <p>r is the encoded history. Deviations from the paper, whose loss knows the observed ratings
 * only: to rank items, all others count too, as zeros with a smaller weight ({@code unobserved} 0
 * is the paper's); items of the input may be dropped; the weights' decay is the optimizer's.
 * Somebody the model never saw is served from the history in the query, exactly as a known user is.
 *
 * <p>An example is a person. Training costs O(people * items * hidden) an epoch, a query O((history
 * + items) * hidden).
 *
 * @param hidden size of the hidden layer, at least 1
 * @param dropout of the items of the input, in [0, 1)
 * @param unobserved weight of an item that is not in the history, in [0, 1]
 * @param encoding what an item of a history weighs
 * @param training how
 */
public record AutoRec(
    int hidden, double dropout, double unobserved, Encoding encoding, TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "auto-rec",
          "An autoencoder of histories with squared error",
          AutoRec::of,
          new NeuralCodec(
              (parameters, data, weights) -> new Net(AutoRec.of(parameters), data, weights)));

  private static final AutoRec DEFAULTS =
      new AutoRec(
          200,
          0.5,
          0.2,
          Encoding.BINARY,
          TrainingOptions.DEFAULTS.withEpochs(50).withBatchSize(32).withLearningRate(0.003));

  /** Checks the ranges. */
  public AutoRec {
    Checks.atLeast("hidden", hidden, 1);
    Checks.dropout("dropout", dropout);
    Checks.between("unobserved", unobserved, 0, 1);
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(training);
  }

  /** 200 hidden units, half of the input dropped, 50 epochs. */
  public static AutoRec defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public AutoRec withTraining(TrainingOptions newTraining) {
    return new AutoRec(hidden, dropout, unobserved, encoding, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static AutoRec of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("auto-rec");
    AutoRec read =
        new AutoRec(
            in.integer("hidden", DEFAULTS.hidden),
            in.number("dropout", DEFAULTS.dropout),
            in.number("unobserved", DEFAULTS.unobserved),
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
                .with("dropout", dropout)
                .with("unobserved", unobserved)));
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

  /** The encoded values themselves are made again. */
  static final class Task extends RowTask<Net> {
    Task(AutoRec options, List<Net> networks, Interactions train, DoubleSupplier metric) {
      super(
          networks,
          train,
          options.training.batchSize(),
          metric,
          () -> RowHead.squared(train.itemCount(), options.unobserved));
    }

    @Override
    MultiHot target(MultiHot rows) {
      return rows;
    }
  }

  /** The network. */
  static final class Net extends RowNetwork {
    private final double dropout;
    private final Tensor in; // [items, hidden]
    private final Tensor inBias;
    private final Tensor out; // [items, hidden]
    private final Tensor outBias;

    Net(AutoRec options, Dataset data, Weights weights) {
      super(weights, HistoryEncoder.of(options.encoding, data.interactions()));
      int items = data.items().size();
      dropout = options.dropout;
      in = weights.glorot("in", items, options.hidden);
      inBias = weights.constant("in.bias", 0, options.hidden);
      out = weights.glorot("out", items, options.hidden);
      outBias = weights.constant("out.bias", 0, items);
    }

    @Override
    MultiHot input(MultiHot rows) {
      return rows;
    }

    @Override
    Tensor hidden(MultiHot input, Noise noise) {
      return times(input, in, dropout, noise).add(inBias).sigmoid();
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
