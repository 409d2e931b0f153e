package io.kindred.bench;

import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.ingest.Ingest;
import io.kindred.neural.sequence.Gru4Rec;
import io.kindred.neural.sequence.SasRec;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.registry.Algorithms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Training steps of networks against the same networks in Debian's python3-torch, on the same two
 * threads, one after the other in one run: GRU4Rec (batch 256, length 50, cross-entropy of the last
 * place), SASRec (batch 128, length 50, cross-entropy, and binary cross-entropy with one negative),
 * Caser (510 windows of five items, cross-entropy), 10,000 items, 64 dimensions. Then an epoch of
 * ml-1m against a plain padded loop in Python, and the time of a single request.
 *
 * <p>Arguments: the folder of ml-1m (default ../shared/data/ml-1m) and the number of threads
 * (default 2). Without python3-torch, only our own times are printed. How fast Python is depends on
 * the BLAS that Debian has beside it: fastest of those tried is libopenblas0-openmp, which shares
 * its threads with PyTorch (libopenblas0-pthread: 1.2 to 5 times slower; libblas3: 11 times).
 */
public final class NeuralBench {
  private static final int ITEMS = 10_000;
  private static final int STEPS = 30;
  private static final int WARMUP = 6;
  private static final String PYTHON = "/usr/bin/python3";

  private NeuralBench() {}

  /** Runs the bench and prints tables. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    say("%d threads, Java %s", threads, System.getProperty("java.version"));
    say("%-34s %10s %10s %8s", "median step, ms", "Kindred", "Python", "ratio");
    compare(
        "gru4rec",
        "gru4rec",
        256,
        50,
        Parameters.none().with("targets", "last").with("batchSize", 256),
        threads);
    compare("sasrec, cross-entropy", "sasrec", 128, 50, Parameters.none(), threads);
    compare(
        "sasrec, binary cross-entropy",
        "sasrec-bce",
        128,
        50,
        Parameters.none()
            .with("loss", "binary-cross-entropy")
            .with("negatives", 1)
            .with("sharedNegatives", false),
        threads);
    // Every place is a window of five and an example: 102 rows of five are Python's batch of 510.
    compare(
        "caser",
        "caser",
        102,
        5,
        Parameters.none().with("window", 5).with("batchSize", 102),
        threads);
    epoch(folder, threads);
    request();
    calls();
  }

  private static void compare(
      String name, String model, int batch, int length, Parameters parameters, int threads)
      throws IOException, InterruptedException {
    Parameters all = parameters.with("epochs", 1).with("patience", 0).with("maxLength", length);
    Trainer<?> trainer = Algorithms.all().trainer(model.replaceAll("-bce", ""), all);
    double ours = median(ourSteps(trainer, batch, length, threads));
    List<Double> printed = python(model, threads, String.valueOf(STEPS));
    double theirs = printed.isEmpty() ? Double.NaN : median(printed);
    say("%-34s %10.1f %10.1f %8.2f", name, ours, theirs, ours / theirs);
  }

  /** Milliseconds of each step on random full windows, one epoch of as many steps as asked for. */
  private static List<Double> ourSteps(Trainer<?> trainer, int batch, int length, int threads) {
    Random random = new Random(7);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < batch * STEPS; user++) {
      for (int p = 0; p <= length; p++) {
        columns.add(user, random.nextInt(ITEMS), 1f);
      }
    }
    Dataset data =
        Dataset.of(
            "random windows (generated)",
            ids("u", batch * STEPS),
            ids("i", ITEMS),
            columns.build(batch * STEPS, ITEMS));
    List<Double> millis = new ArrayList<>();
    long[] last = {0};
    trainer.train(
        data,
        new TrainingContext(
            1,
            threads,
            (stage, done, total, note) -> {
              long now = System.nanoTime();
              if (last[0] > 0) {
                millis.add((now - last[0]) / 1e6);
              }
              last[0] = now;
            }));
    return millis;
  }

  private static Vocabulary ids(String prefix, int count) {
    return Vocabulary.of(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
  }

  private static double median(List<Double> millis) {
    double[] kept = millis.stream().skip(WARMUP).mapToDouble(x -> x).sorted().toArray();
    return kept[kept.length / 2];
  }

  /** An epoch of SasRec with binary cross-entropy over all of ml-1m. */
  private static void epoch(Path folder, int threads) throws IOException, InterruptedException {
    Dataset data = Ingest.read(folder).dataset();
    Parameters parameters =
        Parameters.none()
            .with("maxLength", 200)
            .with("loss", "binary-cross-entropy")
            .with("negatives", 1)
            .with("sharedNegatives", false)
            .with("epochs", 2)
            .with("patience", 0);
    Model model =
        SasRec.of(parameters).train(data, TrainingContext.defaults().withThreads(threads));
    double ours = ((io.kindred.Learning) model).epochs().get(1).seconds();
    long targets = (long) data.interactions().size() - data.users().size();
    Path sequences = Files.createTempFile("sequences", ".txt");
    try {
      List<String> lines = new ArrayList<>();
      for (int user = 0; user < data.users().size(); user++) {
        StringBuilder line = new StringBuilder("u" + user);
        for (int item : data.interactions().history(user).items()) {
          line.append(" i").append(item);
        }
        lines.add(line.toString());
      }
      Files.write(sequences, lines);
      List<Double> printed = python("epoch", threads, sequences.toString());
      double theirs = printed.isEmpty() ? Double.NaN : printed.get(0) / 1e3;
      long theirTargets = 0;
      for (int user = 0; user < data.users().size(); user++) {
        theirTargets += Math.min(200, data.interactions().userSize(user) - 1);
      }
      say("");
      say("epoch of ml-1m, SasRec, windows of 200, binary cross-entropy");
      say(
          "  Kindred %.1f s for %,d targets; Python %.1f s for %,d",
          ours, targets, theirs, theirTargets);
      say(
          "  ratio of the epochs %.2f; of the time a target %.2f",
          ours / theirs, ours / targets / (theirs / theirTargets));
    } finally {
      Files.delete(sequences);
    }
  }

  /** One next-item request: a history of 50, 100,000 items, 64 dimensions, one core. */
  private static void request() {
    int items = 100_000;
    Random random = new Random(3);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 64; user++) {
      for (int p = 0; p < 51; p++) {
        columns.add(user, random.nextInt(items), 1f);
      }
    }
    Dataset data =
        Dataset.of(
            "a large catalogue (generated)",
            ids("u", 64),
            ids("i", items),
            columns.build(64, items));
    say("");
    say("%-34s %10s %10s", "one request, ms", "median", "p99");
    for (Trainer<?> trainer :
        List.of(
            Algorithms.all()
                .trainer("sasrec", Parameters.none().with("epochs", 1).with("patience", 0)),
            Gru4Rec.defaults()
                .withTraining(Gru4Rec.defaults().training().withEpochs(1).withPatience(0, 1)))) {
      Scorer scorer = trainer.train(data, TrainingContext.defaults()).scorer();
      float[] scores = new float[items];
      double[] millis = new double[400];
      for (int turn = 0; turn < millis.length; turn++) {
        History history = data.interactions().history(turn % 64);
        long start = System.nanoTime();
        scorer.score(Profile.unseen(history), scores);
        millis[turn] = (System.nanoTime() - start) / 1e6;
      }
      double[] warm = Arrays.copyOfRange(millis, 100, millis.length);
      Arrays.sort(warm);
      say(
          "%-34s %10.2f %10.2f",
          trainer.algorithm(), warm[warm.length / 2], warm[warm.length * 99 / 100]);
    }
  }

  /** What a call into libtorch costs beside its work: one number plus one. */
  @SuppressWarnings("try") // a scope acts by being open
  private static void calls() throws IOException, InterruptedException {
    double best = Double.POSITIVE_INFINITY;
    Torch.setThreads(1);
    for (int round = 0; round < 20; round++) {
      int calls = 20_000;
      long start = System.nanoTime();
      for (int group = 0; group < calls / 100; group++) {
        try (Scope scope = Scope.withoutGradients()) {
          Tensor one = Tensor.zeros(1);
          for (int call = 0; call < 100; call++) {
            one = one.add(1);
          }
        }
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / calls);
    }
    List<Double> printed = python("call", 1, "20000");
    double theirs = printed.isEmpty() ? Double.NaN : printed.get(0) * 1e3;
    say("");
    say("a call of one addition, microseconds: Kindred %.2f, Python %.2f", best, theirs);
  }

  /** What the script printed, or nothing where there is no python3-torch. */
  private static List<Double> python(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON, "bench/python/train_step.py"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return List.of();
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.lines().map(Double::valueOf).toList();
  }

  private static List<Double> python(String model, int threads, String argument)
      throws IOException, InterruptedException {
    return python(new String[] {model, String.valueOf(threads), argument});
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
