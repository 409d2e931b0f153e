package io.kindred.neural.model;

import io.kindred.ModelInfo;
import io.kindred.NewItems;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.util.List;

/**
 * A trained network that also has vectors of items which came after its training. Immutable,
 * thread-safe.
 */
public sealed class NeuralContentModel extends NeuralVectorModel implements NewItems
    permits NeuralPictureModel {
  private final GrowingNetwork network;

  NeuralContentModel(ModelInfo info, Dataset data, GrowingNetwork network, List<Epoch> epochs) {
    super(info, data, network, epochs);
    this.network = network;
  }

  @Override
  public NeuralContentModel withItems(Vocabulary items, Features features) {
    Dataset larger = NewItems.enlarged(data(), items, features);
    return (NeuralContentModel)
        NeuralModel.of(info(), larger, network.withItems(larger, features), epochs());
  }
}
