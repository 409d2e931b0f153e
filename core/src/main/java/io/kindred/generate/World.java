package io.kindred.generate;

import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.generate.Random64.Stream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A generated world: users, items and what they did, with the truth behind it.
 *
 * <p>Users have a taste, a direction in a latent space that drifts over two years. Items are points
 * in that space, in a hierarchy of tastes, styles and series. In a session the next item is, with a
 * known probability, a successor of the one before it; else it is drawn by popularity and affinity.
 * Ratings follow affinity, biases and noise. The whole model with its formulas is in {@code
 * docs/algorithms/generated-world.md}.
 *
 * <p>Everything follows from the {@link WorldConfig}: the same config gives the same world on every
 * JVM, in any order of questions and with any number of threads. A world keeps O(items *
 * (dimensions + successors) + users) of memory and makes all else when it is asked for. Immutable
 * and thread-safe.
 *
 * <p>Users and items are asked for by index, {@code 0..users()-1} and {@code 0..items()-1}; other
 * indexes give an {@link IndexOutOfBoundsException}. Times are epoch seconds UTC; before {@link
 * #START} and after {@link #END} tastes stand still.
 */
public final class World {
  /** Start of all interactions: 2023-01-01T00:00:00Z. */
  public static final long START = 1_672_531_200L;

  /** End of all interactions, 730 days later: all of them are before it. */
  public static final long END = START + 730L * 86_400;

  /**
   * Seconds: in a user's history, interactions this far or farther apart are of different sessions,
   * and nearer ones of the same.
   */
  public static final long SESSION_GAP = 1_800;

  static final int MOODS_PER_ITEM = 3;
  private static final int PRICE_DIRECTION = 6;

  private final WorldConfig config;
  private final Catalog catalog;
  private final People people;
  private final Painter painter;

  /** Receives interactions, user by user, each user's by rising time. */
  @FunctionalInterface
  public interface InteractionConsumer {
    /**
     * One interaction.
     *
     * @param user index of the user
     * @param item index of the item
     * @param rating 0.5 to 5 in half steps
     * @param time epoch seconds
     */
    void accept(int user, int item, float rating, long time);
  }

  /** Builds the world of a config: O(items * dimensions + users). */
  public World(WorldConfig config) {
    this.config = config;
    catalog = new Catalog(config);
    people = new People(config, catalog);
    painter = new Painter(config, catalog);
  }

  /** The config that defines this world. */
  public WorldConfig config() {
    return config;
  }

  /** Number of users. */
  public int users() {
    return config.users();
  }

  /** Number of items, cold ones included. */
  public int items() {
    return config.items();
  }

  /** Number of interactions, exactly as many as {@link #forEachInteraction} passes on. */
  public long interactions() {
    return config.interactions();
  }

  /** A readable, unique id: a first name, which may have accents, and the index. */
  public String userId(int user) {
    Random64 random = userFeatures(user);
    return Storyteller.slug(Storyteller.name(random)) + "-" + user;
  }

  /** A readable, unique id: words of the title, which may have accents, and the index. */
  public String itemId(int item) {
    return Storyteller.slug(seriesTitle(item)) + "-" + item;
  }

  /** What a shop would know of a user. */
  public WorldUser user(int user) {
    String id = userId(user);
    Random64 random = userFeatures(user);
    random.next(); // the name
    int taste = people.person(user).home() / config.stylesPerTaste();
    double age = 24 + taste * 17 % 40 + 12 * random.normal();
    int region = random.below(Storyteller.REGIONS.size());
    if (random.chance(0.4)) {
      region = taste % Storyteller.REGIONS.size();
    }
    int favorite = random.chance(0.9) ? taste : random.below(config.tastes());
    return new WorldUser(
        id,
        (int) Math.min(90, Math.max(12, age)),
        Storyteller.REGIONS.get(region),
        day(Historian.joined(config, user)),
        Taste.ALL.get(favorite).name());
  }

  /** An item as people see it. */
  public WorldItem item(int item) {
    Taste taste = taste(item);
    Taste.Style style = style(item);
    double[] coordinates = painter.coordinates(item);
    List<String> moods = Storyteller.moods(coordinates);
    moods = moods.subList(0, Math.min(MOODS_PER_ITEM, moods.size()));
    Random64 random = new Random64(config.seed(), Stream.TEXT, item);
    String description =
        Storyteller.description(
            taste, style, moods, catalog.part[item], catalog.parts[item], random);
    double price = 14 * Vectors.exp(0.45 * coordinates[PRICE_DIRECTION] + 0.25 * random.normal());
    String[] tags = new String[1 + moods.size()];
    tags[0] = style.name();
    for (int m = 0; m < moods.size(); m++) {
      tags[1 + m] = moods.get(m);
    }
    return new WorldItem(
        itemId(item),
        title(item),
        description,
        category(item),
        List.of(tags),
        Math.min(199, Math.max(1, Math.floor(price))) + 0.99,
        day(catalog.released[item]));
  }

  /** A readable title; parts of one series differ in the number of the part only. */
  public String title(int item) {
    String title = seriesTitle(item);
    return catalog.parts[item] > 1 ? title + ", Part " + catalog.part[item] : title;
  }

  /** The category of an item, its taste: one of {@code config().tastes()}. */
  public String category(int item) {
    return taste(item).name();
  }

  /** The picture of an item as a PNG file; size as in the config. */
  public byte[] image(int item) {
    return painter.paint(Objects.checkIndex(item, items()));
  }

  /** Path of an item's picture inside a written world, {@code images/000/000042.png}. */
  public String imagePath(int item) {
    Objects.checkIndex(item, items());
    return "images/" + digits(item / 1000, 3) + "/" + digits(item, 6) + ".png";
  }

  /**
   * Passes all interactions to a consumer: users by index, each user's by rising time, no pair of
   * user and item twice. O(1) expected time an interaction.
   */
  public void forEachInteraction(InteractionConsumer consumer) {
    Historian historian = new Historian(config, catalog, people);
    for (int user = 0; user < users(); user++) {
      historian.make(user);
      for (int p = 0; p < historian.size(); p++) {
        consumer.accept(user, historian.item(p), historian.rating(p), historian.time(p));
      }
    }
  }

  /**
   * Passes the interactions of one user to a consumer by rising time: O(their number + items / 64).
   */
  public void forEachInteractionOf(int user, InteractionConsumer consumer) {
    Historian historian = new Historian(config, catalog, people);
    historian.make(Objects.checkIndex(user, users()));
    for (int p = 0; p < historian.size(); p++) {
      consumer.accept(user, historian.item(p), historian.rating(p), historian.time(p));
    }
  }

  /** Number of interactions of a user. */
  public int interactionCount(int user) {
    return people.count(user);
  }

  /**
   * Writes the world as files: {@code interactions.csv}, {@code items.csv}, {@code users.csv},
   * {@code images/}, {@code world.json} and {@code README.md}. They are written to a hidden folder
   * beside the target and appear there whole or not at all; the same config and options give the
   * same bytes. Memory does not grow with the number of interactions. A process that is killed
   * leaves the hidden folder behind; the next one with the same target deletes it.
   *
   * @param folder a new or empty folder; its parents are made where they are missing
   * @throws io.kindred.KindredException when the folder is there and not empty, or cannot be
   *     written
   */
  public void write(Path folder, WriteOptions options, ProgressListener progress) {
    new WorldWriter(this, options, progress).write(folder);
  }

  /**
   * The world as a data set in memory: 12 bytes an interaction and the ids; texts are made when
   * they are asked for. Feature columns of items: title, description, category, tags, price,
   * released (days since 1970); of users: age, region, joined (days since 1970), favorite. There
   * are no pictures, which are files.
   *
   * @param threads threads that generate, 1 or more; the data set does not depend on it
   * @throws ArithmeticException with more than 2<sup>31</sup> - 1 interactions
   */
  public Dataset toDataset(int threads) {
    return new WorldDataset(this, threads).make();
  }

  /** The world as a data set, made by all processors; see {@link #toDataset(int)}. */
  public Dataset toDataset() {
    return toDataset(Runtime.getRuntime().availableProcessors());
  }

  // ---- The truth, for those who test whether a model finds it.

  /** Latent factors of an item, shape {@code float[dimensions]}, length 1. */
  public float[] itemFactors(int item) {
    int from = Objects.checkIndex(item, items()) * config.dimensions();
    return Arrays.copyOfRange(catalog.factors, from, from + config.dimensions());
  }

  /** A user's taste at a time, shape {@code float[dimensions]}, length 1. */
  public float[] userFactors(int user, long time) {
    double[] taste = tasteOf(user, time);
    float[] factors = new float[taste.length];
    for (int k = 0; k < taste.length; k++) {
      factors[k] = (float) taste[k];
    }
    return factors;
  }

  /** How well an item fits a user's taste at a time: the cosine of their factors, -1 to 1. */
  public double affinity(int user, int item, long time) {
    return Vectors.dot(tasteOf(user, time), catalog.factors, Objects.checkIndex(item, items()));
  }

  /**
   * Weight of an item when a user chooses by taste: such a choice takes an item that is released
   * and new to the user with a probability proportional to this. With p the user's factors, q the
   * item's, c its style's center and b the {@code tasteStrength}:
   *
   * <pre>  popularity * exp(b * (p.c + min(p.q - p.c, cap)))</pre>
   *
   * Release is not looked at here. Sorting by it is the best ranking of single choices that there
   * is.
   */
  public double preference(int user, int item, long time) {
    double[] taste = tasteOf(user, time);
    double center = Vectors.dot(taste, catalog.centers[catalog.styleOf[item]]);
    double residual = Vectors.dot(taste, catalog.factors, item) - center;
    return catalog.popularity[item]
        * Vectors.exp(config.tasteStrength() * (center + Math.min(residual, catalog.residualCap)));
  }

  /** Weight of an item before taste, above 0; of a cold item, what it would have. */
  public double popularity(int item) {
    return catalog.popularity[item];
  }

  /** The rating that a user would give an item at a time, before noise and rounding. */
  public double expectedRating(int user, int item, long time) {
    double biases = people.person(Objects.checkIndex(user, users())).bias() + catalog.bias[item];
    return Historian.meanRating(biases, affinity(user, item, time));
  }

  /** What an item adds to all its ratings, stars. */
  public double itemBias(int item) {
    return catalog.bias[item];
  }

  /** What a user adds to all their ratings, stars. */
  public double userBias(int user) {
    return people.person(Objects.checkIndex(user, users())).bias();
  }

  /**
   * The items that may follow an item in a session, the likeliest first: each is half as likely as
   * the one before it. Successors that are not out yet or that the user has had are passed over. At
   * most {@code config().successors()} items, fewer in a very small style, none for a cold item.
   */
  public int[] successors(int item) {
    int from = Objects.checkIndex(item, items()) * config.successors();
    int to = from;
    while (to < from + config.successors() && catalog.successors[to] >= 0) {
      to++;
    }
    return Arrays.copyOfRange(catalog.successors, from, to);
  }

  /** Whether an item is one that nobody ever touches, released in the last week. */
  public boolean isCold(int item) {
    return catalog.cold[item];
  }

  /** Epoch seconds at which an item comes out; no interaction with it is before that. */
  public long released(int item) {
    return catalog.released[item];
  }

  /**
   * The style of an item, {@code 0..tastes * stylesPerTaste - 1}; styles of a taste are adjacent.
   */
  public int styleOf(int item) {
    return catalog.styleOf[item];
  }

  /**
   * What the picture of an item is drawn from, shape {@code double[12]}, each in (0, 1) and
   * monotone in one direction of the latent space: red, green and blue of the background, then of
   * the shape, angle and number of the stripes, place across and down, size and squareness of the
   * shape.
   */
  public double[] look(int item) {
    return painter.look(Objects.checkIndex(item, items()));
  }

  Historian historian() {
    return new Historian(config, catalog, people);
  }

  private double[] tasteOf(int user, long time) {
    double[] taste = new double[config.dimensions()];
    people.tasteAt(people.person(Objects.checkIndex(user, users())), time, taste);
    return taste;
  }

  private String seriesTitle(int item) {
    Random64 random = new Random64(config.seed(), Stream.TITLE, catalog.series[item]);
    return Storyteller.seriesTitle(taste(item), style(item), random);
  }

  private Taste taste(int item) {
    return Taste.ALL.get(catalog.styleOf[item] / config.stylesPerTaste());
  }

  private Taste.Style style(int item) {
    return taste(item).styles().get(catalog.styleOf[item] % config.stylesPerTaste());
  }

  private Random64 userFeatures(int user) {
    return new Random64(config.seed(), Stream.USER_FEATURES, Objects.checkIndex(user, users()));
  }

  private static LocalDate day(long epochSeconds) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(epochSeconds), ZoneOffset.UTC);
  }

  private static String digits(int number, int width) {
    String digits = Integer.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
