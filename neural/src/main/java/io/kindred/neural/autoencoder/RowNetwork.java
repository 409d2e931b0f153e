package io.kindred.neural.autoencoder;

import io.kindred.data.History;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.model.VectorNetwork;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.util.List;
import java.util.Optional;

/** A network from rows over the catalogue to one vector each, which a linear layer decodes. */
abstract class RowNetwork implements VectorNetwork {
  private final Weights weights;
  private final HistoryEncoder encoder;

  RowNetwork(Weights weights, HistoryEncoder encoder) {
    this.weights = weights;
    this.encoder = encoder;
  }

  /** How rows enter the network. */
  abstract MultiHot input(MultiHot rows);

  /** The vectors of rows as {@link #input} makes them, [rows, d]. */
  abstract Tensor hidden(MultiHot input, Noise noise);

  /** The decoder, [items, d]: a leaf. */
  abstract Tensor output();

  /** The decoder's bias, [items]: a leaf. */
  abstract Tensor outputBias();

  final HistoryEncoder encoder() {
    return encoder;
  }

  /** The rows times a matrix [items, d], with dropout of the entries: [rows, d]. */
  static Tensor times(MultiHot rows, Tensor matrix, double dropout, Noise noise) {
    if (rows.size() == 0) {
      return Tensor.zeros(rows.rows(), matrix.size(1));
    }
    return matrix.embeddingBag(
        Tensor.of(rows.items(), rows.size()),
        Tensor.of(rows.starts(), rows.rows()),
        noise.dropout(Tensor.of(rows.weights(), rows.size()), dropout));
  }

  @Override
  public final Weights weights() {
    return weights;
  }

  @Override
  public final Tensor queries(List<History> histories) {
    return hidden(input(encoder.rows(histories)), Noise.NONE);
  }

  @Override
  public final Tensor items() {
    return output();
  }

  @Override
  public final Optional<Tensor> bias() {
    return Optional.of(outputBias());
  }

  @Override
  public final int window() {
    return Integer.MAX_VALUE;
  }
}
