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

/**
 * A profile of each person in words, categories, tags and numbers: the mean of what was liked, less
 * a part of the mean of what was not.
 *
 * <pre>
 * score(u, i) = row(i) . (mean over liked j of row(j) - disliked * mean over the others of row(j))
 * </pre>
 *
 * <p>Liked is what has at least the value {@code threshold}; by default, at least the mean of the
 * person's own values, so that all of a history without values is liked. Means are weighted by
 * {@code 2^(-age / halfLifeDays)}, the age counting from the newest item of the history, where a
 * half-life is given and there are times. Rows are those of {@link FeatureEncoder}, of length 1.
 * Rocchio, "Relevance Feedback in Information Retrieval", 1971; without a query of its own, and
 * with negative weights kept.
 *
 * <p>Items without properties, and items that share nothing with the profile, cannot be scored.
 *
 * @param disliked weight of what was not liked, at least 0
 * @param threshold least value of what was liked; NaN: the mean of the person
 * @param halfLifeDays days after which an item weighs half, at least 0; 0: age does not matter
 * @param features how properties become numbers
 */
public record Rocchio(
    double disliked, double threshold, double halfLifeDays, FeatureOptions features)
    implements Trainer<ContentModel> {
  /** The line of the registry. */
  public static final Algorithm<ContentModel> ALGORITHM =
      new Algorithm<>(
          "rocchio",
          "Items like what the person liked and unlike the rest, by their properties",
          Rocchio::of,
          new Codec());

  /** A quarter against, the person's own mean, no decay, all usable columns. */
  public static final Rocchio DEFAULTS = new Rocchio(0.25, Double.NaN, 0, FeatureOptions.DEFAULTS);

  private static final double DAY = 86_400;

  /** Checks the ranges. */
  public Rocchio {
    if (!(disliked >= 0) || Double.isInfinite(disliked)) {
      throw new IllegalArgumentException("disliked must be at least 0, got " + disliked);
    }
    if (!(halfLifeDays >= 0) || Double.isInfinite(halfLifeDays)) {
      throw new IllegalArgumentException("halfLifeDays must be at least 0, got " + halfLifeDays);
    }
  }

  /** From hyperparameters by name; what is not there has its default. */
  public static Rocchio of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("rocchio");
    boolean mean = in.string("threshold", "mean").strip().equalsIgnoreCase("mean");
    Rocchio made =
        new Rocchio(
            in.number("disliked", DEFAULTS.disliked),
            mean ? Double.NaN : in.number("threshold", 0),
            in.number("halfLifeDays", DEFAULTS.halfLifeDays),
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
    return features.addTo(
        Parameters.none()
            .with("disliked", disliked)
            .with("threshold", Double.isNaN(threshold) ? "mean" : threshold)
            .with("halfLifeDays", halfLifeDays));
  }

  /**
   * Encodes the items.
   *
   * @throws KindredException if a named column or the language is not known
   */
  @Override
  public ContentModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    ContentModel.EncodedItems items = ContentModel.encode("rocchio", data, features);
    return model(ModelInfo.of(this, data, context, start), data, items);
  }

  private ContentModel model(ModelInfo info, Dataset data, ContentModel.EncodedItems items) {
    return new ContentModel(info, data, items.encoder(), items.rows(), this::weights, 0);
  }

  private double[] weights(History history) {
    float[] values = history.values();
    double mean = 0;
    long newest = Long.MIN_VALUE;
    for (int h = 0; h < values.length; h++) {
      mean += (double) values[h] / values.length;
      newest = Math.max(newest, history.times()[h]);
    }
    // A mean of equal values may be off by rounding, and would make all of them disliked.
    double least = Double.isNaN(threshold) ? mean - 1e-6 * Math.abs(mean) : threshold;
    double[] weights = new double[values.length];
    double liked = 0;
    double others = 0;
    for (int h = 0; h < weights.length; h++) {
      double age = (newest - history.times()[h]) / DAY;
      weights[h] = halfLifeDays == 0 ? 1 : Math.pow(2, -age / halfLifeDays);
      liked += values[h] >= least ? weights[h] : 0;
      others += values[h] >= least ? 0 : weights[h];
    }
    for (int h = 0; h < weights.length; h++) {
      weights[h] *= values[h] >= least ? 1 / liked : others == 0 ? 0 : -disliked / others;
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
      Rocchio trainer = Rocchio.of(info.parameters());
      return trainer.model(info, data, ContentModel.read(trainer.features, data, in));
    }
  }
}
