package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of whatever computes: the same seed and threads give the same result. */
final class WorkOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--seed",
      order = BaseCommand.LAST - 2,
      paramLabel = "NUMBER",
      defaultValue = "42",
      description = "Seed of every random choice (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--threads",
      order = BaseCommand.LAST - 1,
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads to use (default: all processors).")
  private int threads;

  long seed() {
    return seed;
  }

  int threads() {
    if (threads < 0) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, got " + threads);
    }
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  TrainingContext context(ProgressListener progress) {
    return new TrainingContext(seed, threads(), progress);
  }
}
