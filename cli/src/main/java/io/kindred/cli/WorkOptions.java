package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import picocli.CommandLine.Option;

/** The options of whatever computes: the same seed and threads give the same result. */
final class WorkOptions extends ThreadsOption {
  @Option(
      names = "--seed",
      order = BaseCommand.LAST - 2,
      paramLabel = "NUMBER",
      defaultValue = "42",
      description = "Seed of every random choice (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }

  TrainingContext context(ProgressListener progress) {
    return new TrainingContext(seed, threads(), progress);
  }
}
