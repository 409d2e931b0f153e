package io.kindred.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.kindred.KindredException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation compares, on what, and how. Everything may be absent, and then has its default
 * or comes from the command line. docs/guide/recipes.md describes each field.
 *
 * @param title what the evaluation is about, for people
 * @param data which data
 * @param filters what is left out of it
 * @param task {@code ranking} or {@code ratings}
 * @param split how to split
 * @param part {@code test} or {@code validation}
 * @param refit whether the validation part is trained on, too
 * @param candidates among which items
 * @param asServed whether lists are filled up by popularity, as they are served
 * @param metrics what is measured
 * @param seeds of the training; the first also splits
 * @param threads how many
 * @param models what is compared: a text as on the command line, or name, algorithm and parameters
 * @param outputs which files are written
 */
record Recipe(
    @Nullable String title,
    @Nullable DataSpec data,
    @Nullable FilterSpec filters,
    @Nullable String task,
    @Nullable String split,
    @Nullable String part,
    @Nullable Boolean refit,
    @Nullable String candidates,
    @Nullable Boolean asServed,
    @Nullable List<String> metrics,
    @Nullable List<Long> seeds,
    @Nullable Integer threads,
    @Nullable List<JsonNode> models,
    @Nullable Files3 outputs) {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** A recipe that says nothing. */
  static final Recipe EMPTY =
      new Recipe(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** Files that are written. */
  record Files3(@Nullable String json, @Nullable String csv, @Nullable String html) {}

  /**
   * Reads a recipe.
   *
   * @throws KindredException if it cannot be read, naming the line and what would be right
   */
  static Recipe read(Path file) {
    try {
      Recipe recipe = YAML.readValue(Files.readString(file), Recipe.class);
      return recipe == null ? EMPTY : recipe.beside(file);
    } catch (UnrecognizedPropertyException e) {
      throw new KindredException(
          file
              + lineOf(file, e.getPropertyName())
              + ": unknown field '"
              + e.getPropertyName()
              + "'; known here are "
              + String.join(", ", e.getKnownPropertyIds().stream().map(String::valueOf).toList()),
          e);
    } catch (JsonMappingException e) {
      String field =
          String.join(
              ".",
              e.getPath().stream()
                  .map(
                      step ->
                          step.getFieldName() == null
                              ? String.valueOf(step.getIndex() + 1)
                              : step.getFieldName())
                  .toList());
      throw new KindredException(file + ": field '" + field + "': " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new KindredException(
          file + line(e) + ": not YAML: " + firstLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : ", line " + at.getLineNr();
  }

  /** Where a field stands; the parser itself is further on when it finds a field unknown. */
  private static String lineOf(Path file, String field) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (int at = 0; at < lines.size(); at++) {
        if (lines.get(at).matches(".*\\b" + Pattern.quote(field) + "\\s*:.*")) {
          return ", line " + (at + 1);
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** The same with data looked up beside the recipe first. */
  private Recipe beside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (data == null || data.source() == null || folder == null) {
      return this;
    }
    Path there = folder.resolve(data.source()).normalize();
    return Files.exists(there) ? withData(data.withSource(there.toString())) : this;
  }

  /** The same with other data. */
  Recipe withData(DataSpec newData) {
    return new Recipe(
        title,
        newData,
        filters,
        task,
        split,
        part,
        refit,
        candidates,
        asServed,
        metrics,
        seeds,
        threads,
        models,
        outputs);
  }

  /** The models, read; {@code null} where none are named. */
  @Nullable List<ModelSpec> modelSpecs() {
    return models == null ? null : models.stream().map(Recipe::model).toList();
  }

  private static ModelSpec model(JsonNode node) {
    if (node.isTextual()) {
      return ModelSpec.parse(node.asText());
    }
    if (!node.isObject()) {
      throw new KindredException("a model must be a text or have a field 'algorithm', got " + node);
    }
    for (String field : (Iterable<String>) node::fieldNames) {
      if (!List.of("name", "algorithm", "parameters").contains(field)) {
        throw new KindredException(
            "unknown field '" + field + "' of a model; known are name, algorithm, parameters");
      }
    }
    String algorithm = node.path("algorithm").asText("");
    if (algorithm.isEmpty()) {
      throw new KindredException("a model has no field 'algorithm': " + node);
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    node.path("parameters")
        .properties()
        .forEach(field -> parameters.put(field.getKey(), field.getValue().asText()));
    String name = node.path("name").asText(algorithm);
    return new ModelSpec(name, algorithm, parameters);
  }
}
