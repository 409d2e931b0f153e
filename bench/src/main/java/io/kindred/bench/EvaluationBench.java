package io.kindred.bench;

import io.kindred.Model;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.eval.Evaluation;
import io.kindred.eval.EvaluationReport;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.ingest.Ingest;
import io.kindred.knn.ItemKnn;
import io.kindred.metric.Metric;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The time to evaluate item neighborhoods: lists for all people over the whole catalogue, eight
 * metrics at three cut-offs, and the 1,000 bootstrap draws of each figure.
 *
 * <p>Arguments: the folder of the data (default ../shared/data/ml-1m) and the number of threads
 * (default 2).
 */
public final class EvaluationBench {
  private static final int ROUNDS = 15;
  private static final String METRICS =
      "ndcg@5,10,20 recall@5,10,20 precision@5,10,20 hr@5,10,20 mrr@5,10,20 map@5,10,20"
          + " novelty@5,10,20 diversity@5,10,20";

  private EvaluationBench() {}

  /** Runs the bench and prints a table. */
  public static void main(String[] args) {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    Dataset data = Ingest.read(folder).dataset();
    say(
        "%s: %s, %d threads, Java %s",
        data.name(), data.interactions(), threads, System.getProperty("java.version"));
    say("%-26s %12s %12s %12s %12s", "", "lists cold", "lists warm", "draws cold", "draws warm");
    for (String spec : List.of("leave-one-out", "ratio(0.8,0.2,random)")) {
      Split split = Splitter.parse(spec).splits(data, 42).get(0);
      Model model =
          ItemKnn.defaults().train(split.train(), TrainingContext.defaults().withThreads(threads));
      Evaluator evaluator = new Evaluator(Protocol.of(Metric.parseAll(METRICS)), threads);
      double[] lists = new double[ROUNDS];
      double[] draws = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        Evaluation evaluation =
            evaluator.evaluate(model, split.train(), split.test(), ProgressListener.NONE);
        lists[round] = seconds(start);
        start = System.nanoTime();
        report(data, split, evaluation, threads);
        draws[round] = seconds(start);
      }
      say(
          "%-26s %11.3fs %11.3fs %11.3fs %11.3fs",
          spec, lists[0], median(lists), draws[0], median(draws));
    }
  }

  private static void report(Dataset data, Split split, Evaluation evaluation, int threads) {
    EvaluationReport.Setup setup =
        new EvaluationReport.Setup(
            data.name(),
            data.fingerprint(),
            data.users().size(),
            data.items().size(),
            split.train().interactions().size(),
            List.of(split.name()),
            "test",
            "all",
            42,
            threads,
            0,
            false);
    EvaluationReport.Cost cost = new EvaluationReport.Cost(0, evaluation.seconds(), 0);
    EvaluationReport.of(
        setup,
        List.of(
            new EvaluationReport.Measured(
                "item-knn", "item-knn", Map.of(), List.of(evaluation), cost)));
  }

  private static double median(double[] rounds) {
    double[] warm = Arrays.copyOfRange(rounds, rounds.length / 3, rounds.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  @SuppressWarnings("SystemOut")
  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
