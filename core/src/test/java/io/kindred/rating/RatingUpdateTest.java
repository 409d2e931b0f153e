package io.kindred.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.DatasetUpdate;
import io.kindred.KindredException;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Items folded in, and updates, of models of ratings. */
class RatingUpdateTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);

  static Stream<Trainer<RatingFactorModel>> trainers() {
    return Stream.of(
        BiasedMf.defaults().withFactors(4),
        SvdPlusPlus.defaults().withFactors(4),
        ExplicitAls.defaults().withFactors(4),
        Nmf.defaults().withFactors(4));
  }

  /** Everybody loves the items of the own parity, and an own one of two is rated. */
  private static Dataset tastes() {
    Random random = new Random(8);
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int item = 0; item < 30; item++) {
        if (random.nextInt(2) == 0) {
          float noise = random.nextInt(2) * 0.5f;
          all.add(
              new Interaction(
                  "u" + user, "i" + item, user % 2 == item % 2 ? 4.5f + noise : 1 + noise));
        }
      }
    }
    return Dataset.of("tastes", all);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_newItem_isPredictedByTasteForPeopleWhoDidNotRateIt(
      Trainer<RatingFactorModel> trainer) {
    RatingFactorModel model = trainer.train(tastes(), CONTEXT);
    List<Interaction> delta = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      delta.add(new Interaction("u" + user, "new", user % 2 == 0 ? 5 : 1));
    }
    RatingFactorModel updated =
        model.update(DatasetUpdate.of(model.data(), Dataset.of("delta", delta)), CONTEXT);
    int item = updated.data().items().index("new");
    for (int user = 40; user < 60; user++) {
      int index = updated.data().users().index("u" + user);
      Profile profile = new Profile(index, updated.data().interactions().history(index));
      float rating = updated.predict(profile, new int[] {item})[0];
      if (user % 2 == 0) {
        assertThat(rating).as("u%d", user).isGreaterThan(3.5f);
      } else {
        assertThat(rating).as("u%d", user).isLessThan(2.5f);
      }
    }
    assertThat(model.data().items().contains("new")).isFalse();
    assertThat(updated.info().updates()).isEqualTo(1);
  }

  /** Bias and vector of an item are where the derivatives of the ridge regression are 0. */
  @Test
  void update_newItem_isTheMinimumOverItsRatings() {
    BiasedMf trainer = BiasedMf.defaults().withFactors(3).withEpochs(10);
    RatingFactorModel model = trainer.train(tastes(), CONTEXT);
    Dataset delta =
        Dataset.of(
            "delta",
            List.of(
                new Interaction("u1", "new", 5),
                new Interaction("u2", "new", 1),
                new Interaction("u7", "new", 2)));
    DatasetUpdate update = DatasetUpdate.of(model.data(), delta, Double.POSITIVE_INFINITY);
    RatingFactorModel updated = model.update(update, CONTEXT);
    int item = update.after().items().index("new");
    // people as the item met them: with an item of zeros in their histories
    ItemSide zeros = model.items().grown(update.after().items().size());
    double rates = 0;
    for (int epoch = 0; epoch < 10; epoch++) {
      rates += trainer.learningRate() * Math.pow(trainer.decay(), epoch);
    }
    double bias = updated.items().biases()[item];
    float[] q = updated.items().factors()[item];
    double ofBias = -(3 * trainer.biasRegularization() + 1 / rates) * bias;
    double[] ofVector = new double[3];
    for (int k = 0; k < 3; k++) {
      ofVector[k] = -(3 * trainer.regularization() + 1 / rates) * q[k];
    }
    for (String user : List.of("u1", "u2", "u7")) {
      int index = update.after().users().index(user);
      History history = update.after().interactions().history(index);
      PersonSolver solver = new PersonSolver(zeros);
      solver.enter(history.distinct());
      float[] person = solver.solve();
      double error =
          history.values()[history.size() - 1] - updated.items().mean() - person[0] - bias;
      for (int k = 0; k < 3; k++) {
        error -= person[k + 1] * q[k];
      }
      ofBias += error;
      for (int k = 0; k < 3; k++) {
        ofVector[k] += error * person[k + 1];
      }
    }
    assertThat(ofBias).isCloseTo(0, within(1e-4));
    for (double derivative : ofVector) {
      assertThat(derivative).isCloseTo(0, within(1e-4));
    }
  }

  /** Where everything is in the delta's reach, everybody is served as somebody who is folded in. */
  @ParameterizedTest
  @MethodSource("trainers")
  void update_anyUser_isServedAsWhoeverHasTheHistory(Trainer<RatingFactorModel> trainer) {
    RatingFactorModel model = trainer.train(tastes(), CONTEXT);
    Random random = new Random(2);
    List<Interaction> delta = new ArrayList<>();
    for (int n = 0; n < 60; n++) {
      delta.add(new Interaction("u" + random.nextInt(80), "i" + random.nextInt(40), 1 + n % 5));
    }
    RatingFactorModel updated =
        model.update(DatasetUpdate.of(model.data(), Dataset.of("delta", delta)), CONTEXT);
    Interactions all = updated.data().interactions();
    int[] items = IntStream.range(0, all.itemCount()).toArray();
    for (int user = 0; user < all.userCount(); user++) {
      History history = all.history(user);
      assertThat(updated.predict(new Profile(user, history), items))
          .isEqualTo(updated.predict(Profile.unseen(history), items));
    }
  }

  @Test
  void update_brokenRating_namesUserAndItem() {
    RatingFactorModel model = BiasedMf.defaults().withFactors(2).train(tastes(), CONTEXT);
    Interactions.Builder broken = Interactions.builder();
    broken.add(0, 0, Float.NaN);
    Dataset delta =
        Dataset.of(
            "delta",
            Vocabulary.of(List.of("u1")),
            Vocabulary.of(List.of("new")),
            broken.build(1, 1));
    assertThatThrownBy(() -> model.update(DatasetUpdate.of(model.data(), delta), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("user 'u1' with item 'new' has the rating NaN");
  }
}
