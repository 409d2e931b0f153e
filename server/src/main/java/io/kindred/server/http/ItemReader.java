package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.Problem.FieldError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads items that come in as JSON: {@code {"item": id, "features": {column: value}}}, the columns
 * those of the model. Collects everything that is wrong with them. A picture that comes itself, as
 * a {@code data:} URL, gets a name by its bytes, which stands for its path from then on. Not
 * thread-safe.
 */
final class ItemReader {
  static final int MOST_ITEMS = 1000;
  static final int LONGEST_TEXT = 100_000;
  private static final int LONGEST_ID = 1000;
  private static final int MOST_TAGS = 1000;
  private final ServedModel model;
  private final @Nullable Images images;
  private final List<FieldError> errors = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final List<Read> items = new ArrayList<>();
  private final Map<String, byte[]> pictures = new LinkedHashMap<>();

  /**
   * One item.
   *
   * @param features the JSON of its features, by column
   * @param brought the columns whose picture is in the folder of those that new items brought
   */
  private record Read(String id, Map<String, JsonNode> features, Set<String> brought) {}

  /** Items whose pictures lie alike: ids and their features, by the columns of the model. */
  record Items(Vocabulary ids, Features features) {}

  ItemReader(ServedModel model, @Nullable Images images) {
    this.model = model;
    this.images = images;
  }

  /** Reads one item; what is wrong with it is among the {@link #errors}. */
  void read(JsonNode node, String pointer) {
    if (!(node instanceof ObjectNode object)) {
      errors.add(RequestReader.error(pointer, node, "an object {\"item\", \"features\"}"));
      return;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getKey().equals("item") && !field.getKey().equals("features")) {
        String name = Shorten.text(field.getKey());
        errors.add(
            new FieldError(
                pointer + "/" + RequestReader.escape(name),
                null,
                name,
                "one of the fields [features, item]"));
      }
    }
    String id = id(object.get("item"), pointer + "/item");
    Set<String> brought = new HashSet<>();
    Map<String, JsonNode> features =
        features(object.get("features"), pointer + "/features", brought);
    items.add(new Read(id, features, brought));
  }

  /** The same, but an item that something is wrong with is not among the {@link #items}. */
  void readIfRight(JsonNode node, String pointer) {
    int before = errors.size();
    int count = items.size();
    read(node, pointer);
    if (errors.size() > before && items.size() > count) {
      items.remove(count);
    }
  }

  /** What is wrong. */
  List<FieldError> errors() {
    return errors;
  }

  private String id(@Nullable JsonNode node, String pointer) {
    if (node == null || !node.isTextual() || node.textValue().isBlank()) {
      errors.add(RequestReader.error(pointer, node, "the id of an item, a text"));
      return "";
    }
    String id = node.textValue();
    if (id.length() > LONGEST_ID) {
      errors.add(
          RequestReader.error(pointer, node, "an id of at most " + LONGEST_ID + " characters"));
    } else if (model.hasItem(id)) {
      errors.add(
          RequestReader.error(
              pointer, node, "an id that is not in the catalogue of '" + model.name() + "' yet"));
    } else if (!ids.add(id)) {
      errors.add(RequestReader.error(pointer, node, "an id that is here once"));
    }
    return id;
  }

  private Map<String, JsonNode> features(
      @Nullable JsonNode node, String pointer, Set<String> brought) {
    Map<String, JsonNode> features = new LinkedHashMap<>();
    if (!(node instanceof ObjectNode object) || object.isEmpty()) {
      errors.add(RequestReader.error(pointer, node, "an object with at least one property"));
      return features;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String at = pointer + "/" + RequestReader.escape(Shorten.text(field.getKey()));
      FeatureColumn column = model.itemColumn(field.getKey()).orElse(null);
      if (column == null) {
        String columns =
            model.itemColumns().isEmpty()
                ? "nothing: the data has no features"
                : "one of the columns " + model.itemColumns();
        errors.add(new FieldError(at, null, Shorten.text(field.getKey()), columns));
      } else if (column instanceof FeatureColumn.Image) {
        picture(field.getKey(), field.getValue(), at, brought)
            .ifPresent(path -> features.put(field.getKey(), path));
      } else if (isRight(column, field.getValue(), at)) {
        features.put(field.getKey(), field.getValue());
      }
    }
    return features;
  }

  private boolean isRight(FeatureColumn column, JsonNode value, String pointer) {
    String expected = null;
    if (column instanceof FeatureColumn.Tags) {
      boolean right = value.isArray() && !value.isEmpty() && value.size() <= MOST_TAGS;
      for (JsonNode tag : value) {
        right &= isText(tag);
      }
      expected = right ? null : "a list of 1 to " + MOST_TAGS + " texts that are not empty";
    } else if (column instanceof FeatureColumn.Numeric) {
      expected = isNumber(value) ? null : "a finite number";
    } else if (column instanceof FeatureColumn.Vectors vectors) {
      boolean right = value.isArray() && value.size() == vectors.dimensions();
      for (JsonNode element : value) {
        right &= isNumber(element);
      }
      expected = right ? null : "a list of " + vectors.dimensions() + " finite numbers";
    } else if (!isText(value)) {
      expected = "a text that is not empty, of at most " + LONGEST_TEXT + " characters";
    }
    if (expected != null) {
      errors.add(RequestReader.error(pointer, value, expected));
    }
    return expected == null;
  }

  private static boolean isText(JsonNode node) {
    return node.isTextual()
        && !node.textValue().isBlank()
        && node.textValue().length() <= LONGEST_TEXT;
  }

  private static boolean isNumber(JsonNode node) {
    return node.isNumber() && Float.isFinite(node.floatValue());
  }

  /** The path of a picture that is there, or comes with the item; empty where it is wrong. */
  private Optional<JsonNode> picture(
      String column, JsonNode value, String pointer, Set<String> brought) {
    Images folder = images;
    String expected;
    if (folder == null) {
      expected = "left out: this server has no folder of pictures (--images)";
    } else if (value.isTextual() && PictureCheck.isDataUrl(value.textValue())) {
      try {
        PictureCheck.Checked checked = PictureCheck.ofDataUrl(value.textValue());
        pictures.put(checked.name(), checked.bytes());
        brought.add(column);
        return Optional.of(TextNode.valueOf(checked.name()));
      } catch (PictureCheck.WrongException e) {
        expected = e.expected();
      }
    } else {
      Images.Image image = value.isTextual() ? folder.find(value.textValue()).orElse(null) : null;
      if (image == null) {
        expected =
            "the path of a picture in the folder of pictures, or a picture itself as a data: URL";
      } else {
        try {
          PictureCheck.check(image.file());
          if (!image.folder().equals(folder.folder())) {
            brought.add(column);
          }
          return Optional.of(value);
        } catch (PictureCheck.WrongException e) {
          expected = "the path of " + e.expected();
        }
      }
    }
    errors.add(RequestReader.error(pointer, value, expected));
    return Optional.empty();
  }

  /** The ids, in the order in which they were read. */
  List<String> ids() {
    return items.stream().map(Read::id).toList();
  }

  /** The pictures that came with the items, by the names that stand for them. */
  Map<String, byte[]> pictures() {
    return pictures;
  }

  /** The items as they are kept: with the names of their pictures. */
  JsonNode json() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Read item : items) {
      ObjectNode features = json.addObject().put("item", item.id).putObject("features");
      features.setAll(item.features);
    }
    return json;
  }

  /**
   * The items that were read; only where nothing is wrong, and their {@link #pictures} are kept. A
   * column names one folder, so items whose pictures lie in different ones come one after the
   * other.
   */
  List<Items> items() {
    Map<Set<String>, List<Read>> alike = new LinkedHashMap<>();
    for (Read item : items) {
      alike.computeIfAbsent(item.brought, any -> new ArrayList<>()).add(item);
    }
    List<Items> all = new ArrayList<>();
    alike.forEach((brought, some) -> all.add(items(some, brought)));
    return all;
  }

  private Items items(List<Read> some, Set<String> brought) {
    List<FeatureColumn> columns = new ArrayList<>();
    for (String name : model.itemColumns()) {
      if (some.stream().anyMatch(item -> item.features.containsKey(name))) {
        model.itemColumn(name).ifPresent(like -> columns.add(column(like, some, brought)));
      }
    }
    List<String> all = some.stream().map(Read::id).toList();
    return new Items(Vocabulary.of(all), new Features(all.size(), columns));
  }

  /** The values of a column, in a column of the same kind. */
  private FeatureColumn column(FeatureColumn like, List<Read> some, Set<String> brought) {
    String name = like.name();
    if (like instanceof FeatureColumn.Tags) {
      return tags(name, some);
    }
    if (like instanceof FeatureColumn.Category) {
      Vocabulary.Builder categories = Vocabulary.builder();
      int[] codes = new int[some.size()];
      for (int i = 0; i < codes.length; i++) {
        JsonNode value = some.get(i).features.get(name);
        codes[i] = value == null ? -1 : categories.add(value.textValue());
      }
      return new FeatureColumn.Category(name, codes, categories.build());
    }
    if (like instanceof FeatureColumn.Numeric) {
      float[] numbers = new float[some.size()];
      for (int i = 0; i < numbers.length; i++) {
        JsonNode value = some.get(i).features.get(name);
        numbers[i] = value == null ? Float.NaN : value.floatValue();
      }
      return new FeatureColumn.Numeric(name, numbers);
    }
    if (like instanceof FeatureColumn.Vectors vectors) {
      int d = vectors.dimensions();
      float[] values = new float[some.size() * d];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = some.get(i / d).features.get(name);
        values[i] = value == null ? Float.NaN : value.get(i % d).floatValue();
      }
      return new FeatureColumn.Vectors(name, values, d);
    }
    @Nullable String[] texts = new @Nullable String[some.size()];
    for (int i = 0; i < texts.length; i++) {
      JsonNode value = some.get(i).features.get(name);
      texts[i] = value == null ? null : value.textValue();
    }
    return like instanceof FeatureColumn.Image
        ? new FeatureColumn.Image(
            name, Arrays.asList(texts), images == null ? null : folder(images, name, brought))
        : new FeatureColumn.Text(name, Arrays.asList(texts));
  }

  private static Path folder(Images images, String column, Set<String> brought) {
    return brought.contains(column) ? images.broughtFolder() : images.folder();
  }

  private static FeatureColumn tags(String name, List<Read> some) {
    Vocabulary.Builder words = Vocabulary.builder();
    int[] starts = new int[some.size() + 1];
    List<Integer> codes = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      JsonNode value = some.get(i).features.get(name);
      Set<String> own = new HashSet<>();
      if (value != null) {
        for (JsonNode tag : value) {
          if (own.add(tag.textValue())) {
            codes.add(words.add(tag.textValue()));
          }
        }
      }
      starts[i + 1] = codes.size();
    }
    return new FeatureColumn.Tags(
        name, starts, codes.stream().mapToInt(Integer::intValue).toArray(), words.build());
  }
}
