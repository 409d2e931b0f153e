package io.kindred.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script of the shells bash and zsh. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(kindred completion)",
      "  kindred completion > ~/.local/share/bash-completion/completions/kindred"
    })
final class Completion extends BaseCommand {
  Completion(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    terminal().out().print(AutoComplete.bash("kindred", commandLine().getParent()));
    return ExitCode.OK;
  }
}
