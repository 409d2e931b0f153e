package io.kindred.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.AlgorithmRegistry;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.TrainingContext;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStoreTest {
  private static final Model MODEL = Bundles.itemKnn(Bundles.data(1, 40, 30));
  private static final Model OTHER = Bundles.popularity(Bundles.data(2, 20, 10));

  @TempDir Path folder;
  private Path bundle;

  @BeforeEach
  void name() {
    bundle = folder.resolve("my bundle é");
  }

  private Model load() {
    return Bundles.STORE.load(bundle);
  }

  private List<String> siblings() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void load_savedModel_isTheSame() {
    Bundles.STORE.save(MODEL, bundle);
    Model loaded = load();
    assertThat(Bundles.sameScores(loaded, MODEL)).isTrue();
    assertThat(loaded.info()).isEqualTo(MODEL.info());
    assertThat(Bundles.STORE.info(bundle)).isEqualTo(MODEL.info());
    assertThat(Bundles.STORE.withoutChecksums().load(bundle).info()).isEqualTo(MODEL.info());
    assertSameData(loaded.data(), MODEL.data());
  }

  private static void assertSameData(Dataset found, Dataset expected) {
    assertThat(found.name()).isEqualTo(expected.name());
    assertThat(found.fingerprint()).isEqualTo(expected.fingerprint());
    assertThat(found.users().ids()).isEqualTo(expected.users().ids());
    assertThat(found.items().ids()).isEqualTo(expected.items().ids());
    Interactions a = found.interactions();
    Interactions b = expected.interactions();
    assertThat(a.starts()).isEqualTo(b.starts());
    assertThat(a.items()).isEqualTo(b.items());
    assertThat(a.values()).isEqualTo(b.values());
    assertThat(a.typeNames()).isEqualTo(b.typeNames());
    assertThat(a.timeBase()).isEqualTo(b.timeBase());
    assertThat(a.seconds()).isEqualTo(b.seconds());
    assertThat(a.types()).isEqualTo(b.types());
    assertThat(found.withInteractions(a).fingerprint()).isEqualTo(expected.fingerprint());
    assertThat(found.itemFeatures().columns()).hasSameSizeAs(expected.itemFeatures().columns());
    for (int c = 0; c < expected.itemFeatures().columns().size(); c++) {
      FeatureColumn x = found.itemFeatures().columns().get(c);
      FeatureColumn y = expected.itemFeatures().columns().get(c);
      assertThat(x.getClass()).isEqualTo(y.getClass());
      assertThat(x.name()).isEqualTo(y.name());
      for (int i = 0; i < y.size(); i++) {
        assertThat(x.display(i)).isEqualTo(y.display(i));
      }
    }
  }

  /** Written before item-knn had a choice of the neighborhood, alone and inside a blend. */
  @ParameterizedTest
  @ValueSource(strings = {"item-knn", "blend"})
  void load_bundleFromBeforeTheNeighborhood_scoresAsItDid(String algorithm) throws IOException {
    String prefix = algorithm.equals("blend") ? "1." : "";
    Parameters parameters =
        Parameters.none().with(prefix + "neighbors", 3).with(prefix + "neighborhood", "history");
    Parameters before = algorithm.equals("blend") ? parameters.with("1", "item-knn") : parameters;
    Dataset data = Bundles.data(1, 40, 30);
    Model model = Bundles.train(algorithm, before, data);
    Model candidate =
        Bundles.train(algorithm, before.with(prefix + "neighborhood", "candidate"), data);
    assertThat(Bundles.sameScores(model, candidate)).isFalse();
    Bundles.STORE.save(model, bundle);
    edit("\"" + prefix + "neighborhood\" : \"history\",", "");
    Bundles.reseal(bundle);
    assertThat(Bundles.sameScores(load(), model)).isTrue();
    assertThat(load().info().parameters().asMap())
        .containsEntry(prefix + "neighborhood", "history");
  }

  @Test
  void load_emptyData_works() {
    Model empty = Bundles.popularity(Dataset.of("", List.of()));
    Bundles.STORE.save(empty, bundle);
    assertThat(load().data().users().size()).isZero();
  }

  @Test
  void load_largeArrays_areTheSame() {
    int items = 600_000; // arrays above 1 MiB, so that they are mapped; ids above one block
    Vocabulary ids = Vocabulary.of(IntStream.range(0, items).mapToObj(i -> "item-" + i).toList());
    Interactions.Builder columns = Interactions.builder();
    for (int p = 0; p < 700_000; p++) {
      columns.add(p % 3, (int) (p * 7919L % items), p);
    }
    Dataset data =
        Dataset.of("large", Vocabulary.of(List.of("a", "b", "c")), ids, columns.build(3, items));
    Model model = Bundles.popularity(data);
    Bundles.STORE.save(model, bundle);
    Model loaded = load();
    assertSameData(loaded.data().withFeatures(data.userFeatures(), data.itemFeatures()), data);
    assertThat(Bundles.sameScores(loaded, model)).isTrue();
  }

  @Test
  void save_existingBundle_isReplaced() throws IOException {
    Bundles.STORE.save(OTHER, bundle);
    Bundles.STORE.save(MODEL, bundle);
    assertThat(load().info()).isEqualTo(MODEL.info());
    Bundles.STORE.save(OTHER, bundle);
    assertThat(load().info()).isEqualTo(OTHER.info());
    assertThat(siblings()).containsExactly("my bundle é");
    assertThat(bundle.resolve("item-features.safetensors")).exists();
  }

  @Test
  void save_newMetrics_areKept() {
    ModelInfo measured =
        MODEL.info().withMetrics(Map.of("ndcg@10", 0.25, "recall@10", 1 / 3.0, "odd", Double.NaN));
    Bundles.STORE.save(MODEL, measured, bundle);
    assertThat(load().info().metrics()).isEqualTo(Map.of("ndcg@10", 0.25, "recall@10", 1 / 3.0));
  }

  @Test
  void save_sameModelTwice_sameBytes() throws IOException {
    Path second = folder.resolve("second");
    Bundles.STORE.save(MODEL, bundle);
    Bundles.STORE.save(MODEL, second);
    try (var files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        assertThat(second.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void save_missingParent_isMade() {
    bundle = folder.resolve("a/b/c");
    Bundles.STORE.save(MODEL, bundle);
    assertThat(load().info()).isEqualTo(MODEL.info());
  }

  @Test
  void save_linkToBundle_replacesWhatItLeadsTo() throws IOException {
    Path link = folder.resolve("current");
    Bundles.STORE.save(OTHER, bundle);
    Files.createSymbolicLink(link, bundle.getFileName());
    Bundles.STORE.save(MODEL, link);
    assertThat(link).isSymbolicLink();
    assertThat(Bundles.STORE.load(link).info()).isEqualTo(MODEL.info());
    assertThat(load().info()).isEqualTo(MODEL.info());
  }

  @Test
  void save_overSomethingElse_isRefused() throws IOException {
    Files.createDirectory(bundle);
    Files.writeString(bundle.resolve("thesis.tex"), "years of work");
    assertThatThrownBy(() -> Bundles.STORE.save(MODEL, bundle))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("exists and is not a Kindred bundle; it was left as it is");
    assertThat(bundle.resolve("thesis.tex")).hasContent("years of work");
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> Bundles.STORE.save(MODEL, file))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("is not a Kindred bundle");
    Path json = Files.createDirectory(folder.resolve("package"));
    Files.writeString(json.resolve("model.json"), "{\"format\": \"keras\"}");
    assertThatThrownBy(() -> Bundles.STORE.save(MODEL, json)).isInstanceOf(KindredException.class);
    assertThat(siblings()).containsExactly("file", "my bundle é", "package");
  }

  @Test
  void save_emptyFolder_isTaken() throws IOException {
    Files.createDirectory(bundle);
    Bundles.STORE.save(MODEL, bundle);
    assertThat(load().info()).isEqualTo(MODEL.info());
  }

  @Test
  void save_leftOversOfKilledWriters_goWhenADayOld() throws IOException {
    Path old = Files.createDirectory(folder.resolve(".my bundle é.new-0123456789abcdef"));
    Files.writeString(old.resolve("weights.safetensors"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    Path young = Files.createDirectory(folder.resolve(".my bundle é.new-fedcba9876543210"));
    Bundles.STORE.save(MODEL, bundle);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void save_unwritableArrays_leavesNothing() throws IOException {
    Model foreign =
        new Popularity(Popularity.Mode.RECENT, 1, 1)
            .train(Bundles.data(3, 5, 5), TrainingContext.defaults());
    ModelInfo lying =
        new ModelInfo("item-knn", MODEL.info().parameters(), 0, "", "", 0, Map.of(), 0);
    assertThatThrownBy(() -> Bundles.STORE.save(foreign, lying, bundle))
        .isInstanceOf(ClassCastException.class);
    assertThat(siblings()).isEmpty();
  }

  @Test
  void load_replacementCutOffBetweenItsRenames_findsTheOldOne() throws IOException {
    Bundles.STORE.save(OTHER, bundle);
    Files.move(bundle, folder.resolve(".my bundle é.old"));
    assertThat(load().info()).isEqualTo(OTHER.info());
    assertThat(Bundles.STORE.info(bundle)).isEqualTo(OTHER.info());
    Bundles.STORE.save(MODEL, bundle);
    assertThat(load().info()).isEqualTo(MODEL.info());
    assertThat(siblings()).containsExactly("my bundle é");
  }

  @Test
  void load_replacementCutOffBeforeItsEnd_findsTheNewOne() throws IOException {
    Bundles.STORE.save(OTHER, folder.resolve(".my bundle é.old"));
    Bundles.STORE.save(MODEL, bundle);
    Bundles.STORE.save(OTHER, folder.resolve(".my bundle é.old"));
    assertThat(load().info()).isEqualTo(MODEL.info());
    Bundles.STORE.save(OTHER, bundle);
    assertThat(load().info()).isEqualTo(OTHER.info());
    assertThat(siblings()).containsExactly("my bundle é");
  }

  @Test
  void load_whileBundleIsReplaced_isOneOrTheOther() throws Exception {
    Bundles.STORE.save(OTHER, bundle);
    Thread writer =
        new Thread(
            () -> {
              for (int turn = 0; turn < 60; turn++) {
                Bundles.STORE.save(turn % 2 == 0 ? MODEL : OTHER, bundle);
              }
            });
    writer.start();
    List<String> found = new ArrayList<>();
    while (writer.isAlive()) {
      Model loaded = load();
      assertThat(Bundles.sameScores(loaded, loaded.info().equals(MODEL.info()) ? MODEL : OTHER))
          .isTrue();
      found.add(loaded.info().algorithm());
    }
    writer.join();
    assertThat(found).contains("item-knn", "popularity");
  }

  @Test
  void load_nothingThere_saysSo() throws IOException {
    assertThatThrownBy(this::load)
        .isInstanceOf(KindredException.class)
        .hasMessage("there is no bundle '" + bundle + "'");
    Files.writeString(bundle, "x");
    assertThatThrownBy(this::load).hasMessageContaining("a bundle is a folder, and this is a file");
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    assertThatThrownBy(() -> Bundles.STORE.load(foreign))
        .hasMessageEndingWith("is not a Kindred bundle: it has no model.json");
    Files.writeString(foreign.resolve("model.json"), "{\"format\":\"keras\"}");
    assertThatThrownBy(() -> Bundles.STORE.load(foreign))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(
            "is not a Kindred bundle: model.json does not say \"format\": \"kindred-bundle\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weights.safetensors",
        "histories.safetensors",
        "users.vocab",
        "items.vocab",
        "item-features.safetensors"
      })
  void load_fileMissingCutFlippedOrLinked_isRefusedByName(String name) throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    Path file = bundle.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length - 1] ^= 1;
    Files.write(file, flipped);
    assertRefused(name, "other contents");
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertRefused(name, "has " + (whole.length - 1) + " bytes, not " + whole.length);
    Files.write(file, new byte[0]);
    assertRefused(name, "has 0 bytes");
    Files.delete(file);
    assertRefused(name, "is missing");
    Path elsewhere = Files.write(folder.resolve("elsewhere"), whole);
    Files.createSymbolicLink(file, elsewhere);
    assertRefused(name, "is not a regular file");
    Files.delete(file);
    Files.createDirectory(file);
    assertRefused(name, "is not a regular file");
  }

  private void assertRefused(String file, String problem) {
    assertThatThrownBy(this::load)
        .isInstanceOf(KindredException.class)
        .hasMessageStartingWith("bundle '" + bundle + "' is damaged: " + file)
        .hasMessageContaining(problem);
  }

  private void edit(String from, String to) throws IOException {
    Path manifest = bundle.resolve("model.json");
    String json = Files.readString(manifest);
    assertThat(json).contains(from);
    Files.writeString(manifest, json.replace(from, to));
  }

  @Test
  void load_manifestEdited_isRefused() throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    edit("\"seed\" : 42", "\"seed\" : 43");
    assertRefused("model.json", "which is not the one in model.json.sha256");
    assertThat(Bundles.STORE.withoutChecksums().load(bundle).info().seed()).isEqualTo(43);
    Files.delete(bundle.resolve("model.json.sha256"));
    assertRefused("model.json.sha256", "is missing");
  }

  @Test
  void load_newerFormat_isRefusedByName() throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    edit("\"formatVersion\" : 1", "\"formatVersion\" : 2");
    edit(
        "\"kindredVersion\" : \"" + Manifest.kindredVersionHere() + "\"",
        "\"kindredVersion\" : \"3.1.4\"");
    assertThatThrownBy(this::load)
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("was written in format version 2 (by Kindred 3.1.4); this Kindred (")
        .hasMessageContaining(
            ") reads up to version 1. Use a newer Kindred, or train the model again");
  }

  @Test
  void load_unknownAlgorithm_isRefusedByName() throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    assertThatThrownBy(
            () -> ModelStore.of(new AlgorithmRegistry(List.of(Popularity.ALGORITHM))).load(bundle))
        .isInstanceOf(KindredException.class)
        .hasMessage("bundle '" + bundle + "': unknown algorithm 'item-knn'; known are popularity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"weights.safetensors\" : |\"../weights.safetensors\" : |lists the file '../weights.safetensors'",
        "\"users.vocab\" : |\"/etc/passwd\" : |lists the file '/etc/passwd'",
        "\"users.vocab\" : |\"items.vocab\" : |Duplicate field 'items.vocab'",
        "\"users\" : 40|\"users\" : 41|there should be 41",
        "\"users\" : 40|\"users\" : 2147483647|there should be 2147483647",
        "\"users\" : 40|\"users\" : 1e3|must be a whole number",
        "\"users\" : 40|\"users\" : -1|must be a whole number from 0",
        "\"users\" : 40|\"users\" : 40, \"users\" : 40|Duplicate field 'users'",
        "\"items\" : 30|\"items\" : 99999999999|must be a whole number",
        "\"interactions\" : 240|\"interactions\" : 241|has the shape [240], not [241]",
        "\"seed\" : 42|\"seed\" : 123456789012345678901234567890123456789012345|Number value length",
        "\"seed\" : 42|\"seed\" : \"42\"|field 'model.seed' must be a whole number",
        "\"seed\" : 42|\"seeds\" : 42|has no field 'model.seed'",
        "\"seed\" : 42|\"seed\" : 42,|is not the JSON that it should be",
        "\"kind\" : \"tags\"|\"kind\" : \"rags\"|unknown kind 'rags'",
        "\"kind\" : \"tags\"|\"kind\" : \"text\"|array '2.known' is missing",
        "\"name\" : \"tags\"|\"name\" : \"year\"|two feature columns have one name",
        "\"neighbors\" : \"100\"|\"neighbors\" : \"many\"|hyperparameter 'neighbors' must be a whole number",
      })
  void load_lyingManifest_isRefused(String from, String to, String problem) throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    edit(from, to);
    Bundles.reseal(bundle);
    assertThatThrownBy(this::load)
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void load_jsonBombs_areRefused() throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    Path manifest = bundle.resolve("model.json");
    Files.writeString(manifest, "[".repeat(2_000_000));
    assertRefused("model.json", "nesting depth");
    Files.writeString(manifest, "{\"a\":".repeat(100_000));
    assertRefused("model.json", "nesting depth");
    Files.writeString(manifest, "{\"a\":\"" + "x".repeat(3_000_000) + "\"}");
    assertRefused("model.json", "String value length");
    Files.write(manifest, new byte[ModelStore.MAX_MANIFEST + 1]);
    assertRefused("model.json", "at most");
    Files.write(manifest, new byte[] {'{', '"', (byte) 0xc3, (byte) 0x28, '"', ':', '1', '}'});
    assertRefused("model.json", "is not");
    Files.writeString(manifest, "", StandardCharsets.UTF_8);
    assertRefused("model.json", "does not hold a JSON object");
  }

  @Test
  void load_pictureOutsideTheFolder_isRefused() throws IOException {
    Bundles.STORE.save(MODEL, bundle);
    Path file = bundle.resolve("item-features.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("pictures/");
    byte[] evil = "../../../".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(evil, 0, bytes, at, evil.length);
    Files.write(file, bytes);
    assertThatThrownBy(() -> Bundles.STORE.withoutChecksums().load(bundle))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("leads out of the folder of the data");
  }
}
