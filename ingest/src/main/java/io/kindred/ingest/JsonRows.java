package io.kindred.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.kindred.KindredException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Every value is its text as it stands in the file: nothing is guessed from the first rows, and no number is parsed but those of the value
 * and the time. Keys of objects inside are paths ("user.id"). The wrappers of MongoDB's extended JSON ({"$oid": "5f01"}) are left off.
 *
 * Which key holds what is decided by the keys of the first rows. A key that comes later can change that ("rating" from row 20,000 on): the
 * file is then read again. So it is where numbers of ids are written as 2 here and as 2.0 there, which is one id in JSON.
 */
/** Interactions as JSON objects: one a line, an array of them, or one after the other. */
final class JsonRows {
  private static final int SAMPLE = 1000;
  private static final int MAX_KEYS = 1000;
  static final String EXPECTED = "one JSON object a line";
  static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final int USER = 0;
  private static final int ITEM = 1;
  private static final int VALUE = 2;
  private static final int TIME = 3;
  private static final int TYPE = 4;
  private static final int ROLES = 5;

  private final TextFile file;
  private final InteractionReader reader;
  private final ReadOptions options;

  private final Node root = new Node("", null);
  private final List<Node> leaves = new ArrayList<>();
  private final @Nullable String[] texts = new @Nullable String[ROLES];
  private final boolean[] wholeSeen = new boolean[ROLES];
  private final boolean[] pointSeen = new boolean[ROLES];
  private boolean joinWhole;
  private @Nullable Node wrongNode;
  private String wrong = "";
  private @Nullable Map<Node, String> sampled;

  /** A key, and the keys inside it. */
  private static final class Node {
    private final String path;
    private final Map<String, Node> children = new LinkedHashMap<>();
    private int role = -1;
    private boolean leaf;

    Node(String name, @Nullable Node parent) {
      path = parent == null || parent.path.isEmpty() ? name : parent.path + "." + name;
    }
  }

  private JsonRows(TextFile file, InteractionReader reader, ReadOptions options) {
    this.file = file;
    this.reader = reader;
    this.options = options;
  }

  /** What was read. */
  record Result(ColumnRoles roles, ColumnSample sample, InteractionReader.Found found) {}

  static Result read(TextFile file, InteractionReader reader, ReadOptions options) {
    return new JsonRows(file, reader, options).read();
  }

  private Result read() {
    ReadOptions asJson = options.withFormat(Format.JSON_LINES);
    ColumnSample sample = sample();
    long bad = reader.badRows().count();
    ColumnRoles roles;
    try {
      roles = ColumnRoles.of(file.name(), names(), sample, asJson);
    } catch (KindredException e) {
      walk(object -> {}); // the keys of all rows
      if (leaves.isEmpty() && reader.badRows().count() > bad) {
        throw reader.nothing(file.name());
      }
      reader.badRows().backTo(bad);
      roles = ColumnRoles.of(file.name(), names(), sample, asJson);
    }
    while (true) {
      long rows = rows(roles);
      ColumnRoles now = ColumnRoles.of(file.name(), names(), sample, asJson);
      boolean join =
          !joinWhole
              && ((wholeSeen[USER] && pointSeen[USER]) || (wholeSeen[ITEM] && pointSeen[ITEM]));
      if (!join && isSame(roles, now)) {
        if (joinWhole) {
          reader
              .said()
              .note("%s: numbers of ids such as 2.0 are read as 2, as others stand", file.name());
        }
        return new Result(now, sample, reader.finish(file.name(), rows, now));
      }
      joinWhole |= join;
      roles = now;
      reader.discard();
      reader.badRows().backTo(bad);
    }
  }

  private static boolean isSame(ColumnRoles a, ColumnRoles b) {
    for (int column = 0; column < b.width(); column++) {
      String before = column < a.width() ? a.role(column) : "";
      if (!before.equals(b.role(column))) {
        return false;
      }
    }
    return true;
  }

  private List<String> names() {
    return leaves.stream().map(node -> node.path).toList();
  }

  /** The first rows, with all their keys. */
  private ColumnSample sample() {
    List<Map<Node, String>> rows = new ArrayList<>();
    sampled = new LinkedHashMap<>();
    try (Source objects = new Source()) {
      while (rows.size() < SAMPLE && objects.next()) {
        Map<Node, String> row = new LinkedHashMap<>();
        sampled = row;
        if (objects.walk()) {
          rows.add(row);
        }
      }
    }
    sampled = null;
    List<@Nullable String[]> all = new ArrayList<>();
    for (Map<Node, String> row : rows) {
      @Nullable String[] cells = new @Nullable String[leaves.size()];
      for (int c = 0; c < cells.length; c++) {
        cells[c] = row.get(leaves.get(c));
      }
      all.add(cells);
    }
    return new ColumnSample(all, options.decimal());
  }

  /** Hears of each object. */
  @FunctionalInterface
  private interface Heard {
    void object(Source at);
  }

  private void walk(Heard heard) {
    try (Source objects = new Source()) {
      while (objects.next()) {
        if (objects.walk()) {
          heard.object(objects);
        }
      }
    }
  }

  private long rows(ColumnRoles roles) {
    for (int column = 0; column < leaves.size(); column++) {
      leaves.get(column).role =
          column == roles.user()
              ? USER
              : column == roles.item()
                  ? ITEM
                  : column == roles.value()
                      ? VALUE
                      : column == roles.time() ? TIME : column == roles.type() ? TYPE : -1;
    }
    InteractionSink sink = reader.sink();
    long[] rows = {0, 0};
    walk(
        objects -> {
          Node node = wrongNode;
          if (node != null) {
            reader
                .badRows()
                .add(
                    new BadRow(
                        file.name(),
                        objects.line(),
                        node.path,
                        wrong,
                        "one text or number (of an object inside, a path such as "
                            + node.path
                            + ".id; of a list, one row for each element)"));
            return;
          }
          switch (sink.add(
              roles,
              texts[USER],
              texts[ITEM],
              texts[VALUE],
              texts[TIME],
              texts[TYPE],
              objects.line())) {
            case TAKEN -> rows[0]++;
            case BAD -> reader.badRows().add(sink.bad(file.name(), objects.line()));
            case LEFT_OUT -> {}
          }
          if (++rows[1] % 100_000 == 0) {
            options.progress().onProgress("reading", rows[1], -1, "");
          }
        });
    return rows[0];
  }

  /** Takes the members of the object on which the parser stands. */
  private void members(JsonParser parser, Node of) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (of != root && name.startsWith("$")) {
        value(parser, of); // extended JSON: the value of the key itself
        continue;
      }
      Node child = of.children.get(name);
      if (child == null) {
        if (of.children.size() == MAX_KEYS) {
          parser.skipChildren(); // a map with data as keys
          continue;
        }
        child = new Node(name, of);
        of.children.put(name, child);
      }
      value(parser, child);
      if (of.role >= 0) {
        wrong(of, "an object with the key '" + name + "'");
      }
    }
  }

  private void value(JsonParser parser, Node node) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        members(parser, node);
        return;
      }
      case START_ARRAY -> {
        if (node.role >= 0) {
          wrong(node, "a list");
        }
        parser.skipChildren();
      }
      case VALUE_NULL -> {}
      case VALUE_TRUE -> scalar(node, node.role == VALUE ? "1" : "true");
      case VALUE_FALSE -> scalar(node, node.role == VALUE ? "0" : "false");
      case VALUE_NUMBER_FLOAT -> {
        if (node.role >= 0 || sampled != null) {
          scalar(node, fraction(node.role, parser.getText()));
        }
      }
      case VALUE_NUMBER_INT -> {
        if (node.role >= 0 || sampled != null) {
          if (node.role >= 0) {
            wholeSeen[node.role] = true;
          }
          scalar(node, parser.getText());
        }
      }
      default -> {
        if (node.role >= 0 || sampled != null) {
          scalar(node, parser.getText());
        }
      }
    }
    if (!node.leaf) {
      node.leaf = true;
      leaves.add(node);
    }
  }

  /** The text of a number with a point or exponent; 2.0 is 2 where the column has both. */
  private String fraction(int role, String text) {
    if (role >= 0 && role <= ITEM && text.endsWith("0") && text.indexOf('.') > 0) {
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      if (text.charAt(end - 1) == '.') {
        pointSeen[role] = true;
        return joinWhole ? text.substring(0, end - 1) : text;
      }
    }
    return text;
  }

  private void scalar(Node node, String text) {
    if (sampled != null) {
      sampled.put(node, text);
    }
    if (node.role >= 0) {
      if (texts[node.role] != null) {
        wrong(node, "the key is there twice");
      }
      texts[node.role] = text;
    }
  }

  private void wrong(Node node, String what) {
    if (wrongNode == null) {
      wrongNode = node;
      wrong = what;
    }
  }

  /** The objects of the file, one after the other. */
  private final class Source implements AutoCloseable {
    private final @Nullable DelimitedReader lines; // null: objects over several lines
    private @Nullable JsonParser parser;
    private long line;

    Source() {
      lines = isLines(file) ? new DelimitedReader(file.name(), file.open(), Dialect.LINES) : null;
      if (lines == null) {
        try {
          JsonParser all = FACTORY.createParser(file.open());
          parser = all;
          if (all.nextToken() == JsonToken.START_ARRAY) {
            all.nextToken();
          }
        } catch (JsonProcessingException e) {
          throw broken(file, e);
        } catch (IOException e) {
          throw Failures.reading(file.name(), e);
        }
      }
    }

    long line() {
      return line;
    }

    /** Moves to the next object; false at the end. */
    boolean next() {
      if (lines != null) {
        boolean more = lines.next();
        line = lines.line();
        return more;
      }
      JsonParser all = parser;
      if (all == null || all.currentToken() == null || all.currentToken() == JsonToken.END_ARRAY) {
        return false;
      }
      line = all.currentTokenLocation().getLineNr();
      return true;
    }

    /** Walks through the object; false where it is none and was refused. */
    boolean walk() {
      Arrays.fill(texts, null);
      wrongNode = null;
      if (lines != null) {
        return walkLine(lines);
      }
      JsonParser all = parser;
      try {
        if (all == null || all.currentToken() != JsonToken.START_OBJECT) {
          throw new KindredException(
              file.name()
                  + ", line "
                  + line
                  + ": "
                  + (all == null ? "nothing" : all.getText())
                  + " where a JSON object should begin");
        }
        members(all, root);
        all.nextToken();
        return true;
      } catch (JsonProcessingException e) {
        throw broken(file, e);
      } catch (IOException e) {
        throw Failures.reading(file.name(), e);
      }
    }

    private boolean walkLine(DelimitedReader at) {
      int from = at.from(0);
      int length = at.to(at.fields() - 1) - from;
      try (JsonParser one = FACTORY.createParser(at.bytes(), from, length)) {
        JsonToken token = one.nextToken();
        if (token == null) {
          return false; // only spaces
        }
        if (token != JsonToken.START_OBJECT) {
          return refuse("not a JSON object: " + Failures.quoted(one.getText()));
        }
        members(one, root);
        if (one.nextToken() != null) {
          return refuse("text follows the object: " + Failures.quoted(one.getText()));
        }
        return true;
      } catch (JsonProcessingException e) {
        return refuse("not JSON: " + why(e));
      } catch (IOException e) {
        throw Failures.reading(file.name(), e);
      }
    }

    private boolean refuse(String problem) {
      if (sampled == null) {
        reader.badRows().add(new BadRow(file.name(), line, "", problem, EXPECTED));
      }
      return false;
    }

    @Override
    public void close() {
      if (lines != null) {
        lines.close();
      }
      if (parser != null) {
        try {
          parser.close();
        } catch (IOException e) {
          throw Failures.reading(file.name(), e);
        }
      }
    }
  }

  /** Whether the first line is an object of its own, or begins like one and is damaged. */
  static boolean isLines(TextFile file) {
    try (DelimitedReader head = file.headReader(Dialect.LINES)) {
      if (!head.next()) {
        throw new KindredException(file.name() + " has no JSON objects, only empty lines");
      }
      int from = head.from(0);
      int length = head.to(head.fields() - 1) - from;
      try (JsonParser one = FACTORY.createParser(head.bytes(), from, length)) {
        if (one.nextToken() == JsonToken.START_ARRAY) {
          return false;
        }
        one.skipChildren();
        return true;
      } catch (com.fasterxml.jackson.core.io.JsonEOFException e) {
        return false; // goes on in the next line
      }
    } catch (IOException e) {
      return true; // damaged: the line is named when it is read
    }
  }

  static KindredException broken(TextFile file, JsonProcessingException e) {
    long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    return new KindredException(file.name() + ", line " + line + ": not JSON: " + why(e), e);
  }

  static String why(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return message.replaceFirst(" \\(start marker at.*", "")
        + (e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")");
  }
}
