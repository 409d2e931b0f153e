package io.kindred.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many threads compute. */
class ThreadsOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--threads",
      order = BaseCommand.LAST - 1,
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads to use (default: all processors).")
  private int threads;

  final int threads() {
    if (threads < 0) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, got " + threads);
    }
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
