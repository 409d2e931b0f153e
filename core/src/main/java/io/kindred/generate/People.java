package io.kindred.generate;

import io.kindred.generate.Random64.Stream;

/**
 * The truth about the users; only their activity is kept, all else is made when it is asked for.
 * Safe for any number of threads.
 */
final class People {
  private static final double TASTE_NOISE = 0.35;
  private static final double RATING_BIAS = 0.35;
  private static final int WANTED_AT_LEAST = 5;

  private final WorldConfig config;
  private final Catalog catalog;
  private final double[] styleCumulative;

  /** Number of interactions of each user; they sum to the config's exactly. */
  private final int[] counts;

  People(WorldConfig config, Catalog catalog) {
    this.config = config;
    this.catalog = catalog;
    styleCumulative = new double[catalog.styles];
    double total = 0;
    for (int s = 0; s < catalog.styles; s++) {
      total += catalog.styleWeight(s);
      styleCumulative[s] = total;
    }
    counts = makeCounts();
  }

  int count(int user) {
    return counts[user];
  }

  /**
   * What a user is like.
   *
   * @param home the style that comes first at the beginning
   * @param from direction of the taste at the start of the world, length 1
   * @param to where it drifts, length 1
   * @param bias added to all ratings, stars
   */
  record Person(int home, double[] from, double[] to, double bias) {}

  Person person(int user) {
    Random64 random = new Random64(config.seed(), Stream.USER, user);
    int home = style(random);
    double[] from = taste(home, random);
    double[] to = taste(style(random), random);
    return new Person(home, from, to, RATING_BIAS * random.normal());
  }

  /** The direction of a person's taste at a time, written to {@code taste}, length 1. */
  void tasteAt(Person person, long time, double[] taste) {
    double passed = (double) (time - World.START) / (World.END - World.START);
    double moved = config.drift() * Math.min(1, Math.max(0, passed));
    for (int k = 0; k < taste.length; k++) {
      taste[k] = (1 - moved) * person.from[k] + moved * person.to[k];
    }
    Vectors.normalize(taste);
  }

  private int style(Random64 random) {
    return Catalog.find(
        styleCumulative, random.uniform() * styleCumulative[styleCumulative.length - 1]);
  }

  private double[] taste(int home, Random64 random) {
    double[] taste = catalog.centers[home].clone();
    double[] second = catalog.centers[style(random)];
    double weight = random.uniform(0, 0.8);
    for (int k = 0; k < taste.length; k++) {
      taste[k] += weight * second[k];
    }
    Vectors.perturb(taste, TASTE_NOISE, random);
    Vectors.normalize(taste);
    return taste;
  }

  /**
   * Log-normal activity, scaled so that the clamped counts sum to the wanted total. The scale is
   * found by bisection; what rounding leaves over goes to the first users who can take it.
   */
  private int[] makeCounts() {
    int users = config.users();
    int most = config.maxPerUser();
    long total = config.interactions();
    int least = (int) Math.max(1, Math.min(WANTED_AT_LEAST, total / users / 2));
    float[] weights = new float[users];
    Random64 random = new Random64(config.seed(), Stream.ACTIVITY, 0);
    for (int u = 0; u < users; u++) {
      random.reset(config.seed(), Stream.ACTIVITY, u);
      weights[u] = (float) Vectors.exp(config.activitySpread() * random.normal());
    }
    double low = 0;
    double high = 1;
    while (high < 1e12 && sum(weights, high, least, most) < total) {
      high *= 2;
    }
    for (int round = 0; round < 50; round++) {
      double middle = (low + high) / 2;
      if (sum(weights, middle, least, most) <= total) {
        low = middle;
      } else {
        high = middle;
      }
    }
    int[] made = new int[users];
    long left = total;
    for (int u = 0; u < users; u++) {
      made[u] = clamp(weights[u] * low, least, most);
      left -= made[u];
    }
    // Too little is left over to matter, unless every user already has the least or the most.
    while (left != 0) {
      for (int u = 0; u < users && left != 0; u++) {
        if (left > 0 && made[u] < most) {
          made[u]++;
          left--;
        } else if (left < 0 && made[u] > 1) {
          made[u]--;
          left++;
        }
      }
    }
    return made;
  }

  private static long sum(float[] weights, double scale, int least, int most) {
    long sum = 0;
    for (float weight : weights) {
      sum += clamp(weight * scale, least, most);
    }
    return sum;
  }

  private static int clamp(double count, int least, int most) {
    return (int) Math.min(most, Math.max(least, count));
  }
}
