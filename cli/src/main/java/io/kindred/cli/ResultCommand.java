package io.kindred.cli;

import picocli.CommandLine.Option;

/** A command whose results can be printed for programs. */
abstract class ResultCommand extends BaseCommand {
  @Option(
      names = "--json",
      order = LAST - 3,
      description = "Print the result as JSON, and nothing else.")
  private boolean json;

  ResultCommand(Terminal terminal) {
    super(terminal);
  }

  final boolean json() {
    return json;
  }
}
