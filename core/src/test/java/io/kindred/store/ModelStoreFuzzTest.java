package io.kindred.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.Explainer;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.recommend.ModelRecommender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spoils bundles of every algorithm in thousands of ways; reading them must end in a {@link
 * KindredException} or in a model that serves. {@code -Dkindred.fuzz.rounds=N} sets the rounds for
 * each algorithm and kind of damage.
 */
class ModelStoreFuzzTest {
  private static final int ROUNDS = Integer.getInteger("kindred.fuzz.rounds", 75);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Dataset DATA = Bundles.data(5, 12, 9);

  @TempDir Path folder;

  static List<String> algorithms() {
    return Bundles.REGISTRY.all().stream().map(algorithm -> algorithm.name()).toList();
  }

  private static Model train(String algorithm) {
    return Bundles.REGISTRY
        .trainer(algorithm, Parameters.none())
        .train(DATA, TrainingContext.defaults().withThreads(1));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void load_anyByteChanged_isRefused(String algorithm) throws IOException {
    Path bundle = folder.resolve("bundle");
    Bundles.STORE.save(train(algorithm), bundle);
    Random random = new Random(11);
    List<Path> files = files(bundle);
    for (int round = 0; round < ROUNDS; round++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, spoiled(whole, random));
      assertThat(load(Bundles.STORE, bundle, "round " + round))
          .as("round %d, %s", round, file)
          .isNull();
      Files.write(file, whole);
    }
    assertThat(load(Bundles.STORE, bundle, "whole")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void load_anyByteChangedAndNoChecksums_isRefusedOrServes(String algorithm) throws IOException {
    Path bundle = folder.resolve("bundle");
    Bundles.STORE.save(train(algorithm), bundle);
    Random random = new Random(12);
    List<Path> files = files(bundle);
    int served = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] whole = Files.readAllBytes(file);
      byte[] spoiled = spoiled(whole, random);
      Files.write(
          file, spoiled.length == whole.length ? spoiled : Arrays.copyOf(spoiled, whole.length));
      Model model = load(Bundles.STORE.withoutChecksums(), bundle, "round " + round);
      if (model != null) {
        serve(model, "round " + round + " in " + file);
        served++;
      }
      Files.write(file, whole);
    }
    assertThat(served).as("rounds that loaded").isBetween(1, ROUNDS - 1);
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void load_jsonEditedAndSealedAgain_isRefusedOrServes(String algorithm) throws IOException {
    Path bundle = folder.resolve("bundle");
    Bundles.STORE.save(train(algorithm), bundle);
    Random random = new Random(13);
    Path manifest = bundle.resolve("model.json");
    byte[] whole = Files.readAllBytes(manifest);
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode json = JSON.readTree(whole);
      edit(json, random);
      Files.write(manifest, JSON.writeValueAsBytes(json));
      Bundles.reseal(bundle);
      Model model = load(Bundles.STORE, bundle, "round " + round + ": " + json);
      if (model != null) {
        serve(model, "round " + round + ": " + json);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void load_headerEditedAndFilesSwapped_isRefusedOrServes(String algorithm) throws IOException {
    Path bundle = folder.resolve("bundle");
    Bundles.STORE.save(train(algorithm), bundle);
    Random random = new Random(14);
    List<Path> tensors =
        files(bundle).stream().filter(file -> file.toString().endsWith(".safetensors")).toList();
    for (int round = 0; round < ROUNDS; round++) {
      Path file = tensors.get(random.nextInt(tensors.size()));
      byte[] whole = Files.readAllBytes(file);
      byte[] changed =
          random.nextInt(10) == 0
              ? Files.readAllBytes(tensors.get(random.nextInt(tensors.size())))
              : headerEdited(whole, random);
      Files.write(file, changed);
      resize(bundle, file);
      Model model =
          load(Bundles.STORE.withoutChecksums(), bundle, "round " + round + " in " + file);
      if (model != null) {
        serve(model, "round " + round + " in " + file);
      }
      Files.write(file, whole);
      resize(bundle, file);
    }
  }

  @Test
  void load_randomFiles_isRefused() throws IOException {
    Random random = new Random(15);
    Path bundle = folder.resolve("bundle");
    Bundles.STORE.save(train("popularity"), bundle);
    for (int round = 0; round < ROUNDS; round++) {
      for (Path file : files(bundle)) {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        Files.write(file, noise);
      }
      assertThat(load(Bundles.STORE.withoutChecksums(), bundle, "round " + round)).isNull();
    }
  }

  private static List<Path> files(Path bundle) throws IOException {
    try (var files = Files.list(bundle)) {
      return files.sorted().toList();
    }
  }

  /** The model, or null where it was refused as it should be. */
  private static Model load(ModelStore store, Path bundle, String what) {
    try {
      return store.load(bundle);
    } catch (KindredException e) {
      assertThat(e).as(what).hasMessageContaining(bundle.toString());
      return null;
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
  }

  private static void serve(Model model, String what) {
    try {
      Bundles.scores(model);
      ModelRecommender recommender = ModelRecommender.of(model);
      for (String user : model.data().users().ids()) {
        recommender.recommend(Query.ofUser(user), 2);
      }
      recommender.recommend(
          Query.ofItems(model.data().items().ids()).withFilter(Query.Filter.ALL), 2);
      Profile first =
          model.data().users().size() == 0
              ? null
              : new Profile(0, model.data().interactions().history(0));
      for (int item = 0; item < model.data().items().size() && first != null; item++) {
        if (model instanceof RatingPredictor predictor) {
          predictor.predict(first, new int[] {item});
        }
        if (model instanceof Explainer explainer) {
          explainer.explain(first, item, 3);
        }
      }
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
  }

  private static byte[] spoiled(byte[] whole, Random random) {
    byte[] spoiled = whole.clone();
    switch (random.nextInt(6)) {
      case 0 -> spoiled = Arrays.copyOf(whole, random.nextInt(whole.length));
      case 1 -> spoiled = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(20));
      case 2 -> { // zeros, or ones, over a stretch
        int from = random.nextInt(whole.length);
        Arrays.fill(
            spoiled,
            from,
            Math.min(whole.length, from + 1 + random.nextInt(16)),
            (byte) (random.nextBoolean() ? 0 : -1));
      }
      case 3 -> { // a large or small number in the place of another
        int from = random.nextInt(whole.length) & ~3;
        if (from + 4 <= whole.length) {
          int[] numbers = {Integer.MIN_VALUE, -1, 0, 1, 1000, Integer.MAX_VALUE};
          ByteBuffer.wrap(spoiled)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(from, numbers[random.nextInt(numbers.length)]);
        }
      }
      default -> {
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          spoiled[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    if (Arrays.equals(spoiled, whole)) {
      spoiled[random.nextInt(whole.length)] ^= 1;
    }
    return spoiled;
  }

  /** Changes one value, or takes it away, or adds one. */
  private static void edit(JsonNode json, Random random) {
    List<ContainerNode<?>> containers = new ArrayList<>();
    collect(json, containers);
    ContainerNode<?> at = containers.get(random.nextInt(containers.size()));
    Object[] values = {
      -1,
      0,
      1,
      7,
      2147483647,
      -2147483648,
      4294967296L,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      1e308,
      0.5,
      "",
      "x",
      "100",
      "-1",
      "2147483647",
      "NaN",
      "../../x",
      "/etc/passwd",
      true,
      null,
      List.of(),
      Map.of(),
      List.of(1, 2),
      "\u0000",
      "x".repeat(5000)
    };
    JsonNode value = JSON.valueToTree(values[random.nextInt(values.length)]);
    if (at instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (names.isEmpty() || random.nextInt(12) == 0) {
        object.set(random.nextBoolean() ? "new" : "weights.safetensors", value);
      } else {
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(8) == 0) {
          object.remove(name);
        } else {
          object.set(name, value);
        }
      }
    } else if (at instanceof ArrayNode array) {
      if (array.isEmpty() || random.nextInt(4) == 0) {
        array.add(value);
      } else if (random.nextInt(4) == 0) {
        array.remove(random.nextInt(array.size()));
      } else {
        array.set(random.nextInt(array.size()), value);
      }
    }
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> into) {
    if (node instanceof ContainerNode<?> container) {
      into.add(container);
      node.forEach(child -> collect(child, into));
    }
  }

  private static byte[] headerEdited(byte[] whole, Random random) throws IOException {
    int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    JsonNode header = JSON.readTree(new String(whole, 8, length, StandardCharsets.UTF_8));
    edit(header, random);
    byte[] json = JSON.writeValueAsBytes(header);
    ByteBuffer all =
        ByteBuffer.allocate(8 + json.length + whole.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    return all.putLong(json.length)
        .put(json)
        .put(whole, 8 + length, whole.length - 8 - length)
        .array();
  }

  /** Says the new size of a file in the manifest. */
  private static void resize(Path bundle, Path file) throws IOException {
    Path manifest = bundle.resolve("model.json");
    JsonNode json = JSON.readTree(manifest.toFile());
    ((ObjectNode) json.get("files").get(file.getFileName().toString()))
        .put("size", Files.size(file));
    Files.write(manifest, JSON.writeValueAsBytes(json));
  }
}
