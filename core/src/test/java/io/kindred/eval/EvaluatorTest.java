package io.kindred.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.metric.Auc;
import io.kindred.metric.ItemStatistics;
import io.kindred.metric.ListMetric;
import io.kindred.metric.Metric;
import io.kindred.metric.RankedList;
import io.kindred.metric.SystemMetric;
import io.kindred.split.HeldOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final List<Metric> LISTS =
      Metric.parseAll(
          "ndcg@1,3,5 recall@2,5 recall_capped@3 precision@5 hr@2 mrr@5 map@3,5 auc coverage@2,5"
              + " gini@1,5 novelty@3 diversity@2,4 popularity@5");

  /**
   * Four users and five items. User 0 has 0 in train and 3 held out; user 1 has 1 in train and
   * nothing held out; user 2 is not in train and has 2 held out; user 3 does nothing.
   */
  @Test
  void evaluate_handMadeCase_isAsWritten() {
    Dataset train = data(4, 5, new int[][] {{0, 0}, {1, 1}});
    HeldOut part =
        new HeldOut(pairs(4, 5, new int[][] {{0, 0}}), pairs(4, 5, new int[][] {{0, 3}, {2, 2}}));
    float nan = Float.NaN;
    FixedScores model =
        new FixedScores(
            train,
            new float[][] {
              {9, 1, 2, 2, nan}, // seen: 0; so 2, 3 (tie: lower index first), 1; 4 cannot be scored
              {0, 0, 0, 0, 0},
              {5, 4, 3, 2, 1}, // not asked for: user 2 was never seen
              {0, 0, 0, 0, 0},
              {nan, nan, 7, nan, nan} // for people never seen: only 2
            });
    Evaluation evaluation =
        evaluate("mrr@3 recall@1 precision@3 coverage@3 auc popularity@3", model, train, part, 2);

    assertThat(evaluation.users()).containsExactly(0, 2);
    assertThat(evaluation.lists()).containsExactly(2, 3, 1, 2, -1, -1);
    assertThat(evaluation.perUser(Metric.parse("mrr@3"))).containsExactly(0.5f, 1f);
    assertThat(evaluation.value(Metric.parse("mrr@3"))).isEqualTo(0.75);
    assertThat(evaluation.value(Metric.parse("recall@1"))).isEqualTo(0.5);
    assertThat(evaluation.value(Metric.parse("precision@3"))).isEqualTo(1.0 / 3, within(1e-7));
    assertThat(evaluation.value(Metric.parse("coverage@3"))).isEqualTo(3.0 / 5);
    // User 0: others 1, 2, 4: above 1, ties with 2, above what cannot be scored. User 2: above all
    // four.
    assertThat(evaluation.value(new Auc())).isEqualTo((2.5 / 3 + 1) / 2, within(1e-7));
    // counts 0, 0, 1 and 0
    assertThat(evaluation.value(Metric.parse("popularity@3")))
        .isEqualTo((1.0 / 3 + 0) / 2, within(1e-7));
    assertThat(evaluation.counts()).isEqualTo(new Evaluation.Counts(2, 1, 1, 1, 2, 2, 1, 0, 2));
    assertThat(evaluation.historyLengths()).containsExactly(1, 0);
    assertThat(evaluation.unseen()).containsExactly(false, true);
  }

  /**
   * Items 0 and 1 are in train, 2, 3 and 4 are not; user 1 has no cold target, user 2 no warm one.
   */
  @Test
  void evaluate_coldAndWarm_rankOnlySuchItemsForPeopleWhoHaveSuchTargets() {
    Dataset train = data(3, 5, new int[][] {{0, 0}, {1, 0}, {2, 1}});
    HeldOut part =
        new HeldOut(
            pairs(3, 5, new int[][] {{0, 0}, {1, 0}, {2, 1}}),
            pairs(3, 5, new int[][] {{0, 1}, {0, 3}, {1, 1}, {2, 4}}));
    FixedScores model =
        new FixedScores(
            train,
            new float[][] {
              {9, 8, 7, 6, 5}, {9, 8, 7, 6, 5}, {1, 2, 3, 4, Float.NaN}, new float[5]
            });
    List<Metric> metrics = Metric.parseAll("mrr@3 auc coverage@1");
    Evaluation cold =
        new Evaluator(Protocol.of(metrics).withCandidates(Candidates.COLD), 2)
            .evaluate(model, train, part, ProgressListener.NONE);

    assertThat(cold.users()).containsExactly(0, 2);
    assertThat(cold.lists()).containsExactly(2, 3, 4, 3, 2, -1);
    assertThat(cold.perUser(Metric.parse("mrr@3"))).containsExactly(0.5f, 0f);
    assertThat(cold.perUser(new Auc())).containsExactly(0.5f, 0f);
    assertThat(cold.value(Metric.parse("coverage@1"))).isEqualTo(2.0 / 3);
    assertThat(cold.counts()).isEqualTo(new Evaluation.Counts(2, 1, 0, 1, 2, 2, 0, 0, 2));

    Evaluation warm =
        new Evaluator(Protocol.of(metrics).withCandidates(Candidates.WARM), 2)
            .evaluate(model, train, part, ProgressListener.NONE);
    assertThat(warm.users()).containsExactly(0, 1);
    assertThat(warm.lists()).containsExactly(1, -1, -1, 1, -1, -1);
    assertThat(warm.value(Metric.parse("mrr@3"))).isEqualTo(1);
    assertThat(warm.counts()).isEqualTo(new Evaluation.Counts(2, 1, 0, 0, 2, 0, 0, 0, 2));
  }

  @Property(tries = 60)
  void evaluate_anyScores_agreesWithSortingEverything(@ForAll long seed) {
    Case random = new Case(seed);
    Evaluation one =
        new Evaluator(Protocol.of(LISTS), 1)
            .evaluate(random.model, random.train, random.part, ProgressListener.NONE);
    Evaluation three =
        new Evaluator(Protocol.of(LISTS), 3)
            .evaluate(random.model, random.train, random.part, ProgressListener.NONE);
    ItemStatistics statistics = ItemStatistics.of(random.train.interactions());
    int[] recommended = new int[random.items];
    for (int place = 0; place < one.users().length; place++) {
      int user = one.users()[place];
      float[] scores = random.scores(user);
      Set<Integer> seen = random.itemsOf(random.part.history(), user);
      int[] targets =
          random.itemsOf(random.part.targets(), user).stream().mapToInt(i -> i).toArray();
      int[] list =
          IntStream.range(0, random.items)
              .filter(i -> !seen.contains(i) && !Float.isNaN(scores[i]))
              .boxed()
              .sorted(
                  Comparator.comparingDouble((Integer i) -> -scores[i])
                      .thenComparing(Comparator.naturalOrder()))
              .limit(5)
              .mapToInt(i -> i)
              .toArray();
      Arrays.stream(list).forEach(i -> recommended[i]++);
      RankedList ranked = RankedList.of(list, targets, statistics);
      for (Metric metric : LISTS) {
        if (metric instanceof ListMetric of) {
          assertThat(one.perUser(metric)[place])
              .as(metric.name())
              .isEqualTo(Float.valueOf((float) of.of(ranked)));
        }
      }
    }
    for (Metric metric : LISTS) {
      assertThat(three.value(metric))
          .as(metric.name())
          .isEqualTo(Double.valueOf(one.value(metric)));
      assertThat(three.perUser(metric)).isEqualTo(one.perUser(metric));
      if (metric instanceof SystemMetric system && system.cutoff() == 5) {
        assertThat(one.value(metric)).isEqualTo(Double.valueOf(system.of(recommended)));
      }
    }
    assertThat(three.lists()).isEqualTo(one.lists());
    assertThat(three.counts()).isEqualTo(one.counts());
  }

  @Property(tries = 40)
  void evaluate_ranker_agreesWithTheModel(@ForAll long seed) {
    Case random = new Case(seed);
    Ranker ranker =
        (profile, n) -> {
          io.kindred.sparse.TopN top = new io.kindred.sparse.TopN(n);
          top.exclude(profile.history().distinct().items());
          float[] scores = new float[random.items];
          random.model.scorer().score(profile, scores);
          return Arrays.copyOf(top.items(), top.select(scores));
        };
    Evaluator evaluator = new Evaluator(Protocol.of(LISTS), 2);
    Evaluation ofModel =
        evaluator.evaluate(random.model, random.train, random.part, ProgressListener.NONE);
    Evaluation ofLists =
        evaluator.evaluate(ranker, random.train, random.part, ProgressListener.NONE);

    for (Metric metric : LISTS) {
      if (!(metric instanceof Auc)) {
        assertThat(ofLists.value(metric))
            .as(metric.name())
            .isEqualTo(Double.valueOf(ofModel.value(metric)));
      }
    }
    assertThat(ofLists.value(new Auc())).isNaN();
  }

  @Test
  void evaluate_rankerWithAWrongList_isRefused() {
    Dataset train = data(1, 4, new int[][] {{0, 0}});
    HeldOut part = new HeldOut(train.interactions(), pairs(1, 4, new int[][] {{0, 1}}));
    Evaluator evaluator = new Evaluator(Protocol.of(Metric.ofLists(3)), 1);
    for (int[] wrong : new int[][] {{1, 0}, {1, 2, 1}, {4}, {-1}}) {
      Ranker ranker = (profile, n) -> wrong;
      assertThatThrownBy(() -> evaluator.evaluate(ranker, train, part, ProgressListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the list of user 0 has item");
    }
  }

  /**
   * User 0 has the history of train, user 1 an item more (a validation part), user 2 another value,
   * user 3 nothing in train: what training learned holds for the first alone.
   */
  @Test
  void evaluate_historyBeyondTrain_isGivenAndNotTakenForTheStoredOne() {
    Dataset train = rated(4, 5, new float[][] {{0, 1, 2}, {0, 0, 3}, {1, 0, 3}, {2, 0, 3}});
    Interactions histories =
        rated(
                4,
                5,
                new float[][] {{0, 1, 2}, {0, 0, 3}, {1, 0, 3}, {1, 1, 4}, {2, 0, 5}, {3, 0, 1}})
            .interactions();
    Interactions targets = pairs(4, 5, new int[][] {{0, 4}, {1, 4}, {2, 4}, {3, 4}});
    List<Profile> asked = new ArrayList<>();
    Ranker ranker =
        (profile, n) -> {
          asked.add(profile);
          return new int[] {3};
        };
    new Evaluator(Protocol.of(Metric.parseAll("hr@1")), 1)
        .evaluate(ranker, train, new HeldOut(histories, targets), ProgressListener.NONE);

    assertThat(asked).extracting(Profile::user).containsExactly(0, 1, 2, -1);
    assertThat(asked).extracting(Profile::stored).containsExactly(true, false, false, false);
    assertThat(asked.get(1).history().items()).containsExactly(0, 1);
  }

  @Test
  void evaluate_modelOfAnotherCatalogue_isRefused() {
    Dataset train = data(2, 4, new int[][] {{0, 0}});
    Dataset other = data(2, 5, new int[][] {{0, 0}});
    HeldOut part = new HeldOut(train.interactions(), pairs(2, 4, new int[][] {{0, 1}}));
    assertThatThrownBy(
            () -> evaluate("hr@1", new FixedScores(other, new float[3][5]), train, part, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 items");
  }

  @Test
  void evaluate_ratings_areClippedAndWeighedByRating() {
    Dataset train = rated(3, 4, new float[][] {{0, 0, 1}, {1, 1, 4}, {2, 1, 2}});
    Interactions targets =
        rated(3, 4, new float[][] {{0, 2, 3}, {0, 3, 1}, {1, 2, 4}}).interactions();
    HeldOut part = new HeldOut(train.interactions(), targets);
    // user 0: 2 for 3, and -7 (so 1) for 1; user 1: 9 (so 4) for 4
    FixedScores model =
        new FixedScores(
            train, new float[][] {{0, 0, 2, -7}, {0, 0, 9, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
    Evaluation evaluation = evaluate("rmse mae", model, train, part, 2);

    assertThat(evaluation.value(Metric.parse("rmse"))).isEqualTo(Math.sqrt(1.0 / 3), within(1e-7));
    assertThat(evaluation.value(Metric.parse("mae"))).isEqualTo(1.0 / 3, within(1e-7));
    assertThat(evaluation.perUser(Metric.parse("rmse")))
        .containsExactly((float) Math.sqrt(0.5), 0f);
    assertThat(evaluation.ratings()).containsExactly(2, 1);
  }

  @Property(tries = 40)
  void evaluate_sampledCandidates_areTheTargetsAndSoManyUnseen(@ForAll long seed) {
    Case random = new Case(seed);
    for (String spec : List.of("sampled(3,uniform)", "sampled(3,popularity)")) {
      Protocol protocol =
          Protocol.of(Metric.parseAll("recall@30 coverage@30"))
              .withCandidates(Candidates.parse(spec))
              .withSeed(seed);
      FixedScores flat = new FixedScores(random.train, new float[random.users + 1][random.items]);
      Evaluation evaluation =
          new Evaluator(protocol, 2)
              .evaluate(flat, random.train, random.part, ProgressListener.NONE);
      Evaluation again =
          new Evaluator(protocol, 1)
              .evaluate(flat, random.train, random.part, ProgressListener.NONE);

      assertThat(evaluation.lists()).isEqualTo(again.lists());
      for (int place = 0; place < evaluation.users().length; place++) {
        int user = evaluation.users()[place];
        Set<Integer> targets = random.itemsOf(random.part.targets(), user);
        Set<Integer> seen = random.itemsOf(random.part.history(), user);
        Set<Integer> list = new HashSet<>();
        IntStream.range(place * 30, place * 30 + 30)
            .map(at -> evaluation.lists()[at])
            .filter(i -> i >= 0)
            .forEach(list::add);
        int free = random.items - seen.size() - targets.size();
        assertThat(list)
            .containsAll(targets)
            .noneMatch(seen::contains)
            .hasSize(targets.size() + Math.min(3, free));
      }
    }
  }

  @Test
  void sampled_byPopularity_drawsPopularItemsMoreOften() {
    int[][] popular = new int[60][2];
    for (int p = 0; p < 60; p++) {
      popular[p] = new int[] {p + 1, p < 50 ? 1 : 2 + p % 20};
    }
    Dataset train = data(1000, 40, popular);
    Interactions.Builder targets = Interactions.builder();
    for (int user = 100; user < 1000; user++) {
      targets.add(user, 0, 1f);
    }
    HeldOut part = new HeldOut(Interactions.empty(1000, 40), targets.build(1000, 40));
    int[] withItemOne = new int[2];
    for (Candidates.Draw by : Candidates.Draw.values()) {
      Protocol protocol =
          Protocol.of(Metric.parseAll("coverage@2")).withCandidates(new Candidates.Sampled(1, by));
      Evaluation evaluation =
          new Evaluator(protocol, 2)
              .evaluate(
                  new FixedScores(train, new float[1001][40]), train, part, ProgressListener.NONE);
      withItemOne[by.ordinal()] =
          (int) Arrays.stream(evaluation.lists()).filter(item -> item == 1).count();
    }
    // Of 39 items, and of 60 interactions, 50 of which are with item 1, in 900 draws.
    assertThat(withItemOne[Candidates.Draw.UNIFORM.ordinal()]).isBetween(8, 50);
    assertThat(withItemOne[Candidates.Draw.POPULARITY.ordinal()]).isBetween(690, 810);
  }

  @Test
  void candidates_specs_areReadOrRefused() {
    assertThat(Candidates.parse(" Sampled( 99 ) ").spec()).isEqualTo("sampled(99,uniform)");
    assertThat(Candidates.parse("sampled(5,popularity)").spec()).isEqualTo("sampled(5,popularity)");
    assertThat(Candidates.parse("all")).isSameAs(Candidates.ALL);
    assertThat(Candidates.parseAll("all, cold,sampled(9,uniform),warm"))
        .containsExactly(
            Candidates.ALL,
            Candidates.COLD,
            new Candidates.Sampled(9, Candidates.Draw.UNIFORM),
            Candidates.WARM);
    assertThatThrownBy(() -> Candidates.parseAll("cold,cold")).isInstanceOf(KindredException.class);
    for (String wrong :
        List.of("", "some", "sampled", "sampled(0)", "sampled(9,often)", "sampled(-1)")) {
      assertThatThrownBy(() -> Candidates.parse(wrong))
          .as(wrong)
          .isInstanceOf(KindredException.class);
    }
  }

  @Test
  void protocol_withoutMetricsOrWithRepeats_isRefused() {
    assertThatThrownBy(() -> Protocol.of(List.of())).isInstanceOf(KindredException.class);
    assertThatThrownBy(() -> Protocol.of(List.of(Metric.parse("hr@1"), Metric.parse("hr@1"))))
        .isInstanceOf(KindredException.class);
  }

  private static Evaluation evaluate(
      String metrics, FixedScores model, Dataset train, HeldOut part, int threads) {
    return new Evaluator(Protocol.of(Metric.parseAll(metrics)), threads)
        .evaluate(model, train, part, ProgressListener.NONE);
  }

  /** Random train data, held-out items (none of them seen) and scores with ties and NaN. */
  static final class Case {
    final int users;
    final int items;
    final Dataset train;
    final HeldOut part;
    final FixedScores model;

    Case(long seed) {
      Random random = new Random(seed);
      users = 2 + random.nextInt(300);
      items = 6 + random.nextInt(25);
      List<int[]> trained = new ArrayList<>(List.of(new int[] {0, 0}));
      List<int[]> held = new ArrayList<>(List.of(new int[] {0, 1}));
      List<int[]> history = new ArrayList<>(trained);
      for (int user = 0; user < users; user++) {
        boolean known = random.nextInt(5) > 0;
        boolean asked = random.nextInt(4) > 0;
        for (int item = 2; item < items; item++) {
          switch (random.nextInt(6)) {
            case 0, 1 -> {
              if (known) {
                trained.add(new int[] {user, item});
              }
              history.add(new int[] {user, item});
            }
            case 2 -> {
              if (asked) {
                held.add(new int[] {user, item});
              }
            }
            default -> {}
          }
        }
      }
      train = data(users, items, trained.toArray(int[][]::new));
      part =
          new HeldOut(
              pairs(users, items, history.toArray(int[][]::new)),
              pairs(users, items, held.toArray(int[][]::new)));
      float[][] scores = new float[users + 1][items];
      for (float[] row : scores) {
        for (int item = 0; item < items; item++) {
          row[item] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(9) - 3;
        }
      }
      model = new FixedScores(train, scores);
    }

    float[] scores(int user) {
      return model.scores()[train.interactions().userSize(user) == 0 ? users : user];
    }

    Set<Integer> itemsOf(Interactions interactions, int user) {
      Set<Integer> set = new HashSet<>();
      for (int item : interactions.history(user).items()) {
        set.add(item);
      }
      return set;
    }
  }

  static Dataset data(int users, int items, int[][] pairs) {
    return Dataset.of("hand-made", ids("u", users), ids("i", items), pairs(users, items, pairs));
  }

  static Dataset rated(int users, int items, float[][] ratings) {
    Interactions.Builder builder = Interactions.builder();
    for (float[] rating : ratings) {
      builder.add((int) rating[0], (int) rating[1], rating[2]);
    }
    return Dataset.of("rated", ids("u", users), ids("i", items), builder.build(users, items));
  }

  static Interactions pairs(int users, int items, int[][] pairs) {
    Interactions.Builder builder = Interactions.builder();
    for (int[] pair : pairs) {
      builder.add(pair[0], pair[1], 1f);
    }
    return builder.build(users, items);
  }

  private static Vocabulary ids(String prefix, int size) {
    return Vocabulary.of(IntStream.range(0, size).mapToObj(i -> prefix + i).toList());
  }
}
