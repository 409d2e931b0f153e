package io.kindred.eval;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Says which items are no candidates for a person. One for each thread. */
final class NegativeSampler {
  private final Interactions train;
  private final Candidates candidates;
  private final long seed;
  private final byte[] roles; // FREE, or what the item is for the person at hand
  private final int[] never; // no candidate for anybody, ascending

  private static final byte FREE = 0;
  private static final byte CANDIDATE = 1;
  private static final byte SEEN = 2;

  /**
   * A sampler.
   *
   * @param never items that are no candidates for anybody, ascending
   */
  NegativeSampler(Interactions train, Protocol protocol, int[] never) {
    this.train = train;
    this.candidates = protocol.candidates();
    this.seed = protocol.seed();
    this.never = never;
    this.roles = new byte[candidates instanceof Candidates.Sampled ? train.itemCount() : 0];
  }

  /**
   * The items that are left out for a person, ascending.
   *
   * @param seen the items of the history, ascending
   * @param targets the held-out items, ascending
   */
  int[] excluded(int user, int[] seen, int[] targets) {
    if (!(candidates instanceof Candidates.Sampled sampled)) {
      return never.length == 0 ? seen : union(seen, never);
    }
    Arrays.fill(roles, FREE);
    mark(seen, SEEN);
    mark(targets, CANDIDATE);
    int free = roles.length - seen.length - targets.length;
    int wanted = Math.min(sampled.negatives(), free);
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + user);
    int drawn = sampled.by() == Candidates.Draw.POPULARITY ? byPopularity(wanted, random) : 0;
    uniformly(wanted - drawn, free - drawn, random);
    int[] excluded = new int[roles.length - targets.length - wanted];
    int size = 0;
    for (int item = 0; item < roles.length; item++) {
      if (roles[item] != CANDIDATE) {
        excluded[size++] = item;
      }
    }
    return excluded;
  }

  private static int[] union(int[] one, int[] other) {
    int[] union = new int[one.length + other.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < one.length || j < other.length) {
      int next =
          j == other.length || (i < one.length && one[i] <= other[j]) ? one[i++] : other[j++];
      if (size == 0 || union[size - 1] != next) {
        union[size++] = next;
      }
    }
    return Arrays.copyOf(union, size);
  }

  private void mark(int[] items, byte role) {
    for (int item : items) {
      roles[item] = role;
    }
  }

  private int byPopularity(int wanted, SplittableRandom random) {
    int drawn = 0;
    for (long attempt = 0; drawn < wanted && attempt < 50L * wanted; attempt++) {
      int item = train.items()[random.nextInt(train.size())];
      if (roles[item] == FREE) {
        roles[item] = CANDIDATE;
        drawn++;
      }
    }
    return drawn;
  }

  /**
   * Each set of {@code wanted} out of {@code free} items with the same chance, in one walk over the
   * catalogue.
   */
  private void uniformly(int wanted, int free, SplittableRandom random) {
    int missing = wanted;
    int left = free;
    for (int item = 0; missing > 0; item++) {
      if (roles[item] == FREE) {
        if (random.nextInt(left) < missing) {
          roles[item] = CANDIDATE;
          missing--;
        }
        left--;
      }
    }
  }
}
