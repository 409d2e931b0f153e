package io.kindred.neural.model;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.data.Dataset;
import io.kindred.neural.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the weights of a network under their names, and makes the network again from its
 * hyperparameters.
 *
 * @param builder makes the network
 */
public record NeuralCodec(ArrayBuilder builder) implements ModelCodec<NeuralModel> {
  private static final String PREFIX = "weight.";

  /** Makes a network for a catalogue, adding its weights to the given ones. */
  @FunctionalInterface
  public interface Builder {
    /**
     * Makes the network.
     *
     * @throws IllegalArgumentException if a hyperparameter is out of range
     */
    Network build(Parameters parameters, Dataset data, Weights weights);
  }

  /** Makes a network that has more than weights: what {@link Network#write} wrote. */
  @FunctionalInterface
  public interface ArrayBuilder {
    /**
     * Makes the network.
     *
     * @throws IllegalArgumentException if a hyperparameter is out of range
     * @throws KindredException if an array is missing or does not fit
     */
    Network build(Parameters parameters, Dataset data, Weights weights, ArrayReader in);
  }

  /** For networks that are nothing but weights. */
  public NeuralCodec(Builder builder) {
    this((parameters, data, weights, in) -> builder.build(parameters, data, weights));
  }

  @Override
  public void write(NeuralModel model, ArrayWriter out) {
    model.network().weights().write(out, PREFIX);
    model.network().write(out);
    long[] figures = new long[model.epochs().size() * 4];
    for (int e = 0; e < model.epochs().size(); e++) {
      Learning.Epoch epoch = model.epochs().get(e);
      figures[4 * e] = Double.doubleToRawLongBits(epoch.loss());
      figures[4 * e + 1] = Double.doubleToRawLongBits(epoch.metric());
      figures[4 * e + 2] = Double.doubleToRawLongBits(epoch.learningRate());
      figures[4 * e + 3] = 0; // seconds, until they moved to ModelInfo
    }
    out.longs("epochs", figures);
  }

  @Override
  public NeuralModel read(ModelInfo info, Dataset data, ArrayReader in) {
    Network network;
    try {
      network = builder.build(info.parameters(), data, Weights.stored(in, PREFIX), in);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new KindredException(
          info.algorithm() + ": the hyperparameters of the bundle are wrong: " + e.getMessage(), e);
    }
    List<Learning.Epoch> epochs = new ArrayList<>();
    long[] figures = in.longs("epochs");
    for (int e = 0; 4 * e + 3 < figures.length; e++) {
      epochs.add(
          new Learning.Epoch(
              e + 1,
              Double.longBitsToDouble(figures[4 * e]),
              Double.longBitsToDouble(figures[4 * e + 1]),
              Double.longBitsToDouble(figures[4 * e + 2]),
              e < info.epochSeconds().size()
                  ? info.epochSeconds().get(e)
                  : Double.longBitsToDouble(figures[4 * e + 3])));
    }
    return NeuralModel.of(info, data, network, epochs);
  }
}
