package io.kindred.generate;

/**
 * Every choice that defines a generated {@link World}: the same config gives the same world, byte
 * for byte, on every machine and JVM.
 *
 * <p>Start from {@link #ofInteractions(long)} and change single values with the {@code with}
 * methods. Immutable.
 *
 * @param seed any number; another seed is another world
 * @param users 1 to 20,000,000
 * @param items 20 to 5,000,000, and at least {@code tastes * stylesPerTaste}
 * @param interactions exact total, from {@code users} (one each) to {@code users * maxPerUser()}
 * @param dimensions length of the latent factors, 4 to 32
 * @param tastes number of top categories, 1 to 12, each with a vocabulary of its own
 * @param stylesPerTaste number of narrower kinds inside a taste, 1 to 8
 * @param popularitySkew exponent s of the popularity {@code (rank + 10)^-s}, 0 to 2; 0 is flat
 * @param tasteStrength how much affinity rules what people choose, 0 (not at all) to 20
 * @param exploration share of the choices that follow popularity alone, 0 to 1
 * @param drift how far tastes move over the two years, 0 (never) to 1 (all the way to an unrelated
 *     one)
 * @param activitySpread standard deviation of the log of a user's activity, 0 (all alike) to 2
 * @param sessionLength mean number of interactions in a session, 1 to 20
 * @param followProbability probability that the next item of a session is a successor of the one
 *     before it, while one is at hand; 0 to 1
 * @param successors number of successors an item has, 1 to 8
 * @param ratingNoise standard deviation of a rating's noise in stars, 0 to 3
 * @param coldShare share of the items that nobody ever touches, released in the last week, 0 to 0.5
 * @param newShare share of the other items that come out during the two years, 0 to 0.9
 * @param imageSize width and height of the pictures in pixels, 16 to 256
 */
public record WorldConfig(
    long seed,
    int users,
    int items,
    long interactions,
    int dimensions,
    int tastes,
    int stylesPerTaste,
    double popularitySkew,
    double tasteStrength,
    double exploration,
    double drift,
    double activitySpread,
    double sessionLength,
    double followProbability,
    int successors,
    double ratingNoise,
    double coldShare,
    double newShare,
    int imageSize) {

  /** No user has more interactions than this, so that sessions never run into each other. */
  private static final int MOST_PER_USER = 3_500;

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the value that is out of range and the range
   */
  public WorldConfig {
    check("users", users, 1, 20_000_000);
    check("items", items, 20, 5_000_000);
    check("dimensions", dimensions, 4, 32);
    check("tastes", tastes, 1, Taste.ALL.size());
    check("stylesPerTaste", stylesPerTaste, 1, Taste.STYLES);
    check("popularitySkew", popularitySkew, 0, 2);
    check("tasteStrength", tasteStrength, 0, 20);
    check("exploration", exploration, 0, 1);
    check("drift", drift, 0, 1);
    check("activitySpread", activitySpread, 0, 2);
    check("sessionLength", sessionLength, 1, 20);
    check("followProbability", followProbability, 0, 1);
    check("successors", successors, 1, 8);
    check("ratingNoise", ratingNoise, 0, 3);
    check("coldShare", coldShare, 0, 0.5);
    check("newShare", newShare, 0, 0.9);
    check("imageSize", imageSize, 16, 256);
    if (items < tastes * stylesPerTaste) {
      throw new IllegalArgumentException(
          "items must be at least tastes * stylesPerTaste = "
              + tastes * stylesPerTaste
              + ", but is "
              + items);
    }
    int most = mostPerUser(items, coldShare, newShare);
    if (interactions < users || interactions > (long) users * most) {
      throw new IllegalArgumentException(
          "interactions must be from "
              + users
              + " (one a user) to "
              + (long) users * most
              + " ("
              + most
              + " a user, for "
              + items
              + " items), but is "
              + interactions);
    }
  }

  /**
   * A balanced world with the wanted number of interactions and seed 1: about 20 (small worlds) to
   * 50 interactions a user, and a catalog that grows with the 0.7th power. 50 million interactions
   * give 1,000,000 users and 200,000 items.
   *
   * @param interactions 1,000 to 100,000,000
   * @throws IllegalArgumentException when {@code interactions} is out of this range
   */
  public static WorldConfig ofInteractions(long interactions) {
    check("interactions", (double) interactions, 1_000, 100_000_000);
    double digits = StrictMath.log10((double) interactions);
    double perUser = Math.min(50, 20 + 15 * (digits - 3));
    int users = roundTwoDigits((double) interactions / perUser);
    int items = Math.max(120, roundTwoDigits(0.8 * StrictMath.pow((double) interactions, 0.7)));
    int tastes = items < 400 ? 6 : Taste.ALL.size();
    int styles = items < 2_000 ? 2 : items < 40_000 ? 4 : Taste.STYLES;
    return new WorldConfig(
        1,
        users,
        items,
        interactions,
        12,
        tastes,
        styles,
        0.9,
        6,
        0.05,
        0.5,
        1.1,
        5,
        0.5,
        3,
        0.5,
        0.05,
        0.2,
        64);
  }

  /** The largest number of interactions that one user may have. */
  public int maxPerUser() {
    return mostPerUser(items, coldShare, newShare);
  }

  /** Number of items that nobody ever touches. */
  int coldItems() {
    return (int) Math.floor(coldShare * items + 0.5);
  }

  // Half of what is on the shelves from the first day, so that there is always something new.
  private static int mostPerUser(int items, double coldShare, double newShare) {
    double established = items * (1 - coldShare) * (1 - newShare);
    return Math.max(1, (int) Math.min(MOST_PER_USER, established / 2));
  }

  private static int roundTwoDigits(double value) {
    double unit = 1;
    while (value / unit >= 100) {
      unit *= 10;
    }
    return (int) (Math.floor(value / unit + 0.5) * unit);
  }

  private static void check(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          name + " must be from " + show(low) + " to " + show(high) + ", but is " + show(value));
    }
  }

  private static String show(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** This config with another {@code seed}. */
  public WorldConfig withSeed(long seed) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code users}. */
  public WorldConfig withUsers(int users) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code items}. */
  public WorldConfig withItems(int items) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code interactions}. */
  public WorldConfig withInteractions(long interactions) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code dimensions}. */
  public WorldConfig withDimensions(int dimensions) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code tastes}. */
  public WorldConfig withTastes(int tastes) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code stylesPerTaste}. */
  public WorldConfig withStylesPerTaste(int stylesPerTaste) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code popularitySkew}. */
  public WorldConfig withPopularitySkew(double popularitySkew) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code tasteStrength}. */
  public WorldConfig withTasteStrength(double tasteStrength) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code exploration}. */
  public WorldConfig withExploration(double exploration) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code drift}. */
  public WorldConfig withDrift(double drift) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code activitySpread}. */
  public WorldConfig withActivitySpread(double activitySpread) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code sessionLength}. */
  public WorldConfig withSessionLength(double sessionLength) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code followProbability}. */
  public WorldConfig withFollowProbability(double followProbability) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code successors}. */
  public WorldConfig withSuccessors(int successors) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code ratingNoise}. */
  public WorldConfig withRatingNoise(double ratingNoise) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code coldShare}. */
  public WorldConfig withColdShare(double coldShare) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code newShare}. */
  public WorldConfig withNewShare(double newShare) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }

  /** This config with another {@code imageSize}. */
  public WorldConfig withImageSize(int imageSize) {
    return new WorldConfig(
        seed,
        users,
        items,
        interactions,
        dimensions,
        tastes,
        stylesPerTaste,
        popularitySkew,
        tasteStrength,
        exploration,
        drift,
        activitySpread,
        sessionLength,
        followProbability,
        successors,
        ratingNoise,
        coldShare,
        newShare,
        imageSize);
  }
}
