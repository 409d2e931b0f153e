package io.kindred.bench.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Seconds of an iteration of Spark MLlib's implicit ALS on one machine.
 *
 * <p>Arguments: a file with one line a user, {@code user item item ...} (default
 * ../shared/data/ml-1m/ml-1m.sequences.tsv), the number of threads (default 2) and of blocks (default: that of
 * the threads). The time of an iteration is the difference between a training of 13 and one of 3,
 * over 10, after a training that warms the code up; the better of two.
 */
public final class SparkAls {
  private SparkAls() {}

  /** Runs and prints a table. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m/ml-1m.sequences.tsv");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    int blocks = args.length > 2 ? Integer.parseInt(args[2]) : threads;
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + threads + "]")
            .appName("als")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", blocks)
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    Dataset<Row> ratings =
        spark
            .createDataFrame(
                rows(file),
                new StructType()
                    .add("user", DataTypes.IntegerType)
                    .add("item", DataTypes.IntegerType)
                    .add("rating", DataTypes.FloatType))
            .repartition(blocks)
            .cache();
    say(
        "Spark %s, local[%d], %d blocks, %,d interactions, d 64",
        spark.version(), threads, blocks, ratings.count());
    seconds(ratings, blocks, 5);
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < 2; round++) {
      double few = seconds(ratings, blocks, 3);
      double many = seconds(ratings, blocks, 13);
      best = Math.min(best, (many - few) / 10);
      say("%-28s %12.3f   (3 iterations %.2f s, 13 %.2f s)", "an iteration, s", (many - few) / 10, few, many);
    }
    say("%-28s %12.3f", "best", best);
    spark.stop();
  }

  private static double seconds(Dataset<Row> ratings, int blocks, int iterations) {
    long start = System.nanoTime();
    long factors =
        new ALS()
            .setImplicitPrefs(true)
            .setRank(64)
            .setAlpha(1)
            .setRegParam(0.01)
            .setMaxIter(iterations)
            .setNumBlocks(blocks)
            .setSeed(42)
            .fit(ratings)
            .itemFactors()
            .count();
    if (factors == 0) {
      throw new IllegalStateException("no factors");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<Row> rows(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Stream<String> lines = Files.lines(file)) {
      lines.filter(line -> !line.startsWith("#")).forEach(
          line -> {
            String[] fields = line.trim().split("[\\s,]+");
            int user = Integer.parseInt(fields[0]);
            for (int i = 1; i < fields.length; i++) {
              rows.add(RowFactory.create(user, Integer.parseInt(fields[i]), 1f));
            }
          });
    }
    return rows;
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
