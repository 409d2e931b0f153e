package io.kindred.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  @TempDir private Path folder;

  @Test
  void main_ratingsFile_recommendsWithReasonsAndSaves() throws IOException {
    Path ratings = folder.resolve("ratings.csv");
    Files.writeString(
        ratings,
        "user,item,rating\nann,alien,5\nann,brazil,4\nben,alien,4\nben,dune,5\ncleo,dune,3\ncleo,brazil,4\n");
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Quickstart.main(new String[] {ratings.toString(), "ann", folder.resolve("model").toString()});
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("dune")
        .contains("Because you liked");
    assertThat(ModelStore.of(Algorithms.all()).load(folder.resolve("model")).data().items().size())
        .isEqualTo(3);
  }

  @Test
  void readme_program_isThisOne() throws IOException {
    String source = Files.readString(Path.of("src/main/java/io/kindred/examples/Quickstart.java"));
    String program =
        source.substring(source.indexOf("// README: begin") + 16, source.indexOf("// README: end"));
    assertThat(Files.readString(Path.of("../README.md")))
        .contains(program.strip().indent(0).replace("\n    ", "\n").strip());
  }
}
