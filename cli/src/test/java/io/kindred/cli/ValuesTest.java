package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.Model;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.recommend.ModelRecommender;
import io.kindred.server.KindredServer;
import io.kindred.server.ServerOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values mean: the same answer from Java, the command line and the server. */
class ValuesTest {
  @TempDir Path folder;

  /** People of two tastes, who rate from 0 (not at all) to 1 (very much), on some scale. */
  private Path ratings(DoubleUnaryOperator scale) throws IOException {
    Random random = new Random(3);
    StringBuilder rows = new StringBuilder("user_id,item_id,rating\n");
    for (int user = 0; user < 30; user++) {
      for (int item = 0; item < 20; item++) {
        if (random.nextInt(10) < 6) {
          double liking = (user % 2 == item % 2 ? 0.8 : 0.2) + 0.1 * (random.nextInt(5) - 2);
          double value = scale.applyAsDouble(liking);
          rows.append("u%d,i%d,%s\n".formatted(user, item, Numbers.text(value)));
        }
      }
    }
    Path file = folder.resolve("ratings.csv");
    Files.writeString(file, rows);
    return file;
  }

  private static DoubleUnaryOperator scale(String name) {
    return switch (name) {
      case "quarters" -> liking -> 0.25 + Math.rint(19 * liking) / 4;
      case "hundred" -> liking -> Math.rint(100 * liking);
      case "signed" -> liking -> -10 + Math.rint(2000 * liking) / 100;
      case "fifty" -> liking -> -50 + Math.rint(100 * liking);
      case "counts" -> liking -> Math.ceil(Math.exp(6 * liking * liking));
      default -> liking -> 1 + Math.rint(4 * liking);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "item-knn,stars",
    "item-knn,signed",
    "user-knn-rating,quarters",
    "item-knn-rating,hundred",
    "biased-mf,quarters",
    "explicit-als,fifty",
    "svd-plus-plus,stars",
    "bias,signed",
    "als,counts",
    "rocchio,stars",
  })
  void history_withoutValues_answersTheSameFromJavaCommandLineAndServer(
      String algorithm, String scale) throws Exception {
    Path bundle = folder.resolve("model");
    Path data = ratings(scale(scale));
    Path items = folder.resolve("items.csv");
    Files.writeString(items, items());
    Run trained = Run.of("train", data, "--items-file", items, "-a", algorithm, "-o", bundle);
    assertThat(trained.code()).as(trained.err()).isZero();

    Model model = Bundles.open(bundle);
    ModelRecommender recommender = ModelRecommender.of(model);
    RecommendationList java = recommender.recommend(Query.ofItems(List.of("i0", "i4")));
    Run run = Run.of("recommend", bundle, "--history", "i0,i4", "--json", "--explain");
    String liked = Numbers.text(recommender.scale().liked());
    Run said =
        Run.of(
            "recommend", bundle, "--history", "i0=" + liked, "--history", "i4=" + liked, "--json");
    JsonNode served;
    try (KindredServer server = KindredServer.start(ServerOptions.of(model).withPort(0))) {
      String body = "{\"history\": [\"i0\", {\"item\": \"i4\"}], \"n\": 10, \"explain\": true}";
      HttpRequest request =
          HttpRequest.newBuilder(server.uri().resolve("/v1/recommend"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      String answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
      served = new ObjectMapper().readTree(answer);
    }

    assertThat(java.items()).isNotEmpty();
    assertThat(scores(run.json())).isEqualTo(scores(java));
    assertThat(scores(said.json())).isEqualTo(scores(java));
    assertThat(scores(served)).isEqualTo(scores(java));
    assertThat(served.path("items")).isEqualTo(run.json().path("items"));
  }

  private static String items() {
    StringBuilder rows = new StringBuilder("item_id,title,genres\n");
    for (int item = 0; item < 20; item++) {
      rows.append("i%d,Item %d,%s\n".formatted(item, item, item % 2 == 0 ? "even" : "odd"));
    }
    return rows.toString();
  }

  private static List<String> scores(JsonNode answer) {
    List<String> scores = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      if (!item.path("filled").asBoolean()) {
        scores.add(item.path("item").asText() + " " + item.path("score").asDouble());
      }
    }
    return scores;
  }

  private static List<String> scores(RecommendationList list) {
    return list.items().stream()
        .filter(item -> !item.filled())
        .map(item -> item.item() + " " + item.score())
        .toList();
  }

  @Test
  void history_onAnyScale_meansTheSameTaste() throws IOException {
    List<List<String>> lists = new ArrayList<>();
    for (String scale : List.of("stars", "quarters", "hundred", "signed", "fifty")) {
      Path bundle = folder.resolve("model-" + scale);
      Run.of("train", ratings(scale(scale)), "-a", "user-knn-rating", "-o", bundle);
      Run run = Run.of("recommend", bundle, "--history", "i0,i3=" + low(scale), "--json", "-n", 4);
      List<String> ids = new ArrayList<>();
      run.json().path("items").forEach(item -> ids.add(item.path("item").asText()));
      lists.add(ids);
      assertThat(ids).as(scale).allMatch(id -> Integer.parseInt(id.substring(1)) % 2 == 0);
    }
    assertThat(lists).hasSize(5);
  }

  private static String low(String scale) {
    return Numbers.text(scale(scale).applyAsDouble(0));
  }

  @Test
  void recommend_predictedRatings_stayOnTheScaleForPeople() throws IOException {
    Path bundle = folder.resolve("model");
    StringBuilder rows = new StringBuilder("user_id,item_id,rating\n");
    for (int user = 0; user < 12; user++) {
      rows.append("u%d,best,5\nu%d,worst,1\n".formatted(user, user));
      rows.append("u%d,good,%d\nu%d,own%d,3\n".formatted(user, user % 2 == 0 ? 5 : 4, user, user));
    }
    rows.append("keen,good,5\nkeen,own1,5\nkeen,own2,5\nkeen,own3,5\n");
    Path data = folder.resolve("data.csv");
    Files.writeString(data, rows);
    Run.of("train", data, "-a", "biased-mf", "-P", "regularization=0.001", "-o", bundle);

    Run json = Run.of("recommend", bundle, "--user", "keen", "--json", "-n", 3);
    JsonNode first = json.json().path("items").path(0);
    assertThat(first.path("score").asDouble()).as(json.out()).isGreaterThan(5);
    assertThat(first.path("rating").asDouble()).isEqualTo(5);

    Run text = Run.of("recommend", bundle, "--user", "keen", "-n", 1);
    assertThat(text.out()).contains("rating").contains("5.0000").doesNotContain("score");
    Run why = Run.of("recommend", bundle, "--user", "keen", "-n", 1, "--explain", "--reasons", 9);
    assertThat(why.out()).contains("beyond the scale, which goes from 1 to 5");
    double sum = 0;
    for (String line : why.out().lines().filter(one -> one.matches(" {6}[-+0-9].*")).toList()) {
      sum += Double.parseDouble(line.strip().split(" ")[0]);
    }
    assertThat(sum).as(why.out()).isCloseTo(5, within(0.05));
    Run one = Run.of("explain", bundle, "keen", "best");
    assertThat(one.out()).contains("best for user keen: rating 5.0000").contains("beyond");
  }

  @Test
  void recommend_placesThatPopularityFills_showNoScore() throws IOException {
    Path bundle = folder.resolve("model");
    Run.of("train", ratings(scale("stars")), "-a", "user-knn-rating", "-o", bundle);
    Path more = folder.resolve("more.csv");
    Files.writeString(
        more, Files.readString(folder.resolve("ratings.csv")) + "x,lonely1,3\ny,lonely2,3\n");
    Run.of("train", more, "-a", "user-knn-rating", "-P", "minNeighbors=3", "-o", bundle);

    Run run = Run.of("recommend", bundle, "--user", "u0", "-n", 30);
    assertThat(run.out()).containsPattern("lonely1 +popular");
    assertThat(run.err()).contains("popular: filled up by popularity");
    Run json = Run.of("recommend", bundle, "--user", "u0", "-n", 30, "--json");
    for (JsonNode item : json.json().path("items")) {
      boolean filled = item.path("filled").asBoolean();
      assertThat(item.has("score")).isEqualTo(!filled);
      assertThat(item.has("rating")).isEqualTo(!filled);
    }
  }
}
