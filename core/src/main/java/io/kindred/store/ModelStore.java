package io.kindred.store;

import io.kindred.Algorithm;
import io.kindred.AlgorithmRegistry;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps models as bundles: folders that hold all that serving needs, and nothing of the files that
 * the data came from.
 *
 * <p>A bundle is written whole or not at all: a program that is killed while it writes, a full disk
 * and a power cut leave the bundle that was there before, see {@link BundleFolder}. It is read with
 * distrust: whatever its files say, reading ends in a model or in a {@link KindredException}, and
 * allocates no more than a small multiple of the files' sizes. Features of users are not kept.
 *
 * <pre>
 * model.json                  format, algorithm, hyperparameters, seed, data, metrics; size and SHA-256 of the other files
 * model.json.sha256           its own SHA-256, as sha256sum writes and checks it
 * weights.safetensors         the arrays of the model
 * histories.safetensors       starts, items, values, seconds, types of the interactions by user
 * users.vocab, items.vocab    the ids
 * item-features.safetensors   the columns of the item features, where there are any
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class ModelStore {
  static final String MANIFEST = "model.json";
  static final int MAX_MANIFEST = 1 << 23;

  private static final String CHECKSUM = "model.json.sha256";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String HISTORIES = "histories.safetensors";
  private static final String USERS = "users.vocab";
  private static final String ITEMS = "items.vocab";
  private static final String FEATURES = "item-features.safetensors";
  private static final int ATTEMPTS = 50;

  private final AlgorithmRegistry registry;
  private final boolean checksums;

  private ModelStore(AlgorithmRegistry registry, boolean checksums) {
    this.registry = registry;
    this.checksums = checksums;
  }

  /** A store of models of the given algorithms. */
  public static ModelStore of(AlgorithmRegistry registry) {
    return new ModelStore(registry, true);
  }

  /**
   * The same, but reading does not check SHA-256 sums: for very large bundles that are known to be
   * whole. All else is checked.
   */
  public ModelStore withoutChecksums() {
    return new ModelStore(registry, false);
  }

  /**
   * Writes a model; a bundle that is already there is replaced.
   *
   * @param path the folder to be; its parent is made where it is missing
   * @throws KindredException if it cannot be written, or something else is there
   */
  public void save(Model model, Path path) {
    save(model, model.info(), path);
  }

  /**
   * Writes a model with other information than its own: with what was measured since.
   *
   * @throws KindredException if it cannot be written, or something else is there
   */
  public void save(Model model, ModelInfo info, Path path) {
    SafetensorsWriter weights = new SafetensorsWriter();
    write(registry.algorithm(info.algorithm()), model, weights);
    Dataset data = model.data();
    BundleFolder.replace(
        path,
        folder -> {
          Map<String, Manifest.Entry> files = new LinkedHashMap<>();
          files.put(WEIGHTS, weights.write(folder.resolve(WEIGHTS)));
          files.put(HISTORIES, histories(data.interactions()).write(folder.resolve(HISTORIES)));
          files.put(USERS, VocabularyFile.write(data.users(), folder.resolve(USERS)));
          files.put(ITEMS, VocabularyFile.write(data.items(), folder.resolve(ITEMS)));
          List<FeatureColumn> columns = data.itemFeatures().columns();
          if (!columns.isEmpty()) {
            SafetensorsWriter features = new SafetensorsWriter();
            for (int n = 0; n < columns.size(); n++) {
              FeatureArrays.write(n, columns.get(n), features);
            }
            files.put(FEATURES, features.write(folder.resolve(FEATURES)));
          }
          Manifest.Entry manifest =
              write(folder.resolve(MANIFEST), Manifest.of(info, data, files).json());
          write(folder.resolve(CHECKSUM), checksumLine(manifest.sha256()));
        });
  }

  @SuppressWarnings("unchecked") // the algorithm of a model has the codec of its class
  private static <M extends Model> void write(
      Algorithm<M> algorithm, Model model, SafetensorsWriter out) {
    algorithm.codec().write((M) model, out);
  }

  private static Manifest.Entry write(Path file, byte[] bytes) throws IOException {
    try (FileOut out = new FileOut(file)) {
      out.put(bytes);
      return out.finish();
    }
  }

  private static byte[] checksumLine(String sha256) {
    return (sha256 + "  " + MANIFEST + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static SafetensorsWriter histories(Interactions interactions) {
    SafetensorsWriter out = new SafetensorsWriter();
    out.ints("starts", interactions.starts());
    out.ints("items", interactions.items());
    out.floats("values", interactions.values());
    int[] seconds = interactions.seconds();
    if (seconds != null) {
      out.ints("seconds", seconds);
    }
    byte[] types = interactions.types();
    if (types != null) {
      out.bytes("types", types);
    }
    return out;
  }

  /**
   * Reads where a model comes from, without reading the model.
   *
   * @throws KindredException if there is no bundle, or its {@code model.json} is damaged or of a
   *     newer format
   */
  public ModelInfo info(Path path) {
    return manifest(BundleFolder.existing(path)).info();
  }

  /**
   * Reads a model. Another program may replace the bundle meanwhile: what is read is one or the
   * other.
   *
   * @throws KindredException if there is no bundle, it is damaged, of a newer format, or of an
   *     algorithm that is not in the registry
   */
  public Model load(Path path) {
    for (int attempt = 1; ; attempt++) {
      Path folder = BundleFolder.existing(path);
      Object before = identity(folder);
      try {
        Model model = read(folder);
        if (before.equals(identity(folder)) || attempt == ATTEMPTS) {
          return model;
        }
      } catch (KindredException e) {
        boolean replaced = !before.equals(identity(BundleFolder.existing(path)));
        if (!replaced || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Something that changes when a folder is replaced, or put aside on the way. */
  private static Object identity(Path folder) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(folder, BasicFileAttributes.class);
      return Arrays.asList(folder, attributes.fileKey(), attributes.lastModifiedTime());
    } catch (IOException e) {
      return "gone";
    }
  }

  private Manifest manifest(Path folder) {
    Place place = new Place(folder, MANIFEST);
    byte[] bytes = readSmall(place);
    JsonFields json = JsonFields.parse(place, bytes);
    Manifest.checkFormat(json);
    if (checksums) {
      String sha256 = HexFormat.of().formatHex(FileBytes.sha256().digest(bytes));
      if (!Arrays.equals(readSmall(new Place(folder, CHECKSUM)), checksumLine(sha256))) {
        throw place.damaged("has the SHA-256 " + sha256 + ", which is not the one in " + CHECKSUM);
      }
    }
    return Manifest.of(json);
  }

  private static byte[] readSmall(Place place) {
    try (FileBytes file = FileBytes.open(place)) {
      if (file.size() > MAX_MANIFEST) {
        throw place.damaged(
            "is " + file.size() + " bytes long; at most " + MAX_MANIFEST + " are allowed");
      }
      return file.byteArray(0, file.size());
    } catch (IOException e) {
      throw place.damaged(e);
    }
  }

  private Model read(Path folder) {
    if (!Files.exists(folder.resolve(MANIFEST))) {
      throw new KindredException("'" + folder + "' is not a Kindred bundle: it has no " + MANIFEST);
    }
    Manifest manifest = manifest(folder);
    checkFiles(folder, manifest);
    Algorithm<?> algorithm;
    try {
      algorithm = registry.algorithm(manifest.info().algorithm());
    } catch (KindredException e) {
      throw new KindredException("bundle '" + folder + "': " + e.getMessage(), e);
    }
    ModelInfo info;
    try {
      info =
          manifest.info().withParameters(algorithm.codec().completed(manifest.info().parameters()));
      registry.trainer(algorithm.name(), info.parameters());
    } catch (KindredException e) {
      throw new Place(folder, MANIFEST).damaged("has a wrong hyperparameter: " + e.getMessage());
    }
    Dataset data =
        new Dataset(
            info.dataset(),
            VocabularyFile.read(folder, USERS, manifest.users()),
            VocabularyFile.read(folder, ITEMS, manifest.items()),
            interactions(folder, manifest),
            Features.none(manifest.users()),
            features(folder, manifest),
            info.fingerprint());
    try (SafetensorsReader weights = SafetensorsReader.open(folder, WEIGHTS)) {
      return algorithm.codec().read(info, data, weights);
    } catch (KindredException e) {
      throw e;
    } catch (RuntimeException e) { // a codec that trusted its arrays too far
      throw new Place(folder, WEIGHTS)
          .damaged("does not hold a model of '" + algorithm.name() + "': " + e);
    }
  }

  private void checkFiles(Path folder, Manifest manifest) {
    Place place = new Place(folder, MANIFEST);
    List<String> expected = new ArrayList<>(List.of(WEIGHTS, HISTORIES, USERS, ITEMS));
    if (!manifest.itemFeatures().isEmpty()) {
      expected.add(FEATURES);
    }
    for (String name : manifest.files().keySet()) {
      if (!expected.contains(name)) {
        throw place.damaged("lists the file '" + name + "', which a bundle does not have");
      }
    }
    for (String name : expected) {
      Manifest.Entry entry = manifest.files().get(name);
      if (entry == null) {
        throw place.damaged("does not list the file '" + name + "'");
      }
      Place of = new Place(folder, name);
      try (FileBytes file = FileBytes.open(of)) {
        if (file.size() != entry.size()) {
          throw of.damaged("has " + file.size() + " bytes, not " + entry.size());
        }
        if (checksums && !file.digest().equals(entry.sha256())) {
          throw of.damaged(
              "has other contents than those that were written: its SHA-256 is not the one in "
                  + MANIFEST);
        }
      } catch (IOException e) {
        throw of.damaged(e);
      }
    }
  }

  private static Interactions interactions(Path folder, Manifest manifest) {
    try (SafetensorsReader in = SafetensorsReader.open(folder, HISTORIES)) {
      int size = manifest.interactions();
      float[] values = in.floats("values", size);
      try {
        return Interactions.ofColumns(
            manifest.items(),
            in.ints("starts", Math.addExact(manifest.users(), 1)),
            in.ints("items", size),
            values,
            in.has("seconds") ? in.ints("seconds", size) : null,
            manifest.timeBase(),
            in.has("types") ? in.bytes("types", size) : null,
            manifest.types());
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new Place(folder, HISTORIES).damaged("does not fit together: " + e.getMessage());
      }
    }
  }

  private static Features features(Path folder, Manifest manifest) {
    List<FeatureColumn> columns = new ArrayList<>();
    if (!manifest.itemFeatures().isEmpty()) {
      try (SafetensorsReader in = SafetensorsReader.open(folder, FEATURES)) {
        for (int n = 0; n < manifest.itemFeatures().size(); n++) {
          columns.add(FeatureArrays.read(n, manifest.itemFeatures().get(n), manifest.items(), in));
        }
      }
    }
    try {
      return new Features(manifest.items(), columns);
    } catch (IllegalArgumentException e) {
      throw new Place(folder, MANIFEST).damaged("lists features wrongly: " + e.getMessage());
    }
  }
}
