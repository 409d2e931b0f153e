package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Command lines that stand in help texts and in the guide. */
final class Documented {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");

  private Documented() {}

  /** The root of the repository. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("kindred"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /**
   * The words after "kindred" of each line that shows a command; what a shell would take is cut.
   */
  static List<List<String>> commands(String text) {
    List<List<String>> commands = new ArrayList<>();
    String joined = text.replaceAll("\\\\\\R\\s*", " ");
    for (String line : joined.lines().toList()) {
      Matcher command =
          Pattern.compile("^(?: {2,}|\\$ )(?:\\./)?kindred ([a-z]+.*)$").matcher(line);
      if (command.matches()) {
        String shown = command.group(1).replaceFirst("( {3,}| [|>&#]).*", "");
        commands.add(words(shown));
      }
    }
    return commands;
  }

  /** The words of a command line; single quotes keep spaces. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : word.group(2));
    }
    return words;
  }

  /** Fails where the command line would be refused. */
  static void assertParses(List<String> words) {
    Terminal terminal =
        Terminal.of(new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of());
    assertThatCode(() -> Main.commandLine(terminal).parseArgs(words.toArray(String[]::new)))
        .as("kindred " + String.join(" ", words))
        .doesNotThrowAnyException();
  }
}
