package io.kindred.bench;

import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Scorer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.generate.WriteOptions;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.neural.content.MobileNetV2;
import io.kindred.neural.content.PictureFeatures;
import io.kindred.neural.content.Pictures;
import io.kindred.registry.Algorithms;
import io.kindred.split.ColdItems;
import io.kindred.split.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How well items are ranked that nobody has rated yet: a fifth of the items with a picture is held
 * out whole, and for each person those are ranked among themselves by what is known of them alone.
 * Beside ndcg@10 and recall@10, the area under the curve is given, which tells small effects
 * better; each with the difference from a random order and its 95 % bootstrap interval over people,
 * who are drawn with all their seeds. Then come the ndcg@10 as a share of that of the first row,
 * and by how much the last model is above each (paired, with interval). What a model cannot score
 * comes last.
 *
 * <p>Arguments: {@code world}, or a folder of data, one of pictures (or a text in that folder which
 * says the name of each item's picture) and the weights of MobileNetV2, whose features are the
 * embedding {@code mobilenet} and are computed once where a model names it; {@code test} or {@code
 * validation} (a fifth of the train items of the same split, for tuning); seeds as 1,2,3; then
 * models as {@code NAME: ALGORITHM PARAMETER=VALUE ...}. In the world, the first row is the true
 * factors. With {@code -Dkindred.kept=FILE}, what is measured of a model and a seed is kept there
 * and not measured again, so that a long table can be made in pieces.
 */
public final class ColdItemsBench {
  private static final int CUTOFF = 10;
  private static final int SAMPLES = 2000;
  private static final int THREADS = 2;
  private static final @Nullable String KEPT = System.getProperty("kindred.kept");

  private ColdItemsBench() {}

  /** What is known of a person's ranking with one seed. */
  private record Quality(int user, double ndcg, double recall, double auc) {}

  /** Scores of all items for a person, or NaN. */
  @FunctionalInterface
  private interface Scores {
    float[] of(int user);
  }

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException {
    boolean generated = args[0].equals("world");
    int at = generated ? 1 : 3;
    boolean validation = args[at].equals("validation");
    long[] seeds = Arrays.stream(args[at + 1].split(",", -1)).mapToLong(Long::parseLong).toArray();
    List<String> models = Arrays.asList(args).subList(at + 2, args.length);
    World world = generated ? new World(WorldConfig.ofInteractions(100_000)) : null;
    Dataset data =
        world != null ? written(world) : withPictures(read(Path.of(args[0]), Path.of(args[1])));
    Map<String, List<Quality>> kept = kept();
    String part = data.fingerprint() + "\t" + args[at];
    boolean seen =
        models.stream()
            .filter(model -> model.contains("embedding=mobilenet"))
            .anyMatch(
                model ->
                    Arrays.stream(seeds)
                        .anyMatch(seed -> !kept.containsKey(key(part, seed, model))));
    if (seen) {
      data = withFeatures(data, Path.of(args[2]));
    }
    say(
        "%s: %,d people, %,d items with a picture, %,d interactions; %s part, seeds %s",
        data.name(),
        data.users().size(),
        data.items().size(),
        data.interactions().size(),
        validation ? "validation" : "test",
        Arrays.toString(seeds));
    Map<String, List<Quality>> found = new LinkedHashMap<>();
    for (long seed : seeds) {
      Split outer = new ColdItems(0.2).split(data, seed);
      Split split = validation ? new ColdItems(0.2).split(outer.train(), seed + 1000) : outer;
      if (world != null) {
        measure(found, "true factors", split, truth(world, data, false));
        measure(found, "true preference", split, truth(world, data, true));
      }
      measure(found, "random", split, random(data, seed));
      for (String model : models) {
        long start = System.nanoTime();
        String name = model.substring(0, model.indexOf(": "));
        String key = key(part, seed, model);
        List<Quality> known = kept.get(key);
        if (known != null) {
          found.computeIfAbsent(name, any -> new ArrayList<>()).addAll(known);
          continue;
        }
        Model trained = train(split.train(), model, seed);
        keep(key, measure(found, name, split, scores(trained, split)));
        System.err.printf(
            Locale.ROOT, "seed %d %s: %.0f s%n", seed, name, (System.nanoTime() - start) / 1e9);
      }
      say("seeds up to %d", seed);
      report(found);
    }
  }

  private static Dataset read(Path folder, Path pictures) {
    boolean names = Files.isRegularFile(pictures);
    Path images = pictures.toAbsolutePath();
    return Ingest.read(
            folder,
            ReadOptions.defaults()
                .withImages(names ? images.getParent() : images)
                .withImageNames(names ? images : null)
                .withFilter(io.kindred.data.DatasetFilter.none().withMinValue(4f)))
        .dataset();
  }

  /** With what MobileNetV2 sees as numeric columns "mobilenet 1", "mobilenet 2" and so on. */
  private static Dataset withFeatures(Dataset data, Path weights) {
    FeatureColumn.Image images = Pictures.column(data.itemFeatures()).orElseThrow();
    PictureFeatures features =
        PictureFeatures.of(images, MobileNetV2.read(weights), THREADS, ProgressListener.NONE);
    List<FeatureColumn> columns = new ArrayList<>(data.itemFeatures().columns());
    int items = data.items().size();
    for (int d = 0; d < features.dimensions(); d++) {
      float[] numbers = new float[items];
      for (int item = 0; item < items; item++) {
        numbers[item] = features.values()[item * features.dimensions() + d];
      }
      columns.add(new FeatureColumn.Numeric("mobilenet " + (d + 1), numbers));
    }
    return data.withFeatures(data.userFeatures(), new Features(items, columns));
  }

  private static Dataset written(World world) throws IOException {
    Path folder = Files.createTempDirectory("kindred-cold").resolve("world");
    world.write(folder, WriteOptions.DEFAULT, ProgressListener.NONE);
    return withPictures(Ingest.read(folder).dataset());
  }

  /** Only the items that have a picture and an interaction. */
  private static Dataset withPictures(Dataset data) {
    FeatureColumn.Image images = Pictures.column(data.itemFeatures()).orElseThrow();
    int[] counts = data.interactions().itemCounts();
    int[] kept =
        IntStream.range(0, data.items().size())
            .filter(item -> images.paths().get(item) != null && counts[item] > 0)
            .toArray();
    int[] indexOf = new int[data.items().size()];
    Arrays.fill(indexOf, -1);
    for (int i = 0; i < kept.length; i++) {
      indexOf[kept[i]] = i;
    }
    Interactions all = data.interactions();
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < all.userCount(); user++) {
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        if (indexOf[all.items()[p]] >= 0) {
          columns.add(user, indexOf[all.items()[p]], all.values()[p], 1000 * all.time(p));
        }
      }
    }
    return Dataset.of(
            data.name(),
            data.users(),
            Vocabulary.of(Arrays.stream(kept).mapToObj(data.items()::id).toList()),
            columns.build(all.userCount(), kept.length))
        .withFeatures(data.userFeatures(), data.itemFeatures().select(kept));
  }

  /** Trains {@code NAME: ALGORITHM PARAMETER=VALUE ...}. */
  private static Model train(Dataset train, String model, long seed) {
    String[] words = model.substring(model.indexOf(": ") + 2).strip().split("\\s+", -1);
    Parameters parameters = Parameters.none();
    for (int w = 1; w < words.length; w++) {
      int equals = words[w].indexOf('=');
      parameters = parameters.with(words[w].substring(0, equals), words[w].substring(equals + 1));
    }
    return Algorithms.all()
        .trainer(words[0], parameters)
        .train(train, TrainingContext.defaults().withSeed(seed).withThreads(THREADS));
  }

  private static Scores scores(Model model, Split split) {
    Scorer scorer = model.scorer();
    Interactions histories = split.test().history();
    float[] row = new float[histories.itemCount()];
    return user -> {
      History history = histories.history(user);
      scorer.score(List.of(new Profile(user, history)), row);
      return row;
    };
  }

  /** Affinity, or with popularity, which no picture shows: the best order that there is. */
  private static Scores truth(World world, Dataset data, boolean popular) {
    return user -> {
      float[] scores = new float[data.items().size()];
      int worldUser = numberOf(data.users().id(user));
      for (int item = 0; item < scores.length; item++) {
        int worldItem = numberOf(data.items().id(item));
        scores[item] =
            (float)
                (popular
                    ? world.preference(worldUser, worldItem, World.END)
                    : world.affinity(worldUser, worldItem, World.END));
      }
      return scores;
    };
  }

  private static int numberOf(String id) {
    return Integer.parseInt(id.replaceFirst(".*?(\\d+)$", "$1"));
  }

  private static Scores random(Dataset data, long seed) {
    return user -> {
      Random random = new Random(seed * 31 + user);
      float[] scores = new float[data.items().size()];
      for (int item = 0; item < scores.length; item++) {
        scores[item] = random.nextFloat();
      }
      return scores;
    };
  }

  private static String key(String part, long seed, String model) {
    return part + "\t" + seed + "\t" + model.substring(model.indexOf(": ") + 2);
  }

  /** What earlier runs measured, by data, part, seed and model. */
  private static Map<String, List<Quality>> kept() throws IOException {
    Map<String, List<Quality>> kept = new LinkedHashMap<>();
    if (KEPT != null && Files.exists(Path.of(KEPT))) {
      for (String line : Files.readAllLines(Path.of(KEPT))) {
        int end = line.lastIndexOf('\t');
        List<Quality> row = kept.computeIfAbsent(line.substring(0, end), any -> new ArrayList<>());
        for (String person : line.substring(end + 1).split(" ", -1)) {
          String[] figures = person.split("/", -1);
          row.add(
              new Quality(
                  Integer.parseInt(figures[0]),
                  Double.parseDouble(figures[1]),
                  Double.parseDouble(figures[2]),
                  Double.parseDouble(figures[3])));
        }
      }
    }
    return kept;
  }

  private static void keep(String key, List<Quality> row) throws IOException {
    if (KEPT != null) {
      String figures =
          row.stream()
              .map(
                  person ->
                      person.user + "/" + person.ndcg + "/" + person.recall + "/" + person.auc)
              .collect(Collectors.joining(" "));
      Files.writeString(
          Path.of(KEPT),
          key + "\t" + figures + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private static List<Quality> measure(
      Map<String, List<Quality>> found, String name, Split split, Scores scores) {
    List<Quality> qualities = new ArrayList<>();
    Interactions targets = split.test().targets();
    int[] cold =
        IntStream.range(0, targets.itemCount())
            .filter(item -> targets.itemCounts()[item] > 0)
            .toArray();
    for (int user = 0; user < targets.userCount(); user++) {
      int[] wanted =
          Arrays.stream(targets.items(), targets.starts()[user], targets.starts()[user + 1])
              .sorted()
              .toArray();
      if (wanted.length == 0 || split.test().history().userSize(user) == 0) {
        continue;
      }
      float[] row = scores.of(user);
      Integer[] order =
          Arrays.stream(cold)
              .boxed()
              .sorted(
                  Comparator.comparingDouble(item -> Float.isNaN(row[item]) ? 1e30 : -row[item]))
              .toArray(Integer[]::new);
      double gain = 0;
      double best = 0;
      int hits = 0;
      double above = 0; // unwanted items above a wanted one
      int unwanted = 0;
      for (int rank = 0; rank < order.length; rank++) {
        double weight = Math.log(2) / Math.log(rank + 2);
        if (rank < Math.min(CUTOFF, wanted.length)) {
          best += weight;
        }
        if (Arrays.binarySearch(wanted, order[rank]) >= 0) {
          above += unwanted;
          if (rank < CUTOFF) {
            gain += weight;
            hits++;
          }
        } else {
          unwanted++;
        }
      }
      qualities.add(
          new Quality(
              user,
              gain / best,
              (double) hits / wanted.length,
              unwanted == 0 ? 0.5 : 1 - above / unwanted / wanted.length));
    }
    found.computeIfAbsent(name, any -> new ArrayList<>()).addAll(qualities);
    return qualities;
  }

  private static void report(Map<String, List<Quality>> found) {
    List<Quality> random = found.getOrDefault("random", List.of());
    List<Quality> first = found.values().iterator().next();
    int[] users = first.stream().mapToInt(Quality::user).toArray(); // the same of all rows
    say(
        "%-28s %8s %24s %9s %8s %24s %9s %24s",
        "model",
        "ndcg@10",
        "over random",
        "recall@10",
        "auc",
        "over random",
        "of first",
        "last over it");
    double[] last = new double[0];
    for (List<Quality> row : found.values()) {
      last = row.stream().mapToDouble(Quality::ndcg).toArray();
    }
    for (Map.Entry<String, List<Quality>> row : found.entrySet()) {
      double[] ndcg = row.getValue().stream().mapToDouble(Quality::ndcg).toArray();
      double[] auc = row.getValue().stream().mapToDouble(Quality::auc).toArray();
      double[] randomNdcg = random.stream().mapToDouble(Quality::ndcg).toArray();
      double[] randomAuc = random.stream().mapToDouble(Quality::auc).toArray();
      say(
          "%-28s %8.4f %24s %9.4f %8.4f %24s %8.0f%% %24s",
          row.getKey(),
          mean(ndcg),
          interval(users, ndcg, randomNdcg),
          row.getValue().stream().mapToDouble(Quality::recall).average().orElse(0),
          mean(auc),
          interval(users, auc, randomAuc),
          100 * mean(ndcg) / first.stream().mapToDouble(Quality::ndcg).average().orElse(1),
          interval(users, last, ndcg));
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /**
   * The mean of a - b and its percentile bootstrap interval over people: whoever is drawn comes
   * with what each seed says of that person, so that more seeds do not pass for more people.
   */
  private static String interval(int[] users, double[] a, double[] b) {
    int[] people = Arrays.stream(users).distinct().sorted().toArray();
    double[] sums = new double[people.length];
    int[] counts = new int[people.length];
    double total = 0;
    for (int i = 0; i < users.length; i++) {
      int person = Arrays.binarySearch(people, users[i]);
      sums[person] += a[i] - b[i];
      counts[person]++;
      total += a[i] - b[i];
    }
    Random random = new Random(1);
    double[] means = new double[SAMPLES];
    for (int s = 0; s < SAMPLES; s++) {
      double sum = 0;
      int count = 0;
      for (int i = 0; i < people.length; i++) {
        int person = random.nextInt(people.length);
        sum += sums[person];
        count += counts[person];
      }
      means[s] = sum / count;
    }
    Arrays.sort(means);
    return String.format(
        Locale.ROOT,
        "%+.4f (%+.3f..%+.3f)",
        total / users.length,
        means[SAMPLES * 25 / 1000],
        means[SAMPLES * 975 / 1000]);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
