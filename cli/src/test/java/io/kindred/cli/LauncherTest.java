package io.kindred.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that starts the command line: which JVM flags it gives, to a java that prints them.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String VECTOR = "--add-modules jdk.incubator.vector";

  @TempDir Path folder;

  @BeforeEach
  void installScriptAndJava() throws IOException {
    Files.copy(Documented.root().resolve("kindred"), folder.resolve("kindred"));
    Path app = Files.createDirectories(folder.resolve("cli/target/launcher/kindred"));
    Files.createFile(app.resolve("kindred-cli.jar"));
    Files.createFile(app.resolve(".built"));
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"arenas $MALLOC_ARENA_MAX $@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    jdkOf("java.base jdk.incubator.vector jdk.jfr");
  }

  private void jdkOf(String modules) throws IOException {
    Files.writeString(
        folder.resolve("jdk/release"),
        "JAVA_VERSION=\"17.0.15\"\nMODULES=\"%s\"\n".formatted(modules));
  }

  private String started(Map<String, String> variables, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", folder.resolve("kindred").toString()).redirectErrorStream(true);
    builder.command().addAll(List.of(arguments));
    Map<String, String> environment = builder.environment();
    environment.remove("KINDRED_VECTOR");
    environment.remove("KINDRED_JAVA_OPTS");
    environment.keySet().removeIf(name -> name.startsWith("MALLOC_"));
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void longWork_hasTheVectorApi() throws Exception {
    for (String command : List.of("train", "evaluate", "update", "index", "demo", "serve")) {
      assertThat(started(Map.of(), command, "x", "-q"))
          .as(command)
          .contains(VECTOR + " ")
          .endsWith("kindred-cli.jar " + command + " x -q\n");
    }
  }

  @Test
  void shortWork_startsWithoutIt() throws Exception {
    for (String command : List.of("recommend", "similar", "explain", "describe", "--version")) {
      assertThat(started(Map.of(), command)).as(command).doesNotContain(VECTOR);
    }
    assertThat(started(Map.of())).doesNotContain(VECTOR);
  }

  @Test
  void vectorOff_leavesItOut_andFlagsOfTheUserStay() throws Exception {
    Map<String, String> off = Map.of("KINDRED_VECTOR", "off", "KINDRED_JAVA_OPTS", "-Xmx8g -Xss2m");

    assertThat(started(off, "train")).doesNotContain(VECTOR).contains(" -Xmx8g -Xss2m ");
  }

  /** A folder as large as a bundle of so many kilobytes. */
  private String bundle(String name, int kilobytes) throws IOException {
    Path bundle = Files.createDirectory(folder.resolve(name));
    Files.writeString(bundle.resolve("model.json"), "{}");
    Files.write(bundle.resolve("weights.safetensors"), new byte[kilobytes * 1024]);
    return bundle.toString();
  }

  private static int heap(String started) {
    assertThat(started).containsPattern(" -Xmx\\d+m ");
    return Integer.parseInt(started.replaceFirst("(?s).* -Xmx(\\d+)m .*", "$1"));
  }

  @Test
  void serve_heapByTheSizeOfTheBundles_andArenasForManyThreads() throws Exception {
    String small = bundle("small model", 100);
    String large = bundle("large", 10_000);

    assertThat(heap(started(Map.of(), "serve", small))).isBetween(128, 130);
    String both = started(Map.of(), "serve", "--port", "0", small, large);
    assertThat(heap(both)).isBetween(205, 212);
    assertThat(both).contains("-XX:+UseParallelGC").startsWith("arenas 8 ");
  }

  @Test
  void serve_largeBundle_isCollectedBesideTheAnswers() throws Exception {
    assertThat(started(Map.of(), "serve", bundle("large", 130_000)))
        .contains("-XX:+UseG1GC")
        .doesNotContain("UseParallelGC")
        .containsPattern("-Xmx11\\d\\dm|MaxRAMPercentage=75");
  }

  @Test
  void serve_flagsOfTheUserWin() throws Exception {
    String started =
        started(
            Map.of("KINDRED_JAVA_OPTS", "-Xmx3g -XX:+UseZGC", "MALLOC_ARENA_MAX", "2"),
            "serve",
            bundle("model", 100));

    assertThat(started).startsWith("arenas 2 ").doesNotContain("UseParallelGC");
    assertThat(started.indexOf("-Xmx3g")).isGreaterThan(started.indexOf("-Xmx128m"));
  }

  @Test
  void otherCommands_takeWhatMemoryThereIs() throws Exception {
    assertThat(started(Map.of(), "train", bundle("model", 100)))
        .doesNotContain("-Xmx", "MaxRAMPercentage")
        .contains("-XX:+UseParallelGC")
        .startsWith("arenas 1 ");
  }

  @Test
  void aJdkWithoutTheModule_trainsInPlainJava() throws Exception {
    jdkOf("java.base jdk.jfr");

    assertThat(started(Map.of(), "train")).doesNotContain(VECTOR);
  }
}
