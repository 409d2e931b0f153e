package io.kindred.generate;

import io.kindred.generate.Random64.Stream;
import java.util.Arrays;

/**
 * The truth about the items. Immutable once built, so safe for any number of threads.
 *
 * <p>Latent space: taste centers (orthonormal while there are enough dimensions), style centers
 * around them, series around those, items around their series; all of length 1. Series are runs of
 * items of one style with neighboring popularity ranks; they carry the sequential structure.
 */
final class Catalog {
  private static final double STYLE_SPREAD = 0.6;
  private static final double SERIES_SPREAD = 0.35;
  private static final double ITEM_SPREAD = 0.3;
  private static final int LONGEST_SERIES = 5;

  /** How far away in the popularity order of a style a successor may stand. */
  private static final int SUCCESSOR_WINDOW = 12;

  private static final long DAY = 86_400;
  private static final double ITEM_BIAS = 0.3;

  final WorldConfig config;
  final int items;
  final int dimensions;
  final int styles;

  /** Style centers, shape {@code double[styles][dimensions]}. */
  final double[][] centers;

  /** The same by dimension, shape {@code double[dimensions][styles]}. */
  private final double[][] centersByDimension;

  /** Row-major, shape {@code float[items x dimensions]}. */
  final float[] factors;

  final short[] styleOf;
  final boolean[] cold;
  final double[] popularity;
  final double[] bias;

  /** Epoch seconds. */
  final long[] released;

  /** Part of the series, from 1. */
  final byte[] part;

  final byte[] parts;

  /** First item of the series: what its members share is drawn by this number. */
  final int[] series;

  /** Shape {@code int[items x successors]}, the likeliest first; -1 where there are fewer. */
  final int[] successors;

  /** Popularity of a style in all. */
  final double[] styleMass;

  /** See {@link #drawItem}: residual affinity above this is not rewarded further. */
  final double residualCap;

  // Alias tables of the styles, one after the other: style s has slots aliasStart[s]..[s+1].
  private final int[] aliasStart;
  private final int[] aliasItem;
  private final int[] aliasOther;
  private final int[] aliasThreshold;

  Catalog(WorldConfig config) {
    this.config = config;
    items = config.items();
    dimensions = config.dimensions();
    styles = config.tastes() * config.stylesPerTaste();
    centers = makeCenters();
    centersByDimension = new double[dimensions][styles];
    for (int k = 0; k < dimensions; k++) {
      for (int s = 0; s < styles; s++) {
        centersByDimension[k][s] = centers[s][k];
      }
    }
    styleOf = makeStyles();
    cold = makeCold();
    part = new byte[items];
    parts = new byte[items];
    series = new int[items];
    int[] firsts = makeSeries();
    factors = makeFactors();
    popularity = new double[items];
    int[] byRank = makePopularity(firsts);
    released = new long[items];
    makeReleases(firsts);
    bias = new double[items];
    for (int i = 0; i < items; i++) {
      bias[i] = ITEM_BIAS * new Random64(config.seed(), Stream.ITEM_BIAS, i).normal();
    }
    successors = makeSuccessors(byRank);
    residualCap = 2 * residualDeviation();
    styleMass = new double[styles];
    aliasStart = new int[styles + 1];
    int warm = byRank.length;
    aliasItem = new int[warm];
    aliasOther = new int[warm];
    aliasThreshold = new int[warm];
    makeAliases(byRank);
  }

  int taste(int item) {
    return styleOf[item] / config.stylesPerTaste();
  }

  /** Inner products of a taste with all style centers; dimension by dimension, which vectorizes. */
  void styleAffinities(double[] taste, double[] affinities) {
    Arrays.fill(affinities, 0);
    for (int k = 0; k < dimensions; k++) {
      double weight = taste[k];
      double[] row = centersByDimension[k];
      for (int s = 0; s < affinities.length; s++) {
        affinities[s] += weight * row[s];
      }
    }
  }

  /** Weight of a style among all, for the number of its items and for the tastes of people. */
  double styleWeight(int style) {
    int taste = style / config.stylesPerTaste();
    int rank = style % config.stylesPerTaste();
    return 1 / Math.sqrt((taste + 1.0) * (rank + 1.0));
  }

  /** An item of a style by popularity, whether released or not; only for styles with mass. */
  int drawItem(int style, Random64 random) {
    long bits = random.next();
    int from = aliasStart[style];
    int slot = from + (int) (((bits >>> 32) * (aliasStart[style + 1] - from)) >>> 32);
    return (int) bits < aliasThreshold[slot] ? aliasItem[slot] : aliasOther[slot];
  }

  private double[][] makeCenters() {
    Random64 random = new Random64(config.seed(), Stream.TASTES, 0);
    double[][] axes = Vectors.orthonormal(dimensions, random);
    double[][] made = new double[styles][];
    for (int t = 0; t < config.tastes(); t++) {
      double[] taste;
      if (t < dimensions) {
        taste = axes[t];
      } else {
        taste = new double[dimensions];
        Vectors.perturb(taste, 1, random);
        Vectors.normalize(taste);
      }
      for (int k = 0; k < config.stylesPerTaste(); k++) {
        double[] center = taste.clone();
        Vectors.perturb(center, STYLE_SPREAD, random);
        Vectors.normalize(center);
        made[t * config.stylesPerTaste() + k] = center;
      }
    }
    return made;
  }

  private short[] makeStyles() {
    double[] cumulative = new double[styles];
    double total = 0;
    for (int s = 0; s < styles; s++) {
      total += styleWeight(s);
      cumulative[s] = total;
    }
    Random64 random = new Random64(config.seed(), Stream.STYLES, 0);
    short[] made = new short[items];
    for (int i = 0; i < items; i++) {
      made[i] = (short) find(cumulative, random.uniform() * total);
    }
    return made;
  }

  private boolean[] makeCold() {
    int[] order = iota(items);
    new Random64(config.seed(), Stream.COLD, 0).shuffle(order);
    boolean[] made = new boolean[items];
    for (int n = 0; n < config.coldItems(); n++) {
      made[order[n]] = true;
    }
    return made;
  }

  /** Cuts the warm items of every style into series; returns the first item of each. */
  private int[] makeSeries() {
    Random64 random = new Random64(config.seed(), Stream.SERIES, 0);
    int[] firsts = new int[items];
    int count = 0;
    int[] open = new int[styles]; // first item of the series that is being filled, or -1
    int[] left = new int[styles]; // how many items it still wants
    int[] length = new int[styles];
    Arrays.fill(open, -1);
    for (int i = 0; i < items; i++) {
      if (cold[i]) {
        series[i] = i;
        part[i] = 1;
        parts[i] = 1;
        continue;
      }
      int s = styleOf[i];
      if (left[s] == 0) {
        left[s] = 1 + random.below(LONGEST_SERIES);
        length[s] = 0;
        open[s] = i;
        firsts[count++] = i;
      }
      left[s]--;
      series[i] = open[s];
      part[i] = (byte) ++length[s];
      parts[open[s]]++;
    }
    for (int i = 0; i < items; i++) {
      parts[i] = parts[series[i]];
    }
    return Arrays.copyOf(firsts, count);
  }

  private float[] makeFactors() {
    float[] made = new float[items * dimensions];
    Random64 random = new Random64(config.seed(), Stream.ITEM_FACTORS, 0);
    for (int i = 0; i < items; i++) {
      double[] q = centers[styleOf[i]].clone();
      random.reset(config.seed(), Stream.SERIES_FACTORS, series[i]);
      Vectors.perturb(q, SERIES_SPREAD, random);
      random.reset(config.seed(), Stream.ITEM_FACTORS, i);
      Vectors.perturb(q, ITEM_SPREAD, random);
      Vectors.normalize(q);
      for (int k = 0; k < dimensions; k++) {
        made[i * dimensions + k] = (float) q[k];
      }
    }
    return made;
  }

  /** Returns the warm items by falling popularity, the members of a series together. */
  private int[] makePopularity(int[] firsts) {
    Random64 random = new Random64(config.seed(), Stream.POPULARITY, 0);
    int[] order = firsts.clone();
    random.shuffle(order);
    int[][] members = members(firsts);
    int[] byRank = new int[items - config.coldItems()];
    int rank = 0;
    for (int first : order) {
      for (int i : members[first]) {
        byRank[rank] = i;
        popularity[i] = popularityAt(rank);
        rank++;
      }
    }
    for (int i = 0; i < items; i++) {
      if (cold[i]) { // what it would have, were it out long enough
        popularity[i] = popularityAt(random.below(byRank.length));
      }
    }
    return byRank;
  }

  private double popularityAt(int rank) {
    return StrictMath.pow(rank + 10.0, -config.popularitySkew());
  }

  private int[][] members(int[] firsts) {
    int[][] members = new int[items][];
    for (int first : firsts) {
      members[first] = new int[parts[first]];
    }
    for (int i = 0; i < items; i++) {
      if (!cold[i]) {
        members[series[i]][part[i] - 1] = i;
      }
    }
    return members;
  }

  /** The parts of a series come out one after the other. */
  private void makeReleases(int[] firsts) {
    Random64 random = new Random64(config.seed(), Stream.RELEASE, 0);
    int[] order = firsts.clone();
    random.shuffle(order);
    int[][] members = members(firsts);
    double established = (1 - config.newShare()) * (items - config.coldItems());
    int placed = 0;
    for (int first : order) {
      boolean old = placed < established;
      long time =
          old
              ? World.START - (long) (random.uniform(1, 3_650) * DAY)
              : World.START + (long) (random.uniform(0.02, 0.95) * (World.END - World.START));
      long latest = old ? World.START - DAY : World.END - 8 * DAY;
      for (int i : members[first]) {
        released[i] = Math.min(time, latest);
        time += (long) (random.uniform(10, 60) * DAY);
      }
      placed += members[first].length;
    }
    for (int i = 0; i < items; i++) {
      if (cold[i]) {
        released[i] = World.END - (long) (random.uniform(0, 7) * DAY) - 1;
      }
    }
  }

  private int[] makeSuccessors(int[] byRank) {
    int most = config.successors();
    int[] made = new int[items * most];
    Arrays.fill(made, -1);
    int[][] inStyle = byStyle(byRank);
    Random64 random = new Random64(config.seed(), Stream.SUCCESSORS, 0);
    for (int[] line : inStyle) {
      for (int at = 0; at < line.length; at++) {
        int item = line[at];
        int from = item * most;
        int count = 0;
        if (part[item] < parts[item]) {
          made[from + count++] = line[at + 1];
        }
        // A few more tries than needed; in a very small style some stay empty.
        for (int tries = 0; count < most && tries < 8 * most; tries++) {
          int to = at - SUCCESSOR_WINDOW + random.below(2 * SUCCESSOR_WINDOW + 1);
          if (to >= 0 && to < line.length && to != at && !holds(made, from, count, line[to])) {
            made[from + count++] = line[to];
          }
        }
      }
    }
    return made;
  }

  private static boolean holds(int[] values, int from, int count, int value) {
    for (int k = from; k < from + count; k++) {
      if (values[k] == value) {
        return true;
      }
    }
    return false;
  }

  private int[][] byStyle(int[] byRank) {
    int[] counts = new int[styles];
    for (int i : byRank) {
      counts[styleOf[i]]++;
    }
    int[][] lines = new int[styles][];
    for (int s = 0; s < styles; s++) {
      lines[s] = new int[counts[s]];
      counts[s] = 0;
    }
    for (int i : byRank) {
      int s = styleOf[i];
      lines[s][counts[s]++] = i;
    }
    return lines;
  }

  /** Root mean square of an item's distance from its style center, along one axis. */
  private double residualDeviation() {
    double sum = 0;
    for (int i = 0; i < items; i++) {
      double[] center = centers[styleOf[i]];
      for (int k = 0; k < dimensions; k++) {
        double e = factors[i * dimensions + k] - center[k];
        sum += e * e;
      }
    }
    return Math.sqrt(sum / items / dimensions);
  }

  /** Walker's alias method in Vose's form: an item by popularity in constant time. */
  private void makeAliases(int[] byRank) {
    int[][] lines = byStyle(byRank);
    int from = 0;
    for (int s = 0; s < styles; s++) {
      int[] line = lines[s];
      int n = line.length;
      aliasStart[s] = from;
      double mass = 0;
      for (int i : line) {
        mass += popularity[i];
      }
      styleMass[s] = mass;
      double[] share = new double[n];
      int[] small = new int[n];
      int[] large = new int[n];
      int smalls = 0;
      int larges = 0;
      for (int k = 0; k < n; k++) {
        share[k] = popularity[line[k]] / mass * n;
        if (share[k] < 1) {
          small[smalls++] = k;
        } else {
          large[larges++] = k;
        }
      }
      while (smalls > 0 && larges > 0) {
        int less = small[--smalls];
        int more = large[larges - 1];
        setAlias(from + less, line[less], line[more], share[less]);
        share[more] -= 1 - share[less];
        if (share[more] < 1) {
          larges--;
          small[smalls++] = more;
        }
      }
      while (larges > 0) {
        int k = large[--larges];
        setAlias(from + k, line[k], line[k], 1);
      }
      while (smalls > 0) { // only by rounding
        int k = small[--smalls];
        setAlias(from + k, line[k], line[k], 1);
      }
      from += n;
    }
    aliasStart[styles] = from;
  }

  /** The threshold is compared with 32 random bits read as a signed number. */
  private void setAlias(int slot, int item, int other, double share) {
    aliasItem[slot] = item;
    aliasOther[slot] = other;
    double threshold = Integer.MIN_VALUE + share * 0x1p32;
    aliasThreshold[slot] = (int) Math.min(Integer.MAX_VALUE, threshold);
  }

  /** Index of the first entry above {@code value}; the last one when none is. */
  static int find(double[] cumulative, double value) {
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] > value) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static int[] iota(int size) {
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = i;
    }
    return numbers;
  }
}
