package io.kindred.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.DatasetUpdate;
import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Items folded in, and updates, of factor models. */
class FactorUpdateTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  static Stream<Trainer<FactorModel>> trainers() {
    return Stream.of(
        ImplicitAls.defaults().withFactors(6),
        new Bpr(6, 60, 0.05, 0.01),
        new Warp(6, 40, 0.05, 1, 3, 50),
        new LogisticMf(6, 30, 0.5, 1, 1, Weighting.VALUE, 5));
  }

  /** A new item's vector is y = (X^T C X + lambda I)^-1 X^T C p over all users, in doubles. */
  @Test
  void update_newItemOfAls_isTheDenseSolution() {
    ImplicitAls trainer =
        ImplicitAls.defaults()
            .withFactors(5)
            .withWeights(2.5, Weighting.VALUE, 0.3)
            .withRegularization(0.1, 0.5);
    FactorModel model = trainer.train(ImplicitAlsTest.events(40, 25), CONTEXT);
    Dataset delta =
        Dataset.of(
            "delta",
            List.of(
                new Interaction("u3", "new", 2),
                new Interaction("u8", "new", 1),
                new Interaction("u9", "new", -1)));
    DatasetUpdate update = DatasetUpdate.of(model.data(), delta, Double.POSITIVE_INFINITY);
    FactorModel updated = model.update(update, CONTEXT);

    int item = update.after().items().index("new");
    assertThat(update.items()).containsExactly(item);
    // the people as they were when the item was solved for: solved again without it
    SparseMatrix matrix = update.after().interactions().matrix();
    double[][] people = new double[40][];
    for (int user = 0; user < 40; user++) {
      float[] x = model.queryVector(new Profile(user, History.empty()));
      people[user] = doubles(x);
    }
    for (int user : update.users()) {
      people[user] = solve(trainer, matrix, user, doubles(model.items()), 26);
    }
    double[] y = solve(trainer, matrix.transpose(), item, people, 40);
    for (int k = 0; k < 5; k++) {
      assertThat((double) updated.items()[item][k]).isCloseTo(y[k], within(1e-4));
    }
    // and then the people who did it once more
    double[][] items = doubles(updated.items());
    for (int user : update.users()) {
      double[] x = solve(trainer, matrix, user, items, 26);
      for (int k = 0; k < 5; k++) {
        assertThat((double) updated.users()[user][k]).isCloseTo(x[k], within(1e-4));
      }
    }
  }

  /** The minimum for one row, the others held still; {@code others} may lack the last rows. */
  private static double[] solve(
      ImplicitAls trainer, SparseMatrix matrix, int row, double[][] others, int count) {
    int f = trainer.factors();
    double[][] a = new double[f][f + 1];
    for (int other = 0; other < others.length; other++) {
      float value = matrix.get(row, other);
      double confidence = trainer.unobservedWeight() + trainer.alpha() * Math.abs(value);
      for (int k = 0; k < f; k++) {
        for (int l = 0; l < f; l++) {
          a[k][l] += confidence * others[other][k] * others[other][l];
        }
        a[k][f] += value > 0 ? confidence * others[other][k] : 0;
      }
    }
    double lambda =
        trainer.regularization()
            * Math.pow(
                matrix.rowSize(row) + trainer.unobservedWeight() * count,
                trainer.frequencyExponent());
    for (int k = 0; k < f; k++) {
      a[k][k] += lambda;
    }
    for (int k = 0; k < f; k++) { // positive definite: no pivots
      for (int i = 0; i < f; i++) {
        double factor = i == k ? 0 : a[i][k] / a[k][k];
        for (int j = k; j <= f; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    double[] x = new double[f];
    for (int k = 0; k < f; k++) {
      x[k] = a[k][f] / a[k][k];
    }
    return x;
  }

  private static double[] doubles(float[] vector) {
    double[] copy = new double[vector.length];
    for (int k = 0; k < copy.length; k++) {
      copy[k] = vector[k];
    }
    return copy;
  }

  private static double[][] doubles(float[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int row = 0; row < copy.length; row++) {
      copy[row] = doubles(rows[row]);
    }
    return copy;
  }

  /** Two groups of people and items that have nothing in common. */
  private static Dataset groups() {
    Random random = new Random(6);
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int item = 0; item < 40; item++) {
        if (user % 2 == item % 2 && random.nextInt(10) < 6) {
          all.add(new Interaction("u" + user, "i" + item, 1));
        }
      }
    }
    return Dataset.of("two groups", all);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_newItemOfOneGroup_standsAmongTheItemsOfItsGroup(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(groups(), CONTEXT);
    List<Interaction> delta = new ArrayList<>();
    for (int user = 0; user < 40; user += 2) {
      delta.add(new Interaction("u" + user, "new", 1));
    }
    FactorModel updated =
        model.update(DatasetUpdate.of(model.data(), Dataset.of("delta", delta)), CONTEXT);

    int item = updated.data().items().index("new");
    for (int number = 50; number < 60; number++) { // nobody of them did it
      int user = updated.data().users().index("u" + number);
      float[] scores = scores(updated, new Profile(user, History.empty()));
      for (int odd = 1; odd < 40; odd += 2) {
        float other = scores[updated.data().items().index("i" + odd)];
        if (number % 2 == 0) {
          assertThat(scores[item]).isGreaterThan(other);
        } else {
          assertThat(scores[item]).isLessThan(other);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_newUserOfOneGroup_isServedAsOneWhoIsFoldedIn(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(groups(), CONTEXT);
    Dataset delta =
        Dataset.of(
            "delta",
            List.of(
                new Interaction("stranger", "i2", 1),
                new Interaction("stranger", "i4", 1),
                new Interaction("stranger", "i6", 1)));
    FactorModel updated =
        model.update(DatasetUpdate.of(model.data(), delta, Double.POSITIVE_INFINITY), CONTEXT);

    int user = updated.data().users().index("stranger");
    History history = updated.data().interactions().history(user);
    assertThat(history.size()).isEqualTo(3);
    float[] stored = scores(updated, new Profile(user, history));
    float[] folded = scores(updated, Profile.unseen(history));
    for (int item = 0; item < stored.length; item++) {
      assertThat(stored[item]).isCloseTo(folded[item], within(1e-4f));
    }
    // whoever is not in the delta is served as before, and so is the old model
    float[] before = scores(model, new Profile(7, History.empty()));
    assertThat(scores(updated, new Profile(7, History.empty()))).isEqualTo(before);
    assertThat(model.data().users().contains("stranger")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_twice_reasonsSumToTheScoreAndTheInfoCounts(Trainer<FactorModel> trainer) {
    FactorModel model = trainer.train(groups(), CONTEXT);
    for (int turn = 1; turn <= 2; turn++) {
      List<Interaction> delta = new ArrayList<>();
      for (int user = turn; user < 30; user += 3) {
        delta.add(new Interaction("u" + user, "new" + turn, 1));
        delta.add(new Interaction("u" + user, "i" + (turn + user % 5), 1));
      }
      delta.add(new Interaction("stranger" + turn, "new" + turn, 1));
      DatasetUpdate update = DatasetUpdate.of(model.data(), Dataset.of("delta", delta));
      model = model.update(update, CONTEXT);
      assertThat(model.info().updates()).isEqualTo(turn);
      assertThat(model.info().fingerprint()).isEqualTo(update.after().fingerprint());
      assertThat(model.info().metrics()).isEmpty();
    }
    boolean exact = trainer instanceof ImplicitAls;
    int newcomer = model.data().users().index("stranger2");
    for (int user = 0; user < model.data().users().size(); user++) {
      Profile profile = new Profile(user, model.data().interactions().history(user));
      float[] scores = scores(model, profile);
      for (int item = 0; item < scores.length; item++) {
        var why = (Explanation.BecauseOfItems) model.explain(profile, item, 100).orElseThrow();
        double sum =
            why.base()
                + why.rest()
                + why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
        assertThat(sum).isCloseTo(scores[item], within(1e-3));
        if (exact && user == newcomer) {
          assertThat(why.base()).as("of somebody who was just solved for").isZero();
        }
      }
    }
  }

  @Test
  void update_ofOtherDataOrBrokenValues_isRefused() {
    FactorModel model = ImplicitAls.defaults().withFactors(3).train(groups(), CONTEXT);
    Dataset delta = Dataset.of("delta", List.of(new Interaction("u1", "new", 3e8f)));
    assertThatThrownBy(() -> model.update(DatasetUpdate.of(model.data(), delta), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("user 'u1' with item 'new' has the value 3.0E8");
    assertThatThrownBy(() -> model.update(DatasetUpdate.of(delta, delta), CONTEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the update is one of 'delta'");
  }

  private static float[] scores(FactorModel model, Profile profile) {
    float[] scores = new float[model.data().items().size()];
    model.scorer().score(profile, scores);
    return scores;
  }
}
