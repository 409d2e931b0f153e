package io.kindred.store;

import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code model.json} says.
 *
 * @param kindredVersion the version that wrote the bundle
 * @param info where the model comes from
 * @param users how many users there are
 * @param items how many items
 * @param interactions how many interactions
 * @param timeBase epoch seconds that times count from
 * @param types the names of the event types
 * @param itemFeatures names and kinds of the item features, in their order
 * @param files the other files, by name
 */
record Manifest(
    String kindredVersion,
    ModelInfo info,
    int users,
    int items,
    int interactions,
    long timeBase,
    List<String> types,
    List<Feature> itemFeatures,
    Map<String, Entry> files) {
  static final String FORMAT = "kindred-bundle";
  static final int FORMAT_VERSION = 1;

  /** A feature column: its name in the data and its {@link FeatureArrays.Kind}. */
  record Feature(String name, FeatureArrays.Kind kind) {}

  /** A file: its size in bytes and its SHA-256 in hex. */
  record Entry(long size, String sha256) {}

  static Manifest of(ModelInfo info, Dataset data, Map<String, Entry> files) {
    return new Manifest(
        kindredVersionHere(),
        info,
        data.users().size(),
        data.items().size(),
        data.interactions().size(),
        data.interactions().timeBase(),
        data.interactions().typeNames(),
        data.itemFeatures().columns().stream().map(Manifest::feature).toList(),
        files);
  }

  private static Feature feature(FeatureColumn column) {
    return new Feature(column.name(), FeatureArrays.Kind.of(column));
  }

  static String kindredVersionHere() {
    String version = Manifest.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  byte[] json() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("algorithm", info.algorithm());
    model.put("parameters", info.parameters().asMap());
    model.put("seed", info.seed());
    model.put("trainingSeconds", info.trainingSeconds());
    Map<String, Object> metrics = new LinkedHashMap<>();
    info.metrics().entrySet().stream()
        .filter(metric -> Double.isFinite(metric.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(metric -> metrics.put(metric.getKey(), metric.getValue()));
    model.put("metrics", metrics);
    if (info.updates() > 0) {
      model.put("updates", info.updates());
    }
    if (!info.epochSeconds().isEmpty()) {
      model.put("epochSeconds", info.epochSeconds());
    }

    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", info.dataset());
    data.put("fingerprint", info.fingerprint());
    data.put("users", users);
    data.put("items", items);
    data.put("interactions", interactions);
    data.put("timeBase", timeBase);
    data.put("types", types);
    data.put(
        "itemFeatures",
        itemFeatures.stream()
            .map(feature -> ordered("name", feature.name, "kind", Parameters.nameOf(feature.kind)))
            .toList());

    Map<String, Object> all = ordered("format", FORMAT, "formatVersion", FORMAT_VERSION);
    all.put("kindredVersion", kindredVersion);
    all.put("model", model);
    all.put("data", data);
    Map<String, Object> entries = new LinkedHashMap<>();
    files.forEach(
        (name, entry) -> entries.put(name, ordered("size", entry.size, "sha256", entry.sha256)));
    all.put("files", entries);
    return JsonFields.write(all, true);
  }

  private static Map<String, Object> ordered(
      String firstName, Object first, String secondName, Object second) {
    Map<String, Object> two = new LinkedHashMap<>();
    two.put(firstName, first);
    two.put(secondName, second);
    return two;
  }

  /**
   * Refuses what is no bundle, or one of a newer format.
   *
   * @throws KindredException saying which
   */
  static void checkFormat(JsonFields json) {
    Place place = json.place();
    if (!json.has("format") || !json.node().get("format").asText().equals(FORMAT)) {
      throw new KindredException(
          "'"
              + place.bundle()
              + "' is not a Kindred bundle: "
              + place.file()
              + " does not say \"format\": \""
              + FORMAT
              + "\"");
    }
    long version = json.integer("formatVersion", 1, Integer.MAX_VALUE);
    if (version > FORMAT_VERSION) {
      String writer =
          json.has("kindredVersion")
              ? " (by Kindred " + json.node().get("kindredVersion").asText() + ")"
              : "";
      throw new KindredException(
          "bundle '"
              + place.bundle()
              + "' was written in format version "
              + version
              + writer
              + "; this Kindred ("
              + kindredVersionHere()
              + ") reads up to version "
              + FORMAT_VERSION
              + ". Use a newer Kindred, or train the model again");
    }
  }

  static Manifest of(JsonFields json) {
    JsonFields model = json.object("model");
    JsonFields data = json.object("data");
    JsonFields measured = model.object("metrics");
    Map<String, Double> metrics = new LinkedHashMap<>();
    measured.names().forEach(name -> metrics.put(name, measured.number(name)));
    ModelInfo info =
        new ModelInfo(
            model.text("algorithm"),
            Parameters.of(model.object("parameters").allTexts()),
            model.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
            data.text("name"),
            data.text("fingerprint"),
            model.number("trainingSeconds"),
            metrics,
            model.has("updates") ? (int) model.integer("updates", 0, Integer.MAX_VALUE) : 0,
            model.has("epochSeconds") ? model.numbers("epochSeconds") : List.of());
    List<Feature> features = new ArrayList<>();
    for (JsonFields feature : data.objects("itemFeatures")) {
      features.add(new Feature(feature.text("name"), FeatureArrays.Kind.of(feature)));
    }
    JsonFields listed = json.object("files");
    Map<String, Entry> files = new LinkedHashMap<>();
    for (String name : listed.names()) {
      JsonFields entry = listed.object(name);
      files.put(name, new Entry(entry.integer("size", 0, Long.MAX_VALUE), entry.text("sha256")));
    }
    return new Manifest(
        json.text("kindredVersion"),
        info,
        (int) data.integer("users", 0, Integer.MAX_VALUE),
        (int) data.integer("items", 0, Integer.MAX_VALUE),
        (int) data.integer("interactions", 0, Integer.MAX_VALUE),
        data.integer("timeBase", Long.MIN_VALUE, Long.MAX_VALUE),
        data.texts("types"),
        features,
        files);
  }
}
