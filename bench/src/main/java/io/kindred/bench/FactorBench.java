package io.kindred.bench;

import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Scorer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.factor.FactorModel;
import io.kindred.factor.ImplicitAls;
import io.kindred.ingest.Ingest;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.TopN;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Seconds of an epoch of implicit ALS, and of the best 20 items for all users.
 *
 * <p>Arguments: the folder of the data (default ../shared/data/ml-1m), the number of threads
 * (default 2) and the number of epochs (default 30). An epoch solves for all users and all items;
 * its time is the median of the second half of the epochs, when the code is compiled. With {@code
 * KINDRED_JAVA_OPTS="--add-modules jdk.incubator.vector"} the loops of kindred-vector run.
 */
public final class FactorBench {
  private static final int N = 20;
  private static final int ROUNDS = 15;
  private static final int BATCH = 64;

  private final Dataset data;
  private final int threads;
  private final int epochs;

  private FactorBench(Dataset data, int threads, int epochs) {
    this.data = data;
    this.threads = threads;
    this.epochs = epochs;
  }

  /** Runs the bench and prints a table. */
  public static void main(String[] args) {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 30;
    new FactorBench(Ingest.read(folder).dataset(), threads, epochs).run();
  }

  private void run() {
    Interactions interactions = data.interactions();
    say(
        "%s: %,d x %,d, %,d interactions; %d threads, Java %s, %s",
        data.name(),
        interactions.userCount(),
        interactions.itemCount(),
        interactions.size(),
        threads,
        System.getProperty("java.version"),
        Kernels.arithmetic());
    say("%-28s %12s %12s %12s", "", "epoch s", "best epoch s", "all s");
    FactorModel model = als(64, ImplicitAls.Solver.CG);
    als(128, ImplicitAls.Solver.CG);
    als(64, ImplicitAls.Solver.CHOLESKY);
    als(128, ImplicitAls.Solver.CHOLESKY);
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      recommendAll(model);
      rounds[round] = (System.nanoTime() - start) / 1e9;
    }
    say(
        "%-28s %12.3f %12.3f",
        "top " + N + " for all users, d 64", median(rounds), Arrays.stream(rounds).min().orElse(0));
  }

  private FactorModel als(int factors, ImplicitAls.Solver solver) {
    ImplicitAls trainer =
        ImplicitAls.defaults().withFactors(factors).withEpochs(epochs).withSolver(solver);
    long[] ends = new long[epochs];
    ProgressListener clock = (stage, done, total, note) -> ends[(int) done - 1] = System.nanoTime();
    long start = System.nanoTime();
    FactorModel model = trainer.train(data, new TrainingContext(42, threads, clock));
    double all = (System.nanoTime() - start) / 1e9;
    double[] seconds = new double[epochs - 1];
    for (int epoch = 1; epoch < epochs; epoch++) {
      seconds[epoch - 1] = (ends[epoch] - ends[epoch - 1]) / 1e9;
    }
    say(
        "%-28s %12.3f %12.3f %12.3f",
        "als " + solver.name().toLowerCase(Locale.ROOT) + ", d " + factors,
        median(seconds),
        Arrays.stream(seconds).min().orElse(0),
        all);
    return model;
  }

  /** The lists of all users, with what they did left out. */
  private int[][] recommendAll(FactorModel model) {
    Interactions interactions = data.interactions();
    int items = interactions.itemCount();
    int[][] lists = new int[interactions.userCount()][];
    Parallel.forBlocks(
        threads,
        lists.length,
        BATCH,
        () -> {
          Scorer scorer = model.scorer();
          float[] scores = new float[BATCH * items];
          TopN best = new TopN(N);
          return (from, to) -> {
            List<Profile> profiles = new ArrayList<>(to - from);
            for (int user = from; user < to; user++) {
              profiles.add(new Profile(user, interactions.history(user)));
            }
            scorer.score(profiles, scores);
            for (int user = from; user < to; user++) {
              int[] seen = profiles.get(user - from).history().items().clone();
              Arrays.sort(seen);
              best.exclude(seen);
              int found = best.select(scores, (user - from) * items, items);
              lists[user] = Arrays.copyOf(best.items(), found);
            }
          };
        });
    return lists;
  }

  private static double median(double[] rounds) {
    double[] warm = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  @SuppressWarnings("SystemOut")
  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
