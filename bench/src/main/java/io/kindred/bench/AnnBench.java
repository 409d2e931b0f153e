package io.kindred.bench;

import io.kindred.CandidateIndex.Candidates;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.ann.AnnIndex;
import io.kindred.ann.AnnOptions;
import io.kindred.data.Dataset;
import io.kindred.factor.FactorModel;
import io.kindred.factor.ImplicitAls;
import io.kindred.ingest.Ingest;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.TopN;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How much of the true 100 best an index finds, in which time on one core, beside the exact search.
 *
 * <p>Arguments: the numbers of items (default 10000,100000,1000000), the threads that build
 * (default 2), the folder of ml-1m (default ../shared/data/ml-1m), and a file for the index of the
 * last number of items, which is kept, and not built again where it is there (default: none). Where
 * the file is there, nothing else is measured. The vectors are of 64 dimensions: real ones first
 * (ALS on ml-1m), then generated ones, around 300 centers that are not equally frequent, with
 * variances that fall over the dimensions and lengths that are log-normal; queries mix one to three
 * centers.
 */
public final class AnnBench {
  private static final int DIMENSIONS = 64;
  private static final int N = 100;
  private static final int QUERIES = 300;
  private static final int ROUNDS = 3;
  private static final int CENTERS = 300;
  private static final int[] WIDTHS = {100, 200, 400, 800};
  private static final BitSet NOTHING = new BitSet();

  private final int threads;
  private final Path folder;
  private final @Nullable Path kept;

  private AnnBench(int threads, Path folder, @Nullable Path kept) {
    this.threads = threads;
    this.folder = folder;
    this.kept = kept;
  }

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException {
    String sizes = args.length > 0 ? args[0] : "10000,100000,1000000";
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    Path data = Path.of(args.length > 2 ? args[2] : "../shared/data/ml-1m");
    Path kept = args.length > 3 ? Path.of(args[3]) : null;
    boolean built = kept != null && Files.exists(kept);
    Path folder = Files.createTempDirectory("kindred-ann-bench");
    try {
      AnnBench bench = new AnnBench(threads, folder, kept);
      say(
          "The %d best by inner product, %d dimensions, %d queries on one core; %d threads build; Java %s, %s",
          N,
          DIMENSIONS,
          QUERIES,
          threads,
          System.getProperty("java.version"),
          Kernels.arithmetic());
      int[] all = Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
      int last = all[all.length - 1];
      if (!built) {
        bench.real(data);
      }
      for (int items : built ? new int[] {last} : all) {
        bench.generated(items, items == last);
      }
    } finally {
      Files.deleteIfExists(folder.resolve("items.ann"));
      Files.deleteIfExists(folder);
    }
  }

  private void real(Path path) throws IOException {
    if (!Files.exists(path)) {
      say("No '%s': without the real vectors", path);
      return;
    }
    Dataset data = Ingest.read(path).dataset();
    FactorModel model =
        ImplicitAls.defaults()
            .withFactors(DIMENSIONS)
            .train(data, TrainingContext.defaults().withThreads(threads));
    float[][] queries = new float[QUERIES][];
    for (int q = 0; q < QUERIES; q++) {
      int user = (int) ((long) q * data.users().size() / QUERIES);
      queries[q] = model.queryVector(new Profile(user, data.interactions().history(user)));
    }
    compare("ALS on ml-1m", model.itemVectors(), DIMENSIONS, queries, false);
  }

  private void generated(int items, boolean last) throws IOException {
    World world = new World();
    float[] vectors = world.items(items);
    float[][] queries = world.queries(QUERIES);
    compare("generated", vectors, DIMENSIONS, queries, last);
    if (items == 100_000) {
      reduced(vectors, queries);
    }
  }

  /** The reduction to vectors of one length by one more dimension (Bachrach et al. 2014). */
  private void reduced(float[] vectors, float[][] queries) throws IOException {
    int items = vectors.length / DIMENSIONS;
    int wide = DIMENSIONS + 1;
    double[] squares = new double[items];
    for (int at = 0; at < vectors.length; at++) {
      squares[at / DIMENSIONS] += (double) vectors[at] * vectors[at];
    }
    double largest = Arrays.stream(squares).max().orElse(0);
    float[] extended = new float[items * wide];
    for (int item = 0; item < items; item++) {
      System.arraycopy(vectors, item * DIMENSIONS, extended, item * wide, DIMENSIONS);
      extended[item * wide + DIMENSIONS] = (float) Math.sqrt(largest - squares[item]);
    }
    float[][] wider = new float[queries.length][];
    for (int q = 0; q < queries.length; q++) {
      wider[q] = Arrays.copyOf(queries[q], wide);
    }
    compare("generated, reduced to one length", extended, wide, wider, false);
  }

  private void compare(
      String name, float[] vectors, int dimensions, float[][] queries, boolean more)
      throws IOException {
    int items = vectors.length / dimensions;
    say("");
    say("%s: %,d items", name, items);
    int[][] truth = exact(vectors, dimensions, queries);
    Path file = more && kept != null ? kept : folder.resolve("items.ann");
    long start = System.nanoTime();
    if (!file.equals(kept) || !Files.exists(file)) {
      AnnIndex.build(
          vectors,
          dimensions,
          AnnOptions.defaults().withThreads(threads),
          file,
          items < 200_000 ? ProgressListener.NONE : new Percent());
    }
    double build = (System.nanoTime() - start) / 1e9;
    start = System.nanoTime();
    try (AnnIndex index = AnnIndex.open(file)) {
      say(
          "%-28s %10.1f s, file %,.1f MB, opened in %.2f s",
          "index built in", build, Files.size(file) / 1e6, (System.nanoTime() - start) / 1e9);
      say("%-28s %10s %10s %10s", "", "recall@100", "median ms", "p99 ms");
      for (int width : WIDTHS) {
        search("index, width " + width, index, queries, truth, width, NOTHING);
      }
      if (more) {
        filtered(index, vectors, dimensions, queries, items);
        for (int n = 0; n < 10_000; n++) {
          int from = (int) ((long) n * items / 10_000) * dimensions;
          index.add(items + n, Arrays.copyOfRange(vectors, from, from + dimensions));
        }
        search("10,000 more items, width 200", index, queries, null, 200, NOTHING);
      }
    }
  }

  private void filtered(
      AnnIndex index, float[] vectors, int dimensions, float[][] queries, int items) {
    for (int percent : new int[] {25, 50, 60, 70, 75, 90, 99}) {
      SplittableRandom random = new SplittableRandom(percent);
      BitSet leftOut = new BitSet();
      for (int item = 0; item < items; item++) {
        leftOut.set(item, random.nextInt(100) < percent);
      }
      int[][] truth = new int[queries.length][];
      float[] row = new float[dimensions];
      for (int q = 0; q < queries.length; q += 10) { // every tenth: this is the slow way
        TopN best = new TopN(N);
        for (int item = leftOut.nextClearBit(0);
            item < items;
            item = leftOut.nextClearBit(item + 1)) {
          System.arraycopy(vectors, item * dimensions, row, 0, dimensions);
          best.offer(item, Kernels.dot(queries[q], row, dimensions));
        }
        int size = best.sort();
        truth[q] = Arrays.copyOf(best.items(), size);
      }
      for (int width : new int[] {200, 400}) {
        String name = "%d%% left out, width %d".formatted(percent, width);
        search(name, index, queries, truth, width, leftOut);
      }
    }
  }

  /** Scores all items as factor models do, from a copy by dimension, and selects. */
  private static int[][] exact(float[] vectors, int dimensions, float[][] queries) {
    int items = vectors.length / dimensions;
    float[][] columns = new float[dimensions][items];
    for (int item = 0; item < items; item++) {
      for (int k = 0; k < dimensions; k++) {
        columns[k][item] = vectors[item * dimensions + k];
      }
    }
    float[] scores = new float[items];
    TopN best = new TopN(N);
    int[][] truth = new int[queries.length][];
    double[] times = new double[queries.length];
    for (int round = 0; round < 2; round++) {
      for (int q = 0; q < queries.length; q++) {
        long start = System.nanoTime();
        Arrays.fill(scores, 0);
        for (int from = 0; from < items; from += 512) {
          Kernels.addColumns(scores, columns, queries[q], from, Math.min(items, from + 512));
        }
        int size = best.select(scores);
        times[q] = (System.nanoTime() - start) / 1e6;
        truth[q] = Arrays.copyOf(best.items(), size);
      }
      if (items > 200_000) {
        break; // long enough to be warm
      }
    }
    row("all scores, exact", 1, times);
    return truth;
  }

  private static void search(
      String name,
      AnnIndex index,
      float[][] queries,
      int @Nullable [][] truth,
      int width,
      BitSet leftOut) {
    double[] times = new double[queries.length];
    double hits = 0;
    double wanted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int q = 0; q < queries.length; q++) {
        long start = System.nanoTime();
        Candidates found = index.search(queries[q], N, width, leftOut);
        times[q] = (System.nanoTime() - start) / 1e6;
        if (round == 0 && truth != null && truth[q] != null) {
          wanted += truth[q].length;
          BitSet in = new BitSet();
          for (int item : truth[q]) {
            in.set(item);
          }
          for (int item : found.items()) {
            hits += in.get(item) ? 1 : 0;
          }
        }
      }
    }
    row(name, hits / wanted, times);
  }

  private static void row(String name, double recall, double[] times) {
    Arrays.sort(times);
    say(
        "%-28s %10s %10.3f %10.3f",
        name,
        Double.isNaN(recall) ? "-" : String.format(Locale.ROOT, "%.4f", recall),
        times[times.length / 2],
        times[(int) (times.length * 0.99)]);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /** Tells every tenth part. */
  private static final class Percent implements ProgressListener {
    private final long start = System.nanoTime();
    private long next = 10;

    @Override
    public void onProgress(String stage, long done, long total, String note) {
      if (done * 100 >= next * total) {
        System.err.printf(
            Locale.ROOT, "  %d%% after %.0f s%n", next, (System.nanoTime() - start) / 1e9);
        next = done * 100 / total / 10 * 10 + 10;
      }
    }
  }

  /** Generated vectors. */
  private static final class World {
    private final Random random = new Random(1);
    private final double[] spread = new double[DIMENSIONS];
    private final float[][] centers = new float[CENTERS][DIMENSIONS];

    World() {
      for (int k = 0; k < DIMENSIONS; k++) {
        spread[k] = 1 / Math.sqrt(k + 1);
      }
      for (float[] center : centers) {
        for (int k = 0; k < DIMENSIONS; k++) {
          center[k] = (float) (spread[k] * random.nextGaussian());
        }
      }
    }

    private float[] center() {
      return centers[(int) (CENTERS * Math.pow(random.nextDouble(), 1.5))];
    }

    float[] items(int items) {
      float[] vectors = new float[items * DIMENSIONS];
      for (int item = 0; item < items; item++) {
        float[] center = center();
        double square = 0;
        int at = item * DIMENSIONS;
        for (int k = 0; k < DIMENSIONS; k++) {
          vectors[at + k] = (float) (center[k] + 0.7 * spread[k] * random.nextGaussian());
          square += vectors[at + k] * vectors[at + k];
        }
        double length = Math.exp(0.6 * random.nextGaussian()) / Math.sqrt(square);
        for (int k = 0; k < DIMENSIONS; k++) {
          vectors[at + k] *= (float) length;
        }
      }
      return vectors;
    }

    float[][] queries(int count) {
      float[][] queries = new float[count][DIMENSIONS];
      for (float[] query : queries) {
        int mixed = 1 + random.nextInt(3);
        for (int n = 0; n < mixed; n++) {
          float[] center = center();
          float weight = random.nextFloat() + 0.3f;
          for (int k = 0; k < DIMENSIONS; k++) {
            query[k] += weight * center[k];
          }
        }
        for (int k = 0; k < DIMENSIONS; k++) {
          query[k] += (float) (0.5 * spread[k] * random.nextGaussian());
        }
      }
      return queries;
    }
  }
}
