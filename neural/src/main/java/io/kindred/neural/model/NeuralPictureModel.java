package io.kindred.neural.model;

import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.PictureExplainer;
import io.kindred.Profile;
import io.kindred.SaliencyMap;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained network that sees pictures, and says which pixels speak for an item. Immutable,
 * thread-safe.
 */
public final class NeuralPictureModel extends NeuralContentModel implements PictureExplainer {
  private final PictureNetwork network;

  NeuralPictureModel(ModelInfo info, Dataset data, PictureNetwork network, List<Epoch> epochs) {
    super(info, data, network, epochs);
    this.network = network;
  }

  @Override
  public NeuralPictureModel withItems(Vocabulary items, Features features) {
    return (NeuralPictureModel) super.withItems(items, features);
  }

  @Override
  public double likeness(int item, int other) {
    return network.likeness(item, other);
  }

  /** {@inheritDoc} Cost: about 200 pictures through the network. */
  @Override
  public SaliencyMap saliency(Profile profile, Path picture) {
    if (profile.history().isEmpty()) {
      throw new KindredException("nothing speaks for a picture without a history");
    }
    return network.saliency(profile.history(), picture);
  }
}
