package io.kindred.ann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.CandidateIndex.Candidates;
import io.kindred.KindredException;
import io.kindred.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnIndexTest {
  private static final int ITEMS = 6_000;
  private static final int DIMENSIONS = 24;
  private static final int N = 100;
  private static final BitSet NOTHING = new BitSet();
  private static final Catalogue CATALOGUE = Catalogue.of(ITEMS, DIMENSIONS, 1);

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void build() {
    build(CATALOGUE, file(), 2);
  }

  private static Path file() {
    return shared.resolve("items.ann");
  }

  private static void build(Catalogue catalogue, Path file, int threads) {
    AnnIndex.build(
        catalogue.vectors(),
        catalogue.dimensions(),
        AnnOptions.defaults().withThreads(threads),
        file,
        ProgressListener.NONE);
  }

  private static double meanRecall(AnnIndex index, Catalogue catalogue, BitSet leftOut) {
    Random random = new Random(3);
    double sum = 0;
    for (int q = 0; q < 50; q++) {
      float[] query = Catalogue.query(catalogue.dimensions(), random);
      Candidates found = index.search(query, N, leftOut);
      sum += Catalogue.recall(found.items(), catalogue.best(query, N, leftOut));
    }
    return sum / 50;
  }

  @Test
  void search_thousandsOfItems_findsNearlyAllOfTheTrueBest() {
    try (AnnIndex index = AnnIndex.open(file(), CATALOGUE)) {
      assertThat(meanRecall(index, CATALOGUE, NOTHING)).isGreaterThan(0.97);
      assertThat(index.size()).isEqualTo(ITEMS);
    }
  }

  @Test
  void search_scores_areInnerProductsInOrder() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(5));
      Candidates found = index.search(query, N, NOTHING);
      assertThat(found.size()).isEqualTo(N);
      float[] again = index.scores(query, found.items());
      for (int rank = 0; rank < N; rank++) {
        assertThat((double) found.scores()[rank])
            .isCloseTo(CATALOGUE.score(query, found.items()[rank]), within(1e-4));
        assertThat(again[rank]).isEqualTo(found.scores()[rank]);
        assertThat(rank == 0 || found.scores()[rank - 1] >= found.scores()[rank]).isTrue();
      }
    }
  }

  @Test
  void search_largerWidth_findsNoLess() {
    try (AnnIndex index = AnnIndex.open(file())) {
      Random random = new Random(11);
      double narrow = 0;
      double wide = 0;
      for (int q = 0; q < 30; q++) {
        float[] query = Catalogue.query(DIMENSIONS, random);
        int[] truth = CATALOGUE.best(query, 20, NOTHING);
        narrow += Catalogue.recall(index.search(query, 20, 20, NOTHING).items(), truth);
        wide += Catalogue.recall(index.search(query, 20, 400, NOTHING).items(), truth);
      }
      assertThat(wide / 30).isGreaterThan(0.98).isGreaterThanOrEqualTo(narrow / 30);
      assertThat(narrow / 30).isLessThan(1); // else the walk is none
    }
  }

  @Test
  void search_filtersOfEverySize_findsTheBestOfWhatIsLeft() {
    try (AnnIndex index = AnnIndex.open(file())) {
      for (double share : new double[] {0.01, 0.3, 0.6, 0.97}) {
        BitSet leftOut = new BitSet();
        Random random = new Random(13);
        for (int item = 0; item < ITEMS; item++) {
          leftOut.set(item, random.nextDouble() < share);
        }
        assertThat(meanRecall(index, CATALOGUE, leftOut)).as("share %s", share).isGreaterThan(0.97);
        int[] found = index.search(Catalogue.query(DIMENSIONS, random), N, leftOut).items();
        assertThat(found).hasSize(N);
        assertThat(Arrays.stream(found)).noneMatch(leftOut::get);
      }
    }
  }

  /**
   * A walk misses some of what strict filters leave, however wide it is; a look at each does not.
   */
  @Test
  void search_aFilterThatLeavesAQuarterOrLess_isExact() {
    try (AnnIndex index = AnnIndex.open(file())) {
      for (int left : new int[] {ITEMS / 4, ITEMS / 10, 3}) {
        BitSet leftOut = new BitSet();
        leftOut.set(0, ITEMS);
        Random random = new Random(left);
        while (ITEMS - leftOut.cardinality() < left) {
          leftOut.clear(random.nextInt(ITEMS));
        }
        for (int q = 0; q < 50; q++) {
          float[] query = Catalogue.query(DIMENSIONS, random);
          int[] found = index.search(query, 5, 5, leftOut).items();
          assertThat(Catalogue.recall(found, CATALOGUE.best(query, 5, leftOut)))
              .as("%d left", left)
              .isEqualTo(1);
        }
      }
    }
  }

  @Test
  void search_theBestLeftOut_findsTheNext() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(17));
      BitSet seen = new BitSet();
      for (int item : CATALOGUE.best(query, N, NOTHING)) {
        seen.set(item);
      }
      int[] found = index.search(query, N, seen).items();
      assertThat(Catalogue.recall(found, CATALOGUE.best(query, N, seen))).isGreaterThan(0.9);
    }
  }

  @Test
  void search_onlyAFewAllowed_findsThemAll() {
    try (AnnIndex index = AnnIndex.open(file())) {
      BitSet leftOut = new BitSet();
      leftOut.set(0, ITEMS);
      leftOut.clear(17);
      leftOut.clear(5_999);
      float[] query = Catalogue.query(DIMENSIONS, new Random(19));
      assertThat(index.search(query, N, leftOut).items()).containsExactlyInAnyOrder(17, 5_999);
      leftOut.set(0, ITEMS);
      assertThat(index.search(query, N, leftOut).size()).isZero();
    }
  }

  @Test
  void search_moreThanThereAre_findsAll() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(23));
      int[] found = index.search(query, ITEMS + 1_000, NOTHING).items();
      assertThat(found).containsExactly(CATALOGUE.best(query, ITEMS, NOTHING));
    }
  }

  @Test
  void search_queriesWithoutSense_findNothingOrAreRefused() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] unknown = new float[DIMENSIONS];
      Arrays.fill(unknown, Float.NaN);
      assertThat(index.search(unknown, N, NOTHING).size()).isZero();
      assertThat(index.search(new float[DIMENSIONS], 3, NOTHING).items()).containsExactly(0, 1, 2);
      assertThat(index.search(new float[DIMENSIONS], 0, NOTHING).size()).isZero();
      assertThatThrownBy(() -> index.search(new float[3], N, NOTHING))
          .hasMessage("the query must have 24 elements, got 3");
      assertThatThrownBy(() -> index.search(new float[DIMENSIONS], -1, NOTHING))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> index.search(new float[DIMENSIONS], 5, 4, NOTHING))
          .hasMessage("n must be at least 0 and width at least n, got 5 and 4");
    }
  }

  @Test
  void search_closed_isRefused() {
    AnnIndex index = AnnIndex.open(file());
    index.close();
    assertThatThrownBy(() -> index.search(new float[DIMENSIONS], N, NOTHING))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void search_manyThreads_answersAsOneDoes() throws Exception {
    try (AnnIndex index = AnnIndex.open(file())) {
      List<float[]> queries = new ArrayList<>();
      List<int[]> alone = new ArrayList<>();
      Random random = new Random(29);
      for (int q = 0; q < 200; q++) {
        queries.add(Catalogue.query(DIMENSIONS, random));
        alone.add(index.search(queries.get(q), 20, NOTHING).items());
      }
      ExecutorService threads = Executors.newFixedThreadPool(6);
      try {
        List<Future<int[]>> together = new ArrayList<>();
        for (float[] query : queries) {
          together.add(threads.submit(() -> index.search(query, 20, NOTHING).items()));
        }
        for (int q = 0; q < queries.size(); q++) {
          assertThat(together.get(q).get()).isEqualTo(alone.get(q));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void search_whileItemsComeAndGo_staysWhole() throws Exception {
    try (AnnIndex index = AnnIndex.open(file())) {
      ExecutorService threads = Executors.newFixedThreadPool(3);
      try {
        List<Future<?>> searches = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
          long seed = t;
          searches.add(
              threads.submit(
                  () -> {
                    Random random = new Random(seed);
                    for (int q = 0; q < 300; q++) {
                      float[] query = Catalogue.query(DIMENSIONS, random);
                      Candidates found = index.search(query, 20, NOTHING);
                      assertThat(found.items()).hasSize(20).doesNotHaveDuplicates();
                    }
                  }));
        }
        for (int item = 0; item < 500; item++) {
          index.add(ITEMS + item, CATALOGUE.vector(item));
          index.remove(item);
          index.add(item + 1_000, CATALOGUE.vector(item));
        }
        for (Future<?> search : searches) {
          search.get();
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(index.size()).isEqualTo(ITEMS);
    }
  }

  @Test
  void add_newItem_isFoundAtOnce() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(31));
      float[] best = query.clone();
      for (int k = 0; k < best.length; k++) {
        best[k] *= 100;
      }
      index.add(ITEMS + 7, best);
      assertThat(index.search(query, 3, NOTHING).items()[0]).isEqualTo(ITEMS + 7);
      assertThat(index.size()).isEqualTo(ITEMS + 1);
      assertThat(index.scores(query, new int[] {ITEMS + 7, ITEMS + 8})[0]).isPositive();
      assertThat(index.scores(query, new int[] {ITEMS + 7, ITEMS + 8})[1]).isNaN();
      BitSet seen = new BitSet();
      seen.set(ITEMS + 7);
      assertThat(index.search(query, 3, seen).items()).doesNotContain(ITEMS + 7);
    }
  }

  @Test
  void add_knownItem_replacesItsVector() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(37));
      int best = index.search(query, 1, NOTHING).items()[0];
      float[] away = new float[DIMENSIONS];
      for (int k = 0; k < DIMENSIONS; k++) {
        away[k] = -query[k];
      }
      index.add(best, away);
      assertThat(index.search(query, N, NOTHING).items()).doesNotContain(best);
      index.add(best, CATALOGUE.vector(best));
      assertThat(index.search(query, N, NOTHING).items()).startsWith(best);
      assertThat(index.size()).isEqualTo(ITEMS);
    }
  }

  @Test
  void add_wrongVectors_isRefused() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] broken = CATALOGUE.vector(0);
      broken[3] = Float.POSITIVE_INFINITY;
      assertThatThrownBy(() -> index.add(1, broken))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("that of item 1 has Infinity");
      assertThatThrownBy(() -> index.add(-1, CATALOGUE.vector(0)))
          .hasMessage("item must be at least 0, got -1");
      assertThatThrownBy(() -> index.add(1, new float[DIMENSIONS]))
          .hasMessageContaining("zeros alone");
      assertThatThrownBy(() -> index.add(1, new float[2])).hasMessageContaining("24 elements");
      assertThat(index.size()).isEqualTo(ITEMS);
    }
  }

  @Test
  void remove_item_isNotFoundAnyMore() {
    try (AnnIndex index = AnnIndex.open(file())) {
      float[] query = Catalogue.query(DIMENSIONS, new Random(41));
      int best = index.search(query, 1, NOTHING).items()[0];
      assertThat(index.remove(best)).isTrue();
      assertThat(index.remove(best)).isFalse();
      assertThat(index.remove(-5)).isFalse();
      assertThat(index.search(query, N, NOTHING).items()).hasSize(N).doesNotContain(best);
      assertThat(index.scores(query, new int[] {best})[0]).isNaN();
    }
  }

  @Test
  void save_withChanges_findsWhatARebuildWould() {
    Catalogue more = Catalogue.of(ITEMS + 600, DIMENSIONS, 2);
    float[] vectors = more.vectors().clone();
    System.arraycopy(CATALOGUE.vectors(), 0, vectors, 0, CATALOGUE.vectors().length);
    Path saved = folder.resolve("saved.ann");
    try (AnnIndex index = AnnIndex.open(file())) {
      for (int item = ITEMS; item < ITEMS + 600; item++) {
        index.add(item, more.vector(item));
      }
      for (int item = 0; item < ITEMS; item += 10) {
        index.remove(item);
        Arrays.fill(vectors, item * DIMENSIONS, (item + 1) * DIMENSIONS, 0);
      }
      List<Long> inserted = new ArrayList<>();
      index.save(saved, 2, (stage, done, total, note) -> inserted.add(total));
      assertThat(inserted).containsOnly(600L); // the others were taken over
    }
    Catalogue changed = new Catalogue(vectors, DIMENSIONS);
    BitSet gone = new BitSet();
    for (int item = 0; item < ITEMS; item += 10) {
      gone.set(item);
    }
    try (AnnIndex index = AnnIndex.open(saved, changed)) {
      assertThat(index.size()).isEqualTo(ITEMS);
      double recall = 0;
      Random random = new Random(3);
      for (int q = 0; q < 50; q++) {
        float[] query = Catalogue.query(DIMENSIONS, random);
        int[] found = index.search(query, N, NOTHING).items();
        assertThat(Arrays.stream(found)).noneMatch(gone::get);
        recall += Catalogue.recall(found, changed.best(query, N, gone));
      }
      assertThat(recall / 50).isGreaterThan(0.97);
    }
  }

  @Test
  void save_overItsOwnFile_leavesTheOpenIndexAsItIs() throws IOException {
    Path own = folder.resolve("own.ann");
    Files.copy(file(), own);
    float[] query = Catalogue.query(DIMENSIONS, new Random(43));
    try (AnnIndex index = AnnIndex.open(own)) {
      int[] before = index.search(query, N, NOTHING).items();
      index.remove(before[0]);
      index.save(own, 1, ProgressListener.NONE);
      assertThat(index.search(query, N - 1, NOTHING).items())
          .isEqualTo(Arrays.copyOfRange(before, 1, N));
    }
    try (AnnIndex index = AnnIndex.open(own)) {
      assertThat(index.size()).isEqualTo(ITEMS - 1);
    }
  }

  @Test
  void save_nothingLeft_isRefused() {
    Path small = folder.resolve("small.ann");
    build(Catalogue.of(3, 4, 1), small, 1);
    try (AnnIndex index = AnnIndex.open(small)) {
      for (int item = 0; item < 3; item++) {
        index.remove(item);
      }
      assertThat(index.search(new float[] {1, 2, 3, 4}, 2, NOTHING).size()).isZero();
      assertThatThrownBy(() -> index.save(small, 1, ProgressListener.NONE))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("no item is left");
    }
  }

  @Test
  void build_oneThread_writesTheSameBytesEachTime() throws IOException {
    Catalogue catalogue = Catalogue.of(1_500, 8, 4);
    build(catalogue, folder.resolve("first"), 1);
    build(catalogue, folder.resolve("second"), 1);
    assertThat(folder.resolve("first")).hasSameBinaryContentAs(folder.resolve("second"));
  }

  @Test
  void build_itemsWithoutVectors_areNotFound() {
    Catalogue catalogue = Catalogue.of(500, 8, 5);
    for (int item = 0; item < 500; item += 2) {
      Arrays.fill(catalogue.vectors(), item * 8, item * 8 + 8, 0);
    }
    Path file = folder.resolve("half");
    build(catalogue, file, 1);
    try (AnnIndex index = AnnIndex.open(file, catalogue)) {
      int[] found = index.search(Catalogue.query(8, new Random(1)), 500, NOTHING).items();
      assertThat(found).hasSize(250);
      assertThat(Arrays.stream(found)).allMatch(item -> item % 2 == 1);
    }
  }

  @Test
  void build_oneItem_isFound() {
    Path file = folder.resolve("one");
    build(new Catalogue(new float[] {-1, -2}, 2), file, 2);
    try (AnnIndex index = AnnIndex.open(file)) {
      Candidates found = index.search(new float[] {1, 1}, 5, NOTHING);
      assertThat(found.items()).containsExactly(0);
      assertThat(found.scores()).containsExactly(-3f);
    }
  }

  @Test
  void build_oneVectorFarLongerThanAll_stillFindsTheOthers() {
    Catalogue catalogue = Catalogue.of(4_000, DIMENSIONS, 6);
    for (int k = 0; k < DIMENSIONS; k++) {
      catalogue.vectors()[k] *= 1e5f;
    }
    Path file = folder.resolve("outlier");
    build(catalogue, file, 2);
    BitSet without = new BitSet();
    without.set(0);
    try (AnnIndex index = AnnIndex.open(file)) {
      assertThat(meanRecall(index, catalogue, without)).isGreaterThan(0.9);
    }
  }

  @Test
  void build_allVectorsTheSame_findsAsManyAsAsked() {
    float[] vectors = new float[2_000 * 4];
    Arrays.fill(vectors, 0.5f);
    Path file = folder.resolve("same");
    build(new Catalogue(vectors, 4), file, 2);
    try (AnnIndex index = AnnIndex.open(file)) {
      assertThat(index.search(new float[] {1, 1, 1, 1}, 50, NOTHING).items())
          .hasSize(50)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void build_vectorsWithoutSense_areRefusedWithAReason() {
    Path file = folder.resolve("none");
    AnnOptions options = AnnOptions.defaults();
    ProgressListener quiet = ProgressListener.NONE;
    assertThatThrownBy(() -> AnnIndex.build(new float[8], 4, options, file, quiet))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no item has a vector");
    assertThatThrownBy(
            () -> AnnIndex.build(new float[] {1, 1, 1, Float.NaN}, 2, options, file, quiet))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("that of item 1 has NaN");
    assertThatThrownBy(() -> AnnIndex.build(new float[] {1e30f, 1}, 2, options, file, quiet))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("an index takes lengths from");
    assertThatThrownBy(() -> AnnIndex.build(new float[] {1, 1, 1}, 2, options, file, quiet))
        .hasMessageContaining("divide the 3 elements of the vectors, got 2");
    assertThat(file).doesNotExist();
  }

  @Test
  void options_outOfRange_areRefused() {
    AnnOptions options = AnnOptions.defaults();
    assertThatThrownBy(() -> options.withNeighbors(1))
        .hasMessage("neighbors must be from 2 to 512, got 1");
    assertThatThrownBy(() -> options.withBeamWidth(31))
        .hasMessage("beamWidth must be from neighbors (32) to 10000, got 31");
    assertThatThrownBy(() -> options.withThreads(0))
        .hasMessage("threads must be at least 1, got 0");
  }
}
