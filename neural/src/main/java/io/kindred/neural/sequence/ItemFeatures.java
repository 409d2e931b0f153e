package io.kindred.neural.sequence;

import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.feature.FeatureEncoder;
import io.kindred.feature.FeatureOptions;
import io.kindred.feature.ItemRows;
import io.kindred.neural.batch.WarmItems;
import java.util.Objects;

/**
 * Whether and how a sequence model reads what is said of items: hyperparameters that {@link SasRec}
 * and {@link Gru4Rec} share. Items then have the vectors
 *
 * <pre>
 * V[i] = k_i E[i] + sum over the entries of x_i: x_it M[t]
 * </pre>
 *
 * <p>as input and as output, with x_i the sparse vector of their words, categories, tags, numbers
 * and vectors ({@link FeatureEncoder}), and k_i 0 for items without interactions and, with
 * probability {@code idDropout} in each step of the training, for others: so M learns to do without
 * ids (DropoutNet; Volkovs et al., NIPS 2017), and an item that nobody has done anything with has a
 * vector. M begins at 0. Items without interactions do not teach M: they are the target of nothing,
 * and would only be pushed away. Costs O(entries of all x * d) more a step.
 *
 * @param used whether at all
 * @param options which columns are read, and how
 * @param idDropout chance that a step does without the id of an item, in [0, 1)
 */
public record ItemFeatures(boolean used, FeatureOptions options, double idDropout) {
  /** Ids alone. */
  public static final ItemFeatures NONE = new ItemFeatures(false, FeatureOptions.DEFAULTS, 0.3);

  /** Checks the ranges. */
  public ItemFeatures {
    Objects.requireNonNull(options);
    Checks.dropout("idDropout", idDropout);
  }

  /** Reads {@code features}, {@code idDropout}, and what {@link FeatureOptions} reads. */
  public static ItemFeatures of(Parameters.Reader in, ItemFeatures defaults) {
    return new ItemFeatures(
        in.flag("features", defaults.used),
        FeatureOptions.of(in, defaults.options),
        in.number("idDropout", defaults.idDropout));
  }

  /** Adds what {@link #of} reads. */
  public Parameters addTo(Parameters parameters) {
    return options.addTo(parameters.with("features", used)).with("idDropout", idDropout);
  }

  /**
   * What is read of the items of a training.
   *
   * @param encoder that knows words and values
   * @param rows of the items
   * @param warm 1 for items with interactions, 0 for others
   */
  record Read(FeatureEncoder encoder, ItemRows rows, float[] warm) {}

  /**
   * Reads the items of a training.
   *
   * @throws KindredException if nothing is known of them that can be used, naming the algorithm
   */
  Read read(String algorithm, Dataset data) {
    Features items = data.itemFeatures();
    FeatureEncoder encoder = FeatureEncoder.of(algorithm, items, options);
    return new Read(encoder, encoder.encode(items), WarmItems.of(data.interactions()));
  }
}
