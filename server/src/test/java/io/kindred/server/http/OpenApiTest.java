package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kindred.server.Http;
import io.kindred.server.KindredServer;
import io.kindred.server.RunningServer;
import io.kindred.server.answer.ServedModel;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The description of the API says what the API does: routes, parameters and the form of every
 * answer.
 */
class OpenApiTest {
  @TempDir private static Path images;

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static KindredServer server;
  private static Http http;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    server = KindredServer.start(RunningServer.options().withImages(images));
    http = new Http(server);
    document = http.json("/openapi.json");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void document_isOpenApi31WithSoundReferences() {
    assertThat(document.get("openapi").textValue()).isEqualTo("3.1.0");
    assertThat(document.at("/info/title").textValue()).isEqualTo("Kindred");
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).isNotEmpty();
    Set<String> used = new TreeSet<>();
    for (JsonNode reference : references) {
      assertThat(document.at(reference.textValue().substring(1)).isObject())
          .as(reference.textValue())
          .isTrue();
      used.add(reference.textValue().replace("#/components/schemas/", ""));
    }
    assertThat(fieldNames(document.at("/components/schemas")))
        .as("schemas that nothing uses")
        .isEqualTo(used);
    List<String> operations = document.findValuesAsText("operationId");
    assertThat(operations).doesNotHaveDuplicates();
  }

  @Test
  void schemas_areValidJsonSchemas() {
    Schema meta =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    document
        .at("/components/schemas")
        .properties()
        .forEach(
            schema ->
                assertThat(meta.validate(schema.getValue().toString(), InputFormat.JSON))
                    .as(schema.getKey())
                    .isEmpty());
  }

  @Test
  void routes_andDocument_nameTheSameOperationsAndParameters() {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        Set<String> parameters = new TreeSet<>();
        Set<String> inPath = new TreeSet<>();
        for (JsonNode parameter : operation.getValue().path("parameters")) {
          (parameter.get("in").textValue().equals("path") ? inPath : parameters)
              .add(parameter.get("name").textValue());
        }
        assertThat(inPath).as(path.getKey()).isEqualTo(namesIn(path.getKey()));
        documented.put(
            operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
            parameters);
      }
    }
    Map<String, Set<String>> routes = new TreeMap<>();
    for (Route route : routes()) {
      routes.put(route.method() + " " + route.path(), new TreeSet<>(route.parameters()));
    }
    assertThat(documented).isEqualTo(routes);
  }

  private static List<Route> routes() {
    ServedModel model =
        new ServedModel(
            "item-knn",
            RunningServer.options().models().get("item-knn"),
            new ServedModel.Settings(true, false));
    HttpServer same =
        HttpServer.start(
            List.of(model),
            "127.0.0.1",
            0,
            Set.of(),
            Optional.of(images),
            Optional.empty(),
            Duration.ZERO);
    same.stop();
    return same.routes();
  }

  private static Set<String> namesIn(String path) {
    Set<String> names = new TreeSet<>();
    for (String segment : path.split("/", -1)) {
      if (segment.startsWith("{")) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/items | /v1/items?query=the | 200",
        "GET | /v1/items | /v1/items?limit=-1 | 400",
        "GET | /v1/items/{id} | /v1/items/film-1 | 200",
        "GET | /v1/items/{id} | /v1/items/nothing | 404",
        "GET | /v1/items/{id}/similar | /v1/items/film-1/similar?n=3 | 200",
        "GET | /v1/items/{id}/similar | /v1/items/film-1/similar?model=user-knn | 501",
        "GET | /v1/users | /v1/users?query=user-1 | 200",
        "GET | /v1/users/{id} | /v1/users/user-1 | 200",
        "GET | /v1/users/{id}/similar | /v1/users/user-1/similar | 200",
        "GET | /v1/users/{id}/similar | /v1/users/nobody/similar | 404",
        "GET | /v1/explain | /v1/explain?user=user-2&item=film-11 | 200",
        "GET | /v1/explain | /v1/explain?user=user-2&item=film-11&model=user-knn | 200",
        "GET | /v1/explain | /v1/explain?user=user-2 | 400",
        "GET | /v1/models | /v1/models | 200",
        "GET | /v1/model | /v1/model | 200",
        "GET | /v1/model | /v1/model?model=user-knn | 200",
        "GET | /v1/model | /v1/model?model=nothing | 404",
        "GET | /health/live | /health/live | 200",
        "GET | /health/ready | /health/ready | 200",
        "GET | /images/{path} | /images/none.png | 404",
        "POST | /v1/recommend | {\"user\": \"user-1\", \"explain\": 4} | 200",
        "POST | /v1/recommend | {\"user\": \"user-1\", \"explain\": 4, \"n\": 24, \"model\": \"user-knn\"} | 200",
        "POST | /v1/recommend | {\"user\": \"nobody\", \"explain\": true} | 200",
        "POST | /v1/recommend | {\"history\": [\"film-1\", \"nothing\"], \"n\": 24, \"explain\": true} | 200",
        "POST | /v1/recommend | {\"n\": -1, \"what\": true} | 400",
        "POST | /v1/recommend | {\"model\": \"nothing\"} | 404",
        "POST | /v1/saliency | {\"history\": [\"film-1\"], \"item\": \"film-2\"} | 501",
        "POST | /v1/items | {\"items\": [{\"item\": \"x\", \"features\": {\"title\": \"X\"}}]} | 403",
        "POST | /v1/saliency | {\"item\": \"film-2\"} | 400",
        "POST | /v1/new-items | {\"history\": [\"film-1\"], \"explain\": 2} | 501",
        "POST | /v1/new-items | {\"mostInteractions\": -1} | 400",
        "POST | /v1/explain | {\"history\": [\"film-1\"], \"item\": \"film-2\"} | 200",
        "POST | /v1/explain | {\"item\": \"film-2\"} | 400",
      })
  void answer_hasTheFormThatTheDocumentSays(
      String method, String path, String request, int status) {
    HttpResponse<String> response =
        method.equals("GET") ? http.get(request) : http.post(path, request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    String operation =
        "/paths/" + path.replace("/", "~1") + "/" + method.toLowerCase(java.util.Locale.ROOT);
    String type = status < 400 ? "application/json" : "application/problem+json";
    assertThat(response.headers().firstValue("Content-Type")).contains(type);
    JsonNode schema =
        document.at(
            operation + "/responses/" + status + "/content/" + type.replace("/", "~1") + "/schema");
    assertThat(schema.isObject()).as("no schema of status " + status).isTrue();
    assertThat(errors(schema, response.body())).isEmpty();
    if (method.equals("POST") && status == 200) {
      assertThat(
              errors(
                  document.at(operation + "/requestBody/content/application~1json/schema"),
                  request))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/recommend | {\"n\": -1}",
        "/v1/new-items | {\"mostInteractions\": 0.5}",
        "/v1/recommend | {\"user\": 3}",
        "/v1/recommend | {\"what\": true}",
        "/v1/recommend | {\"history\": [3]}",
        "/v1/recommend | {\"history\": [{\"value\": 3}]}",
        "/v1/recommend | {\"filter\": {\"seen\": true}}",
        "/v1/recommend | {\"boosts\": {\"film-1\": 0}}",
        "/v1/recommend | {\"explain\": \"yes\"}",
        "/v1/explain | {\"history\": [\"film-1\"]}",
        "/v1/explain | {\"history\": [\"film-1\"], \"item\": \"film-2\", \"reasons\": 0}",
      })
  void request_refusedByTheServer_isRefusedByTheDocument(String path, String request) {
    assertThat(http.post(path, request).statusCode()).isEqualTo(400);
    JsonNode schema =
        document.at(
            "/paths/"
                + path.replace("/", "~1")
                + "/post/requestBody/content/application~1json/schema");
    assertThat(errors(schema, request)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"data:image/png;base64, true", "data:image/png, false", "A, false"})
  void newItem_longerThanTheLongestText_mayBeAPicture(String start, boolean right) {
    JsonNode schema = document.at("/components/schemas/NewItem");
    String item =
        "{\"item\": \"x\", \"features\": {\"poster\": \""
            + start
            + ","
            + "QUJD".repeat(30_000)
            + "\"}}";
    assertThat(errors(schema, item).isEmpty()).isEqualTo(right);
  }

  @Test
  void answer_wrongMediaTypeAndSize_areDocumented() {
    JsonNode problem =
        document.at(
            "/paths/~1v1~1recommend/post/responses/415/content/application~1problem+json/schema");
    HttpRequest.Builder text =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString("{}"))
            .header("Content-Type", "text/plain");
    assertThat(errors(problem, http.send(text, "/v1/recommend").body())).isEmpty();
    HttpResponse<String> large = http.post("/v1/recommend", " ".repeat(1_000_001));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(errors(problem, large.body())).isEmpty();
  }

  @Test
  void examples_areOfTheirSchemas() throws IOException {
    for (String path :
        List.of("/v1/recommend", "/v1/new-items", "/v1/saliency", "/v1/items", "/v1/explain")) {
      JsonNode body =
          document.at(
              "/paths/" + path.replace("/", "~1") + "/post/requestBody/content/application~1json");
      assertThat(
              errors(
                  body.get("schema"), new ObjectMapper().writeValueAsString(body.get("example"))))
          .as(path)
          .isEmpty();
    }
  }

  private static List<String> errors(JsonNode schema, String json) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", document.get("components"));
    List<String> errors = new ArrayList<>();
    for (Error error : SCHEMAS.getSchema(whole).validate(json, InputFormat.JSON)) {
      errors.add(error.toString());
    }
    return errors;
  }

  private static Set<String> fieldNames(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.properties().forEach(field -> names.add(field.getKey()));
    return names;
  }
}
