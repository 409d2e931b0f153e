package io.kindred.generate;

import io.kindred.generate.People.Person;
import io.kindred.generate.Random64.Stream;

/**
 * Makes the history of one user after the other. Holds O(items / 8) bytes of scratch space; not
 * safe for use by more than one thread at a time.
 *
 * <p>A choice that does not follow the item before it is drawn exactly from
 *
 * <pre>  P(i) ~ popularity(i) exp(b p.c) min(1, exp(b (p.(q - c) - cap)))</pre>
 *
 * over released items the user has not had (p the taste, q the item's factors, c its style's
 * center, b the strength of taste): first a style by its total popularity and p.c, then an item of
 * it by popularity, which is kept with the probability of the last factor, else all is drawn anew.
 */
final class Historian {
  private static final int TRIES = 400;
  private static final double RATING_MEAN = 3.35;
  private static final double RATING_SLOPE = 2.4;

  /** Affinity that leaves a rating where the biases put it: about the mean of what is chosen. */
  private static final double RATING_PIVOT = 0.55;

  private static final double SHORTEST_GAP = 20;
  private static final double LONGEST_GAP = 600;
  private static final int LONGEST_SESSION = 60;

  /** Each further successor is half as likely. */
  private static final double SUCCESSOR_DECAY = 0.5;

  private final WorldConfig config;
  private final Catalog catalog;
  private final People people;
  private final Random64 random;
  private final double[] taste;
  private final double[] styleAffinity;
  private final double[] cumulative;
  private final double[] popularityCumulative;
  private final long[] seen;
  private final int[] candidates;
  private final double[] candidateCumulative;

  private int size;
  private int[] items = new int[256];
  private float[] ratings = new float[256];
  private long[] times = new long[256];

  Historian(WorldConfig config, Catalog catalog, People people) {
    this.config = config;
    this.catalog = catalog;
    this.people = people;
    random = new Random64(config.seed(), Stream.HISTORY, 0);
    taste = new double[catalog.dimensions];
    styleAffinity = new double[catalog.styles];
    cumulative = new double[catalog.styles];
    popularityCumulative = new double[catalog.styles];
    double total = 0;
    for (int s = 0; s < catalog.styles; s++) {
      total += catalog.styleMass[s];
      popularityCumulative[s] = total;
    }
    seen = new long[(catalog.items + 63) / 64];
    candidates = new int[config.successors()];
    candidateCumulative = new double[config.successors()];
  }

  /** Number of interactions of the history made last. */
  int size() {
    return size;
  }

  int item(int position) {
    return items[position];
  }

  float rating(int position) {
    return ratings[position];
  }

  /** Epoch seconds, rising. */
  long time(int position) {
    return times[position];
  }

  /** Makes the history of a user; it stands until the next call. */
  void make(int user) {
    for (int p = 0; p < size; p++) {
      seen[items[p] >> 6] = 0;
    }
    random.reset(config.seed(), Stream.HISTORY, user);
    size = people.count(user);
    if (items.length < size) {
      int room = Math.max(size, 2 * items.length);
      items = new int[room];
      ratings = new float[room];
      times = new long[room];
    }
    Person person = people.person(user);
    makeTimes();
    for (int p = 0; p < size; p++) {
      long time = times[p];
      boolean opens = p == 0 || time - times[p - 1] >= World.SESSION_GAP;
      if (opens) {
        startSession(person, time);
      }
      int item = opens ? -1 : follow(items[p - 1], time);
      if (item < 0) {
        item = choose(time);
      }
      items[p] = item;
      seen[item >> 6] |= 1L << item;
      double affinity = Vectors.dot(taste, catalog.factors, item);
      ratings[p] =
          stars(
              meanRating(person.bias() + catalog.bias[item], affinity)
                  + config.ratingNoise() * random.normal());
    }
  }

  static double meanRating(double biases, double affinity) {
    return RATING_MEAN + biases + RATING_SLOPE * (affinity - RATING_PIVOT);
  }

  /** The nearest half star of 0.5 to 5. */
  private static float stars(double rating) {
    return (float) (Math.min(10, Math.max(1, Math.floor(2 * rating + 0.5))) / 2);
  }

  /**
   * Sessions, one in each slot of equal length between two dates. A session fits in the first half
   * of its slot less the gap, so the next one is always at least the gap away.
   */
  private void makeTimes() {
    double share = activeShare(random);
    double start = joined(share, random);
    int sessions = 0;
    double more = 1 - 1 / config.sessionLength();
    for (int p = 0; p < size; ) {
      int length = 1;
      while (length < LONGEST_SESSION && p + length < size && random.chance(more)) {
        length++;
      }
      times[p] = length; // until the dates are known
      p += length;
      sessions++;
    }
    double slot = share * (World.END - World.START) / sessions;
    double room = slot - World.SESSION_GAP;
    int session = 0;
    for (int p = 0; p < size; session++) {
      int length = (int) times[p];
      double time = start + slot * session + random.uniform(0, room / 2);
      double gap = Math.min(LONGEST_GAP, room / 2 / length);
      for (int end = p + length; p < end; p++) {
        times[p] = (long) time;
        time += random.uniform(Math.min(SHORTEST_GAP, gap / 2), gap);
      }
    }
  }

  /** Epoch seconds from which on the user may be seen; the first session follows soon. */
  static long joined(WorldConfig config, int user) {
    Random64 random = new Random64(config.seed(), Stream.HISTORY, user);
    return (long) joined(activeShare(random), random);
  }

  private static double activeShare(Random64 random) {
    return random.uniform(0.4, 1);
  }

  private static double joined(double activeShare, Random64 random) {
    return World.START + random.uniform(0, 1 - activeShare) * (World.END - World.START);
  }

  private void startSession(Person person, long time) {
    people.tasteAt(person, time, taste);
    catalog.styleAffinities(taste, styleAffinity);
    double total = 0;
    for (int s = 0; s < catalog.styles; s++) {
      total += catalog.styleMass[s] * Vectors.exp(config.tasteStrength() * styleAffinity[s]);
      cumulative[s] = total;
    }
  }

  /** A successor that is out and new to the user, or -1 when none is at hand or chance says no. */
  private int follow(int previous, long time) {
    if (!random.chance(config.followProbability())) {
      return -1;
    }
    int from = previous * candidates.length;
    int count = 0;
    double weight = 1;
    double total = 0;
    for (int k = 0; k < candidates.length; k++) {
      int next = catalog.successors[from + k];
      if (next >= 0 && !seen(next) && catalog.released[next] <= time) {
        total += weight;
        candidates[count] = next;
        candidateCumulative[count++] = total;
      }
      weight *= SUCCESSOR_DECAY;
    }
    if (count == 0) {
      return -1;
    }
    double drawn = random.uniform() * total;
    int k = 0;
    while (k < count - 1 && candidateCumulative[k] <= drawn) {
      k++;
    }
    return candidates[k];
  }

  private int choose(long time) {
    boolean explores = config.exploration() > 0 && random.chance(config.exploration());
    double[] styles = explores ? popularityCumulative : cumulative;
    double total = styles[styles.length - 1];
    double strength = explores ? 0 : config.tasteStrength();
    for (int tries = 0; tries < TRIES; tries++) {
      int style = Catalog.find(styles, random.uniform() * total);
      int item = catalog.drawItem(style, random);
      if (seen(item) || catalog.released[item] > time) {
        continue;
      }
      if (strength == 0) {
        return item;
      }
      double residual =
          Vectors.dot(taste, catalog.factors, item) - styleAffinity[style] - catalog.residualCap;
      if (residual >= 0 || random.uniform() < Vectors.exp(strength * residual)) {
        return item;
      }
    }
    return anything(time);
  }

  /** For those who have had nearly all that they like: the next item on the shelf. */
  private int anything(long time) {
    int item = random.below(catalog.items);
    while (catalog.cold[item] || seen(item) || catalog.released[item] > time) {
      item = item + 1 == catalog.items ? 0 : item + 1;
    }
    return item;
  }

  private boolean seen(int item) {
    return (seen[item >> 6] >>> item & 1) != 0;
  }
}
