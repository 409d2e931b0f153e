package io.kindred.bench;

import io.kindred.data.Dataset;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Random;

/**
 * How long ten million CSV rows take to become a data set, beside DuckDB's own scan of the same
 * file.
 *
 * <p>Arguments: the file (made when absent; default {@code kindred-ingest-bench.csv} in the folder
 * for temporary files), the number of threads (default 2), the number of rounds (default 3; the
 * first is cold). The file has 250,000 users, 50,000 items, string ids, half-star values and epoch
 * seconds in random order.
 */
public final class IngestBench {
  private static final int ROWS = 10_000_000;
  private static final int USERS = 250_000;
  private static final int ITEMS = 50_000;

  private IngestBench() {}

  /** Runs the measurement. */
  public static void main(String[] args) throws IOException, SQLException {
    Path file =
        Path.of(
            args.length > 0
                ? args[0]
                : System.getProperty("java.io.tmpdir") + "/kindred-ingest-bench.csv");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    if (!Files.exists(file)) {
      generate(file);
    }
    double best = Double.POSITIVE_INFINITY;
    for (int round = 1; round <= rounds; round++) {
      long started = System.nanoTime();
      Dataset data = Ingest.read(file, ReadOptions.defaults().withThreads(threads)).dataset();
      double seconds = (System.nanoTime() - started) / 1e9;
      best = Math.min(best, seconds);
      print(
          "round %d: %.2f s, %,d interactions, %.1f bytes each, vocabularies %.1f MB",
          round,
          seconds,
          data.interactions().size(),
          (double) data.interactions().memoryBytes() / data.interactions().size(),
          (data.users().memoryBytes() + data.items().memoryBytes()) / 1e6);
    }
    double scan = Double.POSITIVE_INFINITY;
    for (int round = 1; round <= rounds; round++) {
      scan = Math.min(scan, scan(file, threads));
    }
    print(
        "best %.2f s with %d threads; DuckDB SELECT count(*), sum(value): %.2f s; ratio %.1f",
        best, threads, scan, best / scan);
  }

  private static double scan(Path file, int threads) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + threads);
      long started = System.nanoTime();
      try (ResultSet result =
          statement.executeQuery(
              "SELECT count(*), sum(value) FROM read_csv('"
                  + file.toString().replace("'", "''")
                  + "')")) {
        result.next();
      }
      return (System.nanoTime() - started) / 1e9;
    }
  }

  private static void generate(Path file) throws IOException {
    Random random = new Random(42);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (BufferedWriter out = Files.newBufferedWriter(part)) {
      out.write("user,item,value,time\n");
      StringBuilder line = new StringBuilder();
      for (int row = 0; row < ROWS; row++) {
        line.setLength(0);
        int user = 1_000_000 + random.nextInt(USERS);
        int item = 100_000 + (int) (ITEMS * random.nextDouble() * random.nextDouble());
        line.append("user_").append(user).append(",item_").append(item).append(',');
        line.append((1 + random.nextInt(9)) / 2.0).append(',');
        line.append(1_500_000_000L + random.nextInt(100_000_000)).append('\n');
        out.append(line);
      }
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
