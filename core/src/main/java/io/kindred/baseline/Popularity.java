package io.kindred.baseline;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.Optional;

/**
 * Recommends to everybody what most people did.
 *
 * <p>The score of an item is the number of different users who did it; by {@link Mode#RECENT} those
 * whose last time is within {@code windowDays} before the newest interaction of the data; by {@link
 * Mode#DECAYED} each user weighs {@code 2^(-age / halfLifeDays)}, the age of that user's last time.
 * Time counts from the end of the data, not from now, so a model does not change as it lies about.
 * Training costs O(interactions).
 *
 * @param mode who counts
 * @param windowDays days before the end of the data that are recent, above 0; used by {@code
 *     RECENT} only
 * @param halfLifeDays days after which a user weighs half, above 0; used by {@code DECAYED} only
 */
public record Popularity(Mode mode, double windowDays, double halfLifeDays)
    implements Trainer<Popularity.Fitted> {
  /** The line of the registry. */
  public static final Algorithm<Fitted> ALGORITHM =
      new Algorithm<>(
          "popularity",
          "what most people did: of all time, recently, or decayed by age",
          Popularity::of,
          new Codec());

  /** All users of all time: the defaults. */
  public static final Popularity ALL_TIME = new Popularity(Mode.ALL_TIME, 30, 30);

  private static final double DAY = 86_400;

  /** Whose doings count. */
  public enum Mode {
    /** Everybody's, equally. */
    ALL_TIME,
    /** Those of the last days. */
    RECENT,
    /** Everybody's, the older the less. */
    DECAYED
  }

  /** Checks the ranges. */
  public Popularity {
    if (!(windowDays > 0)) {
      throw new IllegalArgumentException("windowDays must be above 0, got " + windowDays);
    }
    if (!(halfLifeDays > 0)) {
      throw new IllegalArgumentException("halfLifeDays must be above 0, got " + halfLifeDays);
    }
  }

  /** From hyperparameters by name; what is not there has its default. */
  public static Popularity of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("popularity");
    Popularity popularity =
        new Popularity(
            in.choice("mode", ALL_TIME.mode),
            in.number("windowDays", ALL_TIME.windowDays),
            in.number("halfLifeDays", ALL_TIME.halfLifeDays));
    in.finish();
    return popularity;
  }

  @Override
  public String algorithm() {
    return "popularity";
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("mode", mode)
        .with("windowDays", windowDays)
        .with("halfLifeDays", halfLifeDays);
  }

  /**
   * Counts.
   *
   * @throws KindredException if the mode needs times and the data has none
   */
  @Override
  public Fitted train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Interactions interactions = data.interactions();
    if (mode != Mode.ALL_TIME && !interactions.hasTimes() && interactions.size() > 0) {
      throw new KindredException(
          "popularity: mode '"
              + Parameters.nameOf(mode)
              + "' needs the times of the interactions, but '"
              + data.name()
              + "' has none; use mode 'all-time'");
    }
    long end = Long.MIN_VALUE;
    for (int p = 0; p < interactions.size(); p++) {
      end = Math.max(end, interactions.time(p));
    }
    double[] sums = new double[data.items().size()];
    int[] countedFor = new int[sums.length]; // user + 1
    for (int user = 0; user < interactions.userCount(); user++) {
      for (int p = interactions.starts()[user + 1] - 1;
          p >= interactions.starts()[user];
          p--) { // newest first
        int item = interactions.items()[p];
        if (countedFor[item] != user + 1) {
          countedFor[item] = user + 1;
          sums[item] += weight((end - interactions.time(p)) / DAY);
        }
      }
    }
    float[] scores = new float[sums.length];
    for (int item = 0; item < sums.length; item++) {
      scores[item] = (float) sums[item];
    }
    return new Fitted(ModelInfo.of(this, data, context, start), data, scores);
  }

  private double weight(double ageDays) {
    return switch (mode) {
      case ALL_TIME -> 1;
      case RECENT -> ageDays <= windowDays ? 1 : 0;
      case DECAYED -> Math.pow(2, -ageDays / halfLifeDays);
    };
  }

  /** One score for each item, the same for everybody. */
  public static final class Fitted implements Model, Explainer {
    private final ModelInfo info;
    private final Dataset data;
    private final float[] scores;
    private final int[] users;
    private final int[] ranks;

    private Fitted(ModelInfo info, Dataset data, float[] scores) {
      this.info = info;
      this.data = data;
      this.scores = scores;
      users = data.interactions().matrix().columnSizes();
      ranks = ranks(users);
    }

    /** The place of each item by count, 1 = first, ties by index. */
    private static int[] ranks(int[] counts) {
      long[] order = new long[counts.length];
      for (int item = 0; item < counts.length; item++) {
        order[item] = ((long) -counts[item] << 32) | item;
      }
      Arrays.sort(order);
      int[] ranks = new int[counts.length];
      for (int place = 0; place < order.length; place++) {
        ranks[(int) order[place]] = place + 1;
      }
      return ranks;
    }

    @Override
    public ModelInfo info() {
      return info;
    }

    @Override
    public Dataset data() {
      return data;
    }

    @Override
    public Scorer scorer() {
      return (profiles, into) -> {
        for (int row = 0; row < profiles.size(); row++) {
          System.arraycopy(scores, 0, into, row * scores.length, scores.length);
        }
      };
    }

    @Override
    public Optional<Explanation> explain(Profile profile, int item, int limit) {
      return users[item] == 0
          ? Optional.empty()
          : Optional.of(new Explanation.Popular(scores[item], users[item], ranks[item]));
    }
  }

  private static final class Codec implements ModelCodec<Fitted> {
    @Override
    public void write(Fitted model, ArrayWriter out) {
      out.floats("scores", model.scores);
    }

    @Override
    public Fitted read(ModelInfo info, Dataset data, ArrayReader in) {
      return new Fitted(info, data, in.floats("scores", data.items().size()));
    }
  }
}
