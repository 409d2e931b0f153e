package io.kindred.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Model;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Query;
import io.kindred.Scorer;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.eval.Evaluation;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.metric.Metric;
import io.kindred.recommend.ModelRecommender;
import io.kindred.sparse.TopN;
import io.kindred.split.LeaveOneOut;
import io.kindred.split.Split;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The part of the contract that is about histories: stored, given, and longer than in training. */
final class HistoryContract {
  private final TrainerContract contract;

  HistoryContract(TrainerContract contract) {
    this.contract = contract;
  }

  /** A known person gets the same list whether the history is looked up or sent along. */
  void storedHistoryGivenIsTheSame() {
    for (Model model : contract.models()) {
      ModelRecommender recommender = ModelRecommender.of(model);
      for (int user = 0; user < model.data().users().size(); user++) {
        Query stored = Query.ofUser(model.data().users().id(user)).withN(1000);
        Query given = stored.withHistory(events(model, model.data().interactions().history(user)));
        assertThat(recommender.recommend(given).items())
            .as("user %d", user)
            .isEqualTo(recommender.recommend(stored).items());
      }
    }
  }

  /** What is found from a history alone, beside what training found of the same history. */
  void foldInFindsTheSame() {
    for (Model model : contract.models()) {
      int items = model.data().items().size();
      float[] stored = new float[items];
      float[] folded = new float[items];
      Scorer scorer = model.scorer();
      double correlations = 0;
      int people = model.data().users().size();
      for (int user = 0; user < people; user++) {
        History history = model.data().interactions().history(user);
        scorer.score(new Profile(user, history), stored);
        scorer.score(Profile.live(user, history), folded);
        if (contract.foldsInExactly()) {
          TrainerContract.assertNear(
              "user " + user, folded, stored, Math.max(contract.tolerance(), 1e-4));
        }
        correlations += correlation(stored, folded);
      }
      if (!contract.foldsInExactly()) {
        assertThat(correlations / people).as("mean correlation of the scores").isGreaterThan(0.6);
      }
    }
  }

  /**
   * The list that is measured is the one that the history with the validation item gives, and for a
   * model that reads histories that is another one than train alone gives.
   */
  void validationIsSeen() {
    Split split = new LeaveOneOut().split(SmallData.ratings());
    Model model = contract.train(split.train());
    Interactions histories = split.test().history();
    int items = model.data().items().size();
    int n = 10;
    Evaluation measured =
        new Evaluator(Protocol.of(Metric.parseAll("hr@" + n + " coverage@" + n)), 2)
            .evaluate(model, split.train(), split.test(), ProgressListener.NONE);
    Scorer scorer = model.scorer();
    float[] scores = new float[items];
    float[] other = new float[items];
    boolean moved = false;
    boolean reads = false;
    for (int place = 0; place < measured.users().length; place++) {
      int user = measured.users()[place];
      History longer = histories.history(user);
      scorer.score(Profile.live(user, longer), scores);
      TopN top = new TopN(n);
      top.exclude(longer.distinct().items());
      int size = top.select(scores);
      for (int rank = 0; rank < n; rank++) {
        int listed = measured.lists()[place * n + rank];
        if (rank >= size) {
          assertThat(listed).as("user %d, rank %d", user, rank).isEqualTo(-1);
        } else if (contract.tolerance() == 0) {
          assertThat(listed).as("user %d, rank %d", user, rank).isEqualTo(top.items()[rank]);
        } else {
          assertThat((double) scores[listed])
              .as("user %d, rank %d", user, rank)
              .isCloseTo(
                  top.scores()[rank],
                  within(contract.tolerance() * Math.max(1, Math.abs(scores[listed]))));
        }
      }
      scorer.score(new Profile(user, split.train().interactions().history(user)), other);
      moved |= !Arrays.equals(scores, other);
      scorer.score(Profile.live(user, History.of((user + 1) % items)), other);
      reads |= !Arrays.equals(scores, other);
    }
    assertThat(moved).as("whether the validation part changes scores").isEqualTo(reads);
  }

  static List<Query.Event> events(Model model, History history) {
    return IntStream.range(0, history.size())
        .mapToObj(
            p ->
                new Query.Event(
                    model.data().items().id(history.items()[p]),
                    history.values()[p],
                    history.times()[p]))
        .toList();
  }

  /** Pearson's, over the items that both score; 1 where one side is constant. */
  private static double correlation(float[] first, float[] second) {
    int[] both =
        IntStream.range(0, first.length)
            .filter(i -> !Float.isNaN(first[i]) && !Float.isNaN(second[i]))
            .toArray();
    double meanFirst = Arrays.stream(both).mapToDouble(i -> first[i]).average().orElse(0);
    double meanSecond = Arrays.stream(both).mapToDouble(i -> second[i]).average().orElse(0);
    double product = 0;
    double squaresFirst = 0;
    double squaresSecond = 0;
    for (int i : both) {
      double a = first[i] - meanFirst;
      double b = second[i] - meanSecond;
      product += a * b;
      squaresFirst += a * a;
      squaresSecond += b * b;
    }
    double scale = Math.sqrt(squaresFirst * squaresSecond);
    return scale == 0 ? 1 : product / scale;
  }
}
