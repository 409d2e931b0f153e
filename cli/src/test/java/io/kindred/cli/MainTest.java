package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What all commands have in common: help, usage faults, errors, completion. */
class MainTest {
  @TempDir Path folder;

  private static CommandLine commandLine() {
    return Main.commandLine(
        Terminal.of(
            new java.io.ByteArrayOutputStream(), new java.io.ByteArrayOutputStream(), Map.of()));
  }

  static Stream<String> commands() {
    return commandLine().getSubcommands().keySet().stream().filter(name -> !name.equals("help"));
  }

  @Test
  void noCommand_showsTheHelp() {
    Run run = Run.of();

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: kindred", "Exit codes:", "130");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEachCommand_hasExamplesThatParseAndFitTheTerminal(String command) {
    Run run = Run.of(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Examples:", "kindred " + command);
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Documented.commands(run.out())).isNotEmpty().allSatisfy(Documented::assertParses);
  }

  @Test
  void help_asACommand_isTheHelpOfTheCommand() {
    assertThat(Run.of("help", "train").out()).isEqualTo(Run.of("train", "--help").out());
  }

  @Test
  void unknownCommand_isExitCode2WithASuggestion() {
    Run run = Run.of("recomend");

    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("kindred: no command 'recomend'")
        .contains("Did you mean", "recommend");
  }

  @Test
  void unknownOption_isExitCode2WithASuggestion() {
    Run run = Run.of("train", "data.csv", "--algoritm", "item-knn");

    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains("--algoritm", "Did you mean", "--algorithm", "kindred train --help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate -o w -i many",
        "generate -o w -i 5",
        "generate",
        "split",
        "train data.csv",
        "train -o model",
        "recommend",
        "recommend model",
        "recommend model --user 1 -n -1",
        "recommend model --user 1 -n ten",
        "similar model",
        "similar model --items 1 --users 2",
        "explain model",
        "explain model 1",
        "evaluate",
        "evaluate x --task dreams --recipe",
        "serve",
        "serve model --port 70000",
        "demo --port -1",
        "demo --data x --generated --no-serve",
        "export model --what dreams",
        "doctor now"
      })
  void wrongUsage_isExitCode2AndOneClearLine(String line) {
    Run run = Run.of((Object[]) line.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("kindred: ").contains(" --help");
    assertNoTrace(run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train no-such.csv -o MODEL",
        "split no-such.csv -o MODEL",
        "evaluate no-such.csv",
        "evaluate no-such.yaml",
        "evaluate WORLD --split thirds",
        "evaluate WORLD --metrics beauty@10",
        "evaluate WORLD -m magic",
        "evaluate WORLD -m 'item-knn neighbors=many'",
        "evaluate WORLD --split given",
        "train WORLD -a magic -o MODEL",
        "train WORLD -P neighbours=5 -o MODEL",
        "train WORLD -P neighbors=0 -o MODEL",
        "train WORLD --user-column nobody -o MODEL",
        "train WORLD -o WORLD",
        "recommend no-such-bundle --user 1",
        "recommend WORLD --user 1",
        "similar no-such-bundle --items 1",
        "explain no-such-bundle 1 1",
        "export no-such-bundle",
        "serve no-such-bundle",
        "demo --data no-such.csv --no-serve"
      })
  void whatCannotBeDone_isExitCode1AndOneClearLine(String line) {
    Object[] words =
        Documented.words(line).stream()
            .map(word -> word.replace("WORLD", Samples.world().toString()))
            .map(word -> word.replace("MODEL", folder.resolve("model").toString()))
            .toArray();
    Run run = Run.of(words);

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).startsWith("kindred: ");
    assertThat(run.err().lines()).hasSize(1);
    assertNoTrace(run.err());
    assertThat(folder.resolve("model")).doesNotExist();
  }

  @Test
  void badRow_isNamedByFileLineAndValue() throws IOException {
    Path file = folder.resolve("ratings.csv");
    Files.writeString(file, "user,item,rating\na,x,4\nb,y,great\n", StandardCharsets.UTF_8);
    Run run = Run.of("train", file, "-o", folder.resolve("model"));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains(file.toString(), "line 3", "great");
    assertNoTrace(run.err());
  }

  @Test
  void badRows_skipped_areCountedOnStandardError() throws IOException {
    Path file = folder.resolve("ratings.csv");
    Files.writeString(file, "user,item,rating\na,x,4\nb,y,great\nb,x,3\n", StandardCharsets.UTF_8);
    Run run = Run.of("train", file, "--skip-bad-rows", "-o", folder.resolve("model"), "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("interactions").asInt()).isEqualTo(2);
    assertThat(run.err()).contains("Left out 1 bad row");
  }

  @Test
  void error_withDebug_showsTheTrace() {
    Run option = Run.of("train", "no-such.csv", "-o", folder.resolve("model"), "--debug");
    Run variable =
        Run.with(Map.of("KINDRED_DEBUG", "1"), "train", "no-such.csv", "-o", folder.resolve("m"));

    assertThat(option.err()).contains("\tat io.kindred");
    assertThat(variable.err()).contains("\tat io.kindred");
  }

  @Test
  void outputToAReadOnlyPlace_saysSo() throws IOException {
    Path file = folder.resolve("a-file");
    Files.writeString(file, "");
    Run run = Run.of("export", Samples.itemKnn(), "-o", file.resolve("below.csv"));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).startsWith("kindred: ").contains(file.toString());
    assertNoTrace(run.err());
  }

  @Test
  void quiet_leavesNothingOnStandardError() {
    Run run = Run.of("recommend", Samples.itemKnn(), "--history", "", "-q");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void noColor_orNoTerminal_printsNoEscapes() {
    Object[] words = {"recommend", Samples.itemKnn(), "--user", Samples.user(0)};

    assertThat(Run.of(words).out()).doesNotContain("\u001b");
    assertThat(Run.with(Map.of("KINDRED_TERMINAL", "out 100"), words).out()).contains("\u001b[1m");
    assertThat(Run.with(Map.of("KINDRED_TERMINAL", "out 100", "NO_COLOR", "1"), words).out())
        .doesNotContain("\u001b");
  }

  @Test
  void completion_isValidBashThatKnowsAllCommands() throws Exception {
    Path script = folder.resolve("completion.sh");
    Files.writeString(script, Run.of("completion").out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();

    assertThat(bash.waitFor()).isZero();
    assertThat(script).content().contains(commands().toList());
    String ask =
        ". "
            + script
            + "; COMP_WORDS=(kindred rec); COMP_CWORD=1; _complete_kindred; echo ${COMPREPLY[@]}";
    Process asked = new ProcessBuilder("bash", "-c", ask).start();
    assertThat(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("recommend");
  }

  @Test
  void version_namesItself() {
    assertThat(Run.of("--version").out()).startsWith("kindred ").contains("Java ");
  }

  static void assertNoTrace(String text) {
    assertThat(text).doesNotContain("\tat ", "Exception", "Caused by");
  }

  @Test
  void guide_showsOnlyCommandsThatParse() throws IOException {
    Path root = Documented.root();
    List<Path> pages;
    try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      pages =
          Stream.concat(
                  Stream.of(root.resolve("README.md")),
                  docs.filter(p -> p.toString().endsWith(".md")))
              .toList();
    }
    int commands = 0;
    for (Path page : pages) {
      for (List<String> words : Documented.commands(Files.readString(page))) {
        Documented.assertParses(words);
        commands++;
      }
    }
    assertThat(commands).isPositive();
  }
}
