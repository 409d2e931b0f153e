package io.kindred.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has. */
abstract class BaseCommand implements Callable<Integer> {
  /** The place of options that every command has, in its help. */
  static final int LAST = 1_000;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
  @Option(
      names = {"-h", "--help"},
      order = LAST,
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-q", "--quiet"},
      order = LAST,
      description = "Only results and errors.")
  private boolean quiet;

  @Option(names = "--debug", order = LAST, description = "Show the stack trace of an error.")
  private boolean debug;

  BaseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  final Terminal terminal() {
    return terminal;
  }

  final boolean quiet() {
    return quiet;
  }

  final boolean debug() {
    return debug;
  }

  final CommandSpec spec() {
    return spec;
  }

  /** A bar for long work. */
  final ProgressBar progress() {
    return new ProgressBar(terminal, quiet);
  }

  /** A note for people on standard error, unless they want none. */
  final void note(String format, Object... values) {
    if (!quiet) {
      terminal.err().println(values.length == 0 ? format : format(format, values));
    }
  }

  /** A line of results on standard output. */
  final void say(String format, Object... values) {
    terminal.out().println(values.length == 0 ? format : format(format, values));
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A fault of the command line, to be thrown. */
  final ParameterException usage(@Nullable String problem) {
    return new ParameterException(commandLine(), String.valueOf(problem));
  }

  final CommandLine commandLine() {
    return spec.commandLine();
  }
}
