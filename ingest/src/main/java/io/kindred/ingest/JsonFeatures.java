package io.kindred.ingest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kindred.KindredException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * As in JsonRows, every value is its text as it stands in the file, and a key may come late. Keys of objects inside are paths
 * ("item.id"). A list of numbers with fractions is a vector, any other list is tags.
 */
/** Features as JSON objects: one a line, an array of them, or one after the other. */
final class JsonFeatures {
  private static final int MAX_KEYS = 1000;

  private final TextFile file;
  private final BadRows badRows;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<Key> keys = new ArrayList<>();
  private final List<FeatureTable.Row> rows = new ArrayList<>();
  private @Nullable String[] cells = new @Nullable String[16];
  private @Nullable String twice;

  /** What was seen of a key. */
  private static final class Key {
    private final String path;
    private boolean list;
    private boolean fractions;
    private boolean texts;

    Key(String path) {
      this.path = path;
    }

    FeatureTable.Column column() {
      return list
          ? new FeatureTable.Column(
              path,
              fractions && !texts ? FeatureTable.Kind.NUMBERS : FeatureTable.Kind.TAGS,
              FeatureTable.LIST_SEPARATOR)
          : FeatureTable.Column.of(path);
    }
  }

  private JsonFeatures(TextFile file, BadRows badRows) {
    this.file = file;
    this.badRows = badRows;
  }

  /** Whether the name of a file says JSON. */
  static boolean isJson(Path path) {
    return String.valueOf(path.getFileName())
        .toLowerCase(Locale.ROOT)
        .matches(".*\\.(jsonl|ndjson|json)(\\.gz)?");
  }

  /** Reads all objects. */
  static FeatureTable read(TextFile file, boolean ofItems, BadRows badRows) {
    JsonFeatures features = new JsonFeatures(file, badRows);
    if (JsonRows.isLines(file)) {
      features.lines();
    } else {
      features.whole();
    }
    return features.table(ofItems);
  }

  private FeatureTable table(boolean ofItems) {
    List<FeatureTable.Column> columns = keys.stream().map(Key::column).toList();
    int id = FeatureTable.idColumn(file.name(), columns, ofItems);
    List<FeatureTable.Row> all = new ArrayList<>(rows.size());
    for (FeatureTable.Row row : rows) {
      @Nullable String[] full = Arrays.copyOf(row.cells(), columns.size());
      String text = full[id];
      if (keys.get(id).list) {
        throw new KindredException(
            file.name()
                + ": the ids '"
                + keys.get(id).path
                + "' are lists; expected one text or number");
      }
      if (text == null || text.isBlank()) {
        refuse(row.line(), "no id in '" + keys.get(id).path + "'");
      } else {
        all.add(new FeatureTable.Row(row.line(), full));
      }
    }
    return new FeatureTable(file.name(), columns, id, all);
  }

  private void refuse(long line, String problem) {
    badRows.add(new BadRow(file.name(), line, "", problem, JsonRows.EXPECTED));
  }

  private void lines() {
    try (DelimitedReader lines = new DelimitedReader(file.name(), file.open(), Dialect.LINES)) {
      while (lines.next()) {
        int from = lines.from(0);
        int length = lines.to(lines.fields() - 1) - from;
        try (JsonParser one = JsonRows.FACTORY.createParser(lines.bytes(), from, length)) {
          JsonToken token = one.nextToken();
          if (token == null) {
            continue; // only spaces
          }
          if (token != JsonToken.START_OBJECT) {
            refuse(lines.line(), "not a JSON object: " + Failures.quoted(one.getText()));
            continue;
          }
          begin();
          members(one, "");
          if (one.nextToken() != null) {
            refuse(lines.line(), "text follows the object: " + Failures.quoted(one.getText()));
            continue;
          }
          take(lines.line());
        } catch (JsonProcessingException e) {
          refuse(lines.line(), "not JSON: " + JsonRows.why(e));
        } catch (IOException e) {
          throw Failures.reading(file.name(), e);
        }
      }
    }
  }

  private void begin() {
    Arrays.fill(cells, null);
    twice = null;
  }

  private void take(long line) {
    if (twice == null) {
      rows.add(new FeatureTable.Row(line, cells.clone()));
    } else {
      refuse(line, "the key '" + twice + "' is there twice");
    }
  }

  private void whole() {
    try (JsonParser all = JsonRows.FACTORY.createParser(file.open())) {
      if (all.nextToken() == JsonToken.START_ARRAY) {
        all.nextToken();
      }
      while (all.currentToken() != null && all.currentToken() != JsonToken.END_ARRAY) {
        long line = all.currentTokenLocation().getLineNr();
        if (all.currentToken() != JsonToken.START_OBJECT) {
          throw new KindredException(
              file.name()
                  + ", line "
                  + line
                  + ": "
                  + Failures.quoted(all.getText())
                  + " where a JSON object should begin");
        }
        begin();
        members(all, "");
        take(line);
        all.nextToken();
      }
    } catch (JsonProcessingException e) {
      throw JsonRows.broken(file, e);
    } catch (IOException e) {
      throw Failures.reading(file.name(), e);
    }
  }

  private void members(JsonParser parser, String above) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String path = above.isEmpty() ? name : name.startsWith("$") ? above : above + "." + name;
      switch (parser.nextToken()) {
        case START_OBJECT -> members(parser, path);
        case START_ARRAY -> put(path, list(parser, key(path)));
        case VALUE_NULL -> key(path);
        default -> {
          key(path).texts |= !parser.currentToken().isNumeric();
          put(path, parser.getText());
        }
      }
    }
  }

  /** The elements of a list; one that is an object or a list stays JSON. */
  private static String list(JsonParser parser, Key key) throws IOException {
    key.list = true;
    List<String> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonToken token = parser.currentToken();
      key.fractions |= token == JsonToken.VALUE_NUMBER_FLOAT;
      key.texts |= !token.isNumeric();
      if (token.isStructStart()) {
        StringWriter json = new StringWriter();
        try (JsonGenerator copy = JsonRows.FACTORY.createGenerator(json)) {
          copy.copyCurrentStructure(parser);
        }
        elements.add(json.toString());
      } else if (token != JsonToken.VALUE_NULL) {
        elements.add(parser.getText());
      }
    }
    return String.join(FeatureTable.LIST_SEPARATOR, elements);
  }

  private Key key(String path) {
    int place = places.computeIfAbsent(path, unseen -> keys.size());
    if (place == keys.size()) {
      if (place == MAX_KEYS) {
        throw new KindredException(
            String.format(
                Locale.ROOT,
                "%s has more than %,d keys, such as '%s'; expected a few, the same in all objects",
                file.name(),
                MAX_KEYS,
                path));
      }
      keys.add(new Key(path));
    }
    return keys.get(place);
  }

  private void put(String path, String text) {
    key(path);
    int place = places.getOrDefault(path, 0);
    if (place >= cells.length) {
      cells = Arrays.copyOf(cells, Math.max(place + 1, cells.length * 2));
    }
    if (cells[place] != null) {
      twice = path;
    }
    cells[place] = text;
  }
}
