package io.kindred.cli;

import io.kindred.ingest.Fetch;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of the {@code kindred} command. */
@Command(
    name = "kindred",
    header = "A recommender engine for the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the data, a file or the machine does not let it be done; the message says why",
      "2:the command line is wrong",
      "3:a user, an item or something to recommend was not found",
      "130:stopped by Ctrl-C"
    },
    footerHeading = "%nStart with:%n",
    footer = {
      "  kindred demo",
      "  kindred train my-ratings.csv --output model",
      "  kindred recommend model --user 42 --explain",
      "",
      "kindred COMMAND --help explains a command, with examples."
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    Interruption.install();
    // For what asks Java for the home folder, and would take "?" for one.
    Fetch.homeFolder(System.getenv(), System.getProperties())
        .ifPresent(home -> System.setProperty("user.home", home.toString()));
    int code = run(Terminal.system(), args);
    Interruption.commandEnded();
    System.exit(code); // waits, if a signal came first
  }

  /** Runs a command line within this JVM, and gives its exit code. */
  static int run(Terminal terminal, String... args) {
    return commandLine(terminal).execute(args);
  }

  /** The whole command, ready to parse and to describe itself. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine root = new CommandLine(new Main());
    for (BaseCommand command : commands(terminal)) {
      root.addSubcommand(command);
    }
    root.addSubcommand(new HelpCommand());
    for (CommandLine command : root.getSubcommands().values()) {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      usage.sortOptions(false);
      usage.abbreviateSynopsis(true);
    }
    boolean style = terminal.outHasStyle();
    return root.setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(style ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(Math.max(80, Math.min(terminal.width(), 110)))
        .setUsageHelpLongOptionsMaxWidth(34)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setParameterExceptionHandler((wrong, arguments) -> usage(terminal, wrong))
        .setExecutionExceptionHandler(
            (failure, line, result) -> Failure.report(terminal, failure, isDebug(result)));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static List<BaseCommand> commands(Terminal terminal) {
    return List.of(
        new Demo(terminal),
        new FetchCommand(terminal),
        new Generate(terminal),
        new Describe(terminal),
        new SplitCommand(terminal),
        new Encode(terminal),
        new Train(terminal),
        new Update(terminal),
        new Evaluate(terminal),
        new Recommend(terminal),
        new Similar(terminal),
        new Explain(terminal),
        new Export(terminal),
        new Index(terminal),
        new Serve(terminal),
        new Doctor(terminal),
        new Completion(terminal));
  }

  private static boolean isDebug(ParseResult result) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.commandSpec().userObject() instanceof BaseCommand command && command.debug();
  }

  private static int usage(Terminal terminal, ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage());
    CommandLine line = wrong.getCommandLine();
    if (wrong instanceof UnmatchedArgumentException unmatched
        && line.getParent() == null
        && !unmatched.isUnknownOption()) {
      message = "no command '" + unmatched.getUnmatched().get(0) + "'";
    }
    terminal.err().println("kindred: " + message);
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        terminal.err().println("Did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    terminal.err().println("See " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
