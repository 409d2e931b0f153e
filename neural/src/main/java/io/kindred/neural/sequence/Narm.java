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
import java.util.Objects;

/**
 * A recurrent network whose state is joined by what it finds when it looks back on its earlier
 * states: the whole of a session, and its main purpose (Li et al., CIKM 2017).
 *
 * <pre>
 * h = gru(.. gru(dropout(E[items])))                                [batch, length, hidden]
 * a[t, j] = v . sigmoid(A_1 h[t] + A_2 h[j]),  j = 1 .. t              not normalized, as in the paper
 * c[t] = [h[t], sum over j of a[t, j] h[j]]                           [2 hidden]
 * score(next = i) = E[i] . (B dropout(c[t]))
 * </pre>
 *
 * <p>Deviations from the paper: all places of a window are learned, not only its end ({@code
 * targets=last} gives that); the loss is free to choose; the width of the attention may differ from
 * that of the state.
 *
 * <p>An example is a window of at most {@code maxLength} items. Training costs O(places * hidden *
 * (d + hidden) + targets * maxLength * attention) an epoch, the latter also being the floats of
 * memory that a batch needs; the loss costs O(targets * items * d).
 *
 * @param dimensions d of the items' vectors, at least 1
 * @param hidden size of the state, at least 1
 * @param layers of the recurrent network, at least 1
 * @param attention width of the attention, at least 1
 * @param maxLength how many of the newest items are read, at least 1
 * @param dropout in [0, 1)
 * @param targets which places of a window are learned
 * @param loss what is made small
 * @param training how
 */
public record Narm(
    int dimensions,
    int hidden,
    int layers,
    int attention,
    int maxLength,
    double dropout,
    Gru4Rec.Targets targets,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "narm",
          "A recurrent network that looks back with attention, foretells the next item",
          Narm::of,
          new NeuralCodec(
              (parameters, data, weights) ->
                  new Net(Narm.of(parameters), weights, data.items().size())));

  private static final Narm DEFAULTS =
      new Narm(
          64,
          128,
          1,
          32,
          50,
          0.3,
          Gru4Rec.Targets.ALL,
          LossOptions.CROSS_ENTROPY,
          TrainingOptions.DEFAULTS.withEpochs(100).withPatience(10, 1));

  /** Checks the ranges. */
  public Narm {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("hidden", hidden, 1);
    Checks.atLeast("layers", layers, 1);
    Checks.atLeast("attention", attention, 1);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(targets);
  }

  /** One layer of 128 gated units over 50 items of 64 dimensions, cross-entropy, early stopping. */
  public static Narm defaults() {
    return DEFAULTS;
  }

  /** The same with another loss. */
  public Narm withLoss(LossOptions newLoss) {
    return new Narm(
        dimensions, hidden, layers, attention, maxLength, dropout, targets, newLoss, training);
  }

  /** The same with another way of training. */
  public Narm withTraining(TrainingOptions newTraining) {
    return new Narm(
        dimensions, hidden, layers, attention, maxLength, dropout, targets, loss, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Narm of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("narm");
    Narm read =
        new Narm(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("hidden", DEFAULTS.hidden),
            in.integer("layers", DEFAULTS.layers),
            in.integer("attention", DEFAULTS.attention),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.number("dropout", DEFAULTS.dropout),
            in.choice("targets", DEFAULTS.targets),
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
                .with("hidden", hidden)
                .with("layers", layers)
                .with("attention", attention)
                .with("maxLength", maxLength)
                .with("dropout", dropout)
                .with("targets", targets)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    return SequenceTraining.train(
        this,
        maxLength,
        targets == Gru4Rec.Targets.LAST,
        loss,
        training,
        data,
        context,
        (weights, items) -> new Net(this, weights, items));
  }

  /** The network. */
  private static final class Net extends SequenceNetwork {
    private final Narm options;
    private final Tensor item; // [items + 1, d]
    private final List<List<Tensor>> layers = new ArrayList<>();
    private final Tensor asking; // A_1 [attention, hidden]
    private final Tensor asked; // A_2 [attention, hidden]
    private final Tensor weighing; // v [1, attention]
    private final Tensor decode; // B [d, 2 hidden]

    Net(Narm options, Weights weights, int items) {
      super(weights, items, options.maxLength);
      this.options = options;
      int d = options.dimensions;
      int h = options.hidden;
      item = weights.embeddings("item", 1 / Math.sqrt(d), items, d);
      double bound = 1 / Math.sqrt(h);
      long rows = (long) Tensor.Cell.GRU.gates() * h;
      for (int layer = 0; layer < options.layers; layer++) {
        String name = "layer" + layer + ".";
        layers.add(
            List.of(
                weights.uniform(name + "input", bound, rows, layer == 0 ? d : h),
                weights.uniform(name + "state", bound, rows, h),
                weights.uniform(name + "input.bias", bound, rows),
                weights.uniform(name + "state.bias", bound, rows)));
      }
      asking = weights.glorot("asking", options.attention, h);
      asked = weights.glorot("asked", options.attention, h);
      weighing = weights.glorot("weighing", 1, options.attention);
      decode = weights.glorot("decode", d, 2L * h);
    }

    @Override
    Tensor output() {
      return item;
    }

    @Override
    Tensor hidden(SequenceBatch batch, long[] places, Noise noise) {
      int length = batch.length();
      Tensor x = item.embedding(Tensor.of(batch.items(), batch.rows(), length), itemCount());
      x = noise.dropout(x, options.dropout);
      for (List<Tensor> layer : layers) {
        x = x.recurrent(Tensor.Cell.GRU, layer); // [batch, length, hidden]
      }
      // Row by row of the batch the places that are asked for, so that nothing is computed twice.
      int most = 1;
      int[] count = new int[batch.rows()];
      for (long place : places) {
        most = Math.max(most, ++count[(int) (place / length)]);
      }
      long[] from = new long[batch.rows() * most]; // place of the state that asks
      long[] where = new long[places.length];
      float[] before = new float[from.length * length];
      Arrays.fill(count, 0);
      for (int p = 0; p < places.length; p++) {
        int row = (int) (places[p] / length);
        int at = row * most + count[row]++;
        from[at] = places[p];
        where[p] = at;
        int column = (int) (places[p] % length);
        Arrays.fill(before, at * length, at * length + column + 1, 1f);
      }
      Tensor states = x.reshape(-1, options.hidden);
      Tensor asks = states.indexSelect(0, Tensor.of(from, from.length)); // [batch * Q, hidden]
      Tensor weights =
          asks.linear(asking, null)
              .reshape(batch.rows(), most, 1, options.attention)
              .add(x.linear(asked, null).unsqueeze(1))
              .sigmoid() // [batch, Q, length, attention]
              .linear(weighing, null)
              .squeeze(3)
              .mul(Tensor.of(before, batch.rows(), most, length)); // [batch, Q, length]
      Tensor local = weights.matmul(x).reshape(-1, options.hidden);
      Tensor both =
          Tensor.concat(List.of(asks, local), 1).indexSelect(0, Tensor.of(where, where.length));
      return noise.dropout(both, options.dropout).linear(decode, null); // [P, d]
    }
  }
}
