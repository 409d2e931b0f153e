package io.kindred.baseline;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.RatingPredictor;
import io.kindred.Scorer;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.ValueRange;
import io.kindred.similarity.Baselines;

/**
 * Predicts a rating from how the user rates and how the item is rated: {@code mean + userBias +
 * itemBias}, see {@link Baselines}.
 *
 * <p>Somebody the model never saw gets a bias from the history. An item without ratings has bias 0.
 * As a recommender it gives everybody the best rated items. Training costs O(epochs * ratings).
 *
 * @param options how the biases are found
 */
public record Bias(Baselines.Options options) implements Trainer<Bias.Fitted> {
  /** The line of the registry. */
  public static final Algorithm<Fitted> ALGORITHM =
      new Algorithm<>(
          "bias", "ratings from the mean and the biases of user and item", Bias::of, new Codec());

  /** From hyperparameters by name; what is not there has the default of its method. */
  public static Bias of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("bias");
    Baselines.Method method = in.choice("method", Baselines.Method.ALS);
    Baselines.Options defaults = Baselines.Options.of(method);
    Bias bias =
        new Bias(
            new Baselines.Options(
                method,
                in.integer("epochs", defaults.epochs()),
                in.number("userRegularization", defaults.userRegularization()),
                in.number("itemRegularization", defaults.itemRegularization()),
                in.number("learningRate", defaults.learningRate())));
    in.finish();
    return bias;
  }

  @Override
  public String algorithm() {
    return "bias";
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("method", options.method())
        .with("epochs", options.epochs())
        .with("userRegularization", options.userRegularization())
        .with("itemRegularization", options.itemRegularization())
        .with("learningRate", options.learningRate());
  }

  @Override
  public Fitted train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Checks.requireRatings(algorithm(), data);
    Baselines baselines = Baselines.fit(data.interactions().matrix(), options, context.threads());
    return new Fitted(ModelInfo.of(this, data, context, start), data, baselines);
  }

  /** The fitted biases. */
  public static final class Fitted implements Model, RatingPredictor {
    private final ModelInfo info;
    private final Dataset data;
    private final Baselines baselines;
    private final ValueRange range;

    private Fitted(ModelInfo info, Dataset data, Baselines baselines) {
      this.info = info;
      this.data = data;
      this.baselines = baselines;
      range = ValueRange.of(data.interactions());
    }

    @Override
    public ModelInfo info() {
      return info;
    }

    @Override
    public Dataset data() {
      return data;
    }

    /** The mean and the biases. */
    public Baselines baselines() {
      return baselines;
    }

    private float userBias(Profile profile) {
      return profile.stored()
          ? baselines.userBias()[profile.user()]
          : baselines.foldIn(profile.history());
    }

    @Override
    public Scorer scorer() {
      int items = data.items().size();
      return (profiles, into) -> {
        for (int row = 0; row < profiles.size(); row++) {
          float userBias = userBias(profiles.get(row));
          for (int item = 0; item < items; item++) {
            into[row * items + item] = baselines.estimate(userBias, item);
          }
          Scorer.infinityToNaN(into, row * items, (row + 1) * items);
        }
      };
    }

    @Override
    public float[] predict(Profile profile, int[] items) {
      float userBias = userBias(profile);
      float[] ratings = new float[items.length];
      for (int i = 0; i < items.length; i++) {
        ratings[i] = range.clip(baselines.estimate(userBias, items[i]));
      }
      return ratings;
    }
  }

  private static final class Codec implements ModelCodec<Fitted> {
    @Override
    public void write(Fitted model, ArrayWriter out) {
      out.floats("mean", new float[] {model.baselines.mean()});
      out.floats("userBias", model.baselines.userBias());
      out.floats("itemBias", model.baselines.itemBias());
    }

    @Override
    public Fitted read(ModelInfo info, Dataset data, ArrayReader in) {
      Baselines baselines =
          new Baselines(
              in.floats("mean", 1)[0],
              in.floats("userBias", data.users().size()),
              in.floats("itemBias", data.items().size()),
              of(info.parameters()).options);
      return new Fitted(info, data, baselines);
    }
  }
}
