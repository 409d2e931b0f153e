package io.kindred.cli;

import io.kindred.KindredException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything that Kindred needs from the machine. */
@Command(
    name = "doctor",
    description = "Check Java, memory, disk, native code, network and cache.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred doctor",
      "  kindred doctor --offline --json",
      "",
      "The exit code is 1 if something is in the way. No network is not: own data needs none."
    })
final class Doctor extends ResultCommand {
  private static final int OLDEST_JAVA = 17;
  private static final long LITTLE_MEMORY = 500L << 20;
  private static final long LITTLE_DISK = 1L << 30;

  @Option(names = "--offline", description = "Do not try the network.")
  private boolean offline;

  Doctor(Terminal terminal) {
    super(terminal);
  }

  /** How something stands. */
  enum State {
    ok,
    note,
    problem
  }

  /** One thing that was looked at. */
  record Check(String name, State state, String detail) {}

  /** What {@code --json} prints. */
  record Result(boolean ok, List<Check> checks) {}

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    checks.add(kindred());
    checks.add(java());
    checks.add(memory());
    checks.add(launcher());
    checks.add(cache());
    checks.add(duckDb());
    if (!offline) {
      checks.add(network());
    }
    boolean ok = checks.stream().noneMatch(check -> check.state() == State.problem);
    if (json()) {
      Json.print(terminal(), new Result(ok, checks));
    } else {
      Table table = new Table().left("").left("").left("");
      checks.forEach(check -> table.row(check.state(), check.name(), check.detail()));
      table.print(terminal(), "");
      say(ok ? "Nothing is in the way." : "See the problems above.");
    }
    return ok ? ExitCode.OK : ExitCode.FAILED;
  }

  private static Check kindred() {
    return new Check("kindred", State.ok, new Version().getVersion()[0]);
  }

  private static Check java() {
    String detail =
        Runtime.version()
            + ", "
            + System.getProperty("java.vm.name")
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch");
    boolean ok = Runtime.version().feature() >= OLDEST_JAVA;
    return new Check("java", ok ? State.ok : State.problem, detail);
  }

  private static Check memory() {
    Runtime runtime = Runtime.getRuntime();
    long most = runtime.maxMemory();
    String detail =
        format(
            "%,d MB for the JVM, %d processors%s",
            most >> 20,
            runtime.availableProcessors(),
            most < LITTLE_MEMORY ? "; allow more with KINDRED_JAVA_OPTS=-Xmx2g" : "");
    return new Check("memory", most < LITTLE_MEMORY ? State.problem : State.ok, detail);
  }

  private static Check launcher() {
    String jar = System.getProperty("java.class.path", "");
    boolean launched = jar.endsWith("kindred-cli.jar");
    boolean archive =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
    String detail =
        (launched
                ? Path.of(jar).toAbsolutePath().normalize().toString()
                : "not started from its jar")
            + (archive
                ? ", with an archive for a fast start"
                : ", without an archive for a fast start");
    return new Check("launcher", archive ? State.ok : State.note, detail);
  }

  private Check cache() {
    Path folder;
    try {
      folder = terminal().cache();
    } catch (KindredException e) {
      return new Check("cache", State.problem, String.valueOf(e.getMessage()));
    }
    Path there = folder;
    while (there != null && !Files.isDirectory(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isWritable(there)) {
      return new Check("cache", State.problem, folder + " cannot be written");
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String detail = format("%s, %,d MB free", folder, free >> 20);
      return new Check("cache", free < LITTLE_DISK ? State.note : State.ok, detail);
    } catch (IOException e) {
      return new Check("cache", State.problem, folder + ": " + e.getMessage());
    }
  }

  private static Check duckDb() {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        java.sql.ResultSet version = statement.executeQuery("SELECT version()")) {
      version.next();
      return new Check("duckdb", State.ok, version.getString(1) + ", native code loads");
    } catch (SQLException | LinkageError e) {
      return new Check(
          "duckdb", State.problem, "does not load, so no data can be read: " + e.getMessage());
    }
  }

  private static Check network() {
    URI address = URI.create("https://files.grouplens.org/");
    Duration patience = Duration.ofSeconds(3);
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .method("HEAD", HttpRequest.BodyPublishers.noBody())
              .timeout(patience)
              .build();
      client.send(request, HttpResponse.BodyHandlers.discarding());
      return new Check("network", State.ok, address.getHost() + " answers");
    } catch (IOException e) {
      return new Check(
          "network",
          State.note,
          address.getHost() + " does not answer; public data cannot be fetched, own data works");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
