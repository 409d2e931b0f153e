package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command on a small generated world. */
class CommandsTest {
  @TempDir Path folder;

  @Test
  void generate_json_writesTheWorldThatItNames() throws IOException {
    Path world = folder.resolve("world");
    Run run = Run.of("generate", "-o", world, "-i", "1k", "--no-images", "--seed", "3", "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json().path("generated").asBoolean()).isTrue();
    assertThat(Files.lines(world.resolve("interactions.csv")).count())
        .isEqualTo(run.json().path("interactions").asInt() + 1);
  }

  @Test
  void describe_generatedWorld_namesItAsGenerated() {
    Path world = folder.resolve("shop");
    Run.of("generate", "-o", world, "-i", "1k", "--no-images");
    Run run = Run.of("describe", world, "--json");

    assertThat(run.json().path("data").path("name").asText()).isEqualTo("generated shop");
  }

  @Test
  void train_measuredModelOfRankings_hasNoRatingMetrics() {
    Path bundle = folder.resolve("model");
    Run run = Run.of("train", Samples.world(), "-a", "item-knn", "-o", bundle, "--measure");
    Run ofRatings =
        Run.of("train", Samples.world(), "-a", "bias", "-o", bundle, "--measure", "--json");

    assertThat(run.out()).contains("ndcg@10").doesNotContain("rmse");
    assertThat(ofRatings.json().path("metrics").path("rmse").asDouble()).isPositive();
  }

  @Test
  void similar_itemsWithoutTitles_leavesTheColumnOut() throws IOException {
    Path ratings = folder.resolve("ratings.csv");
    Files.writeString(ratings, "user_id,item_id\na,x\na,y\nb,x\nb,y\nc,y\n");
    Run.of("train", ratings, "-o", folder.resolve("model"));
    Run run = Run.of("similar", folder.resolve("model"), "--items", "x");

    assertThat(run.out().lines().toList().get(1)).isEqualTo("  item  similarity  in common");
  }

  @Test
  void train_checkpoint_isGoneOnFromOnlyWhereAsked() {
    Path state = folder.resolve("state");
    Object[] train = {
      "train",
      Samples.world(),
      "-a",
      "gru4rec",
      "-P",
      "epochs=1",
      "-P",
      "hidden=16",
      "-P",
      "patience=0",
      "-o",
      folder.resolve("model"),
      "--checkpoint",
      state
    };
    Run none = Run.of(with(train, "--resume"));
    Run first = Run.of(train);
    Run again = Run.of(train);
    Run resumed = Run.of(with(train, "--resume", "--json"));

    assertThat(none.code()).isEqualTo(ExitCode.FAILED);
    assertThat(none.err()).contains("there is no checkpoint in '" + state);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(again.code()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).contains("--resume").doesNotContain("Exception");
    assertThat(resumed.json().path("algorithm").asText()).isEqualTo("gru4rec");
  }

  private static Object[] with(Object[] arguments, Object... more) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void generate_sameSeed_writesTheSameBytes() throws IOException {
    Run.of("generate", "-o", folder.resolve("a"), "-i", "1k", "--no-images", "--threads", "1");
    Run.of("generate", "-o", folder.resolve("b"), "-i", "1k", "--no-images", "--threads", "2");

    assertThat(folder.resolve("a/interactions.csv"))
        .hasSameBinaryContentAs(folder.resolve("b/interactions.csv"));
  }

  @Test
  void generate_folderNotEmpty_failsAndLeavesItAsItWas() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Run run = Run.of("generate", "-o", folder, "-i", "1k");

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).startsWith("kindred: ").contains("not empty");
    assertThat(folder.toFile().list()).containsExactly("mine.txt");
  }

  @Test
  void split_ratio_writesPartsThatAddUp() throws IOException {
    Path parts = folder.resolve("parts");
    Run run =
        Run.of("split", Samples.world(), "-s", "ratio(0.6,0.2,0.2,time)", "-o", parts, "--json");

    assertThat(run.code()).isZero();
    List<String> rows = new ArrayList<>();
    for (String file : List.of("train.csv", "validation.csv", "test.csv")) {
      List<String> lines = Files.readAllLines(parts.resolve(file));
      assertThat(lines.get(0)).isEqualTo("user_id,item_id,value,timestamp");
      rows.addAll(lines.subList(1, lines.size()));
    }
    assertThat(rows).hasSize(3_000).doesNotHaveDuplicates();
    int sum = 0;
    for (JsonNode part : run.json().path("parts")) {
      sum += part.path("interactions").asInt();
    }
    assertThat(sum).isEqualTo(3_000);
  }

  @Test
  void split_thenEvaluateGiven_agreesWithEvaluateThatSplitsItself() {
    Path parts = folder.resolve("parts");
    Run.of("split", Samples.world(), "-s", "leave-one-out", "-o", parts);
    Run given =
        Run.of(
            "evaluate", parts, "-s", "given", "-m", "item-knn", "--metrics", "ndcg@10", "--json");
    Run own =
        Run.of("evaluate", Samples.world(), "-m", "item-knn", "--metrics", "ndcg@10", "--json");

    assertThat(given.code()).as(given.err()).isZero();
    JsonNode a = given.json().path("models").path(0).path("figures").path("ndcg@10").path("value");
    JsonNode b = own.json().path("models").path(0).path("figures").path("ndcg@10").path("value");
    assertThat(a.asDouble()).isPositive();
    assertThat(a.asDouble()).isCloseTo(b.asDouble(), org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void split_folds_canBeEvaluatedAsGivenFolds() {
    Path folds = folder.resolve("folds");
    Run.of("split", Samples.world(), "-s", "k-fold(3)", "-o", folds);
    Run run = Run.of("evaluate", folds, "-s", "given-folds", "-m", "bias", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("setup").path("splits")).hasSize(3);
    assertThat(
            run.json().path("models").path(0).path("figures").path("rmse").path("value").asDouble())
        .isBetween(0.3, 1.5);
  }

  @Test
  void train_measured_keepsTheFiguresInTheBundle() {
    Path bundle = folder.resolve("model");
    Run run =
        Run.of(
            "train",
            Samples.world(),
            "-a",
            "item-knn",
            "-P",
            "neighbors=20",
            "-o",
            bundle,
            "--measure",
            "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("parameters").path("neighbors").asText()).isEqualTo("20");
    double ndcg = run.json().path("metrics").path("ndcg@10").asDouble();
    assertThat(ndcg).isPositive();
    assertThat(Bundles.open(bundle).info().metrics()).containsEntry("ndcg@10", ndcg);
    assertThat(Bundles.open(bundle).info().metrics()).containsKeys("ndcg@10.low", "ndcg@10.high");
  }

  @Test
  void train_list_namesAlgorithmsWithTheirDefaults() {
    Run run = Run.of("train", "--list", "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json())
        .anySatisfy(
            one -> {
              assertThat(one.path("name").asText()).isEqualTo("item-knn");
              assertThat(one.path("defaults").path("neighbors").asInt()).isEqualTo(100);
            });
  }

  @Test
  void evaluate_flags_printsAnAlignedTableAndWritesFiles() throws IOException {
    Run run =
        Run.of(
            "evaluate",
            Samples.world(),
            "-m",
            "popularity",
            "-m",
            "mine: item-knn neighbors=10",
            "--metrics",
            "ndcg@5,recall@5",
            "--html",
            folder.resolve("r.html"),
            "--csv",
            folder.resolve("r.csv"),
            "--json-file",
            folder.resolve("r.json"));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("ndcg@5", "recall@5", "popularity", "mine");
    assertThat(folder.resolve("r.html")).content().contains("<html").contains("mine");
    assertThat(folder.resolve("r.csv")).content().contains("ndcg@5");
    assertThat(folder.resolve("r.json")).content().contains("\"mine\"");
  }

  @Test
  void evaluate_refit_trainsOnTheValidationPartToo() throws IOException {
    Path recipe = folder.resolve("refit.yaml");
    Files.writeString(recipe, "refit: true\nmetrics: ndcg@5\nmodels: popularity\n");

    String[] plain = {
      "evaluate", Samples.world().toString(), "-m", "popularity", "--metrics", "ndcg@5", "--json"
    };
    Run once = Run.of((Object[]) plain);
    Run again = Run.of(Stream.concat(Stream.of(plain), Stream.of("--refit")).toArray());
    Run byRecipe = Run.of("evaluate", Samples.world(), "--recipe", recipe, "--json");
    Run refused = Run.of("evaluate", Samples.world(), "--refit", "--part", "validation");

    assertThat(again.out()).contains("leave-one-out, validation in train");
    assertThat(trained(again)).isGreaterThan(trained(once));
    assertThat(trained(byRecipe)).isEqualTo(trained(again));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--refit trains on the validation part");
  }

  @Test
  void evaluate_asServed_fillsListsOfPeopleWithoutHistory() throws IOException {
    Path recipe = folder.resolve("served.yaml");
    Files.writeString(
        recipe, "asServed: true\nsplit: temporal(0.5)\nmetrics: ndcg@5\nmodels: item-knn\n");
    Object[] plain = {
      "evaluate", Samples.world(), "-s", "temporal(0.5)", "-m", "item-knn", "--metrics", "ndcg@5"
    };
    Run alone = Run.of(Stream.concat(Stream.of(plain), Stream.of("--json")).toArray());
    Run served =
        Run.of(Stream.concat(Stream.of(plain), Stream.of("--as-served", "--json")).toArray());
    Run byRecipe = Run.of("evaluate", Samples.world(), "--recipe", recipe, "--json");
    Run text = Run.of(plain);
    Run refused =
        Run.of(
            Stream.concat(Stream.of(plain), Stream.of("--as-served", "--candidates", "cold"))
                .toArray());

    JsonNode before = alone.json().path("models").path(0);
    JsonNode after = served.json().path("models").path(0);
    assertThat(before.path("counts").path("withoutHistory").asInt()).isPositive();
    assertThat(after.path("counts").path("filledLists").asInt())
        .isEqualTo(before.path("counts").path("shortLists").asInt());
    assertThat(after.path("figures")).isNotEqualTo(before.path("figures"));
    assertThat(byRecipe.json().path("models").path(0).path("figures"))
        .isEqualTo(after.path("figures"));
    assertThat(text.out()).contains("without history: ", "of them have no history");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("lists as served").doesNotContain("\tat ");
  }

  /** Days as times: nobody's last item can be told from the one before it. */
  @Test
  void evaluateAndSplit_equalTimesAtTheBorder_areWarnedOf() throws IOException {
    Path days = folder.resolve("days.csv");
    StringBuilder rows = new StringBuilder("user_id,item_id,timestamp\n");
    for (int user = 0; user < 30; user++) {
      for (int item = 0; item < 5; item++) {
        rows.append(user).append(",i").append((user + 3 * item) % 17).append(",2020-01-0");
        rows.append(1 + (item < 2 ? 0 : 1)).append('\n');
      }
    }
    Files.writeString(days, rows.toString());
    Run evaluated = Run.of("evaluate", days, "-m", "popularity", "--metrics", "hr@5");
    Run parts = Run.of("split", days, "-o", folder.resolve("parts"));
    Run random = Run.of("split", days, "-s", "k-fold(2)", "-o", folder.resolve("folds"));

    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("Warning: of 100 % of the people");
    assertThat(evaluated.out()).contains("same second");
    assertThat(parts.err()).contains("Warning: of 100 % of the people");
    assertThat(random.err()).doesNotContain("Warning");
  }

  @Test
  void recommend_json_isWhatTheServerAnswers() {
    Run run =
        Run.of(
            "recommend",
            Samples.itemKnn(),
            "--user",
            Samples.user(0),
            "-n",
            3,
            "--explain",
            "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("servedBy").asText()).isEqualTo("known-user");
    assertThat(run.json().path("items")).hasSize(3);
    JsonNode why = run.json().path("items").path(0).path("explanation");
    double sum = why.path("base").asDouble() + why.path("rest").asDouble();
    for (JsonNode reason : why.path("reasons")) {
      sum += reason.path("contribution").asDouble();
    }
    assertThat(sum)
        .isCloseTo(
            why.path("score").asDouble(), org.assertj.core.data.Percentage.withPercentage(0.01));
  }

  @Test
  void recommend_text_namesTitlesAndReasons() {
    Run run = Run.of("recommend", Samples.itemKnn(), "--user", Samples.user(0), "-n", 2, "-e");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Because you", "similarity", " %");
  }

  @Test
  void recommend_history_passesOverWhatIsUnknown() {
    Run run =
        Run.of(
            "recommend",
            Samples.itemKnn(),
            "--history",
            Samples.item(0) + "=4.5," + Samples.item(1) + ",no such item",
            "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json().path("servedBy").asText()).isEqualTo("history");
    assertThat(run.json().path("unknownItems").path(0).asText()).isEqualTo("no such item");
  }

  @Test
  void recommend_emptyHistory_getsWhatIsPopularAndIsTold() {
    Run run = Run.of("recommend", Samples.itemKnn(), "--history", "");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("For somebody with this history", "popular");
    assertThat(run.err()).contains("what most people chose");
  }

  @Test
  void recommend_nothingLeft_isExitCode3() {
    Run run =
        Run.of("recommend", Samples.itemKnn(), "--user", Samples.user(0), "--only", "no such item");

    assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).contains("nothing is left to recommend");
  }

  @Test
  void recommend_moreThanTheCatalogue_givesWhatThereIs() {
    Run run =
        Run.of(
            "recommend", Samples.itemKnn(), "--user", Samples.user(0), "-n", 1_000_000, "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json().path("items").size()).isBetween(1, 1_000);
  }

  @Test
  void recommend_nZero_givesAnEmptyList() {
    Run run = Run.of("recommend", Samples.itemKnn(), "--user", Samples.user(0), "-n", 0, "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json().path("items")).isEmpty();
  }

  /** Numbers that would make scores infinite. */
  @Test
  void recommend_boostOrValueTooLarge_isRefusedByName() {
    String item = Samples.item(5);
    Run boost =
        Run.of(
            "recommend", Samples.itemKnn(), "--user", Samples.user(0), "--boost", item + "=1e300");
    Run value = Run.of("recommend", Samples.itemKnn(), "--history", item + "=3e38");

    assertThat(boost.code()).isEqualTo(ExitCode.USAGE);
    assertThat(boost.err())
        .contains("the boost of '" + item + "' must be a number from 0.000001 to 1,000,000")
        .contains("got 1.0E300");
    assertThat(value.code()).isEqualTo(ExitCode.FAILED);
    assertThat(value.err())
        .contains("the value of '" + item + "' must be a number from -1e15 to 1e15, got 3.0E38")
        .doesNotContain("\tat ");
  }

  /** The largest that are allowed: every score is a number. */
  @Test
  void recommend_largestBoostsAndValues_givesNumbers() {
    Run run =
        Run.of(
            "recommend",
            Samples.itemKnn(),
            "--history",
            Samples.item(0) + "=1e15," + Samples.item(1) + "=1e15",
            "--boost",
            Samples.item(5) + "=1e6",
            "-n",
            50,
            "--json");

    assertThat(run.code()).isZero();
    assertThat(run.json().path("items")).hasSize(50).allMatch(one -> one.path("score").isNumber());
  }

  @Test
  void recommend_byTheIndex_givesWhatAllScoresGive() {
    String[] more = {"--exclude", Samples.item(3), "--boost", Samples.item(5) + "=2.5"};
    Run exact =
        Run.of(
            "recommend",
            Samples.als(),
            "--user",
            Samples.user(0),
            more[0],
            more[1],
            more[2],
            more[3],
            "--explain",
            "--json");
    Run found =
        Run.of(
            "recommend",
            Samples.als(),
            "--user",
            Samples.user(0),
            more[0],
            more[1],
            more[2],
            more[3],
            "--explain",
            "--json",
            "--ann");

    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.err()).isEmpty();
    List<String> ids = new ArrayList<>();
    exact.json().path("items").forEach(one -> ids.add(one.path("item").asText()));
    assertThat(ids).hasSize(10);
    assertThat(found.json().path("items"))
        .extracting(one -> one.path("item").asText())
        .isEqualTo(ids);
    assertThat(found.json().path("items").path(0).path("score").asDouble())
        .isCloseTo(exact.json().path("items").path(0).path("score").asDouble(), within(1e-4));
  }

  @Test
  void recommend_withoutAnIndex_saysHowToBuildIt() {
    Path bundle = folder.resolve("als");
    assertThat(Run.of("train", Samples.world(), "-a", "als", "-o", bundle).code()).isZero();

    Run run = Run.of("recommend", bundle, "--user", Samples.user(0), "--ann");

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .isEqualTo(
            "kindred: '"
                + bundle
                + "' has no index; build it with: kindred index "
                + bundle
                + "\n");
  }

  @Test
  void recommend_indexOfAModelBefore_isRefused() throws IOException {
    Path bundle = folder.resolve("als");
    assertThat(Run.of("train", Samples.world(), "-a", "als", "-o", bundle, "--seed", 3).code())
        .isZero();
    Files.copy(Samples.als().resolve("items.ann"), bundle.resolve("items.ann"));

    Run run = Run.of("recommend", bundle, "--user", Samples.user(0), "--ann");

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("it has other vectors than the model. Build it again");
    MainTest.assertNoTrace(run.err());
  }

  @Test
  void train_again_takesTheIndexAway() {
    Path bundle = folder.resolve("als");
    assertThat(Run.of("train", Samples.world(), "-a", "als", "-o", bundle).code()).isZero();
    assertThat(Run.of("index", bundle, "--threads", 1).code()).isZero();
    assertThat(bundle.resolve("items.ann")).exists();

    assertThat(Run.of("train", Samples.world(), "-a", "als", "-o", bundle).code()).isZero();

    assertThat(bundle.resolve("items.ann")).doesNotExist();
  }

  @Test
  void index_modelWithoutVectors_saysWhichCanHaveOne() {
    Run run = Run.of("index", Samples.itemKnn());

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err())
        .startsWith("kindred: a model of 'item-knn' cannot have an index: its scores are not");
    assertThat(Samples.itemKnn().resolve("items.ann")).doesNotExist();
  }

  @Test
  void similar_items_areSortedBySimilarity() {
    Run run = Run.of("similar", Samples.itemKnn(), "--items", Samples.item(0), "-n", 5, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode one : run.json().path(0).path("similar")) {
      assertThat(one.path("similarity").asDouble()).isLessThanOrEqualTo(before);
      before = one.path("similarity").asDouble();
    }
    assertThat(before).isFinite();
  }

  @Test
  void similar_users_namesThem() {
    Run run = Run.of("similar", Samples.userKnn(), "--users", Samples.user(0), "-n", 5);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines().count()).isGreaterThan(3);
  }

  @Test
  void similar_whatTheModelDoesNotCompare_saysSo() {
    Run run = Run.of("similar", Samples.itemKnn(), "--users", Samples.user(0));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("does not compare users");
  }

  @Test
  void explain_recommendedItem_givesItsReasons() {
    Run list = Run.of("recommend", Samples.itemKnn(), "--user", Samples.user(0), "-n", 1, "--json");
    String item = list.json().path("items").path(0).path("item").asText();
    Run run = Run.of("explain", Samples.itemKnn(), Samples.user(0), item);
    Run json = Run.of("explain", Samples.itemKnn(), Samples.user(0), item, "--json");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Because you");
    assertThat(json.json().path("explanation").path("kind").asText()).isEqualTo("items");
  }

  @Test
  void explain_unknownItem_isExitCode3AndNamesIt() {
    Run run = Run.of("explain", Samples.itemKnn(), Samples.user(0), "no such item");

    assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).startsWith("kindred: no item 'no such item'");
  }

  @Test
  void export_recommendations_agreesWithRecommend() throws IOException {
    Path file = folder.resolve("all.csv");
    Run run = Run.of("export", Samples.itemKnn(), "-n", 4, "-o", file);
    Run one = Run.of("recommend", Samples.itemKnn(), "--user", Samples.user(5), "-n", 4, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    List<String> expected = new ArrayList<>();
    int rank = 1;
    for (JsonNode item : one.json().path("items")) {
      expected.add(Samples.user(5) + "," + rank++ + "," + item.path("item").asText());
    }
    assertThat(
            Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(Samples.user(5) + ","))
                .map(
                    line ->
                        line.split(",")[0] + "," + line.split(",")[1] + "," + line.split(",")[2]))
        .isEqualTo(expected);
  }

  @Test
  void export_everything_isReadableAsCsvOrJsonLines() {
    for (String what : List.of("neighbors", "users", "items", "histories")) {
      Run run = Run.of("export", Samples.itemKnn(), "--what", what);
      assertThat(run.code()).as(what + run.err()).isZero();
      assertThat(run.out().lines().count()).as(what).isGreaterThan(10);
    }
    Run lines = Run.of("export", Samples.userKnn(), "--what", "neighbors", "--format", "jsonl");
    assertThat(lines.out().lines().limit(3)).allMatch(line -> line.matches("\\{\"user\":.*}"));
  }

  /** Two tokens, [1, 0] and [0, 1], and a text is their mean: made by OnnxFile of kindred-onnx. */
  private Path textModel() throws IOException {
    Path model = Files.createDirectories(folder.resolve("encoder"));
    String bytes =
        "CAg66AFaLwoJaW5wdXRfaWRzEiIKIAgHEhwKDBIKaW5wdXRfaWRzMAoMEgppbnB1dF9pZHMxWj4KDmF0"
            + "dGVudGlvbl9tYXNrEiwKKggHEiYKERIPYXR0ZW50aW9uX21hc2swChESD2F0dGVudGlvbl9tYXNrMSof"
            + "CAIIAhABQgV0YWJsZUoQAACAPwAAAAAAAAAAAACAPwoiCgV0YWJsZQoJaW5wdXRfaWRzEgZ0b2tlbnMi"
            + "BkdhdGhlcmIqCgZ0b2tlbnMSIAoeCAESGgoJEgd0b2tlbnMwCgkSB3Rva2VuczEKAggCEgR0ZXN0QgQK"
            + "ABAN";
    Files.write(model.resolve("model.onnx"), Base64.getDecoder().decode(bytes));
    Files.writeString(
        model.resolve("tokenizer.json"),
        "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
            + "\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\":{\"type\":\"Whitespace\"},"
            + "\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"WordLevel\","
            + "\"unk_token\":\"space\",\"vocab\":{\"space\":0,\"soup\":1}}}");
    return model;
  }

  @Test
  void encode_texts_areAColumnThatModelsRead() throws IOException {
    Path data = folder.resolve("views.csv");
    Files.writeString(data, "user,item\na,x\na,y\nb,z\n");
    Path items = folder.resolve("items.csv");
    Files.writeString(
        items, "item,title,kind\nx,space,film\ny,soup,book\nz,space space,film\nw,,book\n");
    Path encoded = folder.resolve("items.jsonl");
    Run run =
        Run.of("encode", data, "--items-file", items, "--text-model", textModel(), "-o", encoded);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readAllLines(encoded))
        .containsExactlyInAnyOrder(
            "{\"item_id\":\"x\",\"title\":\"space\",\"kind\":\"film\",\"text_vector\":[1.0,0.0]}",
            "{\"item_id\":\"y\",\"title\":\"soup\",\"kind\":\"book\",\"text_vector\":[0.0,1.0]}",
            "{\"item_id\":\"z\",\"title\":\"space"
                + " space\",\"kind\":\"film\",\"text_vector\":[1.0,0.0]}",
            "{\"item_id\":\"w\",\"title\":null,\"kind\":\"book\",\"text_vector\":null}");

    Path bundle = folder.resolve("model");
    Run trained =
        Run.of(
            "train",
            data,
            "--items-file",
            encoded,
            "-a",
            "content-knn",
            "-P",
            "columns=text_vector",
            "-o",
            bundle);
    assertThat(trained.code()).as(trained.err()).isZero();
    Run similar = Run.of("similar", bundle, "--items", "x", "--json");
    assertThat(similar.out()).contains("\"z\"").doesNotContain("\"w\"");
  }

  @Test
  void encode_whatCannotBeDone_isSaid() throws IOException {
    Path data = folder.resolve("views.csv");
    Files.writeString(data, "user,item\na,x\n");
    Path out = folder.resolve("items.jsonl");

    assertThat(Run.of("encode", data, "-o", out).code()).isEqualTo(ExitCode.USAGE);
    Run none = Run.of("encode", data, "--text-model", folder.resolve("no"), "-o", out);
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("there is no model");
    Run pictures = Run.of("encode", data, "--picture-model", textModel(), "-o", out);
    assertThat(pictures.err()).contains("items have no pictures; see --images");
    Run batch = Run.of("encode", data, "--text-model", textModel(), "--batch-size", 0, "-o", out);
    assertThat(batch.err()).contains("batchSize must be at least 1, got 0");
    assertThat(out).doesNotExist();
  }

  @Test
  void doctor_json_findsNothingInTheWay() {
    Run run = Run.of("doctor", "--offline", "--json");

    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.json().path("ok").asBoolean()).isTrue();
    assertThat(run.json().path("checks").findValuesAsText("name"))
        .contains("java", "memory", "cache", "duckdb", "launcher");
  }

  @Test
  void demo_onOwnData_tellsTheWholeStory() {
    Run run =
        Run.with(
            Map.of("KINDRED_CACHE", folder.toString()),
            "demo",
            "--data",
            Samples.world(),
            "--no-serve");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("1. Data", "item-knn", "ndcg@10", "rmse", "Because you", "People ", "predicted")
        .contains("All of that took");
  }

  @Test
  void describe_filtered_saysWhatIsLeft() {
    Run all = Run.of("describe", Samples.world(), "--json");
    Run some = Run.of("describe", Samples.world(), "--threshold", 4, "--json");

    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.out()).contains("3000");
    assertThat(some.code()).as(some.err()).isZero();
    assertThat(some.out()).isNotEqualTo(all.out());
  }

  @Test
  void evaluate_filters_holdInOptionsAndInRecipes() throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        "data: {source: "
            + Samples.world()
            + "}\n"
            + "filters: {threshold: 4}\n"
            + "metrics: [ndcg@10]\nmodels: [popularity]\n");
    Run byRecipe = Run.of("evaluate", recipe, "--json");
    Run byOption =
        Run.of(
            "evaluate",
            Samples.world(),
            "--threshold",
            4,
            "-m",
            "popularity",
            "--metrics",
            "ndcg@10",
            "--json");
    Run unfiltered =
        Run.of("evaluate", Samples.world(), "-m", "popularity", "--metrics", "ndcg@10", "--json");

    assertThat(byRecipe.code()).as(byRecipe.err()).isZero();
    assertThat(trained(byRecipe)).isEqualTo(trained(byOption)).isLessThan(trained(unfiltered));
  }

  private static int trained(Run run) {
    return run.json().path("setup").path("trainInteractions").asInt();
  }

  @Test
  void evaluate_recipeWithAnUnknownField_namesFileLineAndWhatIsKnown() throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(recipe, "split: leave-one-out\nmetrix: ndcg@10\n");
    Run run = Run.of("evaluate", Samples.world(), "--recipe", recipe);

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("recipe.yaml, line 2", "'metrix'", "metrics");
  }

  @Test
  void train_fromAQuery_readsTheRows() {
    String query =
        "SELECT * FROM (VALUES ('a','x',5),('a','y',3),('b','x',4)) t(user_id, item_id, rating)";
    Run run =
        Run.of("train", "jdbc:duckdb:", "--query", query, "-o", folder.resolve("m"), "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().path("interactions").asInt()).isEqualTo(3);
  }

  @Test
  void fetch_withoutAName_listsTheSets() {
    Run run = Run.of("fetch");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("ml-latest-small", "ml-100k", " MB ");
  }
}
