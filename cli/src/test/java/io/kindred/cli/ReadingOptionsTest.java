package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The options of reading, and that what was understood is said. */
class ReadingOptionsTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** All options that the reading names in its messages. */
  private static Set<String> proposed() throws IOException {
    Set<String> options = new TreeSet<>();
    Pattern option = Pattern.compile("\"[^\"]*?(--[a-z][a-z-]+)");
    try (Stream<Path> sources = Files.walk(Path.of("../ingest/src/main/java"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (source.endsWith("Fetch.java")) {
          continue; // "kindred fetch --from", an option of another command
        }
        Matcher found = option.matcher(Files.readString(source));
        while (found.find()) {
          options.add(found.group(1));
        }
      }
    }
    return options;
  }

  @Test
  void optionsThatMessagesPropose_areThere() throws IOException {
    Set<String> proposed = proposed();
    assertThat(proposed)
        .contains("--delimiter", "--skip-bad-rows", "--time-unit", "--missing", "--quote");
    for (String command : List.of("describe", "train", "evaluate", "update", "split")) {
      CommandLine found = Main.commandLine(Terminal.system()).getSubcommands().get(command);
      assertThat(found.getCommandSpec().optionsMap().keySet()).as(command).containsAll(proposed);
    }
  }

  @Test
  void describe_allOptionsOfTheText_areUsed() throws IOException {
    Path data = file("d.txt", "'a|b'|x|4,5|1500000000000\n'c'|y|-1|1500000000001\n");
    Run run =
        Run.of(
            "describe",
            data,
            "--delimiter",
            "pipe",
            "--quote",
            "'",
            "--header",
            "no",
            "--decimal",
            ",",
            "--time-unit",
            "milliseconds",
            "--missing",
            "-1,99",
            "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("data").path("users").asInt()).isEqualTo(1);
    assertThat(run.json().path("data").path("values").path("max").asDouble()).isEqualTo(4.5);
    assertThat(run.json().path("data").path("from").asText()).startsWith("2017-07-14");
    assertThat(run.json().path("reading").path("dropped").path(0).path("reason").asText())
        .contains("-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--header perhaps",
        "--decimal x",
        "--quote ab",
        "--delimiter abcde",
        "--time-unit days",
        "--encoding klingon"
      })
  void describe_optionThatIsNone_saysWhatWouldBeRight(String option) throws IOException {
    String[] two = option.split(" ");
    Run run = Run.of("describe", file("d.csv", "user,item\na,x\n"), two[0], two[1]);

    assertThat(run.code()).isNotZero();
    assertThat(run.err()).startsWith("kindred: ").contains(two[1]).doesNotContain("fault");
  }

  @Test
  void reading_isSaidByAllCommandsThatRead() throws IOException {
    StringBuilder text = new StringBuilder("user_id,item_id,my_score,artist\n");
    for (int row = 0; row < 60; row++) {
      text.append("u").append(row % 9).append(",i").append(row % 13).append(',');
      text.append(row % 5 + 1).append(",Abba\n");
    }
    Path data = file("d.csv", text.toString());
    String said = "value 'my_score' (1 to 5); unused 'artist' (Abba)";

    assertThat(Run.of("describe", data).out()).contains(said);
    Run json = Run.of("describe", data, "--json");
    assertThat(json.json().path("reading").path("files").path(0).path("columns").toString())
        .contains(
            "{\"name\":\"my_score\",\"role\":\"value\",\"from\":\"1\",\"until\":\"5\",\"example\":\"1\"}",
            "\"name\":\"artist\",\"role\":\"\"");
    Path model = folder.resolve("model");
    assertThat(Run.of("train", data, "-a", "item-knn", "-o", model).err()).contains(said);
    assertThat(Run.of("evaluate", data, "-m", "popularity").err()).contains(said);
    assertThat(Run.of("split", data, "-o", folder.resolve("parts")).err()).contains(said);
    assertThat(Run.of("train", data, "-a", "als", "-o", folder.resolve("als")).err())
        .contains(said);
    assertThat(Run.of("update", folder.resolve("als"), data, "-o", folder.resolve("als")).err())
        .contains(said);
    Run given = Run.of("evaluate", folder.resolve("parts"), "--split", "given", "-m", "popularity");
    assertThat(given.err().lines().filter(line -> line.startsWith("Read "))).hasSize(3);
  }

  @Test
  void train_ratingModelWithoutRatings_isRefused() throws IOException {
    Path data = file("d.csv", "user,item,likes\na,x,1\nb,x,2\na,y,3\nb,y,1\n");
    Run run = Run.of("train", data, "-a", "biased-mf", "-o", folder.resolve("m"));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .contains("biased-mf learns from ratings, but all 4 values", "'likes' has numbers");
  }
}
