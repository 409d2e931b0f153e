package io.kindred.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the {@code kindred} command. */
@Command(
    name = "kindred",
    description = "A recommender engine for the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs the command line and exits with its code: 0 done, 2 wrong usage, 1 anything else. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
