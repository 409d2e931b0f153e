package io.kindred.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interaction;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExplicitAlsTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final ExplicitAls TRAINER = new ExplicitAls(3, 1, 0.1, 0.04);

  /** After an epoch no item can be moved to make the sum smaller: all gradients are zero. */
  @Test
  void epoch_anyData_solvesForTheItems() {
    SparseMatrix ratings = tastes(30, 20).interactions().matrix();
    AlternatingSquares training = TRAINER.training(ratings, 1, 2);
    training.epoch();
    training.epoch();
    SparseMatrix byItem = ratings.transpose();
    for (int item = 0; item < 20; item++) {
      int n = byItem.rowSize(item);
      double ofBias = 0;
      double[] ofVector = new double[3];
      for (int at = byItem.starts()[item]; at < byItem.starts()[item + 1]; at++) {
        int user = byItem.columns()[at];
        double e = byItem.values()[at] - estimate(training, user, item);
        ofBias += e;
        for (int k = 0; k < 3; k++) {
          ofVector[k] += e * training.people.factors()[user][k];
        }
      }
      assertThat(ofBias).isCloseTo(n * 0.04 * training.items.biases()[item], within(1e-4));
      for (int k = 0; k < 3; k++) {
        assertThat(ofVector[k])
            .isCloseTo(n * 0.1 * training.items.factors()[item][k], within(1e-4));
      }
    }
  }

  @Test
  void epoch_everyOne_lowersTheSum() {
    SparseMatrix ratings = tastes(30, 20).interactions().matrix();
    AlternatingSquares training = TRAINER.training(ratings, 1, 1);
    double before = Double.POSITIVE_INFINITY;
    for (int epoch = 0; epoch < 15; epoch++) {
      training.epoch();
      double sum = sum(ratings, training);
      assertThat(sum).isLessThan(before + 1e-6 * sum);
      before = sum;
    }
  }

  private static double sum(SparseMatrix ratings, AlternatingSquares training) {
    double sum = 0;
    for (int user = 0; user < ratings.rowCount(); user++) {
      for (int at = ratings.starts()[user]; at < ratings.starts()[user + 1]; at++) {
        int item = ratings.columns()[at];
        double e = ratings.values()[at] - estimate(training, user, item);
        sum += e * e + penalty(training.people, user) + penalty(training.items, item);
      }
    }
    return sum;
  }

  private static double penalty(ItemSide side, int row) {
    double squares = 0;
    for (float value : side.factors()[row]) {
      squares += value * value;
    }
    return 0.1 * squares + 0.04 * side.biases()[row] * side.biases()[row];
  }

  private static double estimate(AlternatingSquares training, int user, int item) {
    double estimate = training.items.baseline(item) + training.people.biases()[user];
    for (int k = 0; k < 3; k++) {
      estimate += (double) training.people.factors()[user][k] * training.items.factors()[item][k];
    }
    return estimate;
  }

  /** Everybody gives 5 to the items of the own color and 1 to the others; pairs (u, u) are open. */
  @Test
  void predict_checkerboard_foretellsTheOpenSquares() {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 12; u++) {
      for (int i = 0; i < 12; i++) {
        if (u != i) {
          board.add(new Interaction("u" + u, "i" + i, (u + i) % 2 == 0 ? 5 : 1));
        }
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    RatingFactorModel model = TRAINER.withEpochs(15).train(data, CONTEXT);
    for (int u = 0; u < 12; u++) {
      int user = data.users().index("u" + u);
      Profile profile = new Profile(user, data.interactions().history(user));
      assertThat(model.predict(profile, new int[] {data.items().index("i" + u)})[0])
          .isGreaterThan(4f);
    }
  }

  @Test
  void explain_anyItem_partsSumToTheScoreOfKnownAndUnknownPeople() {
    Dataset data = tastes(30, 20);
    RatingFactorModel model = TRAINER.withEpochs(5).train(data, CONTEXT);
    float[] scores = new float[20];
    for (int u = 0; u < 30; u++) {
      Profile known = new Profile(u, data.interactions().history(u));
      Profile unseen = Profile.unseen(data.interactions().history(u));
      model.scorer().score(known, scores);
      for (int item = 0; item < scores.length; item++) {
        for (Profile profile : List.of(known, unseen)) {
          var why = (Explanation.BecauseOfItems) model.explain(profile, item, 2).orElseThrow();
          double parts =
              why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
          assertThat(why.base() + parts + why.rest()).isCloseTo(scores[item], within(1e-4));
        }
      }
    }
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> ExplicitAls.of(Parameters.of(Map.of("epochs", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("explicit-als: epochs must be at least 1, got 0");
    assertThatThrownBy(() -> ExplicitAls.of(Parameters.of(Map.of("regularization", "0"))))
        .hasMessage("explicit-als: regularization must be above 0 and finite, got 0.0");
    assertThatThrownBy(() -> TRAINER.train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("explicit-als: 'empty' has no ratings to learn from");
  }

  /** Ratings 1 to 5 from two tastes, biases and noise; a third of the pairs. */
  private static Dataset tastes(int users, int items) {
    Random random = new Random(5);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if (random.nextInt(3) == 0 || i == u % items) {
          double taste = u % 2 == i % 2 ? 0.8 : -0.8;
          double rating = 3 + 0.3 * (u % 3 - 1) + 0.3 * (i % 5 - 2) + taste;
          rating += 0.2 * random.nextGaussian();
          all.add(new Interaction("u" + u, "i" + i, (float) Math.max(1, Math.min(5, rating))));
        }
      }
    }
    return Dataset.of("tastes", all);
  }
}
