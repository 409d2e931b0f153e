package io.kindred.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Interactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorldTest {
  private static final World WORLD = new World(WorldConfig.ofInteractions(100_000));
  private static final List<Row> ROWS = rows(WORLD);

  private record Row(int user, int item, float rating, long time) {}

  @Test
  void forEachInteraction_wholeWorld_givesExactlyTheWantedNumber() {
    int[] counts = new int[WORLD.users()];
    ROWS.forEach(row -> counts[row.user()]++);

    assertThat(ROWS).hasSize(100_000);
    for (int u = 0; u < WORLD.users(); u++) {
      assertThat(counts[u]).isEqualTo(WORLD.interactionCount(u)).isBetween(5, 1200);
    }
  }

  @Test
  void forEachInteraction_everyRow_keepsWhatIsPromised() {
    Set<Long> pairs = new HashSet<>();
    List<String> broken = new ArrayList<>();
    Row last = new Row(-1, 0, 0, 0);
    for (Row row : ROWS) {
      boolean sameUser = row.user() == last.user();
      boolean kept =
          (sameUser ? row.time() > last.time() : row.user() == last.user() + 1)
              && row.time() >= World.START
              && row.time() < World.END
              && row.rating() >= 0.5f
              && row.rating() <= 5f
              && 2 * row.rating() == (float) Math.rint(2 * row.rating())
              && row.time() >= WORLD.released(row.item())
              && !WORLD.isCold(row.item())
              && pairs.add((long) row.user() * WORLD.items() + row.item());
      if (!kept) {
        broken.add(last + " " + row);
      }
      last = row;
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void forEachInteraction_sameConfig_givesTheSameRows() {
    assertThat(rows(new World(WORLD.config()))).isEqualTo(ROWS);
    assertThat(rows(new World(WORLD.config().withSeed(2)))).isNotEqualTo(ROWS);
  }

  @Test
  void forEachInteractionOf_anyOrder_agreesWithTheWhole() {
    for (int user : new int[] {1999, 3, 0, 700}) {
      List<Row> own = new ArrayList<>();
      WORLD.forEachInteractionOf(user, (u, i, r, t) -> own.add(new Row(u, i, r, t)));
      assertThat(own).isEqualTo(ROWS.stream().filter(row -> row.user() == user).toList());
    }
  }

  /** Dense and tiny worlds, and values at the ends of their ranges, end and keep their counts. */
  @Test
  void forEachInteraction_extremeConfigs_giveExactlyTheWantedNumber() {
    WorldConfig small = WorldConfig.ofInteractions(1000);
    List<WorldConfig> configs =
        List.of(
            small,
            small.withInteractions(50),
            small.withInteractions(50L * small.maxPerUser()),
            small.withTasteStrength(20).withInteractions(2000),
            small.withTasteStrength(0).withExploration(1),
            small.withDrift(1).withActivitySpread(2).withSessionLength(1),
            small.withSessionLength(20).withFollowProbability(1).withSuccessors(8),
            small.withPopularitySkew(2).withColdShare(0.5).withNewShare(0).withInteractions(1200),
            small.withTastes(1).withStylesPerTaste(1).withDimensions(32),
            small.withInteractions(300).withTastes(2).withItems(20).withDimensions(4),
            small.withItems(9000).withUsers(1).withInteractions(1),
            small.withItems(9000).withUsers(1).withInteractions(3400).withSessionLength(1));
    for (WorldConfig config : configs) {
      List<Row> rows = rows(new World(config));
      assertThat(rows).as(config.toString()).hasSize((int) config.interactions());
      for (int n = 1; n < rows.size(); n++) {
        if (rows.get(n).user() == rows.get(n - 1).user()) {
          assertThat(rows.get(n).time()).isGreaterThan(rows.get(n - 1).time());
        }
      }
      assertThat(rows).allMatch(row -> row.time() < World.END);
    }
  }

  @Test
  void popularity_manyInteractions_isSkewed() {
    double[] counts = new double[WORLD.items()];
    ROWS.forEach(row -> counts[row.item()]++);

    assertThat(gini(counts)).isBetween(0.5, 0.8);
    World flat = new World(WORLD.config().withPopularitySkew(0));
    double[] flatCounts = new double[flat.items()];
    rows(flat).forEach(row -> flatCounts[row.item()]++);
    assertThat(gini(flatCounts)).isLessThan(gini(counts) - 0.1);
  }

  @Test
  void activity_manyUsers_isSkewed() {
    double[] counts =
        IntStream.range(0, WORLD.users())
            .mapToDouble(user -> WORLD.interactionCount(user))
            .toArray();

    assertThat(gini(counts)).isBetween(0.4, 0.7);
  }

  /** Given a successor at hand, p follow it, and some of the rest come upon one by taste. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9})
  void sessions_successorAtHand_followWithTheStatedProbability(double probability) {
    World world = new World(WorldConfig.ofInteractions(30_000).withFollowProbability(probability));
    int steps = 0;
    int followed = 0;
    int atHand = 0;
    int[] byRank = new int[3];
    Set<Integer> seen = new HashSet<>();
    Row last = new Row(-1, 0, 0, 0);
    for (Row row : rows(world)) {
      if (row.user() != last.user()) {
        seen.clear();
      } else if (row.time() - last.time() < World.SESSION_GAP) {
        steps++;
        int[] next = world.successors(last.item());
        boolean any =
            Arrays.stream(next).anyMatch(i -> !seen.contains(i) && world.released(i) <= row.time());
        atHand += any ? 1 : 0;
        for (int k = 0; k < next.length; k++) {
          if (next[k] == row.item()) {
            followed++;
            byRank[k]++;
          }
        }
      }
      seen.add(row.item());
      last = row;
    }

    assertThat((double) steps / world.interactions())
        .isCloseTo(0.79, within(0.02)); // 1 - 1/sessionLength
    assertThat((double) atHand / steps).isGreaterThan(0.6);
    double share = (double) followed / atHand;
    assertThat(share).isBetween(probability - 0.01, probability + (1 - probability) * 0.1);
    if (probability > 0) {
      assertThat(byRank[0]).isGreaterThan(3 * byRank[1] / 2);
      assertThat(byRank[1]).isGreaterThan(3 * byRank[2] / 2);
    }
  }

  /**
   * Sums the stated probabilities of each user's first choice over all users, and compares with
   * what was chosen: Pearson's statistic of all items is near its expectation, the degrees of
   * freedom.
   */
  @Test
  void preference_firstChoices_occurAsStated() {
    World world =
        new World(
            WorldConfig.ofInteractions(10_000)
                .withUsers(10_000)
                .withItems(60)
                .withTastes(4)
                .withStylesPerTaste(2)
                .withExploration(0));
    double[] expected = new double[world.items()];
    double[] chosen = new double[world.items()];
    world.forEachInteraction(
        (user, item, rating, time) -> {
          chosen[item]++;
          double[] weights = new double[world.items()];
          double total = 0;
          for (int i = 0; i < weights.length; i++) {
            if (!world.isCold(i) && world.released(i) <= time) {
              weights[i] = world.preference(user, i, time);
              total += weights[i];
            }
          }
          for (int i = 0; i < weights.length; i++) {
            expected[i] += weights[i] / total;
          }
        });

    double statistic = 0;
    int cells = 0;
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] == 0) { // cold, or out after all first choices
        assertThat(chosen[i]).isZero();
      } else if (expected[i] > 5) {
        double difference = chosen[i] - expected[i];
        statistic += difference * difference / expected[i];
        cells++;
      }
    }
    assertThat(cells).isGreaterThan(40);
    double freedom = cells - 1;
    assertThat(statistic).isCloseTo(freedom, within(4 * Math.sqrt(2 * freedom)));
  }

  @Test
  void ratings_manyInteractions_followAffinityAndBiases() {
    double[] ratings = ROWS.stream().mapToDouble(Row::rating).toArray();
    double[] affinity =
        ROWS.stream().mapToDouble(r -> WORLD.affinity(r.user(), r.item(), r.time())).toArray();
    double[] expected =
        ROWS.stream()
            .mapToDouble(r -> WORLD.expectedRating(r.user(), r.item(), r.time()))
            .toArray();

    assertThat(Arrays.stream(ratings).average().orElseThrow()).isBetween(3.2, 3.7);
    assertThat(correlation(ratings, affinity)).isGreaterThan(0.5);
    assertThat(correlation(ratings, expected)).isGreaterThan(0.8);
    double error = 0;
    for (int n = 0; n < ratings.length; n++) {
      error += (ratings[n] - expected[n]) * (ratings[n] - expected[n]);
    }
    // Noise of 0.5 and the rounding to half stars: sqrt(0.25 + 0.5^2 / 12).
    assertThat(Math.sqrt(error / ratings.length)).isCloseTo(0.52, within(0.02));
  }

  @Test
  void expectedRating_partsOfIt_addUp() {
    long time = World.START + 1000;
    double lift =
        WORLD.expectedRating(5, 7, time)
            - WORLD.expectedRating(5, 8, time)
            - 2.4 * (WORLD.affinity(5, 7, time) - WORLD.affinity(5, 8, time));

    assertThat(lift).isCloseTo(WORLD.itemBias(7) - WORLD.itemBias(8), within(1e-9));
    assertThat(WORLD.userBias(5)).isNotZero();
  }

  @Test
  void userFactors_overTime_driftAsTold() {
    assertThat(meanSelfAffinity(WORLD, World.END)).isBetween(0.5, 0.9);
    assertThat(meanSelfAffinity(WORLD, (World.START + World.END) / 2)).isBetween(0.85, 0.99);
    World still = new World(WORLD.config().withDrift(0));
    assertThat(meanSelfAffinity(still, World.END)).isCloseTo(1, within(1e-6));
    World restless = new World(WORLD.config().withDrift(1));
    assertThat(meanSelfAffinity(restless, World.END)).isLessThan(0.3);
  }

  /** What is chosen late fits the taste of the end better than the taste of the beginning. */
  @Test
  void drift_choices_followTheTasteOfTheirTime() {
    double late = 0;
    double early = 0;
    long quarter = (World.END - World.START) / 4;
    for (Row row : ROWS) {
      double gain =
          WORLD.affinity(row.user(), row.item(), World.END)
              - WORLD.affinity(row.user(), row.item(), World.START);
      if (row.time() > World.END - quarter) {
        late += gain;
      } else if (row.time() < World.START + quarter) {
        early += gain;
      }
    }
    assertThat(late).isPositive();
    assertThat(early).isNegative();
  }

  @Test
  void choices_ofUsers_fitBetterThanRandomItems() {
    Random64 random = new Random64(9, Random64.Stream.TEXT, 0);
    double own = 0;
    double other = 0;
    for (Row row : ROWS) {
      own += WORLD.affinity(row.user(), row.item(), row.time());
      other += WORLD.affinity(row.user(), random.below(WORLD.items()), row.time());
    }
    assertThat(own / ROWS.size()).isGreaterThan(0.45);
    assertThat(Math.abs(other / ROWS.size())).isLessThan(0.2);
  }

  @Test
  void coldItems_ofTheWorld_areNewAndUntouched() {
    int cold = 0;
    for (int i = 0; i < WORLD.items(); i++) {
      if (WORLD.isCold(i)) {
        cold++;
        assertThat(WORLD.released(i)).isBetween(World.END - 7 * 86_400, World.END);
        assertThat(WORLD.successors(i)).isEmpty();
        assertThat(WORLD.popularity(i)).isPositive();
      } else {
        for (int next : WORLD.successors(i)) {
          assertThat(WORLD.isCold(next)).isFalse();
          assertThat(next).isNotEqualTo(i);
          assertThat(WORLD.styleOf(next)).isEqualTo(WORLD.styleOf(i));
        }
      }
    }
    assertThat(cold).isEqualTo(125);
  }

  @Test
  void itemFactors_hierarchy_isVisible() {
    double sameStyle = 0;
    double sameTaste = 0;
    double other = 0;
    int[] counts = new int[3];
    for (int i = 0; i < 400; i++) {
      for (int j = 0; j < i; j++) {
        double cosine = dot(WORLD.itemFactors(i), WORLD.itemFactors(j));
        if (WORLD.styleOf(i) == WORLD.styleOf(j)) {
          sameStyle += cosine;
          counts[0]++;
        } else if (WORLD.category(i).equals(WORLD.category(j))) {
          sameTaste += cosine;
          counts[1]++;
        } else {
          other += cosine;
          counts[2]++;
        }
      }
    }
    assertThat(sameStyle / counts[0]).isGreaterThan(sameTaste / counts[1] + 0.1);
    assertThat(sameTaste / counts[1]).isGreaterThan(other / counts[2] + 0.4);
    assertThat(dot(WORLD.itemFactors(3), WORLD.itemFactors(3))).isCloseTo(1, within(1e-5));
  }

  @Test
  void accessors_unknownIndex_areRefused() {
    assertThatThrownBy(() -> WORLD.itemFactors(WORLD.items()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> WORLD.userFactors(-1, World.START))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> WORLD.image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> WORLD.userId(WORLD.users()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> WORLD.item(WORLD.items()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void toDataset_anyThreads_holdsTheSameWorld() {
    Dataset data = WORLD.toDataset(3);
    Interactions interactions = data.interactions();

    assertThat(data.name()).contains("generated");
    assertThat(data.users().size()).isEqualTo(WORLD.users());
    assertThat(data.items().size()).isEqualTo(WORLD.items());
    assertThat(data.items().index(WORLD.itemId(42))).isEqualTo(42);
    assertThat(data.users().index(WORLD.userId(1234))).isEqualTo(1234);
    assertThat(interactions.size()).isEqualTo(ROWS.size());
    assertThat(interactions.items()).isEqualTo(ROWS.stream().mapToInt(Row::item).toArray());
    for (int p = 0; p < ROWS.size(); p += 97) {
      assertThat(interactions.values()[p]).isEqualTo(ROWS.get(p).rating());
      assertThat(interactions.time(p)).isEqualTo(ROWS.get(p).time());
    }
    assertThat(WORLD.toDataset(1).fingerprint()).isEqualTo(data.fingerprint());
  }

  @Test
  void toDataset_features_areThoseOfTheItems() {
    Dataset data = WORLD.toDataset();

    for (int i = 0; i < WORLD.items(); i += 100) {
      WorldItem item = WORLD.item(i);
      assertThat(data.itemFeatures().title(i)).contains(item.title());
      assertThat(display(data, "description", i)).isEqualTo(item.description());
      assertThat(display(data, "category", i)).isEqualTo(item.category());
      assertThat(display(data, "tags", i)).isEqualTo(String.join(", ", item.tags()));
      assertThat(display(data, "price", i)).isEqualTo(Float.toString((float) item.price()));
      assertThat(display(data, "released", i))
          .isEqualTo(Long.toString(item.released().toEpochDay()));
    }
    FeatureColumn region = data.userFeatures().column("region").orElseThrow();
    assertThat(region.display(17)).isEqualTo(WORLD.user(17).region());
  }

  private static String display(Dataset data, String column, int item) {
    return data.itemFeatures().column(column).orElseThrow().display(item);
  }

  private static List<Row> rows(World world) {
    List<Row> rows = new ArrayList<>();
    world.forEachInteraction((u, i, r, t) -> rows.add(new Row(u, i, r, t)));
    return rows;
  }

  private static double meanSelfAffinity(World world, long time) {
    double sum = 0;
    for (int u = 0; u < 500; u++) {
      sum += dot(world.userFactors(u, World.START), world.userFactors(u, time));
    }
    return sum / 500;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double gini(double[] counts) {
    double[] sorted = counts.clone();
    Arrays.sort(sorted);
    double weighted = 0;
    double total = 0;
    for (int n = 0; n < sorted.length; n++) {
      weighted += (2.0 * (n + 1) - sorted.length - 1) * sorted[n];
      total += sorted[n];
    }
    return weighted / (sorted.length * total);
  }

  static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int n = 0; n < a.length; n++) {
      ab += (a[n] - meanA) * (b[n] - meanB);
      aa += (a[n] - meanA) * (a[n] - meanA);
      bb += (b[n] - meanB) * (b[n] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
