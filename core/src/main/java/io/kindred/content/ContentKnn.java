package io.kindred.content;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.feature.FeatureEncoder;
import io.kindred.feature.FeatureOptions;
import java.util.Arrays;

/**
 * Items whose words, categories, tags and numbers are like those of the history.
 *
 * <pre>score(u, i) = sum over j in N(u, i) of value(u, j) * cosine(j, i)</pre>
 *
 * <p>N(u, i) is the history, or the {@code neighbors} items of it that are most like i. What items
 * are compared by is said in {@link FeatureEncoder}; other people do not matter, so that an item
 * which nobody has done is scored like any other. Items without properties, and items that share
 * nothing with the history, cannot be scored. Training costs O(characters of all texts), a query
 * see {@link ContentModel}.
 *
 * @param neighbors how many items of the history count for an item; 0: all
 * @param value what an item of the history weighs
 * @param features how properties become numbers
 */
public record ContentKnn(int neighbors, Value value, FeatureOptions features)
    implements Trainer<ContentModel> {
  /** The line of the registry. */
  public static final Algorithm<ContentModel> ALGORITHM =
      new Algorithm<>(
          "content-knn",
          "Items like those in the history, by words, categories, tags and numbers",
          ContentKnn::of,
          new Codec());

  /** The whole history by its values, all usable columns. */
  public static final ContentKnn DEFAULTS = new ContentKnn(0, Value.VALUE, FeatureOptions.DEFAULTS);

  /** What an item of the history weighs. */
  public enum Value {
    /** Its value. */
    VALUE,
    /** 1. */
    ONE,
    /** Its value less the mean of the history, so that what was liked less speaks against. */
    CENTERED
  }

  /** Checks the range. */
  public ContentKnn {
    if (neighbors < 0) {
      throw new IllegalArgumentException("neighbors must be at least 0, got " + neighbors);
    }
  }

  /** From hyperparameters by name; what is not there has its default. */
  public static ContentKnn of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("content-knn");
    ContentKnn made =
        new ContentKnn(
            in.integer("neighbors", DEFAULTS.neighbors),
            in.choice("value", DEFAULTS.value),
            FeatureOptions.of(in, DEFAULTS.features));
    in.finish();
    return made;
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return features.addTo(Parameters.none().with("neighbors", neighbors).with("value", value));
  }

  /**
   * Encodes the items.
   *
   * @throws KindredException if a named column or the language is not known
   */
  @Override
  public ContentModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    ContentModel.EncodedItems items = ContentModel.encode("content-knn", data, features);
    return model(ModelInfo.of(this, data, context, start), data, items);
  }

  private ContentModel model(ModelInfo info, Dataset data, ContentModel.EncodedItems items) {
    return new ContentModel(info, data, items.encoder(), items.rows(), this::weights, neighbors);
  }

  private double[] weights(History history) {
    double[] weights = new double[history.size()];
    for (int h = 0; h < weights.length; h++) {
      weights[h] = value == Value.ONE ? 1 : history.values()[h];
    }
    if (value == Value.CENTERED) {
      double mean = Arrays.stream(weights).average().orElse(0);
      Arrays.setAll(weights, h -> weights[h] - mean);
    }
    return weights;
  }

  private static final class Codec implements ModelCodec<ContentModel> {
    @Override
    public void write(ContentModel model, ArrayWriter out) {
      model.write(out);
    }

    @Override
    public ContentModel read(ModelInfo info, Dataset data, ArrayReader in) {
      ContentKnn trainer = ContentKnn.of(info.parameters());
      return trainer.model(info, data, ContentModel.read(trainer.features, data, in));
    }
  }
}
