package io.kindred.store;

import io.kindred.AlgorithmRegistry;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.TrainingContext;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Vocabulary;
import io.kindred.knn.ItemKnn;
import io.kindred.registry.Algorithms;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Small models and their bundles. */
final class Bundles {
  static final AlgorithmRegistry REGISTRY = Algorithms.all();
  static final ModelStore STORE = ModelStore.of(REGISTRY);

  private Bundles() {}

  /**
   * Random ratings with times and types; ids with slashes, emoji and quotes; items with all kinds
   * of features.
   */
  static Dataset data(long seed, int users, int items) {
    Random random = new Random(seed);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      for (int k = 0; k < 6; k++) {
        int item = (u + random.nextInt(1 + items / 2)) % items;
        all.add(
            new Interaction(
                "user/" + u + "\"\\",
                "item " + item + " \uD83D\uDE00",
                1 + random.nextInt(10) / 2f,
                Instant.ofEpochSecond(1_600_000_000L + random.nextInt(100_000_000)),
                random.nextInt(3) == 0 ? "purchase" : "view"));
      }
    }
    Dataset data = Dataset.of("random " + seed, all);
    int n = data.items().size();
    List<String> texts = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    int[] codes = new int[n];
    int[] starts = new int[n + 1];
    List<Integer> tags = new ArrayList<>();
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      texts.add(i % 4 == 0 ? null : i % 4 == 1 ? "" : "Title " + i + " é");
      paths.add(i % 3 == 0 ? null : "pictures/" + i + ".jpg");
      codes[i] = i % 3 - 1;
      for (int t = 0; t < i % 3; t++) {
        tags.add(t);
      }
      starts[i + 1] = tags.size();
      numbers[i] = i % 5 == 0 ? Float.NaN : i / 2f;
    }
    Features features =
        new Features(
            n,
            List.of(
                new FeatureColumn.Text("title", texts),
                new FeatureColumn.Category("kind", codes, Vocabulary.of(List.of("a", "ü"))),
                new FeatureColumn.Tags(
                    "tags",
                    starts,
                    tags.stream().mapToInt(t -> t).toArray(),
                    Vocabulary.of(List.of("x", "y"))),
                new FeatureColumn.Numeric("year", numbers),
                new FeatureColumn.Image("picture", paths)));
    return data.withFeatures(Features.none(data.users().size()), features);
  }

  static Model train(String algorithm, Parameters parameters, Dataset data) {
    return REGISTRY
        .trainer(algorithm, parameters)
        .train(data, TrainingContext.defaults().withThreads(1));
  }

  static Model itemKnn(Dataset data) {
    return ItemKnn.defaults().train(data, TrainingContext.defaults().withThreads(1));
  }

  static Model popularity(Dataset data) {
    return Popularity.ALL_TIME.train(data, TrainingContext.defaults().withThreads(1));
  }

  /** The scores of all users and of two strangers. */
  static float[] scores(Model model) {
    int items = model.data().items().size();
    List<Profile> profiles = new ArrayList<>();
    for (int user = 0; user < model.data().users().size(); user++) {
      profiles.add(new Profile(user, model.data().interactions().history(user)));
    }
    profiles.add(Profile.unseen(History.empty()));
    profiles.add(Profile.unseen(items == 0 ? History.empty() : History.of(0, items - 1)));
    float[] scores = new float[profiles.size() * items];
    model.scorer().score(profiles, scores);
    return scores;
  }

  static boolean sameScores(Model a, Model b) {
    return Arrays.equals(scores(a), scores(b)); // NaN equals NaN
  }

  /** Makes the checksums of a bundle right again after its files were changed. */
  static void reseal(Path bundle) throws IOException {
    Path manifest = bundle.resolve("model.json");
    String sha256 =
        HexFormat.of().formatHex(FileBytes.sha256().digest(Files.readAllBytes(manifest)));
    Files.writeString(bundle.resolve("model.json.sha256"), sha256 + "  model.json\n");
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
