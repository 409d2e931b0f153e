package io.kindred.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.sparse.SparseMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimilarityIndexTest {
  private static final double CLOSE = 1e-5;

  static Stream<SimilarityOptions> allOptions() {
    List<SimilarityOptions> all = new ArrayList<>();
    for (Measure measure : Measure.values()) {
      SimilarityOptions plain = SimilarityOptions.of(measure).withThreshold(-2);
      all.add(plain);
      all.add(plain.withShrinkage(7));
      all.add(plain.withSignificance(5).withMinOverlap(3));
      all.add(plain.withAlpha(0.2));
      if (measure.takesWeights()) {
        all.add(plain.withWeighting(Weighting.TF_IDF));
        all.add(plain.withWeighting(Weighting.BM25).withAlpha(0.2));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("allOptions")
  void find_ratings_agreesWithPlainLoops(SimilarityOptions options) {
    SparseMatrix ratings = randomRatings(31, 23, 0.4, 5);
    assertAgrees(ratings, options);
  }

  @ParameterizedTest
  @MethodSource("allOptions")
  void find_binaryData_agreesWithPlainLoops(SimilarityOptions options) {
    SparseMatrix ratings = randomRatings(25, 40, 0.3, 1);
    assertAgrees(ratings, options);
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void find_wideSparseMatrix_agreesWithPlainLoops(Measure measure) {
    // few columns a row and many rows: the pass lists what it touches
    SparseMatrix ratings = randomRatings(200, 150, 0.012, 5);
    assertAgrees(ratings, SimilarityOptions.of(measure).withThreshold(-2));
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void find_defaultThreshold_findsExactlyThePositivePairs(Measure measure) {
    SparseMatrix ratings = randomRatings(31, 23, 0.4, 5);
    SimilarityOptions options = SimilarityOptions.of(measure);
    ReferenceSimilarity reference = new ReferenceSimilarity(ratings, options, false);
    SimilarityIndex.Search search = SimilarityIndex.ofUsers(ratings, options, 1).search();
    for (int a = 0; a < ratings.rowCount(); a++) {
      search.find(a);
      double[] found = dense(search, ratings.rowCount());
      for (int b = 0; b < ratings.rowCount(); b++) {
        double expected = a == b ? Double.NaN : reference.similarity(a, b);
        if (expected > CLOSE) {
          assertThat(found[b]).as("%s %d %d", measure, a, b).isCloseTo(expected, within(CLOSE));
        } else if (!(expected > -CLOSE)) {
          assertThat(found[b]).as("%s %d %d", measure, a, b).isNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void find_realRatings_agreesWithPlainLoops(Measure measure) throws IOException {
    SparseMatrix ratings = ml100k();
    for (boolean items : new boolean[] {false, true}) {
      SimilarityOptions options = SimilarityOptions.of(measure).withThreshold(-2);
      SparseMatrix rows = items ? ratings.transpose() : ratings;
      ReferenceSimilarity reference = new ReferenceSimilarity(rows, options, items);
      SimilarityIndex index =
          items
              ? SimilarityIndex.ofItems(ratings, options, 2)
              : SimilarityIndex.ofUsers(ratings, options, 2);
      SimilarityIndex.Search search = index.search();
      for (int a = 0; a < rows.rowCount(); a += 197) {
        search.find(a);
        double[] found = dense(search, rows.rowCount());
        for (int b = 0; b < rows.rowCount(); b++) {
          double expected = a == b ? Double.NaN : reference.similarity(a, b);
          assertSame(found[b], expected, options, a, b);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void find_historyOfARow_findsWhatTheRowFinds(Measure measure) {
    SparseMatrix ratings = randomRatings(31, 23, 0.4, 5);
    SimilarityIndex index =
        SimilarityIndex.ofUsers(ratings, SimilarityOptions.of(measure).withThreshold(-2), 1);
    SimilarityIndex.Search search = index.search();
    for (int row = 0; row < ratings.rowCount(); row++) {
      search.find(row);
      double[] asRow = dense(search, ratings.rowCount());
      int[] items =
          Arrays.copyOfRange(ratings.columns(), ratings.starts()[row], ratings.starts()[row + 1]);
      float[] values =
          Arrays.copyOfRange(ratings.values(), ratings.starts()[row], ratings.starts()[row + 1]);
      search.find(new History(items, values, new long[items.length]), row);
      assertThat(dense(search, ratings.rowCount())).containsExactly(asRow);
    }
  }

  @Test
  void find_emptyHistory_findsNobody() {
    SimilarityIndex index =
        SimilarityIndex.ofUsers(
            randomRatings(5, 5, 0.8, 5), SimilarityOptions.of(Measure.PEARSON), 1);
    SimilarityIndex.Search search = index.search();
    search.find(History.empty(), -1);
    assertThat(search.found()).isZero();
  }

  @Test
  void find_knownExample_givesHandComputedValues() {
    // Ann (a 4, b 2, c 5), Ben (a 2, b 1, d 3)
    SparseMatrix ratings =
        new SparseMatrix(
            4, new int[] {0, 3, 6}, new int[] {0, 1, 2, 0, 1, 3}, new float[] {4, 2, 5, 2, 1, 3});
    assertThat(only(ratings, Measure.COSINE)).isCloseTo(10 / Math.sqrt(45.0 * 14), within(1e-6));
    assertThat(only(ratings, Measure.COSINE_CORATED)).isCloseTo(1, within(1e-6));
    assertThat(only(ratings, Measure.PEARSON)).isCloseTo(1, within(1e-6));
    assertThat(only(ratings, Measure.EUCLIDEAN))
        .isCloseTo(1 / (1 + Math.sqrt(4 + 1 + 25 + 9)), within(1e-6));
    assertThat(only(ratings, Measure.EUCLIDEAN_CORATED))
        .isCloseTo(1 / (1 + Math.sqrt(5)), within(1e-6));
    assertThat(only(ratings, Measure.EUCLIDEAN_EXP_CORATED))
        .isCloseTo(Math.exp(-Math.sqrt(5)), within(1e-6));
    assertThat(only(ratings, Measure.MSD)).isCloseTo(1 / (1 + 2.5), within(1e-6));
    assertThat(only(ratings, Measure.JACCARD)).isCloseTo(0.5, within(1e-6));
    assertThat(only(ratings, Measure.TANIMOTO)).isCloseTo(10.0 / 49, within(1e-6));
    assertThat(only(ratings, Measure.DICE)).isCloseTo(2.0 / 3, within(1e-6));
    assertThat(only(ratings, Measure.OVERLAP)).isCloseTo(2.0 / 3, within(1e-6));
    assertThat(only(ratings, Measure.SPEARMAN)).isCloseTo(1, within(1e-6));
  }

  @Test
  void find_ranksThatChangeAmongCoratedEntries_giveHandComputedSpearman() {
    // Ann (a 1, b 2, c 5, d 4), Ben (a 1, b 3, c 2, e 5)
    SparseMatrix ratings =
        new SparseMatrix(
            5,
            new int[] {0, 4, 8},
            new int[] {0, 1, 2, 3, 0, 1, 2, 4},
            new float[] {1, 2, 5, 4, 1, 3, 2, 5});
    // ranks in whole rows (1, 2, 4) and (1, 3, 2); among co-rated entries (1, 2, 3) and (1, 3, 2)
    assertThat(only(ratings, Measure.SPEARMAN)).isCloseTo(3 / Math.sqrt(84), within(1e-6));
    assertThat(only(ratings, Measure.SPEARMAN_CORATED)).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void find_constantRows_havePearsonZero() {
    SparseMatrix ratings =
        new SparseMatrix(
            3,
            new int[] {0, 3, 6},
            new int[] {0, 1, 2, 0, 1, 2},
            new float[] {3.3f, 3.3f, 3.3f, 1, 2, 3});
    SimilarityOptions options = SimilarityOptions.of(Measure.PEARSON).withThreshold(-2);
    SimilarityIndex.Search search = SimilarityIndex.ofUsers(ratings, options, 1).search();
    search.find(0);
    assertThat(search.similarities()[0]).isZero();
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void nearest_anyK_keepsTheFirstOfAFullSort(Measure measure) {
    SparseMatrix ratings = randomRatings(60, 40, 0.2, 5);
    SimilarityIndex index = SimilarityIndex.ofUsers(ratings, SimilarityOptions.of(measure), 1);
    Neighbors lists = index.nearest(7, 1, done -> {});
    SimilarityIndex.Search search = index.search();
    for (int row = 0; row < 60; row++) {
      search.find(row);
      List<Integer> order = new ArrayList<>();
      for (int f = 0; f < search.found(); f++) {
        order.add(f);
      }
      order.sort(
          (x, y) ->
              search.similarities()[x] != search.similarities()[y]
                  ? Float.compare(search.similarities()[y], search.similarities()[x])
                  : Integer.compare(search.candidates()[x], search.candidates()[y]));
      int[] expected = order.stream().limit(7).mapToInt(f -> search.candidates()[f]).toArray();
      assertThat(Arrays.copyOfRange(lists.indexes(), lists.starts()[row], lists.starts()[row + 1]))
          .containsExactly(expected);
    }
  }

  @Test
  void nearest_anyThreads_sameLists() {
    SparseMatrix ratings = randomRatings(300, 120, 0.1, 5);
    SimilarityIndex index =
        SimilarityIndex.ofItems(ratings, SimilarityOptions.of(Measure.PEARSON), 1);
    Neighbors one = index.nearest(20, 1, done -> {});
    Neighbors four = index.nearest(20, 4, done -> {});
    assertThat(four.starts()).containsExactly(one.starts());
    assertThat(four.indexes()).containsExactly(one.indexes());
    assertThat(four.similarities()).containsExactly(one.similarities());
  }

  @Test
  void nearest_kLargerThanRows_givesAllNeighbors() {
    SparseMatrix ratings = randomRatings(6, 5, 1, 5);
    Neighbors lists =
        SimilarityIndex.ofUsers(ratings, SimilarityOptions.of(Measure.COSINE), 2)
            .nearest(1_000_000_000, 2, done -> {});
    assertThat(lists.size(0)).isEqualTo(5);
  }

  @Test
  void nearest_oneRow_hasNoNeighbors() {
    SparseMatrix ratings = randomRatings(1, 5, 1, 5);
    Neighbors lists =
        SimilarityIndex.ofUsers(ratings, SimilarityOptions.of(Measure.COSINE), 2)
            .nearest(10, 2, done -> {});
    assertThat(lists.indexes()).isEmpty();
  }

  @Test
  void nearest_noNeighborsAsked_isRefused() {
    SimilarityIndex index =
        SimilarityIndex.ofUsers(randomRatings(3, 3, 1, 5), SimilarityOptions.of(Measure.COSINE), 1);
    assertThatThrownBy(() -> index.nearest(0, 1, done -> {}))
        .hasMessage("neighbors must be at least 1, got 0");
  }

  @Test
  void options_weightingThatWouldDoNothing_isRefused() {
    assertThatThrownBy(() -> SimilarityOptions.of(Measure.JACCARD).withWeighting(Weighting.BM25))
        .hasMessage(
            "weighting bm25 does not go with similarity jaccard, which does not look at values as they are");
  }

  private static double only(SparseMatrix ratings, Measure measure) {
    SimilarityIndex.Search search =
        SimilarityIndex.ofUsers(ratings, SimilarityOptions.of(measure), 1).search();
    search.find(0);
    assertThat(search.found()).isEqualTo(1);
    return search.similarities()[0];
  }

  private static void assertAgrees(SparseMatrix ratings, SimilarityOptions options) {
    for (boolean items : new boolean[] {false, true}) {
      SparseMatrix rows = items ? ratings.transpose() : ratings;
      ReferenceSimilarity reference = new ReferenceSimilarity(rows, options, items);
      SimilarityIndex index =
          items
              ? SimilarityIndex.ofItems(ratings, options, 2)
              : SimilarityIndex.ofUsers(ratings, options, 2);
      SimilarityIndex.Search search = index.search();
      for (int a = 0; a < rows.rowCount(); a++) {
        search.find(a);
        double[] found = dense(search, rows.rowCount());
        for (int b = 0; b < rows.rowCount(); b++) {
          assertSame(found[b], a == b ? Double.NaN : reference.similarity(a, b), options, a, b);
        }
      }
    }
  }

  private static void assertSame(
      double found, double expected, SimilarityOptions options, int a, int b) {
    boolean same =
        Double.isNaN(expected) ? Double.isNaN(found) : Math.abs(found - expected) <= CLOSE;
    if (!same) { // millions of pairs: words only where they are needed
      throw new AssertionError(
          options + ", rows " + a + " and " + b + ": found " + found + ", expected " + expected);
    }
  }

  private static double[] dense(SimilarityIndex.Search search, int rows) {
    double[] all = new double[rows];
    Arrays.fill(all, Double.NaN);
    for (int f = 0; f < search.found(); f++) {
      all[search.candidates()[f]] = search.similarities()[f];
    }
    return all;
  }

  static SparseMatrix randomRatings(int users, int items, double density, int levels) {
    Random random = new Random(7);
    int[] starts = new int[users + 1];
    int[] columns = new int[users * items];
    float[] values = new float[users * items];
    int size = 0;
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if (random.nextDouble() < density) {
          columns[size] = i;
          values[size++] = 1 + random.nextInt(levels);
        }
      }
      starts[u + 1] = size;
    }
    return new SparseMatrix(
        items, starts, Arrays.copyOf(columns, size), Arrays.copyOf(values, size));
  }

  private static SparseMatrix ml100k() throws IOException {
    String folder = System.getenv("KINDRED_DATA");
    Path file = Path.of(folder == null ? "../../shared/data" : folder, "ml-100k", "u.data");
    assumeTrue(
        Files.isReadable(file),
        "left out: " + file + " is not there (KINDRED_DATA names the folder of real data)");
    List<Interaction> all = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split("\t");
      all.add(new Interaction(fields[0], fields[1], Float.parseFloat(fields[2])));
    }
    return Dataset.of("ml-100k", all).interactions().matrix();
  }
}
