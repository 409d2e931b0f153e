package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.Problem.FieldError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads items that come in as JSON: {@code {"item": id, "features": {column: value}}}, the columns
 * those of the model. Collects everything that is wrong with them. Not thread-safe.
 */
final class ItemReader {
  static final int MOST_ITEMS = 1000;
  static final int LONGEST_TEXT = 100_000;
  private static final int LONGEST_ID = 1000;
  private static final int MOST_TAGS = 1000;
  private static final long MOST_PIXELS = 40_000_000;

  private final ServedModel model;
  private final @Nullable Images images;
  private final List<FieldError> errors = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final List<Read> items = new ArrayList<>();

  /** One item: its id and the JSON of its features. */
  private record Read(String id, Map<String, JsonNode> features) {}

  /** What was read: ids and their features, by the columns of the model. */
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
    Map<String, JsonNode> features = features(object.get("features"), pointer + "/features");
    items.add(new Read(id, features));
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

  private Map<String, JsonNode> features(@Nullable JsonNode node, String pointer) {
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
    } else if (column instanceof FeatureColumn.Image) {
      expected = notPicture(value);
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

  /** What a picture would be, or {@code null} where it is one. */
  private @Nullable String notPicture(JsonNode value) {
    if (images == null) {
      return "left out: this server has no folder of pictures (--images)";
    }
    Images.Image image = value.isTextual() ? images.find(value.textValue()).orElse(null) : null;
    return image != null && isPicture(image)
        ? null
        : "the path of a picture in the folder of pictures";
  }

  /** Whether a file is a picture of a size that may be decoded, whole. */
  private static boolean isPicture(Images.Image image) {
    try (InputStream file = Files.newInputStream(image.file());
        ImageInputStream in = ImageIO.createImageInputStream(file)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return false;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
          return false;
        }
        reader.read(0);
        return true;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) { // readers throw all kinds on damaged bytes
      return false;
    }
  }

  /** The items that were read; only where nothing is wrong. */
  Items items() {
    List<FeatureColumn> columns = new ArrayList<>();
    for (String name : model.itemColumns()) {
      if (items.stream().anyMatch(item -> item.features.containsKey(name))) {
        model.itemColumn(name).ifPresent(like -> columns.add(column(like)));
      }
    }
    List<String> all = items.stream().map(Read::id).toList();
    return new Items(Vocabulary.of(all), new Features(all.size(), columns));
  }

  /** The values of a column, in a column of the same kind. */
  private FeatureColumn column(FeatureColumn like) {
    String name = like.name();
    if (like instanceof FeatureColumn.Tags) {
      return tags(name);
    }
    if (like instanceof FeatureColumn.Category) {
      Vocabulary.Builder categories = Vocabulary.builder();
      int[] codes = new int[items.size()];
      for (int i = 0; i < codes.length; i++) {
        JsonNode value = value(i, name);
        codes[i] = value == null ? -1 : categories.add(value.textValue());
      }
      return new FeatureColumn.Category(name, codes, categories.build());
    }
    if (like instanceof FeatureColumn.Numeric) {
      float[] numbers = new float[items.size()];
      for (int i = 0; i < numbers.length; i++) {
        JsonNode value = value(i, name);
        numbers[i] = value == null ? Float.NaN : value.floatValue();
      }
      return new FeatureColumn.Numeric(name, numbers);
    }
    if (like instanceof FeatureColumn.Vectors vectors) {
      int d = vectors.dimensions();
      float[] values = new float[items.size() * d];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = value(i / d, name);
        values[i] = value == null ? Float.NaN : value.get(i % d).floatValue();
      }
      return new FeatureColumn.Vectors(name, values, d);
    }
    @Nullable String[] texts = new @Nullable String[items.size()];
    for (int i = 0; i < texts.length; i++) {
      JsonNode value = value(i, name);
      texts[i] = value == null ? null : value.textValue();
    }
    return like instanceof FeatureColumn.Image
        ? new FeatureColumn.Image(
            name, Arrays.asList(texts), images == null ? null : images.folder())
        : new FeatureColumn.Text(name, Arrays.asList(texts));
  }

  private FeatureColumn tags(String name) {
    Vocabulary.Builder words = Vocabulary.builder();
    int[] starts = new int[items.size() + 1];
    List<Integer> codes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode value = value(i, name);
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

  private @Nullable JsonNode value(int item, String column) {
    return items.get(item).features.get(column);
  }
}
