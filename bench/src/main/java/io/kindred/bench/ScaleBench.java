package io.kindred.bench;

import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.factor.ImplicitAls;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.linalg.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What implicit ALS costs as data grows: generated worlds, each ten times the one before, each in a
 * process of its own.
 *
 * <p>Arguments: the heap (default 11g), the number of threads (default 2), then the numbers of
 * interactions (default 5000000 50000000). Three epochs with 64 factors and conjugate gradients.
 * Memory is what the operating system counted as resident at the most, Linux only, the data
 * included. With {@code KINDRED_JAVA_OPTS="--add-modules jdk.incubator.vector"} the loops of
 * kindred-vector run in the children, too. The children ask for huge pages, where the system gives
 * them: with millions of vectors, finding the page costs as much as reading it.
 */
public final class ScaleBench {
  private static final int EPOCHS = 3;

  private ScaleBench() {}

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals("--child")) {
      child(Integer.parseInt(args[1]), Long.parseLong(args[2]));
      return;
    }
    String heap = args.length > 0 ? args[0] : "11g";
    String threads = args.length > 1 ? args[1] : "2";
    List<String> sizes =
        args.length > 2 ? List.of(args).subList(2, args.length) : List.of("5000000", "50000000");
    say(
        "%13s %11s %9s %11s %10s %12s %15s",
        "interactions", "users", "items", "world s", "als s", "an epoch s", "peak memory MB");
    for (String size : sizes) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseParallelGC", "-XX:+UseTransparentHugePages", "-Xmx" + heap));
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
      }
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              ScaleBench.class.getName(),
              "--child",
              threads,
              size));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      say("%s", code == 0 ? output.strip() : size + ": failed with exit code " + code);
    }
  }

  private static void child(int threads, long size) throws IOException {
    long start = System.nanoTime();
    Dataset data = new World(WorldConfig.ofInteractions(size)).toDataset(threads);
    double made = (System.nanoTime() - start) / 1e9;
    long[] ends = new long[EPOCHS];
    ProgressListener clock = (stage, done, total, note) -> ends[(int) done - 1] = System.nanoTime();
    start = System.nanoTime();
    ImplicitAls.defaults()
        .withFactors(64)
        .withEpochs(EPOCHS)
        .withSolver(ImplicitAls.Solver.CG)
        .train(data, new TrainingContext(42, threads, clock));
    say(
        "%,13d %,11d %,9d %11.1f %10.1f %12.1f %,15d   %s",
        size,
        data.users().size(),
        data.items().size(),
        made,
        (System.nanoTime() - start) / 1e9,
        (ends[EPOCHS - 1] - ends[0]) / 1e9 / (EPOCHS - 1),
        ModelsBench.peakMegabytes(),
        Kernels.arithmetic());
  }

  @SuppressWarnings("SystemOut")
  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
