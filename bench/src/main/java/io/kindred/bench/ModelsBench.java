package io.kindred.bench;

import io.kindred.Learning;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.ingest.Ingest;
import io.kindred.registry.Algorithms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Time and peak memory of the training of every model on ml-1m, each in a process of its own, with
 * its defaults. Models that learn in epochs are trained for two, and the second is timed. The last
 * row is a catalogue of a million items under full cross-entropy.
 *
 * <p>Arguments: the folder of ml-1m (default ../shared/data/ml-1m), then the algorithms (default:
 * all, and {@code million}). Memory is what the operating system counted as resident at the most,
 * Linux only; the heap of a child may grow to 3 GB.
 */
public final class ModelsBench {
  private static final String MILLION = "million";

  private ModelsBench() {}

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals("--child")) {
      child(args[1], Path.of(args[2]));
      return;
    }
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    List<String> names = new ArrayList<>();
    if (args.length > 1) {
      names.addAll(List.of(args).subList(1, args.length));
    } else {
      Algorithms.all().all().forEach(algorithm -> names.add(algorithm.name()));
      names.add(MILLION);
    }
    say(
        "%-20s %10s %12s %8s %14s",
        "model", "training s", "an epoch s", "epochs", "peak memory MB");
    for (String name : names) {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseParallelGC",
              "-Xmx3g",
              "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
              "-cp",
              System.getProperty("java.class.path"),
              ModelsBench.class.getName(),
              "--child",
              name,
              folder.toString());
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      say("%s", code == 0 ? output.strip() : name + ": failed with exit code " + code);
    }
  }

  private static void child(String name, Path folder) throws IOException {
    boolean million = name.equals(MILLION);
    Dataset data = million ? large() : Ingest.read(folder).dataset();
    Parameters defaults =
        Algorithms.all().trainer(million ? "gru4rec" : name, Parameters.none()).parameters();
    Parameters parameters = Parameters.none();
    boolean inEpochs = defaults.asMap().containsKey("epochs");
    if (inEpochs && defaults.asMap().containsKey("patience")) {
      parameters = parameters.with("epochs", 2).with("patience", 0);
    }
    if (million) {
      parameters = parameters.with("batchSize", 256).with("targets", "last");
    }
    if (name.equals("light-gcn")) {
      parameters = parameters.with("batchSize", 16_384); // as its page says for such data
    }
    Trainer<?> trainer = Algorithms.all().trainer(million ? "gru4rec" : name, parameters);
    long start = System.nanoTime();
    Model model = trainer.train(data, TrainingContext.defaults());
    double seconds = (System.nanoTime() - start) / 1e9;
    String epoch = "";
    String epochs = "";
    if (model instanceof Learning learning && learning.epochs().size() == 2) {
      epoch = String.format(Locale.ROOT, "%.2f", learning.epochs().get(1).seconds());
      epochs = String.valueOf(defaults.asMap().get("epochs"));
    }
    say(
        "%-20s %10s %12s %8s %,14d",
        million ? "gru4rec, 1M items" : name,
        epoch.isEmpty() ? String.format(Locale.ROOT, "%.2f", seconds) : "",
        epoch,
        epochs,
        peakMegabytes());
  }

  /** 1,280 people with histories over a million items: five steps of 256 an epoch. */
  private static Dataset large() {
    int items = 1_000_000;
    Random random = new Random(5);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 1280; user++) {
      for (int p = 0; p <= 50; p++) {
        columns.add(user, random.nextInt(items), 1f);
      }
    }
    return Dataset.of(
        "a million items (generated)", ids("u", 1280), ids("i", items), columns.build(1280, items));
  }

  private static Vocabulary ids(String prefix, int count) {
    return Vocabulary.of(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
  }

  /** The peak of the resident memory of this process. */
  static long peakMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1000;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
