package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.Query;
import io.kindred.data.FeatureColumn;
import io.kindred.feature.FeatureCondition;
import io.kindred.server.answer.ServedModel;
import io.kindred.server.http.Problem.FieldError;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one request, field by field, and collects everything that is wrong with it. Not
 * thread-safe.
 */
final class RequestReader {
  /** Most items asked for at once, and most reasons. */
  static final int MOST_ITEMS = 10_000;

  static final int MOST_REASONS = 100;
  static final int MOST_EVENTS = 10_000;
  private static final int STANDARD_REASONS = 3;
  private static final int STANDARD_ITEMS = 10;
  private static final int STANDARD_INTERACTIONS = 2;
  private static final int MOST_ERRORS = 20;

  /** What is wrong beyond that is not looked for. */
  private static final int MOST_COUNTED = 1000;

  private final ObjectNode body;
  private final List<FieldError> errors = new ArrayList<>();

  /**
   * A reader of a body.
   *
   * @throws Problem.Thrown if the body is not a JSON object
   */
  RequestReader(byte[] body) {
    JsonNode node = Json.read(body);
    if (!(node instanceof ObjectNode object)) {
      throw new Problem.Thrown(
          Problem.invalid(
              "the body must be a JSON object", List.of(error("", node, "a JSON object"))));
    }
    this.body = object;
  }

  /** The name of the wanted model, if there is one. */
  @Nullable String model() {
    return text("model");
  }

  /** What {@code POST /v1/recommend} asks. */
  Query recommend(ServedModel model) {
    known("", body, Set.of("model", "user", "history", "n", "filter", "boosts", "explain"));
    return query(model);
  }

  /** What {@code POST /v1/new-items} asks. */
  Query newItems(ServedModel model) {
    known(
        "",
        body,
        Set.of("model", "user", "history", "n", "filter", "boosts", "explain", "mostInteractions"));
    return query(model);
  }

  /** How many interactions a new item may have. */
  int mostInteractions() {
    return integer("mostInteractions", STANDARD_INTERACTIONS, 0, Integer.MAX_VALUE);
  }

  private Query query(ServedModel model) {
    String user = text("user");
    List<Query.Event> history = history();
    int n = integer("n", STANDARD_ITEMS, 0, MOST_ITEMS);
    Query.Filter filter = filter(model);
    Map<String, Double> boosts = boosts();
    finish();
    return new Query(user, history, filter, boosts, n);
  }

  /** How many reasons: {@code explain} is true, false or a number. */
  int reasons() {
    JsonNode node = body.get("explain");
    if (node == null || node.isNull()) {
      return 0;
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? STANDARD_REASONS : 0;
    }
    if (node.isIntegralNumber()
        && node.canConvertToInt()
        && node.intValue() >= 0
        && node.intValue() <= MOST_REASONS) {
      return node.intValue();
    }
    errors.add(
        error("/explain", node, "true, false or the number of reasons from 0 to " + MOST_REASONS));
    return 0;
  }

  /** Who {@code POST /v1/explain} asks for. */
  Query explain() {
    known("", body, Set.of("model", "user", "history", "item", "reasons"));
    return person();
  }

  /** Who {@code POST /v1/saliency} asks for. */
  Query saliency() {
    known("", body, Set.of("model", "user", "history", "item"));
    return person();
  }

  /** What {@code POST /v1/items} brings: a list of items, of which not more is said here. */
  JsonNode items() {
    known("", body, Set.of("model", "items"));
    JsonNode items = body.get("items");
    if (items == null
        || !items.isArray()
        || items.isEmpty()
        || items.size() > ItemReader.MOST_ITEMS) {
      errors.add(
          error(
              "/items",
              items,
              "a list of 1 to " + ItemReader.MOST_ITEMS + " objects {\"item\", \"features\"}"));
    }
    finish();
    return body.get("items");
  }

  /** Throws what another reader found wrong. */
  void finish(List<FieldError> found) {
    errors.addAll(found);
    finish();
  }

  private Query person() {
    String user = text("user");
    List<Query.Event> history = history();
    if (user == null && history == null) {
      errors.add(new FieldError("/history", null, null, "a history or a user"));
    }
    finish();
    return new Query(user, history, Query.Filter.ALL, Map.of(), 1);
  }

  /** The item that {@code POST /v1/explain} asks for. */
  String item() {
    String item = text("item");
    if (item == null) {
      if (!body.has("item") || body.get("item").isNull()) {
        errors.add(new FieldError("/item", null, null, "the id of an item"));
      }
      return "";
    }
    return item;
  }

  /** How many reasons {@code POST /v1/explain} asks for. */
  int reasonCount() {
    return integer("reasons", 10, 1, MOST_REASONS);
  }

  /** Throws what was found wrong. */
  void finish() {
    if (!errors.isEmpty()) {
      FieldError first = errors.get(0);
      String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
      throw new Problem.Thrown(
          Problem.invalid(
              "'" + first.pointer() + "' must be " + first.expected() + more,
              List.copyOf(errors.subList(0, Math.min(MOST_ERRORS, errors.size())))));
    }
  }

  private @Nullable List<Query.Event> history() {
    JsonNode node = body.get("history");
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      errors.add(
          error(
              "/history",
              node,
              "a list of item ids or of objects {\"item\", \"value\", \"time\"}, oldest first"));
      return null;
    }
    if (node.size() > MOST_EVENTS) {
      errors.add(
          new FieldError(
              "/history",
              null,
              node.size() + " events",
              "at most " + MOST_EVENTS + " events; send the newest"));
      return null;
    }
    List<Query.Event> events = new ArrayList<>();
    for (int i = 0; i < node.size() && errors.size() < MOST_COUNTED; i++) {
      JsonNode one = node.get(i);
      String pointer = "/history/" + i;
      if (one.isTextual()) {
        events.add(Query.Event.liked(one.textValue()));
      } else if (one instanceof ObjectNode object) {
        known(pointer, object, Set.of("item", "value", "time"));
        JsonNode item = object.get("item");
        if (item == null || !item.isTextual()) {
          errors.add(error(pointer + "/item", item, "the id of an item, a text"));
          continue;
        }
        Float value = value(object.get("value"), pointer + "/value");
        events.add(
            new Query.Event(item.textValue(), value, time(object.get("time"), pointer + "/time")));
      } else {
        errors.add(error(pointer, one, "an item id or an object {\"item\", \"value\", \"time\"}"));
      }
    }
    return events;
  }

  private @Nullable Float value(@Nullable JsonNode node, String pointer) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isNumber() && Query.Event.isValue(node.floatValue())) {
      return node.floatValue();
    }
    errors.add(error(pointer, node, "a number from -1e15 to 1e15"));
    return null;
  }

  private long time(@Nullable JsonNode node, String pointer) {
    if (node == null || node.isNull()) {
      return 0L;
    }
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
      return node.longValue();
    }
    if (node.isTextual()) {
      try {
        return Instant.parse(node.textValue()).getEpochSecond();
      } catch (DateTimeException e) {
        // said below
      }
    }
    errors.add(
        error(pointer, node, "epoch seconds from 0, or ISO 8601 such as 2026-01-31T12:00:00Z"));
    return 0L;
  }

  private Query.Filter filter(ServedModel model) {
    JsonNode node = body.get("filter");
    if (node == null || node.isNull()) {
      return Query.Filter.UNSEEN;
    }
    if (!(node instanceof ObjectNode object)) {
      errors.add(
          error(
              "/filter", node, "an object {\"excludeSeen\", \"exclude\", \"only\", \"features\"}"));
      return Query.Filter.UNSEEN;
    }
    known("/filter", object, Set.of("excludeSeen", "exclude", "only", "features"));
    boolean excludeSeen = true;
    JsonNode seen = object.get("excludeSeen");
    if (seen != null && seen.isBoolean()) {
      excludeSeen = seen.booleanValue();
    } else if (seen != null && !seen.isNull()) {
      errors.add(error("/filter/excludeSeen", seen, "true or false"));
    }
    return new Query.Filter(
        excludeSeen,
        ids(object, "exclude"),
        object.hasNonNull("only") ? ids(object, "only") : null,
        features(object.get("features"), model));
  }

  private Set<String> ids(ObjectNode filter, String field) {
    JsonNode node = filter.get(field);
    Set<String> ids = new LinkedHashSet<>();
    if (node == null || node.isNull()) {
      return ids;
    }
    String pointer = "/filter/" + field;
    if (!node.isArray() || node.size() > MOST_EVENTS) {
      errors.add(error(pointer, node, "a list of at most " + MOST_EVENTS + " item ids"));
      return ids;
    }
    for (int i = 0; i < node.size(); i++) {
      if (node.get(i).isTextual()) {
        ids.add(node.get(i).textValue());
      } else {
        errors.add(error(pointer + "/" + i, node.get(i), "the id of an item, a text"));
      }
    }
    return ids;
  }

  private Map<String, String> features(@Nullable JsonNode node, ServedModel model) {
    Map<String, String> features = new LinkedHashMap<>();
    if (node == null || node.isNull()) {
      return features;
    }
    if (!(node instanceof ObjectNode object)) {
      errors.add(error("/filter/features", node, "an object of feature columns and their values"));
      return features;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String pointer = "/filter/features/" + escape(field.getKey());
      if (!model.hasItemColumn(field.getKey())) {
        String columns =
            model.itemColumns().isEmpty()
                ? "nothing: the data has no features"
                : "one of the columns " + model.itemColumns();
        errors.add(new FieldError(pointer, null, Shorten.text(field.getKey()), columns));
        continue;
      }
      FeatureColumn column = model.itemColumn(field.getKey()).orElseThrow();
      boolean number = field.getValue().isNumber() && column instanceof FeatureColumn.Numeric;
      if (!field.getValue().isTextual() && !number) {
        errors.add(error(pointer, field.getValue(), "a text"));
        continue;
      }
      String text = field.getValue().asText();
      FeatureCondition.problem(column, text)
          .ifPresentOrElse(
              expected -> errors.add(error(pointer, field.getValue(), expected)),
              () -> features.put(field.getKey(), text));
    }
    return features;
  }

  private Map<String, Double> boosts() {
    JsonNode node = body.get("boosts");
    Map<String, Double> boosts = new LinkedHashMap<>();
    if (node == null || node.isNull()) {
      return boosts;
    }
    if (!(node instanceof ObjectNode object) || object.size() > MOST_EVENTS) {
      errors.add(
          error("/boosts", node, "an object of at most " + MOST_EVENTS + " item ids and factors"));
      return boosts;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode factor = field.getValue();
      if (factor.isNumber() && Query.isBoost(factor.doubleValue())) {
        boosts.put(field.getKey(), factor.doubleValue());
      } else {
        errors.add(
            error(
                "/boosts/" + escape(field.getKey()),
                factor,
                "a number from 0.000001 to 1,000,000"));
      }
    }
    return boosts;
  }

  private @Nullable String text(String field) {
    JsonNode node = body.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    FieldError wrong = error("/" + field, node, "a text");
    if (!errors.contains(wrong)) {
      errors.add(wrong);
    }
    return null;
  }

  private int integer(String field, int standard, int least, int most) {
    JsonNode node = body.get(field);
    if (node == null || node.isNull()) {
      return standard;
    }
    if (node.isIntegralNumber()
        && node.canConvertToInt()
        && node.intValue() >= least
        && node.intValue() <= most) {
      return node.intValue();
    }
    errors.add(error("/" + field, node, "a whole number from " + least + " to " + most));
    return standard;
  }

  private void known(String pointer, ObjectNode object, Set<String> names) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (!names.contains(name) && errors.size() < MOST_COUNTED) {
        errors.add(
            new FieldError(
                pointer + "/" + escape(Shorten.text(name)),
                null,
                Shorten.text(name),
                "one of the fields " + names.stream().sorted().toList()));
      }
    }
  }

  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  static FieldError error(String pointer, @Nullable JsonNode node, String expected) {
    Object value = null;
    if (node != null && !node.isNull()) {
      value =
          node.isNumber() || node.isBoolean()
              ? node
              : Shorten.text(node.isTextual() ? node.textValue() : node.toString());
    }
    return new FieldError(pointer, null, value, expected);
  }
}
