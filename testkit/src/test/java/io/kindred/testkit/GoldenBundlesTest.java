package io.kindred.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.AlgorithmRegistry;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.recommend.ModelRecommender;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bundles that earlier versions wrote can be read, and serve what they served then. Under {@code
 * bundles/vN} is one folder for each algorithm, written in format version N by {@link #main}, and
 * beside it the lists that its model gave; no file of a version that was released is ever written
 * again.
 */
class GoldenBundlesTest {
  private static final AlgorithmRegistry REGISTRY = Algorithms.all();

  static Stream<Path> bundles() throws IOException, URISyntaxException {
    Path root =
        Path.of(Objects.requireNonNull(GoldenBundlesTest.class.getResource("/bundles")).toURI());
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(path -> path.endsWith("model.json")).forEach(path -> found.add(path.getParent()));
    }
    assertThat(found).isNotEmpty();
    return found.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void load_bundleOfEarlierVersion_servesTheSame(Path bundle) throws IOException {
    Model model = ModelStore.of(REGISTRY).load(bundle);
    assertThat(lists(model)).isEqualTo(Files.readString(Path.of(bundle + ".lists")));
    Dataset written = SmallData.ratings();
    assertThat(model.data().users().ids()).isEqualTo(written.users().ids());
    assertThat(model.data().withInteractions(model.data().interactions()).fingerprint())
        .isEqualTo(written.fingerprint());
    for (FeatureColumn column : written.itemFeatures().columns()) {
      FeatureColumn read = model.data().itemFeatures().column(column.name()).orElseThrow();
      for (int item = 0; item < column.size(); item++) {
        assertThat(read.display(item)).isEqualTo(column.display(item));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void load_floatThatIsNoNumber_isRefused(Path golden, @TempDir Path folder) throws IOException {
    Path bundle = copy(golden, folder.resolve("bundle"));
    ModelStore store = ModelStore.of(REGISTRY).withoutChecksums();
    for (String file : List.of("weights.safetensors", "histories.safetensors")) {
      FloatArrays arrays = FloatArrays.of(bundle.resolve(file));
      for (FloatArrays.Array array : arrays.all()) {
        for (float value :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          arrays.write(array, value);
          assertThatThrownBy(() -> store.load(bundle))
              .as("%s of %s with %s", array, file, value)
              .isInstanceOf(KindredException.class)
              .hasMessageContaining("array '" + array.name() + "'")
              .hasMessageContaining("not a finite number");
        }
      }
      arrays.restore();
    }
    assertThat(lists(store.load(bundle))).isEqualTo(Files.readString(Path.of(golden + ".lists")));
  }

  /** Numbers that no training gives, but that are numbers: refused, or scored without infinity. */
  @ParameterizedTest
  @MethodSource("bundles")
  void load_floatThatIsHuge_isRefusedOrScoresFinite(Path golden, @TempDir Path folder)
      throws IOException {
    Path bundle = copy(golden, folder.resolve("bundle"));
    ModelStore store = ModelStore.of(REGISTRY).withoutChecksums();
    for (String file : List.of("weights.safetensors", "histories.safetensors")) {
      FloatArrays arrays = FloatArrays.of(bundle.resolve(file));
      for (FloatArrays.Array array : arrays.all()) {
        for (float value : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}) {
          arrays.write(array, value);
          try {
            assertThat(lists(store.load(bundle))).doesNotContain("Infinity").doesNotContain("NaN");
          } catch (KindredException e) {
            assertThat(e).hasMessageContaining("array '" + array.name() + "'");
          }
        }
      }
      arrays.restore();
    }
  }

  /** What is not known of an item is NaN: the one kind of array in a bundle that may hold it. */
  @ParameterizedTest
  @MethodSource("bundles")
  void load_unknownNumberOfAnItem_isRead(Path golden, @TempDir Path folder) throws IOException {
    Path bundle = copy(golden, folder.resolve("bundle"));
    FloatArrays arrays = FloatArrays.of(bundle.resolve("item-features.safetensors"));
    assertThat(arrays.all()).isNotEmpty();
    for (FloatArrays.Array array : arrays.all()) {
      arrays.write(array, Float.NaN);
      ModelStore.of(REGISTRY).withoutChecksums().load(bundle);
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  /** What the model recommends to some users and strangers, with exact scores. */
  private static String lists(Model model) {
    ModelRecommender recommender = ModelRecommender.of(model);
    StringBuilder lists = new StringBuilder();
    for (Query query :
        List.of(
            Query.ofUser("user-0"),
            Query.ofUser("user-17"),
            // with the value that items without one had in those versions
            Query.ofItems(List.of())
                .withHistory(
                    List.of(new Query.Event("item-3", 1f, 0L), new Query.Event("item-6", 1f, 0L))),
            Query.ofItems(List.of()))) {
      for (RecommendationList.Item item : recommender.recommend(query.withN(6)).items()) {
        lists
            .append(item.item())
            .append(' ')
            .append((float) item.score())
            .append(item.filled() ? " filled" : "")
            .append('\n');
      }
      lists.append('\n');
    }
    return lists.toString();
  }

  /** Writes the bundles of this version; arguments: a folder, then names of algorithms. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (String name : List.of(arguments).subList(1, arguments.length)) {
      Model model =
          REGISTRY
              .trainer(name, Parameters.none())
              .train(SmallData.ratings(), new TrainingContext(42, 1, ProgressListener.NONE));
      Path bundle = folder.resolve(name);
      ModelStore.of(REGISTRY)
          .save(model, model.info().withMetrics(Map.of("ndcg@10", 0.25)), bundle);
      Files.writeString(Path.of(bundle + ".lists"), lists(model));
    }
  }
}
