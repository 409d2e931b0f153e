package io.kindred.baseline;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Scorer;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;

/**
 * Recommends by chance: the floor of every comparison.
 *
 * <p>The score of a user and an item is uniform in {@code [0, 1)} and a function of the seed of the
 * training and the two indexes, so that it is the same whenever it is asked for. All people that
 * the model never saw share one order.
 */
public record RandomItems() implements Trainer<RandomItems.Fitted> {
  /** The line of the registry. */
  public static final Algorithm<Fitted> ALGORITHM =
      new Algorithm<>(
          "random", "items by chance, the same at each asking", RandomItems::of, new Codec());

  /** From hyperparameters, of which there are none. */
  public static RandomItems of(Parameters parameters) {
    parameters.reader("random").finish();
    return new RandomItems();
  }

  @Override
  public String algorithm() {
    return "random";
  }

  @Override
  public Parameters parameters() {
    return Parameters.none();
  }

  @Override
  public Fitted train(Dataset data, TrainingContext context) {
    return new Fitted(ModelInfo.of(this, data, context, System.nanoTime()), data);
  }

  /**
   * The seed is all there is to it.
   *
   * @param info has the seed
   * @param data has the number of items
   */
  public record Fitted(ModelInfo info, Dataset data) implements Model {
    @Override
    public Scorer scorer() {
      int items = data.items().size();
      return (profiles, into) -> {
        for (int row = 0; row < profiles.size(); row++) {
          long ofUser = mix(mix(info.seed()) + profiles.get(row).user());
          for (int item = 0; item < items; item++) {
            into[row * items + item] = (mix(ofUser + item) >>> 40) * 0x1p-24f;
          }
        }
      };
    }

    /** The finalizer of SplitMix64 after one step of its counter. */
    private static long mix(long z) {
      z += 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }
  }

  private static final class Codec implements ModelCodec<Fitted> {
    @Override
    public void write(Fitted model, ArrayWriter out) {}

    @Override
    public Fitted read(ModelInfo info, Dataset data, ArrayReader in) {
      return new Fitted(info, data);
    }
  }
}
