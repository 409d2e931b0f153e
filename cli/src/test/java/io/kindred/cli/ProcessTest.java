package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process: exit codes, streams, and what Ctrl-C leaves behind. */
@Timeout(120)
class ProcessTest {
  @TempDir Path folder;

  private Process start(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    command.addAll(0, withoutInheritedSignals());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("KINDRED_TERMINAL", "err 100"); // progress is drawn early
    environment.put("KINDRED_CACHE", folder.resolve("cache").toString());
    return builder.start();
  }

  /**
   * What to put before a command so that it hears Ctrl-C: a build in the background of a script
   * ignores it, and a JVM started from there would inherit that.
   */
  private static List<String> withoutInheritedSignals() throws Exception {
    List<String> env = List.of("env", "--default-signal=INT");
    List<String> tried = List.of("sh", "-c", String.join(" ", env) + " true 2>/dev/null");
    return new ProcessBuilder(tried).start().waitFor() == 0 ? env : List.of();
  }

  private String text(String stream) throws IOException {
    return Files.readString(folder.resolve(stream), StandardCharsets.UTF_8);
  }

  /** Waits until a process has drawn some progress, or has ended. */
  private void awaitProgress(Process process) throws Exception {
    while (process.isAlive() && !text("stderr").contains("%")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void interrupt(Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private void assertInterrupted(Process process) throws Exception {
    assertThat(process.waitFor()).as(text("stderr")).isEqualTo(130);
    MainTest.assertNoTrace(text("stderr"));
    assertThat(text("stderr")).contains("kindred: interrupted");
  }

  private List<Path> below(Path place) throws IOException {
    if (!Files.exists(place)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void results_goToStandardOutputAlone() throws Exception {
    Process process = start("recommend", Samples.itemKnn(), "--user", Samples.user(0), "--json");

    assertThat(process.waitFor()).isZero();
    assertThat(new Run(0, text("stdout"), text("stderr")).json().path("items")).hasSize(10);
    assertThat(text("stderr")).isEmpty();
  }

  @Test
  void exitCodes_ofTheProcess_areThoseOfTheHelp() throws Exception {
    assertThat(start("train", "no-such.csv", "-o", "x").waitFor()).isEqualTo(ExitCode.FAILED);
    assertThat(start("train", "--nonsense").waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(start("explain", Samples.itemKnn(), "nobody", "nothing").waitFor())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlC_whileGenerating_exits130AndLeavesNothing() throws Exception {
    Path world = folder.resolve("out/world");
    Process process = start("generate", "-i", "50M", "--no-images", "-o", world);
    awaitProgress(process);
    assertThat(process.isAlive()).as(text("stderr")).isTrue();
    interrupt(process);

    assertInterrupted(process);
    assertThat(below(folder.resolve("out"))).isEmpty();
  }

  @Test
  void generate_afterAKill_deletesWhatWasLeft_butNotWhatIsBeingWritten() throws Exception {
    Path world = folder.resolve("out/world");
    Process killed = start("generate", "-i", "50M", "--no-images", "-o", world);
    awaitProgress(killed);
    killed.destroyForcibly().waitFor();
    List<Path> left = partialWorlds();
    Process running = start("generate", "-i", "50M", "--no-images", "-o", world);
    awaitProgress(running);
    List<Path> written = partialWorlds();
    Run run = Run.of("generate", "-i", "1k", "--no-images", "-o", world);
    List<Path> kept = partialWorlds();
    running.destroyForcibly().waitFor();

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(left).hasSize(1);
    assertThat(written).hasSize(1).doesNotContainAnyElementsOf(left);
    assertThat(kept).isEqualTo(written);
    assertThat(world).isDirectoryNotContaining(path -> path.getFileName().startsWith(".writing"));
  }

  private List<Path> partialWorlds() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("out"))) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith(".world.partial-"))
          .toList();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlC_whileTraining_exits130AndKeepsTheOldBundle() throws Exception {
    Path bundle = folder.resolve("out/model");
    assertThat(Run.of("train", Samples.world(), "-o", bundle).code()).isZero();
    String before = Files.readString(bundle.resolve("model.json"));
    List<Path> files = below(folder.resolve("out"));
    Process process = start("train", Samples.world(), "-o", bundle, "--measure", "k-fold(100)");
    awaitProgress(process);
    assertThat(process.isAlive()).as(text("stderr")).isTrue();
    interrupt(process);

    assertInterrupted(process);
    assertThat(below(folder.resolve("out"))).containsExactlyInAnyOrderElementsOf(files);
    assertThat(bundle.resolve("model.json")).hasContent(before);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlC_inTheDemo_exits130AndLeavesNothingHalfWritten() throws Exception {
    Process process = start("demo", "--generated", "--no-serve");
    awaitProgress(process);
    assertThat(process.isAlive()).as(text("stderr")).isTrue();
    interrupt(process);

    assertInterrupted(process);
    assertThat(below(folder.resolve("cache")))
        .noneMatch(path -> path.toString().contains(".partial"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void serve_answersUntilCtrlC() throws Exception {
    Process process = start("serve", Samples.itemKnn(), "--port", "0", "--json");
    while (process.isAlive() && !text("stdout").contains("}")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String address = new Run(0, text("stdout"), "").json().path("address").asText();
    java.net.http.HttpResponse<String> answer =
        java.net.http.HttpClient.newHttpClient()
            .send(
                java.net.http.HttpRequest.newBuilder(java.net.URI.create(address + "health/ready"))
                    .build(),
                java.net.http.HttpResponse.BodyHandlers.ofString());
    interrupt(process);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(text("stderr").lines()).allMatch(line -> line.contains("INFO WarmUp - warmed up"));
  }

  /** The body ends later than other commands may take to end. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void serve_sigtermWhileABodyArrives_answersIt() throws Exception {
    Process process = start("serve", Samples.itemKnn(), "--port", "0", "--json");
    while (process.isAlive() && !text("stdout").contains("}")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    int port = new Run(0, text("stdout"), "").json().path("port").asInt();
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      String head =
          "POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: 10\r\n\r\n";
      socket.getOutputStream().write((head + "{\"n\"").getBytes(StandardCharsets.US_ASCII));
      TimeUnit.MILLISECONDS.sleep(500);
      process.destroy();
      TimeUnit.MILLISECONDS.sleep(6500);
      socket.getOutputStream().write(":   7}".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("Connection: close", "\"items\"");
    }
    assertThat(process.waitFor()).isEqualTo(143);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void serve_byTheIndex_recommends() throws Exception {
    Process process = start("serve", Samples.als(), "--ann", "--port", "0", "--json");
    while (process.isAlive() && !text("stdout").contains("}")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String address = new Run(0, text("stdout"), "").json().path("address").asText();
    java.net.http.HttpResponse<String> answer =
        java.net.http.HttpClient.newHttpClient()
            .send(
                java.net.http.HttpRequest.newBuilder(java.net.URI.create(address + "v1/recommend"))
                    .header("Content-Type", "application/json")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "{\"user\": \"" + Samples.user(0) + "\", \"n\": 5}"))
                    .build(),
                java.net.http.HttpResponse.BodyHandlers.ofString());
    interrupt(process);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Run asked = Run.of("recommend", Samples.als(), "--user", Samples.user(0), "-n", 5, "--json");
    assertThat(new Run(0, answer.body(), "").json().path("items").findValuesAsText("item"))
        .isEqualTo(asked.json().path("items").findValuesAsText("item"));
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(text("stderr").lines()).allMatch(line -> line.contains("INFO WarmUp - warmed up"));
  }

  @Test
  void serve_portInUse_saysWhatToDo() throws Exception {
    try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
      Run run =
          Run.of("serve", Samples.itemKnn(), "--port", taken.getLocalPort(), "--host", "0.0.0.0");

      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).startsWith("kindred: ").contains(String.valueOf(taken.getLocalPort()));
      MainTest.assertNoTrace(run.err());
    }
  }
}
