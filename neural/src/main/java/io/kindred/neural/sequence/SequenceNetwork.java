package io.kindred.neural.sequence;

import io.kindred.data.History;
import io.kindred.feature.ItemRows;
import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.model.VectorNetwork;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that turns padded sequences into one vector for each place, whose inner product with an
 * item's vector says how well the item comes next.
 */
abstract class SequenceNetwork implements VectorNetwork {
  private final Weights weights;
  private final int itemCount;
  private final int maxLength;

  SequenceNetwork(Weights weights, int itemCount, int maxLength) {
    this.weights = weights;
    this.itemCount = itemCount;
    this.maxLength = maxLength;
  }

  /**
   * The vectors at the given places.
   *
   * @param batch sequences
   * @param places flat places of the batch, [P]
   * @param noise dropout of a training step, or none
   * @return [P, d]
   */
  abstract Tensor hidden(SequenceBatch batch, long[] places, Noise noise);

  /** The vectors of all items and a row more for padding, [items + 1, d]: a leaf. */
  abstract Tensor output();

  /** The vectors of items that it has, if they are to be made before each step. */
  List<ItemTable> tables() {
    return List.of();
  }

  /** Before a step of the training, inside its scope. */
  final void begin(Noise noise) {
    tables().forEach(table -> table.begin(noise));
  }

  /** After the gradients of a step were computed. */
  final void end() {
    tables().forEach(ItemTable::end);
  }

  /** Before the network is asked, after the weights have changed. */
  final void spread() {
    tables().forEach(ItemTable::spread);
  }

  /** Its weights with more items, of which this is said; not inside a scope. */
  final Weights withItems(ItemRows more) {
    Map<String, float[]> values = weights.snapshot();
    Torch.setThreads(1);
    tables().forEach(table -> table.append(values, more));
    return Weights.of(values);
  }

  /** How a batch with targets at all places is made one of this network's kind. */
  SequenceBatch prepared(SequenceBatch batch, long seed) {
    return batch;
  }

  /** How histories are encoded when the network is asked. */
  SequenceBatch encoded(List<History> histories) {
    return SequenceBatch.of(histories, maxLength, itemCount);
  }

  final int itemCount() {
    return itemCount;
  }

  @Override
  public final Weights weights() {
    return weights;
  }

  @Override
  public final int window() {
    return maxLength;
  }

  @Override
  public final Tensor queries(List<History> histories) {
    SequenceBatch batch = encoded(histories);
    return hidden(batch, batch.lastPlaces(), Noise.NONE);
  }

  @Override
  public final Tensor items() {
    return output().narrow(0, 0, itemCount);
  }

  @Override
  public Optional<Tensor> bias() {
    return Optional.empty();
  }
}
