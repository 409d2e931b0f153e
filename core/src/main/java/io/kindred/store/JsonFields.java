package io.kindred.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindred.KindredException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A JSON object whose fields are read with their type and range. Reading is strict: no duplicate
 * names, no trailing text, no deep nesting.
 *
 * @param place where it stands, for errors
 * @param name what it is called there, for errors; empty for the whole text
 * @param node the object
 */
record JsonFields(Place place, String name, JsonNode node) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNumberLength(40)
                          .maxNameLength(1 << 16)
                          .maxStringLength(1 << 20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Reads a whole text. */
  static JsonFields parse(Place place, byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw place.damaged(
          "is not the JSON that it should be" + line + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw place.damaged("is not text in UTF-8");
    }
    if (root == null || !root.isObject()) {
      throw place.damaged("does not hold a JSON object");
    }
    return new JsonFields(place, "", root);
  }

  /**
   * Writes a map of maps, lists, texts and numbers, laid out for a person or without any spaces.
   */
  static byte[] write(Map<String, ?> object, boolean pretty) {
    try {
      return (pretty ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer())
          .writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }

  boolean has(String field) {
    return node.has(field);
  }

  /** The names of all fields, in their order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  String text(String field) {
    JsonNode value = value(field);
    if (!value.isTextual()) {
      throw wrong(field, "must be text");
    }
    return value.textValue();
  }

  long integer(String field, long min, long max) {
    return integer(value(field), field, min, max);
  }

  private long integer(JsonNode value, String field, long min, long max) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw wrong(field, "must be a whole number from " + min + " to " + max);
    }
    return value.longValue();
  }

  double number(String field) {
    return number(value(field), field);
  }

  private double number(JsonNode value, String field) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(field, "must be a finite number");
    }
    return value.doubleValue();
  }

  JsonFields object(String field) {
    JsonNode value = value(field);
    if (!value.isObject()) {
      throw wrong(field, "must be an object");
    }
    return new JsonFields(place, path(field), value);
  }

  /** A list of texts. */
  List<String> texts(String field) {
    return list(
        field,
        element -> {
          if (!element.isTextual()) {
            throw wrong(field, "must be a list of texts");
          }
          return element.textValue();
        });
  }

  /** A list of whole numbers. */
  List<Long> integers(String field, long min, long max) {
    return list(field, element -> integer(element, field, min, max));
  }

  /** A list of finite numbers. */
  List<Double> numbers(String field) {
    return list(field, element -> number(element, field));
  }

  /** A list of objects. */
  List<JsonFields> objects(String field) {
    return list(
        field,
        element -> {
          if (!element.isObject()) {
            throw wrong(field, "must be a list of objects");
          }
          return new JsonFields(place, path(field), element);
        });
  }

  private <T> List<T> list(String field, Function<JsonNode, T> each) {
    JsonNode value = value(field);
    if (!value.isArray()) {
      throw wrong(field, "must be a list");
    }
    List<T> list = new ArrayList<>(value.size());
    value.forEach(element -> list.add(each.apply(element)));
    return list;
  }

  /** All fields of an object as texts. */
  Map<String, String> allTexts() {
    Map<String, String> all = new LinkedHashMap<>();
    names().forEach(field -> all.put(field, text(field)));
    return all;
  }

  private JsonNode value(String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw place.damaged("has no field '" + path(field) + "'");
    }
    return value;
  }

  private KindredException wrong(String field, String expected) {
    String found = String.valueOf(node.get(field));
    return place.damaged(
        "field '"
            + path(field)
            + "' "
            + expected
            + ", got "
            + (found.length() > 80 ? found.substring(0, 80) + "..." : found));
  }

  private String path(String field) {
    return name.isEmpty() ? field : name + "." + field;
  }
}
