package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the API answers, over its socket. */
class RecommendApiTest {
  private static KindredServer server;
  private static Http http;

  @BeforeAll
  static void start() {
    server = KindredServer.start(RunningServer.options());
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> ids(JsonNode items) {
    List<String> ids = new ArrayList<>();
    items.forEach(item -> ids.add(item.get("item").textValue()));
    return ids;
  }

  @Test
  void recommend_anonymousHistory_itemsOfTheSameTasteWithReasons() {
    JsonNode answer =
        http.json(
            "/v1/recommend",
            "{\"history\": [\"film-1\", {\"item\": \"film-2\", \"value\": 4.5, \"time\":"
                + " 1600000000}], \"n\": 5, \"explain\": true}");
    assertThat(answer.get("model").textValue()).isEqualTo("item-knn");
    assertThat(answer.get("servedBy").textValue()).isEqualTo("history");
    assertThat(ids(answer.get("items"))).hasSize(5).doesNotContain("film-1", "film-2");
    JsonNode first = answer.get("items").get(0);
    assertThat(first.at("/features/genres/0").textValue()).isEqualTo("Sea");
    assertThat(first.get("title").textValue()).isNotBlank();
    assertThat(first.get("filled").booleanValue()).isFalse();
    JsonNode why = first.get("explanation");
    assertThat(why.get("kind").textValue()).isEqualTo("items");
    assertThat(why.get("sentence").textValue()).startsWith("Because you liked ").endsWith(".");
    assertThat(why.get("reasons")).isNotEmpty();
    assertThat(why.at("/reasons/0/title").textValue()).isNotBlank();
  }

  @Test
  void recommend_explained_partsAndSharesSumUp() {
    for (String model : List.of("item-knn", "user-knn")) {
      JsonNode answer =
          http.json(
              "/v1/recommend",
              "{\"user\": \"user-3\", \"model\": \"" + model + "\", \"explain\": 2}");
      assertThat(answer.get("servedBy").textValue()).isEqualTo("known-user");
      assertThat(answer.get("items")).hasSize(10);
      for (JsonNode item : answer.get("items")) {
        JsonNode why = item.get("explanation");
        if (item.get("filled").booleanValue()) {
          continue;
        }
        assertThat(why.get("score").doubleValue())
            .isCloseTo(item.get("score").doubleValue(), within(1e-4));
        assertThat(why.get("reasons").size()).isBetween(1, 2);
        double parts = why.get("base").doubleValue() + why.get("rest").doubleValue();
        double shares = why.get("baseShare").doubleValue() + why.get("restShare").doubleValue();
        for (JsonNode reason : why.get("reasons")) {
          parts += reason.get("contribution").doubleValue();
          shares += reason.get("share").doubleValue();
        }
        assertThat(parts).isCloseTo(why.get("score").doubleValue(), within(1e-6));
        assertThat(shares).isCloseTo(1, within(1e-6));
      }
    }
  }

  /** Of a model of ratings, what was rated below the level speaks against what is like it. */
  @Test
  void recommend_ratingModel_reasonsForAndAgainstAreTwoLists() {
    try (KindredServer ratings =
        KindredServer.start(ServerOptions.of(RunningServer.RATINGS).withPort(0))) {
      JsonNode answer =
          new Http(ratings).json("/v1/recommend", "{\"user\": \"user-3\", \"explain\": 4}");
      int against = 0;
      for (JsonNode item : answer.get("items")) {
        JsonNode why = item.get("explanation");
        double sum = why.get("base").doubleValue() + why.get("rest").doubleValue();
        for (JsonNode reason : why.get("reasons")) {
          assertThat(reason.get("contribution").doubleValue()).isPositive();
          sum += reason.get("contribution").doubleValue();
        }
        assertThat(sum).isCloseTo(why.get("score").doubleValue(), within(1e-6));
        double before = Double.NEGATIVE_INFINITY;
        for (JsonNode reason : why.get("against")) {
          assertThat(reason.get("contribution").doubleValue()).isBetween(before, -1e-12);
          assertThat(reason.get("share").doubleValue()).isNegative();
          assertThat(reason.get("title").textValue()).isNotBlank();
          before = reason.get("contribution").doubleValue();
          against++;
        }
      }
      assertThat(against).isPositive();
    }
  }

  @Test
  void recommend_userBased_reasonsAreAnonymousPeople() {
    JsonNode answer =
        http.json(
            "/v1/recommend",
            "{\"user\": \"user-3\", \"model\": \"user-knn\", \"n\": 1, \"explain\": 3}");
    JsonNode reason = answer.at("/items/0/explanation/reasons/0");
    assertThat(answer.at("/items/0/explanation/kind").textValue()).isEqualTo("users");
    assertThat(reason.get("label").textValue()).isEqualTo("Person 1");
    assertThat(reason.has("user")).isFalse();
    assertThat(reason.at("/shared/0/title").textValue()).isNotBlank();
    assertThat(answer.toString()).doesNotContain("\"user-1\"", "\"user-5\"");
  }

  @Test
  void recommend_unknownUser_servedByPopularityAndSaid() {
    HttpResponse<String> response = http.post("/v1/recommend", "{\"user\": \"nobody\", \"n\": 3}");
    JsonNode answer = Http.read(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(answer.get("servedBy").textValue()).isEqualTo("popularity");
    assertThat(answer.at("/notes/0").textValue())
        .isEqualTo("User 'nobody' is unknown: these are the most popular items.");
    assertThat(answer.get("items")).hasSize(3);
  }

  @Test
  void recommend_unknownUserWithHistory_servedByTheHistory() {
    JsonNode answer =
        http.json("/v1/recommend", "{\"user\": \"nobody\", \"history\": [\"film-20\"], \"n\": 3}");
    assertThat(answer.get("servedBy").textValue()).isEqualTo("history");
    assertThat(answer.at("/items/0/features/genres/0").textValue()).isEqualTo("Stars");
  }

  @Test
  void recommend_unknownItems_namedAndPassedOver() {
    JsonNode answer =
        http.json(
            "/v1/recommend",
            "{\"history\": [\"film-1\", \"no such\", \"no such\", \"nor this\"], \"n\": 2}");
    assertThat(answer.get("unknownItems").toString()).isEqualTo("[\"no such\",\"nor this\"]");
    assertThat(answer.at("/notes/0").textValue())
        .isEqualTo("2 items are unknown and were passed over.");
    assertThat(answer.get("items")).hasSize(2);
  }

  @Test
  void recommend_nZero_isEmpty() {
    assertThat(http.json("/v1/recommend", "{\"history\": [\"film-1\"], \"n\": 0}").get("items"))
        .isEmpty();
  }

  @Test
  void recommend_nAboveCatalogue_givesEverythingUnseenOnce() {
    JsonNode answer = http.json("/v1/recommend", "{\"history\": [\"film-1\"], \"n\": 10000}");
    assertThat(ids(answer.get("items")))
        .hasSize(23)
        .doesNotHaveDuplicates()
        .doesNotContain("film-1");
  }

  @Test
  void recommend_everythingSeen_isEmpty() {
    List<String> all = RunningServer.FILMS.items().ids();
    String history = String.join(", ", all.stream().map(id -> "\"" + id + "\"").toList());
    assertThat(http.json("/v1/recommend", "{\"history\": [" + history + "]}").get("items"))
        .isEmpty();
  }

  @Test
  void recommend_filters_hold() {
    JsonNode answer =
        http.json(
            "/v1/recommend",
            "{\"history\": [\"film-1\"], \"n\": 50, \"filter\": {\"excludeSeen\": false,"
                + " \"exclude\": [\"film-4\"], \"features\": {\"genres\": \"Comedy\"}}}");
    assertThat(ids(answer.get("items"))).contains("film-1").doesNotContain("film-4");
    answer
        .get("items")
        .forEach(item -> assertThat(item.at("/features/genres").toString()).contains("Comedy"));
    JsonNode only =
        http.json(
            "/v1/recommend",
            "{\"history\": [\"film-1\"], \"filter\": {\"only\": [\"film-5\", \"film-6\"]}}");
    assertThat(ids(only.get("items"))).containsExactlyInAnyOrder("film-5", "film-6");
  }

  @Test
  void recommend_onlyAnEmptyList_isNothingAndNoListIsAll() {
    String filter = "{\"history\": [\"film-1\"], \"n\": 50, \"filter\": {\"only\": %s}}";
    assertThat(http.json("/v1/recommend", filter.formatted("[]")).get("items")).isEmpty();
    assertThat(http.json("/v1/recommend", filter.formatted("null")).get("items")).hasSize(23);
  }

  @Test
  void recommend_filterOfNumbers_compares() {
    String filter =
        "{\"n\": 50, \"filter\": {\"features\": {\"minutes\": %s, \"genres\": \"Sea\"}}}";
    JsonNode few = http.json("/v1/recommend", filter.formatted("\"<84\""));
    assertThat(ids(few.get("items")))
        .containsExactlyInAnyOrder(SampleData.STRANGE_ID, "film-1", "film-3");
    JsonNode range = http.json("/v1/recommend", filter.formatted("\"84..86\""));
    assertThat(ids(range.get("items"))).containsExactlyInAnyOrder("film-4", "film-5", "film-6");
    assertThat(ids(http.json("/v1/recommend", filter.formatted("85")).get("items")))
        .containsExactly("film-5");
  }

  @Test
  void recommend_boost_lifts() {
    JsonNode before =
        http.json("/v1/recommend", "{\"history\": [\"film-1\", \"film-2\"], \"n\": 5}");
    String fifth = ids(before.get("items")).get(4);
    JsonNode after =
        http.json(
            "/v1/recommend",
            "{\"history\": [\"film-1\", \"film-2\"], \"n\": 5, \"boosts\": {\""
                + fifth
                + "\": 100}}");
    assertThat(ids(after.get("items")).get(0)).isEqualTo(fifth);
  }

  @Test
  void recommend_valueLeftOut_standsForTheHighestRating() {
    JsonNode without =
        http.json("/v1/recommend", "{\"history\": [\"film-1\", {\"item\": \"film-2\"}], \"n\": 3}");
    JsonNode with =
        http.json(
            "/v1/recommend",
            "{\"history\": [{\"item\": \"film-1\", \"value\": 5}, {\"item\": \"film-2\", \"value\":"
                + " 5}], \"n\": 3}");
    assertThat(without).isEqualTo(with);
  }

  @Test
  void recommend_isoTime_isTaken() {
    assertThat(
            http.post(
                    "/v1/recommend",
                    "{\"history\": [{\"item\": \"film-1\", \"time\": \"2026-01-31T12:00:00Z\"}]}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void explain_userAndItem_reasons() {
    JsonNode answer = http.json("/v1/explain?user=user-2&item=film-11&reasons=2");
    assertThat(answer.at("/item/item").textValue()).isEqualTo("film-11");
    assertThat(answer.at("/explanation/kind").textValue()).isEqualTo("items");
    assertThat(answer.at("/explanation/reasons")).hasSize(2);
  }

  @Test
  void explain_anonymousHistory_reasons() {
    JsonNode answer =
        http.json(
            "/v1/explain", "{\"history\": [\"film-1\", \"unheard of\"], \"item\": \"film-4\"}");
    assertThat(answer.at("/explanation/reasons/0/item").textValue()).isEqualTo("film-1");
    assertThat(answer.at("/explanation/reasons/0/share").doubleValue()).isCloseTo(1, within(1e-6));
    assertThat(answer.get("unknownItems").toString()).isEqualTo("[\"unheard of\"]");
  }

  @Test
  void items_words_findWithoutAccentsAndThePopularFirst() {
    assertThat(ids(http.json("/v1/items?query=cafe").get("items"))).containsExactly("film-6");
    assertThat(ids(http.json("/v1/items?query=" + Http.segment("łódź starlight")).get("items")))
        .containsExactly("film-23");
    JsonNode popular = http.json("/v1/items?limit=24").get("items");
    assertThat(popular).hasSize(24);
    assertThat(popular.get(0).get("interactions").intValue())
        .isGreaterThanOrEqualTo(popular.get(23).get("interactions").intValue());
    assertThat(http.json("/v1/items?query=zzzzzz").get("items")).isEmpty();
    assertThat(http.json("/v1/items?limit=0").get("items")).isEmpty();
  }

  @Test
  void item_allFeatures_longTextsOnlyThere() {
    JsonNode item = http.json("/v1/items/film-1");
    assertThat(item.get("title").textValue()).isEqualTo("Harbor Lights (1981)");
    assertThat(item.at("/features/minutes").intValue()).isEqualTo(81);
    assertThat(item.at("/features/story").textValue()).startsWith("A story about the sea.");
    assertThat(item.has("image")).as("no pictures without a folder of them").isFalse();
    assertThat(http.json("/v1/items?query=harbor").at("/items/0/features").has("story")).isFalse();
    assertThat(http.json("/v1/items/film-2").at("/features").has("minutes"))
        .as("unknown number")
        .isFalse();
  }

  @Test
  void item_idWithSlashPercentAndEmoji_isReached() {
    String path = "/v1/items/" + Http.segment(SampleData.STRANGE_ID);
    assertThat(http.json(path).get("item").textValue()).isEqualTo(SampleData.STRANGE_ID);
    JsonNode similar = http.json(path + "/similar?n=3");
    assertThat(similar.at("/item/item").textValue()).isEqualTo(SampleData.STRANGE_ID);
    assertThat(similar.get("similar")).hasSize(3);
  }

  @Test
  void similarItems_areOfTheSameKind() {
    JsonNode answer = http.json("/v1/items/film-13/similar?n=4");
    assertThat(answer.get("similar")).hasSize(4);
    answer
        .get("similar")
        .forEach(item -> assertThat(item.at("/features/genres/0").textValue()).isEqualTo("Stars"));
    assertThat(answer.at("/similar/0/similarity").doubleValue())
        .isGreaterThanOrEqualTo(answer.at("/similar/3/similarity").doubleValue());
    assertThat(http.json("/v1/items/film-13/similar?n=0").get("similar")).isEmpty();
    assertThat(http.json("/v1/items/film-13/similar?n=9999").get("similar").size())
        .isBetween(1, 23);
  }

  @Test
  void similarUsers_anonymousUnlessShown() {
    JsonNode answer = http.json("/v1/users/user-4/similar?n=3");
    assertThat(answer.get("model").textValue())
        .as("the first model that compares users")
        .isEqualTo("user-knn");
    assertThat(answer.get("anonymous").booleanValue()).isTrue();
    assertThat(answer.at("/similar/2/label").textValue()).isEqualTo("Person 3");
    assertThat(answer.at("/similar/0").has("user")).isFalse();
    try (KindredServer open = KindredServer.start(RunningServer.options().withShowUsers(true))) {
      JsonNode shown = new Http(open).json("/v1/users/user-4/similar?n=3");
      assertThat(shown.get("anonymous").booleanValue()).isFalse();
      assertThat(shown.at("/similar/0/user").textValue()).startsWith("user-");
    }
  }

  @Test
  void users_searchPageAndHistory() {
    JsonNode all = http.json("/v1/users?limit=5");
    assertThat(all.get("total").intValue()).isEqualTo(60);
    assertThat(all.get("users")).hasSize(5);
    JsonNode next = http.json("/v1/users?offset=4&limit=1");
    assertThat(next.at("/users/0")).isEqualTo(all.at("/users/4"));
    assertThat(http.json("/v1/users?offset=60").get("users")).isEmpty();
    assertThat(http.json("/v1/users?query=user-12").at("/users/0/user").textValue())
        .isEqualTo("user-12");
    JsonNode user = http.json("/v1/users/user-12?limit=2");
    assertThat(user.get("history")).hasSize(2);
    assertThat(user.get("interactions").intValue()).isGreaterThan(2);
    assertThat(user.at("/history/1/title").textValue()).isNotBlank();
    assertThat(user.at("/history/1/time").textValue()).startsWith("2020-");
    assertThat(user.at("/history/0/time").textValue())
        .isLessThan(user.at("/history/1/time").textValue());
  }

  @Test
  void models_listAndCard() {
    JsonNode list = http.json("/v1/models");
    assertThat(list.get("standard").textValue()).isEqualTo("item-knn");
    assertThat(list.at("/models/1/name").textValue()).isEqualTo("user-knn");
    assertThat(list.at("/models/0/generated").booleanValue()).isTrue();
    JsonNode card = http.json("/v1/model?model=user-knn");
    assertThat(card.get("algorithm").textValue()).isEqualTo("user-knn");
    assertThat(card.get("can").toString()).contains("explain", "similar-users");
    assertThat(card.get("parameters").has("neighbors")).isTrue();
    JsonNode data = card.get("data");
    assertThat(data.get("users").intValue()).isEqualTo(60);
    assertThat(data.get("items").intValue()).isEqualTo(24);
    assertThat(data.at("/ratings/min").doubleValue()).isEqualTo(0.5);
    assertThat(data.at("/ratings/step").doubleValue()).isEqualTo(0.5);
    assertThat(data.get("liked").doubleValue()).isEqualTo(5);
    assertThat(data.get("categoryColumn").textValue()).isEqualTo("genres");
    int counted = 0;
    for (JsonNode value : data.get("values")) {
      counted += value.get("count").intValue();
    }
    assertThat(counted).isEqualTo(data.get("interactions").intValue());
    JsonNode curve = data.at("/popularity/curve");
    assertThat(curve.get(curve.size() - 1).get("interactions").doubleValue())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void health_isUp() {
    assertThat(http.json("/health/live").get("status").textValue()).isEqualTo("up");
    assertThat(http.json("/health/ready").get("status").textValue()).isEqualTo("ready");
  }

  @Test
  void metrics_prometheusText_countsRequests() {
    http.post("/v1/recommend", "{\"history\": [\"film-1\"]}");
    http.get("/v1/items/film-1");
    http.get("/no/such/address/" + System.nanoTime());
    HttpResponse<String> response = http.get("/metrics");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain")
        .contains("version=0.0.4");
    assertThat(response.body())
        .containsPattern(
            "kindred_http_requests_total\\{method=\"POST\",route=\"/v1/recommend\",status=\"200\"\\}"
                + " [1-9]")
        .containsPattern(
            "kindred_http_requests_total\\{method=\"GET\",route=\"/v1/items/\\{id\\}\",status=\"200\"\\}"
                + " [1-9]")
        .containsPattern(
            "kindred_http_requests_total\\{method=\"GET\",route=\"unmatched\",status=\"404\"\\}"
                + " [1-9]")
        .contains("kindred_http_request_duration_seconds_bucket")
        .containsPattern(
            "kindred_recommendations_total\\{model=\"item-knn\",served_by=\"history\"\\} [1-9]")
        .contains(
            "kindred_model_info{algorithm=\"item-knn\",dataset=\"sample films"
                + " (generated)\",model=\"item-knn\"} 1")
        .contains("jvm_memory_used_bytes")
        .doesNotContain("/no/such/address");
  }
}
